"""Schedules reduced to what their boundaries are, and the proof that some lie among others.

A form stands for all boundaries of a schedule, before its start and after its end as well: two
schedules with the same step that begin a few steps apart have the same form.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from math import gcd
from typing import TypeAlias

from pipec.frozen import frozen
from pipec.grid.pattern import YEARS_OF_ALL_KINDS, Pattern, fields, is_plain, pattern
from pipec.grid.period import DAY, WEEK, month_length, month_number
from pipec.grid.schedule import Cron, Periodic
from pipec.grid.ticks import last_tick_at, steps_over_changes, tick
from pipec.grid.zone import offsets

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@frozen
class Fixed:
    """A boundary every `step` seconds, `phase` seconds after a multiple of `step` since 1970."""

    step: int
    phase: int


@frozen
class Months:
    """A boundary every `step` months, on day `day` or the last one, at `second` of the day."""

    step: int
    phase: int
    day: int
    second: int

    def lengths(self) -> set[int]:
        """The lengths of the months that it has boundaries in."""
        return {
            length
            for month in range(self.phase, self.phase + 48, gcd(self.step, 12))
            for length in {month_length(24_000 + month % 48)}
        }


@frozen
class Ticks:
    """The ticks of a cron expression that is neither of the two above; from `since` on."""

    expression: str
    zone: str
    since: datetime

    @property
    def rule(self) -> Pattern:
        """Its times of the day and its days."""
        return pattern(self.expression)


Form: TypeAlias = Fixed | Months | Ticks


@lru_cache(maxsize=4096)
def form(grid: Periodic) -> Form:
    """What the boundaries of the schedule are, in the simplest form that says it exactly."""
    if isinstance(grid, Cron):
        return _form_of_cron(grid)
    start, period = grid.start, grid.period
    since = int((start - EPOCH).total_seconds())
    if period.months:
        return Months(period.months, month_number(start) % period.months, start.day, since % DAY)
    return Fixed(period.seconds, since % period.seconds)


def lies_in(inner: Form, outer: Form) -> bool:
    """Whether every boundary of `inner` is proved to be one of `outer`."""
    match inner, outer:
        case Fixed(), Fixed():
            return inner.step % outer.step == 0 and (inner.phase - outer.phase) % outer.step == 0
        case Months(), Months():
            return (
                inner.step % outer.step == 0
                and (inner.phase - outer.phase) % outer.step == 0
                and inner.second == outer.second
                and all(min(inner.day, it) == min(outer.day, it) for it in inner.lengths())
            )
        case Ticks(), Ticks() if inner.zone == outer.zone:
            return _same_clock(inner, outer)
        case Ticks(), _:
            return _any_day(inner, outer) or _day_by_day(inner, outer)
        case _:
            return _day_by_day(inner, outer)


def _form_of_cron(grid: Cron) -> Form:
    rule, since = pattern(grid.expression), grid.start.year
    ahead = offsets(grid.zone, since)
    step = _even_step(rule.times)
    if rule.every_day and step and len(ahead) == 1:
        return Fixed(step, (rule.times[0] * 60 - min(ahead)) % step)
    if rule.every_day and rule.every_hour and len({one % 3_600 for one in ahead}) == 1:
        # However the clock is set, by whole hours, it is the same every hour.
        if step:
            return Fixed(step, (rule.times[0] * 60 - min(ahead)) % step)
        if min(ahead) % 3_600 == 0:
            return Ticks(grid.expression, "UTC", grid.start)
    if ahead != {0}:
        return Ticks(grid.expression, grid.zone, grid.start)
    return _calendar_form(grid.expression) or Ticks(grid.expression, "UTC", grid.start)


def _even_step(times: Sequence[int]) -> int:
    """The seconds between the times of the day if they are always the same; else 0."""
    step = 1_440 // len(times)
    even = 1_440 % len(times) == 0 and times[0] < step
    return step * 60 if even and all(b - a == step for a, b in pairwise(times)) else 0


def _calendar_form(expression: str) -> Form | None:
    """The form of one time on one day of the week, or on one day that every month has."""
    times = pattern(expression).times
    _, _, days, months, weekdays = fields(expression)
    if len(times) != 1 or not is_plain(expression):
        return None
    if len(days) == 31 and len(months) == 12 and len(weekdays) == 1:
        # 1 January 1970 was a Thursday.
        return Fixed(WEEK, (weekdays[0] - 4) % 7 * DAY + times[0] * 60)
    if len(days) == 1 and days[0] <= 28 and len(weekdays) == 7:
        step = 12 // len(months)
        if list(months) == list(range(months[0], 13, step)) and months[0] <= step:
            return Months(step, (months[0] - 1) % step, days[0], times[0] * 60)
    return None


def _any_day(inner: Ticks, outer: Form) -> bool:
    """Whether `outer`, on the clock of UTC, has the times of `inner` on each day there is."""
    shape = _shape(outer)
    if shape is None or not shape.every_day:
        return False
    return all(
        (time * 60 - ahead) % DAY in shape.times
        for time in inner.rule.times
        for ahead in offsets(inner.zone, inner.since.year)
    )


def _day_by_day(inner: Form, outer: Form) -> bool:
    """Whether `outer` has the days of `inner` in every kind of year, and its times, by UTC."""
    within, around = _shape(inner, wider=True), _shape(outer)
    if within is None or around is None or not all(it in around.times for it in within.times):
        return False
    return around.every_day or all(
        within.days(year) <= around.days(year) for year in YEARS_OF_ALL_KINDS
    )


@frozen
class _Shape:
    """Boundaries that are so many times of the day, in seconds, on each of some days."""

    times: Sequence[int]
    days: Callable[[int], frozenset[int]]
    every_day: bool = False


def _shape(of: Form, wider: bool = False) -> _Shape | None:
    """The days and times of a form by UTC; None if it is not made so, or in another way each year.

    With `wider` it may have boundaries beyond those of the form.
    """
    match of:
        case Fixed(step, phase) if DAY % step == 0 or (wider and step % WEEK):
            part = gcd(step, DAY)
            return _Shape(range(phase % part, DAY, part), _all_days, True)
        case Fixed(step, phase) if step == WEEK or (wider and step % WEEK == 0):
            # The weekday of `date`, 0 for Monday; 1 January 1970 was a Thursday.
            weekday = (phase // DAY + 3) % 7
            return _Shape((phase % DAY,), lambda year: _weekdays(year, weekday))
        case Months(step, phase, day, second) if 12 % step == 0 or wider:
            months = gcd(step, 12)
            return _Shape((second,), lambda year: _month_days(year, months, phase, day))
        case Ticks(_, "UTC"):
            rule = of.rule
            times = tuple(time * 60 for time in rule.times)
            return _Shape(times, lambda year: frozenset(rule.days_in(year)), rule.every_day)
        case _:
            return None


def _all_days(year: int) -> frozenset[int]:
    return frozenset(range(_days_before(year * 12 + 12) - _days_before(year * 12)))


def _weekdays(year: int, weekday: int) -> frozenset[int]:
    first = datetime(year, 1, 1).weekday()
    return frozenset(day for day in _all_days(year) if (first + day) % 7 == weekday)


def _month_days(year: int, step: int, phase: int, day: int) -> frozenset[int]:
    begin = _days_before(year * 12)
    return frozenset(
        _days_before(month) - begin + min(day, month_length(month)) - 1
        for month in range(year * 12, year * 12 + 12)
        if (month - phase) % step == 0
    )


def _days_before(month: int) -> int:
    return datetime(month // 12, month % 12 + 1, 1).toordinal()


def _same_clock(inner: Ticks, outer: Ticks) -> bool:
    """Whether one pattern holds the other, across each change of the clock as well."""
    if inner.expression == outer.expression:
        return True
    if not inner.rule.lies_in(outer.rule):
        return False
    since = min(inner.since, outer.since)
    return inner.zone == "UTC" or all(
        is_tick(outer, since, at)
        for steps in _around_changes(inner, outer, since)
        for at in _between(inner, since, steps[0], steps[-1] + timedelta(days=2))
    )


def is_tick(of: Ticks, since: datetime, at: datetime) -> bool:
    """Whether `at` is one of the ticks, counted from `since`."""
    number = last_tick_at(of.expression, of.zone, since, at)
    return tick(of.expression, of.zone, since, number) == at


def _around_changes(inner: Ticks, outer: Ticks, since: datetime) -> Sequence[list[datetime]]:
    return [
        steps
        for one in (inner, outer)
        for steps in steps_over_changes(one.expression, one.zone, since)
    ]


def _between(of: Ticks, since: datetime, begin: datetime, end: datetime) -> Sequence[datetime]:
    first = last_tick_at(of.expression, of.zone, since, begin)
    last = last_tick_at(of.expression, of.zone, since, end)
    return [tick(of.expression, of.zone, since, number) for number in range(first, last + 1)]
