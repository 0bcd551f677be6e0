"""What the YAML of a pipeline file says, with positions and without meaning.

A scalar is text until the type of its field is known, so nothing is changed on the way:
`no`, `012`, `1.10` and `12:30` arrive as they were written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from pipec.source import Span


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value. `quoted` is true for 'single', "double", literal and folded style."""

    span: Span = field(compare=False)
    value: str
    quoted: bool = False
    lines: tuple[tuple[int, int], ...] = field(default=(), compare=False, repr=False)
    """Pairs (offset in `value`, offset in the file) from which text runs on one to one.

    Empty when it does not (escapes, folded lines): then only the whole scalar can be shown.
    """
    broken: bool = field(default=False, compare=False, repr=False)
    """True when it was reported that nobody knows what stands here."""

    def part(self, start: int, end: int) -> Span:
        """Where in the file `value[start:end]` stands; the whole scalar if that is not known."""
        for value_at, file_at in reversed(self.lines):
            if start >= value_at:
                begin = file_at + start - value_at
                return self.span.source.span(begin, begin + max(end - start, 0))
        return self.span

    @property
    def is_null(self) -> bool:
        """True when nothing stands there: `key:` without a value, or `~` or `null`."""
        return not self.quoted and self.value in ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    span: Span = field(compare=False)
    items: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their values, in the order of the file. Keys are unique."""

    span: Span = field(compare=False)
    entries: tuple[tuple[Scalar, Tree], ...]

    def get(self, key: str) -> Tree | None:
        """The value of `key`; None when there is no such key."""
        return next((value for name, value in self.entries if name.value == key), None)

    def key(self, key: str) -> Scalar | None:
        """The key itself, as it stands in the file."""
        return next((name for name, _ in self.entries if name.value == key), None)

    def __iter__(self) -> Iterator[tuple[Scalar, Tree]]:
        return iter(self.entries)


Tree: TypeAlias = Scalar | Sequence | Mapping
"""Anything that YAML can hold."""


def is_nothing(tree: Tree | None) -> bool:
    """True when there is no such key, or nothing after it (`~` and `null` say the same)."""
    return tree is None or (isinstance(tree, Scalar) and tree.is_null)
