"""Which instances of a consumer need an instance of a producer: `needs`, read backwards."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta

from pipec.grid.intervals import boundary, number_at
from pipec.grid.needs import Needs, needs
from pipec.grid.over import zone_of
from pipec.grid.relation import relation
from pipec.grid.schedule import Grid, Interval, Once, OnDemand, Periodic
from pipec.grid.window import Counted, Over, Window


def readers(
    consumer: Grid, producer: Grid, window: Window, of: Interval, among: range
) -> Sequence[int]:
    """Those numbers `among` the consumer's intervals whose instances need the interval `of`.

    `of` is an interval that the producer has, and there is no problem between the two schedules.
    """
    if not among or isinstance(consumer, OnDemand) or isinstance(producer, OnDemand):
        return range(0)  # Runs on demand are not known beforehand.
    if isinstance(producer, Once):
        return among
    if isinstance(consumer, Once):
        found = needs(consumer, producer, window, Interval(consumer.start, consumer.start))
        return among if isinstance(found, Needs) and of in found.intervals else range(0)
    if isinstance(window, Over):
        return _over(consumer, window, of, among)
    if relation(consumer, producer) == "finer":
        around = number_at(consumer, of.start)
        return _common(among, around - window.last, around - window.first + 1)
    return _counted(consumer, producer, window, of, among)


def _counted(
    consumer: Periodic, producer: Periodic, window: Counted, of: Interval, among: range
) -> range:
    """Those that begin in an interval of the producer from which the window reaches to `of`."""
    own = number_at(producer, of.start)
    try:
        first = number_at(consumer, boundary(producer, own - window.last))
    except OverflowError:  # Before the first day of the calendar.
        first = among.start
    try:
        after = number_at(consumer, boundary(producer, own - window.first + 1))
    except OverflowError:  # After its last day.
        after = among.stop
    return _common(among, first, after)


_INVERSION = timedelta(days=2)
"""More than a later window can begin before an earlier one.

It can: a month before 30 March 12:00 is 28 February 12:00, before 31 March 06:00 it is 06:00 of the
same day; and clocks are changed.
"""


def _over(consumer: Periodic, window: Over, of: Interval, among: range) -> Sequence[int]:
    """Those whose window begins before `of` does and ends after it."""
    zone = zone_of(consumer)

    def end(number: int) -> datetime:
        return boundary(consumer, number + 1)

    def begin(number: int) -> datetime:
        return window.period.before(boundary(consumer, number + 1), zone)

    first = bisect_left(among, of.end, key=end)
    if zone == "UTC" and not window.period.months:
        return among[first : bisect_right(among, of.start, key=begin)]
    after = bisect_right(among, of.start + _INVERSION, key=begin)
    return [number for number in among[first:after] if begin(number) <= of.start]


def _common(among: range, first: int, after: int) -> range:
    first = max(first, among.start)
    return range(first, max(min(after, among.stop), first))
