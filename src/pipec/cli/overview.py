"""What `pipec` says when no command was asked for: what there is, and its version."""

from __future__ import annotations

import sys
from importlib import import_module

from pipec.cli.arguments import Misuse, choice

ABOUT = """\
pipec compiles a compact YAML description of data pipelines into what a workflow engine loads.

"""

REST = """
`pipec COMMAND --help` says more of one. A PATH is a file NAME.pipe.yaml, or a folder with some.
A project is the nearest folder above with a `pipec.yaml`, else the PATH itself. The settings that
may stand in a `pipec.yaml`: target, airflow, output, environment, ignore.

Exit status: 0 clean, 1 complaints about the pipelines, 2 the command cannot be carried out.
"""


def overview(words: list[str]) -> int:
    """Show the commands, or the version; anything else is misuse."""
    word = words[0] if words else "--help"
    if word in ("--help", "-h", "help"):
        sys.stdout.write(_commands())
        return 0 if words else 2
    if word in ("--version", "-V"):
        from pipec.cli.version import version

        print(f"pipec {version()}")
        return 0
    from pipec.cli import COMMANDS

    raise Misuse(f"there is no command `{word}`: {choice(word, COMMANDS)}")


def _commands() -> str:
    from pipec.cli import COMMANDS

    commands = [import_module(f"pipec.cli.{name}").COMMAND for name in COMMANDS]
    usages = [f"pipec {one.name} {one.operands}" for one in commands]
    width = max(map(len, usages)) + 3
    rows = [
        f"  {usage.ljust(width)}{one.summary}" for usage, one in zip(usages, commands, strict=True)
    ]
    return ABOUT + "\n".join(rows) + "\n" + REST
