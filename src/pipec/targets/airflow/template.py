"""A text as a Jinja template that renders to exactly that text."""

from __future__ import annotations

import re

from pipec.expression.tree import Expr, Format, Name
from pipec.targets.airflow.expression import DATE_TEXT, Each, Moment, jinja
from pipec.values import Text


def template(
    text: Text,
    moment: Moment,
    extensions: tuple[str, ...] = (),
    *,
    command: bool = False,
    followed: bool = False,
) -> str:
    """The template of a resolved text; `extensions` are those the operator reads as file names.

    Whatever looks like Jinja in the user's own words is written as a Jinja string, and so is
    each carriage return, which Jinja would lose. A text that ends like a file name gets an
    empty expression after it. Jinja drops the last line break of a template: it is doubled,
    except in a `command` that means the same without it. Neither is done for a text that is
    `followed` by more.
    """
    last = -1 if followed else len(text.pieces) - 1
    parts = [
        _words(piece, extensions, last=index == last, command=command)
        if isinstance(piece, str)
        else spliced(piece.expr, moment)
        for index, piece in enumerate(text.pieces)
    ]
    return "".join(parts)


def spliced(expr: Expr, moment: Moment) -> str:
    """The template of one expression; one that says something of several instances is a loop."""
    name, pattern = (expr.value, expr.pattern) if isinstance(expr, Format) else (expr, DATE_TEXT)
    each = moment.lists.get(".".join(name.parts)) if isinstance(name, Name) else None
    if each is None:
        return f"{{{{ {jinja(expr, moment)} }}}}"
    if each.place is not None:
        said = template(each.place, each.moment, followed=True)
    else:
        said = f"{{{{ {each.moment.start}.strftime({pattern!r}) }}}}"
    return for_each(each, said, "{{ ' ' if not loop.last }}") if each.intervals else said


def for_each(each: Each, said: str, between: str, *, otherwise: str = "") -> str:
    """The template that says something of each instance, and something in between."""
    other = f"{{% else %}}{otherwise}" if otherwise else ""
    return f"{{% for start, end in {each.intervals} %}}{said}{between}{other}{{% endfor %}}"


def escape(words: str) -> str:
    """The template of words that something follows."""
    if len(_MARKS.findall(words)) > 2 and "endraw" not in words and "\r" not in words:
        return f"{{% raw %}}{words}{{% endraw %}}"
    return _MARKS.sub(lambda found: f"{{{{ {found[0]!r} }}}}", words)


def _words(words: str, extensions: tuple[str, ...], *, last: bool, command: bool) -> str:
    if last and words.endswith("\n"):
        kept = command and not words.endswith(("\\\n", "\n\n"))
        return escape(words[:-1]) + ("\n" if kept else "\n\n")
    return escape(words) + ("{{ '' }}" if last and words.endswith(extensions) else "")


_MARKS = re.compile(r"\{[{%#]|\{(?=\r|\Z)|\r")
