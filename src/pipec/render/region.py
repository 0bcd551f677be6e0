"""Where a span starts and ends, in lines and columns."""

from __future__ import annotations

from typing import NamedTuple

from pipec.source import Span


class Region(NamedTuple):
    """Lines and columns from 1; `end_column` is the one after the last character."""

    line: int
    column: int
    end_line: int
    end_column: int


def region(span: Span) -> Region | None:
    """The region of `span`; None when no file holds it."""
    if not span.source.name:
        return None
    return Region(*span.source.position(span.start), *span.source.position(span.end))
