"""A text of the pipeline file, split where `${{ ... }}` stands in it."""

from __future__ import annotations

import re
from typing import TypeAlias

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.expression.tree import Place
from pipec.frozen import frozen


@frozen
class Words:
    """What is meant as it stands: `text`, where `$${{` has become `${{`."""

    text: str
    start: int
    end: int


@frozen
class Hole:
    """The inside of one `${{ ... }}`: `text` begins at `start`, right after the braces."""

    text: str
    start: int
    end: int


Piece: TypeAlias = Words | Hole


def pieces(text: str, at: Place, report: Report) -> tuple[Piece, ...]:
    """The pieces of `text`, in order: words and holes. No two words are neighbours."""
    if "${{" not in text:
        return (Words(text, 0, len(text)),) if text else ()
    found: list[Piece] = []
    words_from = done = 0
    while (opening := text.find("${{", done)) >= 0:
        done = opening + 3
        if opening and text[opening - 1] == "$":
            continue
        closing = _closing(text, done)
        if closing is None:
            report.add(UnterminatedExpression(at(opening, done)))
            continue
        _add_words(found, text, words_from, opening)
        found.append(Hole(text[done:closing], done, closing))
        words_from = done = closing + 2
    _add_words(found, text, words_from, len(text))
    return tuple(found)


@diagnostic
class UnterminatedExpression(Diagnostic):
    """An expression begins with `${{` and has no `}}` after it.

    To have the three characters `${{` in a text, write `$${{`. Braces inside a quoted text of
    the expression do not end it, so a missing quote may hide the `}}`.
    """

    code = "P020"
    title = "Unterminated expression"
    message = "nothing closes this `${{{{`"
    help = "write `}}}}` where the expression ends, or `$${{{{` to mean the characters themselves"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --since ${{ start } --quiet      # P020 ${{
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --since ${{ start }} --quiet
        """


# A quoted text counts as one thing only when its closing quote stands on the same line.
_STEP = re.compile(r"""'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|\}\}|:|\$\{\{""")

_BRACES = re.compile(r"\}\}|\$\{\{")


def _closing(text: str, start: int) -> int | None:
    """Where the `}}` is that ends the expression that begins at `start`."""
    for step in _STEP.finditer(text, start):
        match step[0]:
            case "}}":
                return step.start()
            case ":":  # A format: from here on, a quote is a quote.
                brace = _BRACES.search(text, step.end())
                return brace.start() if brace and brace[0] == "}}" else None
            case "${{":
                return None
    return None


def _add_words(found: list[Piece], text: str, start: int, end: int) -> None:
    if start < end:
        found.append(Words(text[start:end].replace("$${{", "${{"), start, end))
