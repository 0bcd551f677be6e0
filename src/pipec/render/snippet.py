"""The lines of a file around a span, with the span underlined."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pipec.render.characters import visible, width
from pipec.source import Source, Span

CONTEXT = 2
"""Lines shown before the span and after it."""

WIDTH = 100
"""Characters shown of one line."""

MOST = 6
"""Lines shown of a span that takes more; the middle of a longer one is left out."""

CUT = "..."


class Row(NamedTuple):
    """One row of a snippet: a line of the file with its number, or marks under the row above."""

    number: str
    text: str
    mark: bool = False


def snippet(span: Span) -> list[Row]:
    """The span's lines and what stands around them. Exactly one row, the last mark, has a label."""
    source = span.source
    start = source.position(span.start)
    end = source.position(max(_visible_end(span) - 1, span.start))
    if start[0] == end[0]:
        left = _left(start[1], end[1])
        marked = list(_one_line(span, start, left))
        margin = ""
    else:
        left = 0
        marked = list(_several_lines(source, start, end))
        margin = "  "
    before = [(n, source.line(n)) for n in range(max(start[0] - CONTEXT, 1), start[0])]
    after = [(n, source.line(n)) for n in range(end[0] + 1, end[0] + 1 + CONTEXT)]
    while before and not before[0][1].strip():
        before.pop(0)
    while after and not after[-1][1].strip():
        after.pop()
    return [
        *(Row(str(n), margin + _cut(line, left)) for n, line in before),
        *marked,
        *(Row(str(n), margin + _cut(line, left)) for n, line in after),
    ]


def _visible_end(span: Span) -> int:
    """Where the span ends to the eye: blocks of YAML run on to where the next one starts."""
    text = span.text
    return span.start + len(text.rstrip()) if "\n" in text else span.end


def _left(start: int, end: int) -> int:
    """How many characters to leave out on the left, so that the span can be seen."""
    return 0 if end <= WIDTH else max(start - 1 - WIDTH // 3, 0)


def _cut(line: str, left: int) -> str:
    right = left + WIDTH
    before = CUT if left and line[:left].strip() else " " * len(CUT) if left else ""
    return (before + visible(line[left:right]) + (CUT if len(line) > right else "")).rstrip()


def _one_line(span: Span, start: tuple[int, int], left: int) -> Iterator[Row]:
    number, column = start
    line = span.source.line(number)
    indent = (len(CUT) if left else 0) + width(line[left : column - 1])
    length = _visible_end(span) - span.start
    marks = width(line[column - 1 : min(column - 1 + length, left + WIDTH)])
    yield Row(str(number), _cut(line, left))
    yield Row("", " " * indent + "^" * max(marks, 1), mark=True)


def _several_lines(source: Source, start: tuple[int, int], end: tuple[int, int]) -> Iterator[Row]:
    """The span's lines, each after a bar that runs from its first character to its last."""
    (first, start_column), (last, end_column) = start, end
    line = source.line(first)
    if line[: start_column - 1].strip():
        yield Row(str(first), "  " + _cut(line, 0))
        yield Row("", " _" + "_" * width(line[: min(start_column - 1, WIDTH)]) + "^", mark=True)
    else:
        yield Row(str(first), "/ " + _cut(line, 0))
    half = MOST // 2
    for number in range(first + 1, last + 1):
        if last - first < MOST or number < first + half or number > last - half:
            yield Row(str(number), ("| " + _cut(source.line(number), 0)).rstrip())
        elif number == first + half:
            yield Row(CUT, "|")
    line = source.line(last)
    yield Row("", "|_" + "_" * width(line[: min(end_column - 1, WIDTH)]) + "^", mark=True)
