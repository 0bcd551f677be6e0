"""How the schedules of a consumer and of its producer meet, or which schedules would."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import gcd, lcm
from typing import Literal, TypeAlias

from pipec.frozen import frozen
from pipec.grid.forms import Fixed, Form, Months, form, lies_in
from pipec.grid.intervals import boundary, number_at
from pipec.grid.period import DAY, Period, period_of_months, period_of_seconds
from pipec.grid.schedule import At, Cron, Every, Grid, Once, OnDemand, Periodic

Meeting: TypeAlias = Literal["same", "finer", "coarser"]
"""What the producer is, seen from the consumer."""


@frozen
class Unaligned:
    """Two schedules of which neither is proved to divide the intervals of the other."""

    reason: str
    producer: str = ""
    """A schedule that would do for the producer, as the language writes it; may be empty."""
    consumer: str = ""
    """A schedule that would do for the consumer; may be empty."""


@lru_cache(maxsize=4096)
def relation(consumer: Grid, producer: Grid) -> Meeting | Unaligned:
    """What the producer is to the consumer.

    Only the boundaries matter: two schedules are the same although one begins later or ends
    earlier. A moment (`once`, `on demand`) counts as finer than any interval around it, and a
    `once` producer as coarser than anything, as its one instance serves all.
    """
    match consumer, producer:
        case OnDemand(), OnDemand():
            return "same"
        case _, OnDemand():
            return Unaligned("nobody knows beforehand when an on-demand producer runs")
        case _, Once():
            return "same" if consumer == producer else "coarser"
        case ((Once() | OnDemand()), _):
            return "coarser"
        case ((Every() | Cron()), (Every() | Cron())):
            return _meeting(form(consumer), form(producer)) or _unaligned(consumer, producer)


def _meeting(consumer: Form, producer: Form) -> Meeting | None:
    inside, around = lies_in(consumer, producer), lies_in(producer, consumer)
    if inside:
        return "same" if around else "finer"
    return "coarser" if around else None


def _unaligned(consumer: Periodic, producer: Periodic) -> Unaligned:
    return Unaligned(
        _reason(consumer, producer),
        producer=_first_that_meets(producer.at, consumer, _finer_ways(producer, consumer)),
        consumer=_first_that_meets(consumer.at, producer, _coarser_ways(consumer, producer)),
    )


def _reason(consumer: Periodic, producer: Periodic) -> str:
    match form(consumer), form(producer):
        case Fixed(one, phase), Fixed(two, other) if one % two == 0 or two % one == 0:
            apart = period_of_seconds((phase - other) % min(one, two))
            return f"their intervals begin {apart} apart"
        case Fixed(one), Fixed(two):
            return f"neither of {period_of_seconds(one)} and {period_of_seconds(two)} divides the other"
        case Months(one), Months(two) if one % two and two % one:
            return (
                f"neither of {period_of_months(one)} and {period_of_months(two)} divides the other"
            )
        case Months(), Months():
            return "their intervals begin in different months, or on different days or times"
        case (Fixed(step), Months()) | (Months(), Fixed(step)) if DAY % step:
            return f"a month is no whole number of {period_of_seconds(step)} intervals"
        case (Fixed(), Months()) | (Months(), Fixed()):
            return "their days begin at different times"
        case _:
            return "nothing proves that every tick of the one is a tick of the other"


def _first_that_meets(at: At, fixed: Periodic, ways: Iterator[Periodic]) -> str:
    for way in ways:
        if _meeting(form(fixed), form(way)):
            match way:
                case Every():
                    return str(Every(way.period, way.start, at=at))
                case Cron():
                    return str(Cron(way.expression, way.zone, way.start, at=at))
    return ""


def _finer_ways(own: Periodic, other: Periodic) -> Iterator[Periodic]:
    """Schedules near `own` that may divide `other`, the nearest first."""
    if isinstance(own, Every):
        yield from _anchored(own.period, own, other)
        if isinstance(other, Every):
            both = own.period, other.period
            if all(it.seconds for it in both):
                common = gcd(own.period.seconds, other.period.seconds)
                yield from _anchored(period_of_seconds(common), own, other)
            elif all(it.months for it in both):
                common = gcd(own.period.months, other.period.months)
                yield from _anchored(period_of_months(common), own, other)
    for period in (Period(1, "day"), Period(1, "hour"), Period(15, "minute"), Period(1, "minute")):
        yield from _anchored(period, own, other)
    yield other


def _coarser_ways(own: Periodic, other: Periodic) -> Iterator[Periodic]:
    """Schedules near `own` that `other` may divide, the nearest first."""
    if isinstance(own, Every):
        yield from _anchored(own.period, own, other)
        if isinstance(other, Every):
            mine, theirs = own.period, other.period
            if mine.seconds and theirs.seconds:
                common = lcm(mine.seconds, theirs.seconds)
                yield from _anchored(period_of_seconds(common), own, other)
            elif mine.months and theirs.months:
                common = lcm(mine.months, theirs.months)
                yield from _anchored(period_of_months(common), own, other)
            elif mine.months:
                many = max(mine.months * 30 * DAY // theirs.seconds, 1)
                yield from _anchored(Period(theirs.count * many, theirs.unit), own, other)
    yield other


def _anchored(period: Period, own: Periodic, other: Periodic) -> Iterator[Every]:
    """Schedules with that period that begin with an interval of `other`, near the start of `own`."""
    try:
        anchor = Every(period, boundary(other, 0))
        number = number_at(anchor, own.start)
        near = boundary(anchor, number)
        yield Every(period, near if near == own.start else boundary(anchor, number + 1))
        yield anchor
    except OverflowError:
        return
