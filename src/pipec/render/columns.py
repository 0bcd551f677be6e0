"""Rows as lines of a table whose columns are aligned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice

SAMPLE = 2_000
"""How many rows decide how wide the columns are; a table may have any number of them."""


def columns(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """The lines of the table, one by one; nothing when there are no rows."""
    rows = iter(rows)
    first = list(islice(rows, SAMPLE))
    if not first:
        return
    widths = [max(map(len, column)) for column in zip(headings, *first, strict=True)]
    rule = tuple("-" * min(width, 40) for width in widths)
    line = "  ".join(f"{{:{width}}}" for width in widths).format
    for row in chain((headings, rule), first, rows):
        yield line(*row).rstrip()
