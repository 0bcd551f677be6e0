"""A length of time as a schedule says it: `15 minutes`, `1 day`, `3 months`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Literal

from pipec.frozen import frozen

Unit = Literal["second", "minute", "hour", "day", "week", "month", "year"]

DAY = 86_400
WEEK = 7 * DAY

_SECONDS: dict[str, int] = {"second": 1, "minute": 60, "hour": 3_600, "day": DAY, "week": WEEK}
_MONTHS: dict[str, int] = {"month": 1, "year": 12}


@frozen
class Period:
    """`count` times `unit`. Months and years are calendar ones, all others have a fixed length."""

    count: int
    unit: Unit

    @cached_property
    def seconds(self) -> int:
        """The length in seconds; 0 for months and years, which have no fixed length."""
        return self.count * _SECONDS.get(self.unit, 0)

    @cached_property
    def months(self) -> int:
        """The length in calendar months; 0 for every other unit."""
        return self.count * _MONTHS.get(self.unit, 0)

    def after(self, anchor: datetime, times: int) -> datetime:
        """`anchor` and `times` periods more (fewer, if negative).

        Months are counted from `anchor` itself and clamped to the last day of the month they
        arrive in, so three months after 31 January is 30 April however it is reached.
        """
        if not self.months:
            return anchor + timedelta(seconds=self.seconds * times)
        month = month_number(anchor) + self.months * times
        day = min(anchor.day, month_length(month))
        return anchor.replace(year=month // 12, month=month % 12 + 1, day=day)

    def before(self, end: datetime, zone: str = "UTC") -> datetime:
        """The instant one period before `end`, days and longer counted on the clock of `zone`.

        Never earlier than the first instant that a datetime can hold.
        """
        try:
            if zone == "UTC" or self.unit in ("second", "minute", "hour"):
                return self.after(end, -1)
            from pipec.grid.zone import local, resolve

            return resolve(zone, self.after(local(zone, end), -1))
        except (OverflowError, ValueError):
            return datetime.min.replace(tzinfo=UTC)

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if abs(self.count) == 1 else 's'}"


def period_of_seconds(seconds: int) -> Period:
    """The period of that length, in the largest unit that says it in whole numbers."""
    for unit in ("week", "day", "hour", "minute"):
        count, rest = divmod(seconds, _SECONDS[unit])
        if count and not rest:
            return Period(count, unit)
    return Period(seconds, "second")


def period_of_months(months: int) -> Period:
    """The period of so many months, in years where that is a whole number."""
    years, rest = divmod(months, 12)
    return Period(years, "year") if years and not rest else Period(months, "month")


def month_number(at: datetime) -> int:
    """The months from year 0 up to the month of `at`."""
    return at.year * 12 + at.month - 1


def month_length(month: int) -> int:
    """The days of the month of that number."""
    year, index = divmod(month, 12)
    if index == 1:
        return 29 if year % 4 == 0 and (year % 100 or year % 400 == 0) else 28
    return 30 if index in (3, 5, 8, 10) else 31
