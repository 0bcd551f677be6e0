"""Diagnostics for people: what is wrong, the lines where it is, what would work."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipec.diagnostic import Diagnostic
from pipec.render.characters import visible
from pipec.render.snippet import Row, snippet
from pipec.source import Source

ROOM = 70
"""A message stands beside marks that end before this column, else below them."""

_COLOURS = {
    "error": "\x1b[1;31m",
    "warning": "\x1b[1;33m",
    "frame": "\x1b[1;34m",
    "strong": "\x1b[1m",
}


def render(diagnostics: Sequence[Diagnostic], *, colour: bool = False) -> str:
    """Each diagnostic as a paragraph; in the colours of a terminal when `colour` asks for it."""

    seen = _masked(diagnostics)

    def paint(text: str, how: str) -> str:
        return f"{_COLOURS[how]}{text}\x1b[0m" if colour and text.strip() else text

    def paragraph(one: Diagnostic) -> Iterator[str]:
        yield paint(f"{one.severity}[{one.code}]", one.severity) + paint(f": {one.title}", "strong")
        message = _lines(one.text())
        help_ = _lines(one.hint())
        margin = " "
        if one.span.source.name:
            rows = _labelled(
                snippet(seen[one.span.source].span(one.span.start, one.span.end)), message
            )
            margin = " " * (max(len(row.number) for row in rows) + 1)
            bar = paint("|", "frame")
            place = f"{visible(one.span.source.name)}:{one.span.line}:{one.span.column}"
            yield f"{margin[1:]}{paint('-->', 'frame')} {place}"
            yield f"{margin}{bar}"
            for row in rows:
                number = paint(row.number.rjust(len(margin) - 1), "frame")
                text = paint(row.text, one.severity) if row.mark else row.text
                yield f"{number} {bar} {text}".rstrip()
            if help_:
                yield f"{margin}{bar}"
        else:
            yield from (f"{margin}{paint('=', 'frame')} {line}" for line in message)
        for at, line in enumerate(help_):
            start = f"{paint('=', 'frame')} {paint('help', 'strong')}: " if at == 0 else " " * 8
            yield f"{margin}{start}{line}"

    return "\n".join("\n".join(paragraph(one)) + "\n" for one in diagnostics)


def _masked(diagnostics: Sequence[Diagnostic]) -> dict[Source, Source]:
    """The sources as they may be shown: of the same length, stars for what is secret."""
    found = {one.span.source: one.span.source for one in diagnostics}
    for one in diagnostics:
        if one.secret:
            shown = found[one.span.source]
            stars = re.sub(r"[^\r\n]", "*", one.span.text)
            text = shown.text[: one.span.start] + stars + shown.text[one.span.end :]
            found[one.span.source] = Source(shown.name, text)
    return found


def _labelled(rows: list[Row], message: list[str]) -> list[Row]:
    """The rows, with the message after the last mark, or below it where there is no room."""
    at = max(place for place, row in enumerate(rows) if row.mark)
    mark = rows[at].text
    first, *more = message or [""]
    if len(mark) <= ROOM:
        indent = " " * (len(mark) + 1)
        labels = [f"{mark} {first}", *(indent + line for line in more)]
    else:
        indent = " " * min(len(mark) - len(mark.lstrip(" |_")), ROOM)
        labels = [mark, *(indent + line for line in (first, *more))]
    return [*rows[:at], *(Row("", line, mark=True) for line in labels), *rows[at + 1 :]]


def _lines(text: str) -> list[str]:
    """The lines of a message, or of a help; what a user wrote cannot steer the terminal."""
    return [visible(line).rstrip() for line in text.strip().split("\n")] if text.strip() else []
