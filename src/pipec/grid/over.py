"""Whether `over PERIOD` ends and begins at boundaries of the producer, for every consumer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import gcd

from pipec.grid.forms import Fixed, Form, Months, Ticks, form, lies_in
from pipec.grid.intervals import boundary, count, each, existing, number_at
from pipec.grid.pattern import fields, is_plain, pattern
from pipec.grid.period import DAY, WEEK, Period, month_length
from pipec.grid.schedule import Cron, Interval, Periodic
from pipec.grid.ticks import steps_over_changes
from pipec.grid.zone import offsets

_LOOKED_AT = 3_000


def never_cuts(consumer: Periodic, producer: Periodic, period: Period) -> bool:
    """Whether it is proved that no window of that period cuts an interval of the producer."""
    around = form(producer)
    begins = _begins(form(consumer), period)
    proved = lies_in(form(consumer), around) and lies_in(begins, around)
    if proved and isinstance(begins, Ticks) and begins.zone != "UTC":
        proved = _lands(consumer, producer, period)
    many = count(consumer)
    if not proved and many is not None and many <= _LOOKED_AT:
        return first_cut(consumer, producer, period) is None
    return proved


def first_cut(
    consumer: Periodic, producer: Periodic, period: Period
) -> tuple[Interval, Interval] | None:
    """The first interval of the consumer whose window cuts one of the producer; and that one."""
    zone = zone_of(consumer)
    for one in each(consumer, existing(consumer, range(_LOOKED_AT))):
        for edge in (period.before(one.end, zone), one.end):
            if cut := cut_at(producer, edge):
                return one, cut
    return None


def cut_at(producer: Periodic, edge: datetime) -> Interval | None:
    """The interval of the producer that `edge` lies inside of; None if it lies between two."""
    try:
        number = number_at(producer, edge)
        begin = boundary(producer, number)
        return None if begin == edge else Interval(begin, boundary(producer, number + 1))
    except OverflowError:
        return None


def zone_of(grid: object) -> str:
    """The zone whose clock counts the days of the schedule."""
    return grid.zone if isinstance(grid, Cron) else "UTC"


def _begins(ends: Form, period: Period) -> Form:
    """A form that holds one period before each boundary of `ends`, and no more where it can."""
    match ends:
        case Fixed(step, phase):
            if period.months:
                return Fixed(gcd(step, DAY), phase % gcd(step, DAY))
            return Fixed(step, (phase - period.seconds) % step)
        case Months(step, phase, _, second):
            if period.months and _keeps_its_day(ends, period.months):
                return replace(ends, phase=(phase - period.months) % step)
            return Fixed(DAY, (second - period.seconds) % DAY)
        case Ticks():
            if period.seconds % DAY:
                return _grid_around(ends, period.seconds)
            if pattern(ends.expression).every_day or _comes_again(ends, period):
                return ends
            minute, hour, *_ = ends.expression.split()
            return replace(ends, expression=f"{minute} {hour} * * *")


def _keeps_its_day(of: Months, months: int) -> bool:
    """Whether each boundary, so many months back, is on the day that the grid has there."""
    for month in range(24_000 + of.phase, 24_000 + of.phase + 4 * 12 * of.step, of.step):
        day = min(of.day, month_length(month))
        before = month_length(month - months)
        if min(day, before) != min(of.day, before):
            return False
    return True


def _comes_again(of: Ticks, period: Period) -> bool:
    """Whether the days of the pattern lie as they lay one period before."""
    _, _, days, months, weekdays = fields(of.expression)
    if not is_plain(of.expression) or len(months) != 12:
        return False
    if period.months:
        return len(weekdays) == 7 and days[-1] <= 28
    return len(days) == 31 and period.seconds % WEEK == 0


def _grid_around(of: Ticks, seconds: int) -> Fixed:
    """The widest even grid that all ticks lie on, so many seconds earlier."""
    times = [
        time * 60 - ahead
        for time in pattern(of.expression).times
        for ahead in offsets(of.zone, of.since.year)
    ]
    step = gcd(DAY, *(time - times[0] for time in times))
    return Fixed(step, (times[0] - seconds) % step)


def _lands(consumer: Periodic, producer: Periodic, period: Period) -> bool:
    """Whether windows that end or begin about when the clock is set begin at boundaries of the producer."""
    zone = zone_of(consumer)
    for grid in (consumer, producer):
        if not isinstance(grid, Cron):
            continue
        for steps in steps_over_changes(grid.expression, grid.zone, grid.start):
            for begin, end in ((steps[0], steps[-1]), _about(steps, period)):
                numbers = range(number_at(consumer, begin), number_at(consumer, end) + 1)
                if any(
                    cut_at(producer, period.before(one.start, zone))
                    for one in each(consumer, numbers)
                ):
                    return False
    return True


def _about(steps: Sequence[datetime], period: Period) -> tuple[datetime, datetime]:
    """From when to when the windows end that begin at one of the steps."""
    margin = timedelta(days=2)
    return period.after(steps[0], 1) - margin, period.after(steps[-1], 1) + margin
