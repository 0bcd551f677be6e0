"""Which intervals a schedule has and which of them are needed, computed anew from the definition.

Nothing here knows of `pipec`. Dates come from `dateutil`, clocks from `zoneinfo`, and ticks from
looking at every day; it is slow, and short.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import count, pairwise
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

Interval = tuple[datetime, datetime]


@dataclass(frozen=True)
class Step:
    """A number and a unit: `15 minutes`."""

    number: int
    unit: str

    def __str__(self) -> str:
        return f"{self.number} {self.unit}"

    def after(self, at: datetime, times: int = 1) -> datetime:
        """`at`, and that many steps more."""
        kind = relativedelta if self.unit in ("months", "years") else timedelta
        return at + kind(**{self.unit: self.number * times})

    @property
    def longest(self) -> timedelta:
        """As long as it ever is, or a little longer."""
        days = {"months": 31, "years": 366}.get(self.unit)
        unit = timedelta(days=days) if days else timedelta(**{self.unit: 1})
        return unit * self.number


@dataclass(frozen=True, eq=False)
class Schedule:
    """`every` a step, or `cron`; what has neither comes once."""

    start: datetime
    every: Step | None = None
    cron: str = ""
    zone: str = "UTC"
    until: datetime | None = None
    times: int = 0
    at: str = "end"

    def __str__(self) -> str:
        begin = f"from {self.start:%Y-%m-%dT%H:%M:%SZ}"
        if self.is_once:
            return f"once {begin}"
        words = f"every {self.every}" if self.every else f'cron "{self.cron}" in {self.zone}'
        until = f" until {self.until:%Y-%m-%dT%H:%M:%SZ}" if self.until else ""
        times = f" {self.times} times" if self.times else ""
        return f"{words} {begin}{until}{times} at {self.at}"

    @property
    def is_once(self) -> bool:
        return not self.every and not self.cron

    @property
    def ends(self) -> bool:
        return bool(self.until or self.times)

    def due(self, interval: Interval) -> datetime:
        return interval[self.at == "end"]

    def exists(self, one: Interval) -> bool:
        """Whether an interval between two boundaries is one of the schedule's."""
        start, end = one
        if start < self.start or (self.until and end > self.until):
            return False
        return not self.times or len(boundaries(self, self.start, start)) <= self.times

    def inside(self, begin: datetime, end: datetime) -> list[Interval]:
        """The whole intervals from `begin` to `end`."""
        if self.is_once:
            return [(self.start, self.start)] if begin <= self.start <= end else []
        return [one for one in pairwise(boundaries(self, begin, end)) if self.exists(one)]


@lru_cache(maxsize=1 << 14)
def boundaries(of: Schedule, begin: datetime, end: datetime) -> list[datetime]:
    """Where intervals begin and end, from `begin` to `end`, whether or not there are any yet."""
    if of.cron:
        first = begin.date() - timedelta(days=1)
        days = (first + timedelta(days=number) for number in range((end - begin).days + 4))
        found = {at for day in days for at in _ticks(of.cron, of.zone, day)}
    else:
        assert of.every
        found = set()
        away = (begin - of.start) / of.every.longest
        for number in count(int(away * (1.2 if away < 0 else 1)) - 2):
            at = of.every.after(of.start, number)
            if at > end:
                break
            found.add(at)
    return sorted(at for at in found if begin <= at <= end)


@lru_cache(maxsize=1 << 14)
def _ticks(cron: str, zone: str, day: date) -> list[datetime]:
    """The instants at which the clock of the zone shows one of the times of the day.

    What comes every hour comes when an hour has passed: it comes twice in an hour that the clock
    shows twice, and not in one that it leaves out. Anything else comes once: at the later of
    two such times, and as long after the change of the clock as it is after the time left out.
    """
    minutes, hours, *of_days = cron.split()
    here = zip(
        of_days, (1, 1, 0), (31, 12, 6), (day.day, day.month, day.isoweekday() % 7), strict=True
    )
    if any(now not in _values(field, low, high) for field, low, high, now in here):
        return []
    found = []
    for hour in _values(hours, 0, 23):
        for minute in _values(minutes, 0, 59):
            shown = datetime.combine(day, time(hour, minute))
            both = [
                shown.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC) for fold in (0, 1)
            ]
            if hours != "*":
                found.append(max(both))
            else:
                found += [
                    at for at in both if at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == shown
                ]
    return found


def _values(field: str, low: int, high: int) -> list[int]:
    if field.startswith("*"):
        return list(range(low, high + 1, int(field[2:] or 1)))
    return [int(it) for it in field.split(",")]


@lru_cache(maxsize=1 << 10)
def meeting(consumer: Schedule, producer: Schedule) -> str:
    """What the producer is, seen from the consumer: `same finer coarser`; empty if it is neither.

    By looking at some boundaries of each: two that part only later are not told apart.
    """
    if consumer.is_once or producer.is_once:
        return "coarser"
    inside = all(_is_boundary(producer, at) for at in _some(consumer, producer))
    around = all(_is_boundary(consumer, at) for at in _some(producer, consumer))
    return {(True, True): "same", (True, False): "finer", (False, True): "coarser"}.get(
        (inside, around), ""
    )


def _some(of: Schedule, other: Schedule) -> list[datetime]:
    begin = max(of.start, other.start)
    for days in (1, 10, 100, 1_000, 4_000):
        found = boundaries(of, begin, begin + timedelta(days=days))
        if len(found) > 40:
            break
    return found[:100]


def _is_boundary(of: Schedule, at: datetime) -> bool:
    return bool(boundaries(of, at, at))


Window = tuple[int, int] | Step
"""From which to which interval, counted from the present one; or over how long a time."""


def needs(
    consumer: Schedule, producer: Schedule, window: Window, of: Interval
) -> tuple[list[Interval], int]:
    """The intervals of the producer that are needed, and how many more its schedule never has."""
    if producer.is_once:
        return [(producer.start, producer.start)], 0
    begin, end = _reach(consumer, producer, window, of)
    named = list(pairwise(boundaries(producer, begin, end)))
    assert not named or (named[0][0], named[-1][1]) == (begin, end)
    found = [one for one in named if producer.exists(one)]
    return found, len(named) - len(found)


def cuts(consumer: Schedule, producer: Schedule, window: Window, of: Interval) -> bool:
    """Whether the window begins or ends inside an interval of the producer."""
    return not producer.is_once and not all(
        _is_boundary(producer, at) for at in _reach(consumer, producer, window, of)
    )


def _reach(consumer: Schedule, producer: Schedule, window: Window, of: Interval) -> Interval:
    """From where to where the window reaches."""
    start, end = of
    if isinstance(window, Step):
        if window.unit in ("minutes", "hours"):
            return window.after(end, -1), end
        zone = ZoneInfo(consumer.zone)
        shown = window.after(end.astimezone(zone).replace(tzinfo=None), -1)
        return max(shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)), end
    first, last = window
    coarse = consumer if meeting(consumer, producer) == "finer" else producer
    wide = timedelta(days=1)
    while True:
        marks = boundaries(coarse, start - wide, start + wide)
        here = bisect_right(marks, start) - 1
        if here + first >= 0 and here + last + 1 < len(marks):
            return marks[here + first], marks[here + last + 1]
        wide *= 4
