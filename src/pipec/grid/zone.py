"""Clocks of time zones: what they show at an instant, and when they are set forward or back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


class Change(NamedTuple):
    """The instant from which on a clock shows `shift` more than it would have."""

    at: datetime
    shift: timedelta


def is_zone(name: str) -> bool:
    """Whether a time zone of that name exists."""
    try:
        zone_info(name)
    except (ValueError, OSError, KeyError):
        return False
    return True


@lru_cache(maxsize=256)
def zone_info(name: str) -> ZoneInfo:
    """The zone `name`, by the tables of the tzdata package if it has it.

    The tables of the machine come second: the same file has to give the same plan everywhere.
    """
    from importlib.resources import files
    from zoneinfo import ZoneInfo

    known = ZoneInfo(name)  # Also refuses what is no name of a zone, such as a path.
    try:
        with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as table:
            return ZoneInfo.from_file(table, key=name)
    except (ModuleNotFoundError, OSError, ValueError):
        return known


def local(zone: str, at: datetime) -> datetime:
    """What the clock of `zone` shows at the instant `at`."""
    return at.astimezone(zone_info(zone)).replace(tzinfo=None, fold=0)


def offset(zone: str, at: datetime) -> timedelta:
    """How far the clock of `zone` is ahead of UTC at the instant `at`."""
    return at.astimezone(zone_info(zone)).utcoffset() or timedelta(0)


def resolve(zone: str, shown: datetime) -> datetime:
    """The instant at which the clock of `zone` shows `shown`.

    Of two such instants (the clock is set back) the second. If there is none (the clock is set
    forward), as long after the change as `shown` is after the first time that is left out.
    Both are what Airflow does, and both are the later of what the two offsets say.
    """
    info = zone_info(zone)
    first = shown.replace(tzinfo=info, fold=0).astimezone(UTC)
    second = shown.replace(tzinfo=info, fold=1).astimezone(UTC)
    return max(first, second)


def change_after(zone: str, at: datetime) -> Change | None:
    """The first change of the clock after `at`, up to the end of the year after it."""
    for year in (at.year, at.year + 1):
        for change in changes(zone, year):
            if change.at > at:
                return change
    return None


def offsets(zone: str, since: int) -> frozenset[int]:
    """Every distance from UTC, in seconds, that the clock has from the year `since` on.

    Rules of zones repeat after 28 years, as the days of the week do.
    """
    return _offsets(zone, since)


@lru_cache(maxsize=256)
def _offsets(zone: str, since: int) -> frozenset[int]:
    begin = datetime(since, 1, 1, tzinfo=UTC)
    seen = {offset(zone, begin)}
    for year in range(since, since + 29):
        seen.update(offset(zone, change.at) for change in changes(zone, year))
    return frozenset(int(one.total_seconds()) for one in seen)


@lru_cache(maxsize=4096)
def changes(zone: str, year: int) -> tuple[Change, ...]:
    """The changes of the clock of `zone` in `year` (as UTC counts it), in order."""
    if zone == "UTC" or not 1 <= year < 9999:
        return ()
    begin, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    found = []
    # Nobody sets a clock twice within four days.
    step = timedelta(days=4)
    while begin < end:
        after = min(begin + step, end)
        if offset(zone, begin) != offset(zone, after):
            found.append(_change_between(zone, begin, after))
        begin = after
    return tuple(found)


def _change_between(zone: str, before: datetime, after: datetime) -> Change:
    old, new = offset(zone, before), offset(zone, after)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=int((after - before).total_seconds()) // 2)
        if offset(zone, middle) == old:
            before = middle
        else:
            after = middle
    return Change(after, new - old)
