"""Fields about time: periods, points in time, attempts, lateness."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from lark import Token, Tree

from pipec.diagnostic import Diagnostic, diagnostic, did_you_mean, listed, nearest
from pipec.fields.forms import read_form, token_span
from pipec.fields.habits import unit_meant
from pipec.fields.key import FieldType
from pipec.fields.reader import Reader
from pipec.fields.scalars import at_least, boolean, expect_scalar, scalar
from pipec.grid import Period
from pipec.syntax import Mapping, Scalar, is_nothing
from pipec.syntax import Tree as Syntax
from pipec.values import Attempts, Late

UNITS = ("second", "minute", "hour", "day", "week", "month", "year")


def _period(it: Scalar, reader: Reader) -> Period | None:
    form = read_form("period", it, reader)
    return period_of(form, it, reader) if form else None


period = scalar("period", _period)
"""A length of time, such as `15 minutes`; months and years are calendar ones."""


def _length(it: Scalar, reader: Reader) -> Period | None:
    form = read_form("length", it, reader)
    return length_of(form, it, reader) if form else None


length = scalar("length of time", _length)
"""A period that is as long whenever it begins: no months, no years."""


def length_of(form: Tree[Token], it: Scalar, reader: Reader) -> Period | None:
    """The length of time of the two words of `form`."""
    found = period_of(form, it, reader)
    if found is None or not found.months:
        return found
    count, unit = form.children
    assert isinstance(count, Token)
    assert isinstance(unit, Token)
    days = Period(found.count * (365 if found.unit == "year" else 30), "day")
    span = it.part(count.start_pos or 0, unit.end_pos or 0)
    reader.report.add(NoFixedLength(span, found.unit, str(days)))
    return None


def period_of(form: Tree[Token], it: Scalar, reader: Reader) -> Period | None:
    """The period of the two words of `form`."""
    count, unit = form.children
    assert isinstance(count, Token)
    assert isinstance(unit, Token)
    word = unit.lower().removesuffix("s")
    if word not in UNITS:
        near = unit_meant(unit) or nearest(unit.removesuffix("s"), UNITS)
        plural = "" if count == "1" else "s"
        hint = (
            f"did you mean `{count} {near}{plural}`?" if near else f"the units are {listed(UNITS)}"
        )
        reader.report.add(BadPeriod(token_span(it, unit), f"`{unit}` is not a unit of time", hint))
        return None
    if not re.fullmatch(r"[1-9]\d{0,8}", count):
        found = f"`{count}` is not a whole number from 1"
        reader.report.add(BadPeriod(token_span(it, count), found, "a period is like `15 minutes`"))
        return None
    whole = Period(int(count), word)  # type: ignore[arg-type]
    if whole.seconds > LONGEST * 366 * 86_400 or whole.months > LONGEST * 12:
        words, hint = f"{whole} is too long", f"the longest period is {LONGEST} years"
        reader.report.add(BadPeriod(token_span(it, count), words, hint))
        return None
    return whole


LONGEST = 100
"""The longest period, in years. Calendars do not reach much further."""


def _instant(it: Scalar, reader: Reader) -> datetime | None:
    return instant_of(it, reader)


instant = scalar("point in time", _instant)
"""A point in time, UTC unless it says otherwise, such as `2026-01-31T06:30Z`."""

_INSTANT = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}))?)?(Z|[+-]\d{2}:?\d{2})?"
)


def instant_of(it: Scalar, reader: Reader) -> datetime | None:
    """The point in time that a text says, in UTC."""
    text = it.value.strip()
    try:
        if not _INSTANT.fullmatch(text):
            raise ValueError(_what_is_wrong(text))
        found = datetime.fromisoformat(text)
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        found = found.astimezone(UTC)
        if not 1900 <= found.year <= 2999:
            raise ValueError("the year is outside 1900 to 2999")
    except (ValueError, OverflowError) as error:
        reason = str(error).replace("in `isoformat` string", "").strip() or "it does not exist"
        reader.report.add(BadDate(it.span, text[:60], reason))
        return None
    return found


NO_T = "a `T` stands between day and time"


def _what_is_wrong(text: str) -> str:
    if re.match(r"\d{4}-\d{2}-\d{2} \d", text):
        return NO_T
    if re.match(r"\d{1,2}[./]\d{1,2}[./]\d{2,4}", text):
        return "the year comes first, then month and day, with `-` between them"
    return "it is not of the form year-month-dayThour:minute"


def _read_attempts(tree: Syntax, reader: Reader) -> Attempts | None:
    if isinstance(tree, Mapping):
        given = _long(tree, reader, {"count": at_least(1), "every": length})
        if given is None:
            return None
        return Attempts(given.get("count", 3), given.get("every", PAUSE), tree.span)
    found = expect_scalar(tree, "attempts such as `3 every 10 minutes`", reader)
    it = reader.plain(found) if found else None
    form = read_form("attempts", it, reader) if it else None
    if form is None or it is None:
        return None
    count, every = form.children
    assert isinstance(count, Token)
    number = at_least(1).read(Scalar(token_span(it, count), str(count), True), reader)
    pause = length_of(every, it, reader) if isinstance(every, Tree) else PAUSE
    return Attempts(number, pause, tree.span) if number and pause else None


PAUSE = Period(10, "minute")
"""The time between two attempts, when nothing is said about it."""

attempts = FieldType("attempts, such as `3 every 10 minutes`", _read_attempts)


def _read_late(tree: Syntax, reader: Reader) -> Late | None:
    if isinstance(tree, Mapping):
        if is_nothing(tree.get("after")):
            reader.report.add(IncompleteLate(tree.span))
            return None
        given = _long(tree, reader, {"after": length, "stop": boolean})
        return given and Late(given["after"], given.get("stop", False), tree.span)
    found = expect_scalar(tree, "lateness such as `after 2 hours`", reader)
    it = reader.plain(found) if found else None
    form = read_form("late", it, reader) if it else None
    if form is None or it is None:
        return None
    words, stop = form.children
    assert isinstance(words, Tree)
    after = length_of(words, it, reader)
    return Late(after, stop is not None, tree.span) if after else None


late = FieldType("lateness, such as `after 2 hours`", _read_late)


def _long(tree: Mapping, reader: Reader, types: dict[str, FieldType]) -> Any:
    """The parts of the long form of a value, by name; None when one of them was reported."""
    given = {}
    whole = True
    for name, value in tree:
        if name.value not in types:
            near = did_you_mean(name.value, types, f"it takes {listed(types)}")
            reader.report.add(UnknownPart(name.span, name.value, near))
            whole = False
        elif not is_nothing(value):
            given[name.value] = types[name.value].read(value, reader)
            whole = whole and given[name.value] is not None
    return given if whole else None


@diagnostic
class BadPeriod(Diagnostic):
    """A period is a whole number and a unit: second, minute, hour, day, week, month or year."""

    code = "P220"
    title = "Not a period"
    message = "{found}"
    help = "{near}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 dya from 2026-01-01T00:00Z}    # P220 dya
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        """

    found: str
    near: str


