"""Which instances of a producer an instance of a consumer needs."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from pipec.frozen import frozen
from pipec.grid.intervals import boundary, each, existing, interval, number_at, whole
from pipec.grid.over import cut_at, first_cut, never_cuts, zone_of
from pipec.grid.period import Period
from pipec.grid.relation import Meeting, Unaligned, relation
from pipec.grid.schedule import Cron, Every, Grid, Interval, Once, OnDemand, Periodic
from pipec.grid.window import PLAIN, Counted, Over, Window


class Needs(NamedTuple):
    """The intervals of the producer that are needed, in order."""

    intervals: tuple[Interval, ...]
    dropped: int = 0
    """How many more the window names, before the producer's first or after its last."""


@frozen
class Cut:
    """A window `over` a period that ends or begins in the middle of a producer's interval."""

    consumer: Interval | None
    """The first interval of the consumer whose window does so.

    None where it cannot be named: an on-demand run, or a cut that only is not ruled out.
    """
    producer: Interval | None
    """The interval that is cut; None as above."""
    instead: Window
    """A window that cuts nothing."""


Problem = Unaligned | Cut


def needs(consumer: Grid, producer: Grid, window: Window, of: Interval) -> Needs | Problem:
    """The intervals of the producer that the consumer's instance with the interval `of` needs.

    A `once` producer has one instance, and every reader needs it, whatever the window. A
    consumer that is `once` or `on demand` is a moment: it needs the interval that the moment
    lies in, windows are counted from that one, and `over` looks back from the moment.
    """
    return problem(consumer, producer, window) or reading(consumer, producer, window)(of)


def reading(consumer: Grid, producer: Grid, window: Window) -> Callable[[Interval], Needs]:
    """What the consumer's instances need, as a function of their intervals.

    There must be no problem between the two schedules.
    """
    match producer:
        case Once():
            only = Needs((Interval(producer.start, producer.start),))
            return lambda of: only
        case OnDemand():
            return lambda of: Needs((of,))
        case Every() | Cron():
            pass
    if consumer == producer and window == PLAIN:
        return lambda of: Needs((of,))
    if isinstance(window, Over):
        period, zone = window.period, zone_of(consumer)
        return lambda of: _existing(producer, whole(producer, period.before(of.end, zone), of.end))
    first, last = window.first, window.last
    if isinstance(consumer, Every | Cron) and relation(consumer, producer) == "finer":

        def within(of: Interval) -> Needs:
            here = number_at(consumer, of.start)
            begin, end = boundary(consumer, here + first), boundary(consumer, here + last + 1)
            return _existing(producer, whole(producer, begin, end))

        return within

    def counted(of: Interval) -> Needs:
        here = number_at(producer, of.start)
        return _existing(producer, range(here + first, here + last + 1))

    return counted


@lru_cache(maxsize=4096)
def problem(consumer: Grid, producer: Grid, window: Window) -> Problem | None:
    """What keeps the consumer from reading the producer through that window; None if nothing."""
    met = relation(consumer, producer)
    if isinstance(met, Unaligned):
        return met
    if isinstance(window, Counted) or not isinstance(producer, Every | Cron):
        return None
    if isinstance(consumer, Every | Cron):
        if never_cuts(consumer, producer, window.period):
            return None
        mine, theirs = first_cut(consumer, producer, window.period) or (None, None)
        return Cut(mine, theirs, _instead(consumer, producer, window.period, met))
    if isinstance(consumer, Once):
        of = interval(consumer, 0)
        for edge in (window.period.before(of.end), of.end):
            if cut := cut_at(producer, edge):
                return Cut(of, cut, instead=about_as_long(producer, window.period))
        return None
    return Cut(None, None, instead=about_as_long(producer, window.period))


def _existing(producer: Periodic, numbers: range) -> Needs:
    found = existing(producer, numbers)
    return Needs(tuple(each(producer, found)), dropped=len(numbers) - len(found))


def about_as_long(grid: Periodic, period: Period, last: int = -1) -> Counted:
    """The window up to `last` of as many intervals of `grid` as the period takes to hold."""
    begin = period.before(grid.start, zone_of(grid))
    many = len(whole(grid, begin, grid.start)) + (cut_at(grid, begin) is not None)
    return Counted(last + 1 - max(many, 1), last)


def _instead(consumer: Periodic, producer: Periodic, period: Period, met: Meeting) -> Window:
    """The shortest longer `over` that cuts nothing, or about as many intervals counted."""
    if met == "coarser":
        return about_as_long(producer, period)
    counted = consumer if met == "finer" else producer
    if consumer.at == "start":  # What ends with the present interval would be waited for.
        return about_as_long(counted, period)
    if isinstance(producer, Every) and producer.period.seconds and period.seconds:
        many = -(-period.seconds // producer.period.seconds)
        longer = Period(producer.period.count * many, producer.period.unit)
        if never_cuts(consumer, producer, longer):
            return Over(longer)
    return about_as_long(counted, period, last=0)
