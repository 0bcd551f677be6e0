"""How the schedules of a consumer and of its producer meet, or why they do not."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, TypeAlias

from pipec.frozen import frozen
from pipec.grid.forms import Fixed, Form, Months, form, lies_in
from pipec.grid.period import DAY, period_of_months, period_of_seconds
from pipec.grid.schedule import Cron, Every, Grid, Once, OnDemand

Meeting: TypeAlias = Literal["same", "finer", "coarser"]
"""What the producer is, seen from the consumer."""


@frozen
class Unaligned:
    """Two schedules of which neither is proved to divide the intervals of the other."""

    reason: str


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
            return _meeting(form(consumer), form(producer)) or Unaligned(
                _reason(form(consumer), form(producer))
            )


def _meeting(consumer: Form, producer: Form) -> Meeting | None:
    inside, around = lies_in(consumer, producer), lies_in(producer, consumer)
    if inside:
        return "same" if around else "finer"
    return "coarser" if around else None


def _reason(consumer: Form, producer: Form) -> str:
    match consumer, producer:
        case Fixed(one, phase), Fixed(two, other) if one % two == 0 or two % one == 0:
            apart = (phase - other) % min(one, two)
            apart = min(apart, min(one, two) - apart)
            return f"their intervals begin {period_of_seconds(apart)} apart"
        case Fixed(one), Fixed(two):
            return f"neither of {period_of_seconds(one)} and {period_of_seconds(two)} divides the other"
        case Months(one), Months(two) if one % two and two % one:
            return (
                f"neither of {period_of_months(one)} and {period_of_months(two)} divides the other"
            )
        case Months(), Months():
            return "their intervals begin in different months, or on different days or times"
        case (Fixed(step), Months(months)) | (Months(months), Fixed(step)) if DAY % step:
            return (
                f"{period_of_months(months)} is no whole number of times {period_of_seconds(step)}"
            )
        case (Fixed(), Months()) | (Months(), Fixed()):
            return "their days begin at different times"
        case _:
            return "nothing proves that every tick of the one is a tick of the other"
