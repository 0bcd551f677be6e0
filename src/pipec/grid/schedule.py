"""The four kinds of schedule: `every`, `cron`, `once` and `on demand`; and one interval of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal, NamedTuple, TypeAlias

from pipec.diagnostic import counted
from pipec.frozen import frozen
from pipec.grid.period import Period

At = Literal["start", "end"]


class Interval(NamedTuple):
    """The time from `start` up to, not including, `end`."""

    start: datetime
    end: datetime


@frozen
class Every:
    """`every PERIOD from START`: interval k begins k periods after `start`."""

    period: Period
    start: datetime
    until: datetime | None = None
    times: int | None = None
    at: At = "end"

    def __post_init__(self) -> None:
        if self.period.count < 1:
            raise ValueError(f"a schedule needs a period longer than nothing, not {self.period}")
        _require_utc(self.start, self.until)

    def __str__(self) -> str:
        times = "" if self.times is None else f" {counted(self.times, 'time')}"
        return f"every {self.period} from {instant_text(self.start)}{times}{_ending(self)}"


@frozen
class Cron:
    """`cron "M H D M W" in ZONE from START`: interval k reaches from tick k to tick k + 1."""

    expression: str
    zone: str
    start: datetime
    until: datetime | None = None
    at: At = "end"

    def __post_init__(self) -> None:
        _require_utc(self.start, self.until)

    def __str__(self) -> str:
        zone = "" if self.zone == "UTC" else f" in {self.zone}"
        return f'cron "{self.expression}"{zone} from {instant_text(self.start)}{_ending(self)}'


@frozen
class Once:
    """`once from START`: one instance, whose interval begins and ends at `start`."""

    start: datetime

    def __post_init__(self) -> None:
        _require_utc(self.start)

    def __str__(self) -> str:
        return f"once from {instant_text(self.start)}"


@frozen
class OnDemand:
    """`on demand`: an instance whenever somebody asks. None is known beforehand."""

    def __str__(self) -> str:
        return "on demand"


Grid: TypeAlias = Every | Cron | Once | OnDemand
"""Any schedule."""

Periodic: TypeAlias = Every | Cron
"""A schedule that divides the time into intervals."""


def due(grid: Grid, interval: Interval) -> datetime:
    """When the instance of `interval` may run: at its end, or at its start."""
    match grid:
        case Every(at="start") | Cron(at="start"):
            return interval.start
        case _:
            return interval.end


def instant_text(at: datetime) -> str:
    """`at` as the language writes it; the seconds only where they are not zero."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at.second else f"{at:%Y-%m-%dT%H:%MZ}"


def _ending(grid: Periodic) -> str:
    until = "" if grid.until is None else f" until {instant_text(grid.until)}"
    return until + (" at start" if grid.at == "start" else "")


def _require_utc(*instants: datetime | None) -> None:
    """An instant without a zone, or in another one, is a bug in the caller: comparisons lie."""
    for at in instants:
        if at is not None and (at.utcoffset() != timedelta(0) or at.microsecond):
            raise ValueError(f"a schedule needs whole seconds in UTC, not {at!r}")
