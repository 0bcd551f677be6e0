"""Schedules that would meet another one, as near as can be to a schedule that does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from math import gcd, lcm, log2

from pipec.frozen import frozen
from pipec.grid.forms import form, lies_in
from pipec.grid.intervals import boundary, number_at
from pipec.grid.over import zone_of
from pipec.grid.pattern import YEARS_OF_ALL_KINDS, pattern
from pipec.grid.period import DAY, Period, Unit, month_length, period_of_months, period_of_seconds
from pipec.grid.schedule import Cron, Every, Grid, Periodic
from pipec.grid.zone import local

_ROUND: dict[Unit, tuple[int, ...]] = {
    "minute": (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30),
    "hour": (1, 2, 3, 4, 6, 8, 12),
    "day": (1, 30),
    "week": (1, 2, 4, 52),
    "month": (1, 2, 3, 4, 6),
    "year": (1,),
}
"""Periods that people choose."""

_FAR = 3.0
"""How far from what is meant a schedule is that nobody would want: eight times as often."""

_OTHER_SIDE = 0.75
"""How much farther one is that is no longer the finer, or the coarser, of the two."""


@frozen
class Ways:
    """A schedule for the producer, and one for the consumer, of which each alone would do."""

    producer: Periodic | None
    consumer: Periodic | None


def ways_to_meet(consumer: Grid, producer: Grid) -> Ways:
    """How one of two schedules could be changed that do not meet; the less, the better."""
    if not isinstance(consumer, Every | Cron) or not isinstance(producer, Every | Cron):
        return Ways(None, None)
    made, read = _nearest(producer, consumer), _nearest(consumer, producer)
    near = min(made[0], read[0]) <= _FAR
    return Ways(
        None if near and made[0] > _FAR else made[1],
        None if near and read[0] > _FAR else read[1],
    )


def _nearest(own: Periodic, other: Periodic) -> tuple[float, Periodic]:
    """The schedule nearest to `own` that meets `other`, and how far it is."""
    found = sorted(
        ((_distance(own, one, other), one) for one in _candidates(own, other)), key=lambda it: it[0]
    )
    mine = form(other)
    far, best = next(it for it in found if lies_in(form(it[1]), mine) or lies_in(mine, form(it[1])))
    return far, _with_the_end(best, own)


def _distance(own: Periodic, one: Periodic, other: Periodic) -> float:
    mine, new, fixed = _length(own), _length(one), _length(other)
    kept = (new < fixed) == (mine < fixed) and (new > fixed) == (mine > fixed)
    # A month is a little shorter on average than the months of a calendar.
    return round(abs(log2(new / mine)), 2) + (0 if kept else _OTHER_SIDE)


def _length(of: Periodic) -> float:
    """The seconds that an interval has on average."""
    if isinstance(of, Every):
        return of.period.seconds or of.period.months * DAY * 365.2425 / 12
    days = sum(366 if month_length(year * 12 + 1) == 29 else 365 for year in YEARS_OF_ALL_KINDS)
    return DAY * days / sum(pattern(of.expression).ticks_in(year) for year in YEARS_OF_ALL_KINDS)


def _candidates(own: Periodic, other: Periodic) -> Iterator[Periodic]:
    """Schedules of which some meet `other`; of equally near ones, those like `own` first."""
    ways = (_periods(own, other), _clocks(own, other))
    for way in ways if isinstance(own, Every) else reversed(ways):
        yield from way
    yield other


def _periods(own: Periodic, other: Periodic) -> Iterator[Every]:
    """Every so often, beginning with an interval of `other`."""
    anchor = _boundary_near(other, own, other)
    for period in _lengths(own, other):
        try:
            grid = Every(period, anchor)
            yield replace(grid, start=_boundary_near(grid, own, other))
        except OverflowError:
            continue


def _lengths(own: Periodic, other: Periodic) -> Iterator[Period]:
    if isinstance(own, Every):
        yield own.period
        if isinstance(other, Every):
            mine, theirs = own.period, other.period
            if mine.seconds and theirs.seconds:
                yield from map(period_of_seconds, _common(mine.seconds, theirs.seconds))
            elif mine.months and theirs.months:
                yield from map(period_of_months, _common(mine.months, theirs.months))
    yield from (Period(count, unit) for unit, counts in _ROUND.items() for count in counts)


def _common(mine: int, theirs: int) -> Iterator[int]:
    """What divides both lengths, and what both divide, where that is not odd and far away."""
    inner, outer = gcd(mine, theirs), lcm(mine, theirs)
    if inner * 4 >= mine:
        yield inner
    if outer <= mine * 4:
        yield outer


def _clocks(own: Periodic, other: Periodic) -> Iterator[Cron]:
    """By the clock of `other`, at a time at which an interval of it begins."""
    zone = zone_of(other)
    begin = _boundary_near(other, own, other)
    if begin.second:
        return
    shown, started = local(zone, begin), local(zone, own.start)
    minute, hour = str(shown.minute), str(shown.hour)
    # A day that every month has.
    days = ("* * *", f"* * {started.isoweekday() % 7}", f"{min(started.day, 28)} * *")
    times = [(minute, "*", "* * *"), *((minute, hour, one) for one in days)]
    if isinstance(own, Cron):
        minutes, hours, own_days = own.expression.split(maxsplit=2)
        same = (minutes, hours), (minute, hours), (minute, hour)
        times = [*((*one, own_days) for one in same), *times]
    for words in times:
        yield Cron(" ".join(words), zone, own.start)


def _boundary_near(grid: Periodic, own: Periodic, other: Periodic) -> datetime:
    """The boundary of `grid` nearest to the start of `own`; next to it, rather that of `other`."""
    number = number_at(grid, own.start)
    before, after = boundary(grid, number), boundary(grid, number + 1)
    if (start := boundary(other, 0)) in (before, after):
        return start
    return before if own.start - before <= after - own.start else after


def _with_the_end(found: Periodic, own: Periodic) -> Periodic:
    """The schedule, due and ending as `own` is; so many times only if these are as long."""
    until = own.until if own.until and own.until > found.start else None
    if isinstance(found, Cron):
        return replace(found, until=until, at=own.at)
    times = own.times if isinstance(own, Every) and own.period == found.period else None
    return replace(found, until=until, times=times, at=own.at)
