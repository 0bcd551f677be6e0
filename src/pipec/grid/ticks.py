"""The ticks of a cron expression on the clock of a zone, counted as Airflow counts them.

Airflow goes from tick to tick: it reads the clock of the zone at one tick, asks for the next time
of the expression, and looks when the clock shows that. Between two changes of the clock this
is plain counting; across a change the steps are taken one by one, just as Airflow takes them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from pipec.grid.pattern import Pattern, pattern
from pipec.grid.zone import change_after, local, offset, resolve

_MOMENT = timedelta(microseconds=1)


def tick(expression: str, zone: str, start: datetime, number: int) -> datetime:
    """Tick `number`; 0 is the first at or after `start`, negative ones come before it.

    Raises OverflowError where there is none.
    """
    if number >= 0:
        return _line(expression, zone, start).tick(number)
    return next(
        line.tick(zero + number)
        for line, zero in _earlier(expression, zone, start)
        if zero + number >= 0
    )


def last_tick_at(expression: str, zone: str, start: datetime, at: datetime) -> int:
    """The number of the last tick at or before `at`."""
    line = _line(expression, zone, start)
    if line.has_ticks and at >= line.tick(0):
        return line.number_at(at)
    return next(
        line.number_at(at) - zero
        for line, zero in _earlier(expression, zone, start)
        if line.has_ticks and line.tick(0) <= at
    )


def next_tick(rule: Pattern, zone: str, at: datetime) -> datetime | None:
    """The tick that Airflow goes to from `at`."""
    shown = local(zone, at)
    following = rule.after(shown)
    if following is None:
        return None
    # An expression for every hour counts hours that pass, so the hour that comes twice has two.
    return at + (following - shown) if rule.every_hour else resolve(zone, following)


def tick_before(rule: Pattern, zone: str, at: datetime) -> datetime | None:
    """The tick that Airflow goes back to from `at`; not always the one it had come from."""
    shown = local(zone, at)
    preceding = rule.before(shown)
    if preceding is None:
        return None
    return at - (shown - preceding) if rule.every_hour else resolve(zone, preceding)


def steps_over_changes(expression: str, zone: str, start: datetime) -> list[list[datetime]]:
    """The ticks at each change of the clock within 28 years, from a plain one to a plain one.

    All other ticks from `start` on are those of the pattern. After 28 years rules repeat.
    """
    line = _line(expression, zone, start)
    end = start + timedelta(days=28 * 366)
    line.reach(end)
    found = []
    before: list[datetime] = []
    for piece in line.pieces:
        if isinstance(piece, _Steps) and piece.crosses and piece.ticks[0] < end:
            found.append([*before, *piece.ticks])
        before = [piece.tick(piece.size - 1)]
    return found


class _Run(NamedTuple):
    """Ticks of one year that follow the pattern with one distance from UTC."""

    rule: Pattern
    year: int
    rank: int
    size: int
    ahead: timedelta
    days: tuple[int, ...]
    new_year: datetime
    """When a clock that is so far ahead shows the first of January."""

    def tick(self, number: int) -> datetime:
        times = self.rule.times
        day, time = divmod(self.rank + number, len(times))
        return self.new_year + timedelta(days=self.days[day], minutes=times[time])

    def number_at(self, at: datetime) -> int:
        after = (at + self.ahead + _MOMENT).replace(tzinfo=None)
        if after.year > self.year:
            return self.size - 1
        return min(self.rule.rank(after) - self.rank, self.size) - 1


class _Steps(NamedTuple):
    """Ticks that were found one by one, into a new year or across a change of the clock."""

    ticks: list[datetime]
    crosses: bool

    @property
    def size(self) -> int:
        return len(self.ticks)

    def tick(self, number: int) -> datetime:
        return self.ticks[number]

    def number_at(self, at: datetime) -> int:
        return bisect_right(self.ticks, at) - 1


@dataclass(slots=True)
class _Line:
    """All ticks from a first one on, in pieces that are made when somebody asks for them."""

    rule: Pattern
    zone: str
    pieces: list[_Run | _Steps] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    """The number of the first tick of each piece."""
    begins: list[datetime] = field(default_factory=list)
    """The first tick of each piece."""
    last: datetime | None = None
    """The last tick that a piece holds; None once there are no more."""

    @property
    def has_ticks(self) -> bool:
        return bool(self.pieces)

    def tick(self, number: int) -> datetime:
        while self.last and number >= self.numbers[-1] + self.pieces[-1].size:
            self.grow()
        if not self.pieces or number >= self.numbers[-1] + self.pieces[-1].size:
            raise OverflowError(f"there is no tick {number}")
        at = bisect_right(self.numbers, number) - 1
        return self.pieces[at].tick(number - self.numbers[at])

    def number_at(self, at: datetime) -> int:
        self.reach(at)
        piece = bisect_right(self.begins, at) - 1
        return self.numbers[piece] + self.pieces[piece].number_at(at)

    def reach(self, at: datetime) -> None:
        """Make all pieces that begin at or before `at`."""
        while self.last and self.last <= at:
            self.grow()

    def add(self, piece: _Run | _Steps) -> None:
        self.numbers.append(self.numbers[-1] + self.pieces[-1].size if self.pieces else 0)
        self.begins.append(piece.tick(0))
        self.pieces.append(piece)
        self.last = piece.tick(piece.size - 1)

    def grow(self) -> None:
        """Add what the clock shows up to its next change or the end of the year; then step on."""
        assert self.last
        ahead, shown = offset(self.zone, self.last), local(self.zone, self.last)
        limit = datetime(min(shown.year + 1, 9999), 1, 1)
        change = change_after(self.zone, self.last)
        if change is not None:
            # Before a clock is set back, the time that will come twice is not plain any more.
            margin = (change.at - abs(change.shift) + ahead).replace(tzinfo=None)
            change = change if margin < limit else None
            limit = min(limit, margin)
        if self.is_plain(self.last, shown) and shown < limit:
            rank = self.rule.rank(shown) + 1
            end = self.rule.rank(limit) if limit.year == shown.year else None
            count = (self.rule.ticks_in(shown.year) if end is None else end) - rank
            if count > 0:
                self.add(_run(self.rule, shown.year, rank, count, ahead))
        self.step(change.at if change else None)

    def step(self, change: datetime | None) -> None:
        """Go on tick by tick, until past `change` and back on the pattern."""
        ticks: list[datetime] = []
        at = self.last
        while at and (not ticks or (change and at < change) or not self.is_plain(at)):
            following = next_tick(self.rule, self.zone, at)
            if following is not None:
                ticks.append(following)
            at = following
        if ticks:
            self.add(_Steps(ticks, crosses=change is not None))
        if at is None:
            self.last = None

    def is_plain(self, at: datetime, shown: datetime | None = None) -> bool:
        """Whether the pattern leads on from `at` as long as the clock is not touched."""
        shown = shown or local(self.zone, at)
        return self.rule.holds(shown) and (self.rule.every_hour or resolve(self.zone, shown) == at)


def _run(rule: Pattern, year: int, rank: int, size: int, ahead: timedelta) -> _Run:
    new_year = datetime(year, 1, 1, tzinfo=UTC) - ahead
    return _Run(rule, year, rank, size, ahead, rule.days_in(year), new_year)


@lru_cache(maxsize=512)
def _line(expression: str, zone: str, start: datetime) -> _Line:
    """The line whose first tick is the one that Airflow aligns `start` to."""
    rule = pattern(expression)
    line = _Line(rule, zone)
    first = next_tick(rule, zone, start)
    if first is not None:
        if tick_before(rule, zone, first) == start:
            first = start
        line.add(_Steps([first], crosses=False))
    return line


def _earlier(expression: str, zone: str, start: datetime) -> Iterator[tuple[_Line, int]]:
    """Lines that begin ever earlier, each with the number of its first tick not before `start`.

    Raises OverflowError when there is nothing earlier.
    """
    first = _line(expression, zone, start).tick(0)
    for years in (2, 30, 300, 3_000):
        if first.year <= years:
            break
        line = _line(expression, zone, datetime(first.year - years, 1, 1, tzinfo=UTC))
        yield line, line.number_at(first - _MOMENT) + 1
    raise OverflowError(f"there are no ticks long before {start}")
