"""Whether a consumer waits for what is due later than itself, and for which window it would not."""

from __future__ import annotations

from datetime import datetime

from pipec.frozen import frozen
from pipec.grid.intervals import count, interval
from pipec.grid.needs import Needs, about_as_long, needs
from pipec.grid.relation import Meeting, Unaligned, relation
from pipec.grid.schedule import Cron, Every, Grid, Once, OnDemand, due
from pipec.grid.window import Counted, Over, Window


@frozen
class Wait:
    """Some instance of the consumer is due before all that it needs is."""

    instead: Window | None
    """A window with which none would wait; None if there is no such window."""


def waits_past_due(consumer: Grid, producer: Grid, window: Window) -> Wait | None:
    """Whether some instance of the consumer needs an instance that is due later than itself.

    None as well if the schedules do not meet: that is a problem of its own.
    """
    met = relation(consumer, producer)
    if isinstance(met, Unaligned) or not _same_time(consumer, producer, window):
        return None
    match producer:
        case OnDemand():
            return None
        case Once():
            first = None if isinstance(consumer, OnDemand) else due(consumer, interval(consumer, 0))
            return Wait(None) if first and producer.start > first else None
        case Every() | Cron():
            pass
    if isinstance(consumer, Once) and not _waits(consumer, producer, window):
        return None
    if isinstance(window, Counted):
        late = window.last - _last_in_time(consumer, producer, met)
        return Wait(Counted(window.first - late, window.last - late)) if late > 0 else None
    # What is over a period ends when the consumer's interval does.
    if not isinstance(consumer, Every | Cron) or consumer.at == "end":
        return None
    if met == "same" and producer.at == "start":
        return None
    return Wait(about_as_long(consumer, window.period))


def _waits(consumer: Once, producer: Grid, window: Window) -> bool:
    of = interval(consumer, 0)
    needed = needs(consumer, producer, window, of)
    return isinstance(needed, Needs) and any(
        due(producer, it) > due(consumer, of) for it in needed.intervals
    )


def _last_in_time(consumer: Grid, producer: Every | Cron, met: Meeting) -> int:
    """The last interval, counted as windows are, that is always due when the consumer is."""
    at_end = isinstance(consumer, Every | Cron) and consumer.at == "end"
    match met:
        case "same":
            return at_end - (producer.at == "end")
        case "finer":
            # At start or at end, the last of the finer ones is due after the interval began.
            return at_end - 1
        case "coarser":
            # The first consumer in a coarser interval is due before that ends.
            return -(producer.at == "end")


def _same_time(consumer: Grid, producer: Grid, window: Window) -> bool:
    """Whether there is a time in which both schedules have instances, so that one can wait."""
    if isinstance(window, Over) or window.last <= 0:
        mine, theirs = _lifetime(consumer), _lifetime(producer)
        if isinstance(consumer, Every | Cron) and isinstance(producer, Every | Cron):
            return bool(mine and theirs and mine[0] < theirs[1] and theirs[0] < mine[1])
    return count(consumer) != 0 or isinstance(consumer, OnDemand)


def _lifetime(grid: Grid) -> tuple[datetime, datetime] | None:
    """From the first start to the last end; None without any interval."""
    many = count(grid)
    if many == 0:
        return None
    last = datetime.max.replace(tzinfo=interval(grid, 0).start.tzinfo)
    return interval(grid, 0).start, last if many is None else interval(grid, many - 1).end