@diagnostic
class NoFixedLength(Diagnostic):
    """Limits and pauses are lengths of time, the same whenever they begin.

    Schedules and windows may be made of months and years, which are those of the calendar; `late`,
    `timeout`, `poll` and the pause between attempts may not.
    """

    code = "P251"
    title = "No fixed length"
    message = "one {unit} may be longer than another, and this is a length of time"
    help = "write `{days}`"
    fails = """
        pipeline: shop
        schedules: {monthly: every 1 month from 2026-01-01T00:00Z}
        defaults: {schedule: monthly}
        activities:
          mail:
            shell: echo mail
            late: after 1 month, stop    # P251 1 month
        """
    fixed = """
        pipeline: shop
        schedules: {monthly: every 1 month from 2026-01-01T00:00Z}
        defaults: {schedule: monthly}
        activities:
          mail:
            shell: echo mail
            late: after 30 days, stop
        """

    unit: str
    days: str


@diagnostic
class BadDate(Diagnostic):
    """A point in time is written as in ISO 8601: `2026-01-31`, `2026-01-31T06:30`, `2026-01-31T06:30:00Z`.

    Without a zone it is UTC.
    """

    code = "P221"
    title = "Not a date"
    message = "`{found}` is not a point in time: {reason}"
    help = "a point in time is like `2026-01-31T06:30Z`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-02-30T00:00Z}    # P221 2026-02-30T00:00Z
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-02-28T00:00Z}
        """

    found: str
    reason: str


@diagnostic
class UnknownPart(Diagnostic):
    """The long form of a value has a few fixed keys."""

    code = "P222"
    title = "Unknown part of a value"
    message = "`{name}` is no part of this value"
    help = "{near}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: echo mail
            attempts:
              count: 3
              evry: 10 minutes    # P222 evry
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: echo mail
            attempts:
              count: 3
              every: 10 minutes
        """

    name: str
    near: str


@diagnostic
class IncompleteLate(Diagnostic):
    """Lateness is counted from the due time of an instance; the long form says so by `after`."""

    code = "P219"
    title = "Lateness without a time"
    message = "nothing says after how long it is late"
    help = "write `after: 2 hours`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: echo mail
            late: {stop: false}    # P219 {stop: false}
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        notifications: {oncall: {sns: "arn:aws:sns:us-east-1:111122223333:shop", message: oh}}
        activities:
          mail:
            shell: echo mail
            late: {after: 2 hours, stop: false}
            notify: {late: oncall}
        """
