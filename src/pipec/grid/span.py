"""How many neighbouring instances one wait can reach over, so that runs never starve each other."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from pipec.frozen import frozen
from pipec.grid.forms import Fixed, Months, Ticks, form
from pipec.grid.intervals import count
from pipec.grid.over import zone_of
from pipec.grid.pattern import Pattern
from pipec.grid.period import DAY, Period, month_length
from pipec.grid.relation import relation
from pipec.grid.schedule import Cron, Every, Grid, Periodic
from pipec.grid.ticks import steps_over_changes
from pipec.grid.window import Counted, Window
from pipec.grid.zone import offsets


@frozen
class Span:
    """The most neighbouring instances of each side that one wait reaches over, at least 1."""

    producer: int
    """From the first instance that is needed to the one at the consumer's own time."""
    consumer: int
    """From the first instance that needs one producer instance to the one at its own time."""


def most_runs(consumer: Grid, producer: Grid, window: Window) -> Span:
    """The span of the waits between two schedules; nothing beyond 1 on a side that has no periods."""
    if not isinstance(producer, Every | Cron):
        return Span(1, 1)
    if not isinstance(consumer, Every | Cron):
        if isinstance(window, Counted):
            return Span(_at_most(producer, 1 - min(window.first, 0)), 1)
        back = _longest_period(window.period, "UTC")
        return Span(_at_most(producer, _most_within(producer, back)), 1)
    if isinstance(window, Counted):
        met = relation(consumer, producer)
        wide = max(window.last, 0) - min(window.first, 0) + 1
        finer, coarser = met == "finer", met == "coarser"
        producers = wide * (_most_within(producer, _longest(consumer)) if finer else 1)
        consumers = wide * (_most_within(consumer, _longest(producer)) if coarser else 1)
    else:
        back = _longest_period(window.period, zone_of(consumer))
        producers = _most_within(producer, max(back, _longest(consumer)))
        consumers = _most_within(consumer, back - _shortest(producer)) + 1
    return Span(_at_most(producer, producers), _at_most(consumer, consumers))


def _at_most(grid: Periodic, many: int) -> int:
    there = count(grid)
    return max(many if there is None else min(many, there), 1)


def _most_within(grid: Periodic, seconds: int) -> int:
    """The most whole intervals that fit into so many seconds."""
    by_length = seconds // _shortest(grid)
    of = form(grid)
    if not isinstance(of, Ticks):
        return by_length
    # A day of the wall clock is longer than others when the clock is set back.
    ahead = offsets(of.zone, of.since.year)
    longer = max(ahead) - min(ahead)
    seconds = seconds - longer if (seconds - longer) % DAY == 0 else seconds
    twice = -(-len(of.rule.times) * longer // DAY) if of.rule.every_hour else 0
    return min(by_length, -(-seconds // DAY) * len(of.rule.times) + twice)


def _shortest(grid: Periodic) -> int:
    return _lengths(grid)[0]


def _longest(grid: Periodic) -> int:
    return _lengths(grid)[1]


@lru_cache(maxsize=1024)
def _lengths(grid: Periodic) -> tuple[int, int]:
    """The lengths of the shortest and the longest interval, in seconds."""
    match form(grid):
        case Fixed(step):
            return step, step
        case Months(step, phase, day):
            found = [_month_lengths(month, step, day) for month in range(phase, phase + 48)]
            return min(found), max(found)
        case Ticks(expression, zone, since) as ticks:
            changes = [
                int((later - earlier).total_seconds())
                for steps in steps_over_changes(expression, zone, since)
                for earlier, later in pairwise(steps)
            ]
            found = [*_pattern_lengths(ticks.rule), *changes]
            return min(found), max(found)


def _month_lengths(month: int, step: int, day: int) -> int:
    """The seconds from that month of a cycle of four years to the one `step` later."""
    begin = 24_000 + month
    days = sum(month_length(one) for one in range(begin, begin + step))
    days += min(day, month_length(begin + step)) - min(day, month_length(begin))
    return days * DAY


def _longest_period(period: Period, zone: str) -> int:
    """The most seconds that the period can have on the clock of `zone`."""
    longest = period.seconds
    if period.months:
        longest = max(_month_lengths(month, period.months, 1) for month in range(48))
    # A clock is set back by no more than an hour, and a day that is repeated is no day of ours.
    by_the_clock = zone != "UTC" and longest % DAY == 0
    return longest + (3_600 if by_the_clock else 0)


def _pattern_lengths(rule: Pattern) -> Iterator[int]:
    """The seconds from each tick to the next, wherever the clock is not touched."""
    yield from {(later - earlier) * 60 for earlier, later in pairwise(rule.times)}
    across = rule.times[0] - rule.times[-1]
    last: int | None = None
    begin = 0
    for year in range(2000, 2041):
        for day in rule.days_in(year):
            if last is not None:
                yield (begin + day - last) * DAY + across * 60
            last = begin + day
        begin += 366 if month_length(year * 12 + 1) == 29 else 365
