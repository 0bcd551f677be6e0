"""How much of time to look at, when nobody says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pipec.grid import Cron, Every, Grid, OnDemand, interval
from pipec.grid.intervals import existing, length, whole
from pipec.ir import Schedule
from pipec.plan.graph import Graph

MOST = 3


def coarsest(graphs: Iterable[Graph]) -> Schedule | None:
    """The schedule with the longest intervals, the first of equals; None if none has any."""
    found = [one.schedule for one in graphs if first(one.schedule.grid) is not None]
    return max(found, key=lambda one: length(one.grid), default=None)


def few(grid: Grid, begin: datetime | None = None) -> tuple[datetime, datetime] | None:
    """From where to where the first few intervals reach, of those that start at `begin` or later.

    None when there are none.
    """
    if not isinstance(grid, Every | Cron):
        start = first(grid)
        return None if start is None or (begin and start < begin) else (start, start)
    number = 0 if begin is None else max(whole(grid, begin, begin).start, 0)
    numbers = existing(grid, range(number, number + MOST))
    if not numbers:
        return None
    return interval(grid, numbers[0]).start, interval(grid, numbers[-1]).end


def first(grid: Grid) -> datetime | None:
    """The start of the first interval; None when there is none, or none is known."""
    if isinstance(grid, OnDemand):
        return None
    return interval(grid, 0).start if existing(grid, range(1)) else None
