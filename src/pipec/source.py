"""A file's text, and stretches of it that a message can point at."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Source:
    """A file as it was read: its name as the user gave it, and its text."""

    name: str
    text: str = field(repr=False)

    def span(self, start: int, end: int) -> Span:
        """The characters from `start` up to `end`, both clipped to the text."""
        size = len(self.text)
        start = min(max(start, 0), size)
        return Span(self, start, min(max(end, start), size))

    def position(self, offset: int) -> tuple[int, int]:
        """The line and column of the character at `offset`, both counted from 1."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """Line `number`, counted from 1, without its line break; empty past the end."""
        if not 1 <= number <= len(self._line_starts):
            return ""
        start = self._line_starts[number - 1]
        after = self._line_starts[number] if number < len(self._line_starts) else len(self.text)
        return self.text[start:after].rstrip("\r\n")

    @cached_property
    def _line_starts(self) -> tuple[int, ...]:
        text = self.text
        starts = [0]
        at = text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = text.find("\n", at + 1)
        return tuple(starts)


@dataclass(frozen=True, slots=True)
class Span:
    """The characters of `source` from `start` up to, not including, `end`."""

    source: Source = field(repr=False)
    start: int
    end: int

    @property
    def text(self) -> str:
        """The characters themselves."""
        return self.source.text[self.start : self.end]

    @property
    def line(self) -> int:
        """The line on which the span starts, counted from 1."""
        return self.source.position(self.start)[0]

    @property
    def column(self) -> int:
        """The column at which the span starts, counted from 1."""
        return self.source.position(self.start)[1]

    def part(self, start: int, end: int) -> Span:
        """The characters `start` up to `end`, counted from this span's own start."""
        return self.source.span(self.start + start, self.start + end)


NOWHERE = Span(Source("", ""), 0, 0)
"""The place of what no file says: a default, a value from the command line."""
