"""The intervals of a schedule, by number and by time.

A grid's boundaries are counted from its start, number 0, into both directions, whether or not
the schedule has begun or is over: windows that look back need that. Which intervals exist
is a separate question, and `count` answers it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import assert_never

from pipec.grid.period import month_number
from pipec.grid.schedule import Cron, Every, Grid, Interval, Once, OnDemand, Periodic

_SECOND = timedelta(seconds=1)


def interval(grid: Grid, number: int) -> Interval:
    """Interval `number` of the grid, even if the schedule has not begun or is over.

    Raises OverflowError where no such interval can be, for one beyond the year 9999.
    """
    match grid:
        case Every() | Cron():
            return Interval(boundary(grid, number), boundary(grid, number + 1))
        case Once():
            if number == 0:
                return Interval(grid.start, grid.start)
        case OnDemand():
            pass
        case _:
            assert_never(grid)
    raise OverflowError(f"`{grid}` has no interval {number}")


def count(grid: Grid) -> int | None:
    """How many intervals the schedule has; None if it goes on without end.

    A last interval that `until` would cut does not count. What is on demand has none beforehand.
    """
    match grid:
        case Every(until=None, times=times):
            return times
        case Cron(until=None):
            return None if has(grid, 0) else 0
        case Every(until=until, times=times):
            assert until is not None
            whole = max(number_at(grid, until), 0)
            return whole if times is None else min(whole, times)
        case Cron(until=until):
            assert until is not None
            return max(number_at(grid, until), 0) if _can_be(grid, 0) else 0
        case Once():
            return 1
        case OnDemand():
            return 0
        case _:
            assert_never(grid)


def has(grid: Grid, number: int) -> bool:
    """Whether the schedule has an interval of that number."""
    if number < 0 or not _can_be(grid, number):
        return False
    if isinstance(grid, Cron) and grid.until is None:
        return True
    many = count(grid)
    return many is None or number < many


def inside(grid: Grid, begin: datetime, end: datetime) -> range:
    """The numbers of the intervals that start at or after `begin` and end at or before `end`."""
    match grid:
        case Every() | Cron():
            return existing(grid, whole(grid, begin, end))
        case Once():
            return range(begin <= grid.start <= end)
        case OnDemand():
            return range(0)
        case _:
            assert_never(grid)


def overlapping(grid: Grid, begin: datetime, end: datetime) -> range:
    """The numbers of the intervals that have some time between `begin` and `end`."""
    match grid:
        case Every() | Cron():
            if end <= begin:
                return range(0)
            last = number_at(grid, end)
            touches = boundary(grid, last) == end
            return existing(grid, range(number_at(grid, begin), last + (not touches)))
        case Once():
            return range(begin <= grid.start < end)
        case OnDemand():
            return range(0)
        case _:
            assert_never(grid)


def containing(grid: Grid, at: datetime) -> int | None:
    """The number of the interval that `at` lies in; None if the schedule has none there."""
    match grid:
        case Every() | Cron():
            found = existing(grid, range(number := number_at(grid, at), number + 1))
            return found[0] if found else None
        case Once():
            return 0 if at == grid.start else None
        case OnDemand():
            return None
        case _:
            assert_never(grid)


def each(grid: Grid, numbers: range) -> Iterator[Interval]:
    """The intervals of those numbers, one after the other."""
    if not isinstance(grid, Every | Cron):
        yield from (interval(grid, number) for number in numbers)
    elif numbers:
        start = boundary(grid, numbers[0])
        step = _SECOND * grid.period.seconds if isinstance(grid, Every) else None
        for number in numbers:
            # Only what is not always equally long has to be counted from the beginning.
            end = start + step if step else boundary(grid, number + 1)
            yield Interval(start, end)
            start = end


def length(grid: Grid) -> timedelta:
    """How long an interval is, about: the first one, from which others differ by little."""
    if not isinstance(grid, Every | Cron):
        return timedelta(0)
    try:
        found = interval(grid, 0)
    except OverflowError:  # It begins where the calendar ends.
        return timedelta(0)
    return found.end - found.start


def existing(grid: Grid, numbers: range) -> range:
    """Those of the numbers that the schedule has intervals for."""
    first, after = max(numbers.start, 0), numbers.stop
    many = count(grid)
    if many is not None:
        after = min(after, many)
    # The year 9999 ends every schedule; only the last number can lie across that.
    while after > first and not _can_be(grid, after - 1):
        after -= 1
    return range(first, max(after, first))


def boundary(grid: Periodic, number: int) -> datetime:
    """The instant at which interval `number` begins and the one before it ends."""
    match grid:
        case Every(period=period, start=start):
            try:
                return period.after(start, number)
            except ValueError as error:  # A year that a datetime cannot hold.
                raise OverflowError(str(error)) from None
        case Cron():
            from pipec.grid.ticks import tick

            return tick(grid.expression, grid.zone, grid.start, number)
        case _:
            assert_never(grid)


def number_at(grid: Periodic, at: datetime) -> int:
    """The number of the last boundary at or before `at`."""
    match grid:
        case Every(period=period, start=start):
            if not period.months:
                return (at - start) // (_SECOND * period.seconds)
            number = (month_number(at) - month_number(start)) // period.months
            try:
                return number if boundary(grid, number) <= at else number - 1
            except OverflowError:
                return number
        case Cron():
            from pipec.grid.ticks import last_tick_at

            return last_tick_at(grid.expression, grid.zone, grid.start, at)
        case _:
            assert_never(grid)


def whole(grid: Periodic, begin: datetime, end: datetime) -> range:
    """The numbers of the whole intervals from `begin` to `end`, existing or not."""
    first = number_at(grid, begin)
    first += boundary(grid, first) != begin
    return range(first, max(number_at(grid, end), first))


def _can_be(grid: Grid, number: int) -> bool:
    """Whether there can be an interval of that number, counted from 0."""
    try:
        if isinstance(grid, Every | Cron):
            boundary(grid, number + 1)
        else:
            interval(grid, number)
    except OverflowError:
        return False
    return True
