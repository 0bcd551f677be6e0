"""Cron schedules that Airflow's data intervals lose hold of when a clock is set."""

from __future__ import annotations

from itertools import pairwise

from pipec.grid.pattern import pattern
from pipec.grid.schedule import Cron, Interval
from pipec.grid.ticks import next_tick, steps_over_changes, tick_before


def strays(grid: Cron) -> Interval | None:
    """The first interval after which CronDataIntervalTimetable does not go on at the next tick.

    The timetable looks for the beginning of the next interval by going back a tick and forward
    again. Where that leads elsewhere it skips intervals, repeats some, or stands still; at
    the same place CronTriggerTimetable goes on. Found for some expressions that tick more than
    once in the hour that a zone leaves out, that tick each hour of some days only, or
    each hour where clocks are set by half an hour; Airflow 3.3 recovers from a few of them. None
    for all the usual ones.
    """
    rule = pattern(grid.expression)
    for steps in steps_over_changes(grid.expression, grid.zone, grid.start):
        for start, end in pairwise(steps):
            if grid.until is not None and end >= grid.until:
                return None
            back = tick_before(rule, grid.zone, end)
            if back is not None and back != end and next_tick(rule, grid.zone, back) != end:
                return Interval(start, end)
    return None
