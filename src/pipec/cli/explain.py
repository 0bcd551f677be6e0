"""`pipec explain`: what a message means."""

from __future__ import annotations

import pkgutil
import sys
from importlib import import_module

from pipec.cli.arguments import Arguments, Command, Misuse

COMMAND = Command(
    "explain",
    "Say what a message means, with an example and the same example mended.",
    "[CODE]",
    text="A CODE is what stands in brackets before a message, such as P101. Without one, all are listed.",
)

APART = ("pipec.__main__", "pipec.local.worker")
"""What is not for this process: it runs when it is imported, or needs Airflow."""


def run(arguments: Arguments) -> int:
    """Print the page of a code, or the list of all."""
    from pipec.diagnostic import CATALOGUE
    from pipec.render.explain import explain

    import_all()
    if not arguments.operands:
        for code in sorted(CATALOGUE):
            print(f"{code}  {CATALOGUE[code].title}")
        return 0
    code = arguments.operands[0].strip("[]").upper()
    if code not in CATALOGUE:
        raise Misuse(f"there is no message `{arguments.operands[0]}`: {_nearest(code)}")
    sys.stdout.write(explain(CATALOGUE[code]))
    return 0


def _nearest(code: str) -> str:
    """The message whose title is nearest. Codes are no words: the next one means something else."""
    from pipec.diagnostic import CATALOGUE, nearest

    codes = {one.title: one.code for one in CATALOGUE.values()}
    near = codes.get(nearest(code, codes), "")
    otherwise = "a CODE is like P101, and `pipec explain` lists them all"
    return f"did you mean `{near}`, {CATALOGUE[near].title}?" if near else otherwise


def import_all() -> None:
    """Import every module of pipec, so that the catalogue holds all that it ever says."""
    import pipec

    unread = [pipec]
    while unread:
        package = unread.pop()
        for one in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            if one.name not in APART:
                module = import_module(one.name)
                if one.ispkg:
                    unread.append(module)
