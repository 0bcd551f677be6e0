"""Intervals whose ends the clock of their zone shows twice, since it is set back between them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from pipec.grid.pattern import pattern
from pipec.grid.schedule import Cron, Interval
from pipec.grid.ticks import next_tick, steps_over_changes
from pipec.grid.zone import local


def shown_twice(grid: Cron) -> Iterator[tuple[Interval, Interval]]:
    """The pairs of intervals that start at the same time by the clock, or end so, within 28 years."""
    rule = pattern(grid.expression)
    for ticks in steps_over_changes(grid.expression, grid.zone, grid.start):
        after = next_tick(rule, grid.zone, ticks[-1])
        steps = [*ticks, after] if after else ticks
        shown = [local(grid.zone, tick) for tick in steps]
        found = [Interval(*ends) for ends in pairwise(steps)]
        for first in range(len(found)):
            for second in range(first + 1, len(found)):
                if grid.until is not None and found[second].end > grid.until:
                    break
                if shown[first] == shown[second] or shown[first + 1] == shown[second + 1]:
                    yield found[first], found[second]
