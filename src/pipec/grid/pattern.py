"""What a cron expression says of the clock on the wall: the times of the day, and the days."""

from __future__ import annotations

import re
from bisect import bisect_left
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from pipec.diagnostic import counted
from pipec.frozen import frozen
from pipec.grid.period import month_length

_MINUTES = 1_440
_EVERY_DAY = "* * *"


@frozen
class Pattern:
    """The times of the day, in minutes, and the three fields that say on which days."""

    times: tuple[int, ...]
    days: str
    every_hour: bool
    """Whether it ticks in each hour of its days, as Airflow sees it."""

    @property
    def every_day(self) -> bool:
        """Whether no day is left out."""
        return self.days == _EVERY_DAY

    def days_in(self, year: int) -> tuple[int, ...]:
        """The days of `year` it ticks on, 0 for the first of January."""
        return _days(self.days, _SAMPLES[_kind(year)])

    def rank(self, shown: datetime) -> int:
        """How many ticks its year has before `shown`."""
        days, size = self.days_in(shown.year), len(self.times)
        day = shown.timetuple().tm_yday - 1
        at = bisect_left(days, day)
        if at == len(days) or days[at] != day:
            return at * size
        begun = shown.second > 0 or shown.microsecond > 0
        return at * size + bisect_left(self.times, shown.hour * 60 + shown.minute + begun)

    def tick(self, year: int, rank: int) -> datetime:
        """The tick of `year` that has `rank` ticks before it."""
        day, time = divmod(rank, len(self.times))
        minutes = self.days_in(year)[day] * _MINUTES + self.times[time]
        return datetime(year, 1, 1) + timedelta(minutes=minutes)

    def ticks_in(self, year: int) -> int:
        """How many ticks `year` has."""
        return len(self.days_in(year)) * len(self.times)

    def holds(self, shown: datetime) -> bool:
        """Whether it ticks when the clock shows `shown`."""
        if shown.second or shown.microsecond:
            return False
        rank = self.rank(shown)
        return rank < self.ticks_in(shown.year) and self.tick(shown.year, rank) == shown

    def after(self, shown: datetime) -> datetime | None:
        """The first tick later than `shown`; None when none comes."""
        rank = self.rank(shown) + self.holds(shown)
        # A day that any year has comes again within forty years (29 February on a Monday).
        for year in range(shown.year, min(shown.year + 41, 9999)):
            if rank < self.ticks_in(year):
                return self.tick(year, rank)
            rank = 0
        return None

    def before(self, shown: datetime) -> datetime | None:
        """The last tick earlier than `shown`; None when none was."""
        rank = self.rank(shown)
        for year in range(shown.year, max(shown.year - 41, 0), -1):
            if year != shown.year:
                rank = self.ticks_in(year)
            if rank:
                return self.tick(year, rank - 1)
        return None

    def lies_in(self, other: Pattern) -> bool:
        """Whether `other` ticks wherever this one does; it is enough to look at all kinds of year."""
        if not set(self.times) <= set(other.times):
            return False
        if other.every_day or self.days == other.days:
            return True
        return all(
            set(self.days_in(year)) <= set(other.days_in(year)) for year in YEARS_OF_ALL_KINDS
        )


@lru_cache(maxsize=1024)
def pattern(expression: str) -> Pattern:
    """The pattern of an expression of five fields that `cron_problem` does not complain of."""
    minutes, hours, *days = fields(expression)
    times = sorted(hour * 60 + minute for hour in hours for minute in minutes)
    every_day = [len(one) for one in days] == [31, 12, 7]
    texts = _EVERY_DAY if every_day else " ".join(expression.split()[2:])
    return Pattern(tuple(times), texts, every_hour=len(hours) == 24)


@lru_cache(maxsize=1024)
def fields(expression: str) -> tuple[tuple[int, ...], ...]:
    """The values of the five fields; all of them where the field is free. Sunday is 0."""
    full = (range(60), range(24), range(1, 32), range(1, 13), range(7))
    found, _ = _library().croniter.expand(expression)
    return tuple(
        tuple(every) if "*" in one else tuple(value for value in one if isinstance(value, int))
        for one, every in zip(found, full, strict=True)
    )


def is_plain(expression: str) -> bool:
    """Whether the fields say it all: no last day, no second Monday, no nearest weekday."""
    return not re.search(r"[lLwW#]", re.sub(r"(?i)jul|wed", "", expression))


def cron_problem(expression: str) -> str:
    """Why `expression` is not a cron expression of five fields; empty when it is one."""
    found = expression.split()
    if expression.startswith("@"):
        return "a name stands where five fields are meant"
    if len(found) != 5:
        return f"it has {counted(len(found), 'field')}, not five"
    for one in ",".join(found).split(","):
        # Airflow's library would draw these by lot, anew in each process.
        if re.fullmatch(r"(?i)[hr](\(.*\))?(/.*)?", one):
            return f"`{one}` stands for a time that is drawn by lot"
    try:
        _library().croniter(expression)
        read = pattern(expression)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        return str(error)
    if not any(read.ticks_in(year) for year in YEARS_OF_ALL_KINDS):
        return "no year has such a day"
    return ""


def _kind(year: int) -> tuple[bool, int]:
    """What decides which day of the year is which day of the month and of the week."""
    return month_length(year * 12 + 1) == 29, date(year, 1, 1).weekday()


_SAMPLES = {_kind(year): year for year in range(2000, 2028)}

YEARS_OF_ALL_KINDS = tuple(_SAMPLES.values())
"""Fourteen years of which every year has a double: of the same length and first weekday."""


@lru_cache(maxsize=4096)
def _days(fields_of_days: str, year: int) -> tuple[int, ...]:
    """The days by the library that Airflow asks: its reading of odd fields is the one that runs."""
    if fields_of_days == _EVERY_DAY:
        return tuple(range(366 if _kind(year)[0] else 365))
    found: list[int] = []
    first = date(year, 1, 1).toordinal()
    line = _library().croniter(f"0 0 {fields_of_days}", datetime(year - 1, 12, 31))
    while True:
        try:
            day: datetime = line.get_next(datetime)
        except _library().CroniterBadDateError:
            return tuple(found)
        if day.year > year:
            return tuple(found)
        if day.year == year:
            found.append(day.toordinal() - first)


def _library() -> Any:
    """The library that Airflow reads cron expressions with; slow to import, so only if needed."""
    import croniter  # type: ignore[import-untyped,unused-ignore]

    return croniter
