"""Instants and intervals as people read them: UTC, without seconds where there are none."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

# Neighbouring instances of a plan have the same few instants and intervals.
_remembered = lru_cache(maxsize=1 << 14)


@_remembered
def moment(at: datetime) -> str:
    """Such as `2026-03-01T00:00`."""
    return f"{at:%Y-%m-%dT%H:%M:%S}" if at.second else f"{at:%Y-%m-%dT%H:%M}"


@_remembered
def interval(start: datetime, end: datetime) -> str:
    """Such as `2026-03-01T00:00 .. 01:00`; the day of the end only where it is another."""
    if start == end:
        return moment(start)
    last = moment(end)
    return f"{moment(start)} .. {last.partition('T')[2] if start.date() == end.date() else last}"


def iso(at: datetime) -> str:
    """ISO-8601, for programs: `2026-03-01T00:00:00Z`."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
