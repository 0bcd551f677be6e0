"""A text as a Jinja template that renders to exactly that text."""

from __future__ import annotations

import re

from pipec.targets.airflow.expression import Moment, jinja
from pipec.values import Text


def template(text: Text, moment: Moment, extensions: tuple[str, ...] = ()) -> str:
    """The template of a resolved text; `extensions` are those the operator reads as file names.

    Whatever looks like Jinja in the user's own words is written as a Jinja string. Jinja drops
    the last line break of a template and turns `\\r\\n` into `\\n`, so both are written so too;
    a text that ends like a file name gets an empty expression after it.
    """
    last = len(text.pieces) - 1
    parts = [
        _words(piece, extensions, last=index == last)
        if isinstance(piece, str)
        else f"{{{{ {jinja(piece.expr, moment)} }}}}"
        for index, piece in enumerate(text.pieces)
    ]
    return "".join(parts)


def _words(words: str, extensions: tuple[str, ...], *, last: bool) -> str:
    tail = ""
    if last and words.endswith("\n"):
        words, tail = words[:-1], "\n\n"  # Of two line breaks at its end Jinja drops one.
    elif last and words.endswith(extensions):
        tail = "{{ '' }}"
    return _MARKS.sub(lambda found: f"{{{{ {found[0]!r} }}}}", words) + tail


_MARKS = re.compile(r"\{[{%#]|\{(?=\r|\Z)|\r")
