"""Intervals that begin at the same time on the clock of their zone."""

from __future__ import annotations

from datetime import datetime

from pipec.grid.schedule import Cron
from pipec.grid.ticks import steps_over_changes
from pipec.grid.zone import local


def shown_twice(grid: Cron) -> tuple[datetime, datetime] | None:
    """The first two ticks at which the clock shows the same, since it was set back between them."""
    for steps in steps_over_changes(grid.expression, grid.zone, grid.start):
        seen: dict[datetime, datetime] = {}
        for tick in steps:
            if grid.until is not None and tick >= grid.until:
                return None
            before = seen.setdefault(local(grid.zone, tick), tick)
            if before != tick:
                return before, tick
    return None
