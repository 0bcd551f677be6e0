"""Whether the intervals of a schedule are made of whole days."""

from __future__ import annotations

from datetime import time

from pipec.grid.pattern import pattern
from pipec.grid.period import DAY
from pipec.grid.schedule import Cron, Every, Grid


def whole_days(grid: Grid) -> bool:
    """True when each interval begins at midnight on the clock of the schedule's zone.

    One whose days have no midnight, where the clock jumps over it, begins with the day all the
    same. Nothing is said against schedules without intervals.
    """
    match grid:
        case Every(period=period, start=start):
            return start.time() == time() and (period.months > 0 or period.seconds % DAY == 0)
        case Cron(expression=expression):
            return pattern(expression).times == (0,)
    return True
