"""The functions and the operators of the language: what they take, give and do.

A target that can say a function in its own words keeps a table of its own, by the same names.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from pipec.expression.types import (
    ANY_TEXT,
    DATETIME,
    DOUBLE,
    INT,
    PERIOD,
    STRING,
    UNITS,
    Type,
    Value,
    fits,
    show,
)
from pipec.frozen import frozen
from pipec.grid.period import Period, Unit


@frozen
class Signature:
    """One way to use a function: the types it takes, the type it gives, and how it computes.

    `compute` raises ZeroDivisionError, OverflowError or ValueError where there is no result.
    """

    takes: tuple[Type, ...]
    gives: Type
    compute: Callable[..., Value]


@frozen
class Function:
    """A function or an operator, with what `explain` and the reference say about it."""

    name: str
    doc: str
    signatures: tuple[Signature, ...]

    def signature(self, given: tuple[Type, ...]) -> Signature | None:
        """The first signature that values of the types `given` fit."""
        for one in self.signatures:
            if len(one.takes) == len(given) and all(map(fits, given, one.takes)):
                return one
        return None


def shifted(moment: datetime, period: Period, sign: int = 1) -> datetime:
    """`moment` moved by `period`; a day that its month does not have becomes the month's last.

    Days, weeks, months and years keep the time of day in the zone of `moment`; shorter units are
    exact durations. A time that clocks skip moves forward with them.
    """
    count, unit = sign * period.count, period.unit
    if unit in ("month", "year"):
        return _settled(_months_later(moment, count * (12 if unit == "year" else 1)))
    if unit in ("week", "day"):
        return _settled(moment + timedelta(**{f"{unit}s": count}))
    exact = moment.astimezone(UTC) + timedelta(**{f"{unit}s": count})
    return exact.astimezone(moment.tzinfo)


def _months_later(moment: datetime, months: int) -> datetime:
    from calendar import monthrange  # Few expressions need it, and it reads the locale.

    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(f"year {year}")
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def _settled(moment: datetime) -> datetime:
    """`moment`, and where clocks skip it, the time they show instead."""
    if moment.tzinfo is UTC:
        return moment
    return moment.astimezone(UTC).astimezone(moment.tzinfo)


def _divided(one: int, other: int) -> int:
    quotient = abs(one) // abs(other)
    return quotient if (one < 0) == (other < 0) else -quotient


def _joined(one: Value, other: Value) -> str:
    return show(one) + show(other)


def _moved_back(moment: datetime, period: Period) -> datetime:
    return shifted(moment, period, -1)


def _on_sunday(moment: datetime) -> datetime:
    return shifted(moment, Period(moment.isoweekday() % 7, "day"), -1)


def _made(*fields: int) -> datetime:
    return datetime(*fields, tzinfo=UTC)  # type: ignore[arg-type,misc]


_INTS = (INT, INT)
_DOUBLES = (DOUBLE, DOUBLE)

OPERATORS = {
    it.name: it
    for it in (
        Function(
            "+",
            "Two numbers added, a datetime moved by a period, or anything joined with text.",
            (
                Signature(_INTS, INT, lambda one, other: one + other),
                Signature(_DOUBLES, DOUBLE, lambda one, other: one + other),
                Signature((DATETIME, PERIOD), DATETIME, shifted),
                Signature((PERIOD, DATETIME), DATETIME, lambda one, other: shifted(other, one)),
                Signature((STRING, ANY_TEXT), STRING, _joined),
                Signature((ANY_TEXT, STRING), STRING, _joined),
            ),
        ),
        Function(
            "-",
            "Two numbers subtracted, a datetime moved back by a period, or the opposite of one.",
            (
                Signature(_INTS, INT, lambda one, other: one - other),
                Signature(_DOUBLES, DOUBLE, lambda one, other: one - other),
                Signature((DATETIME, PERIOD), DATETIME, _moved_back),
                Signature((INT,), INT, lambda one: -one),
                Signature((DOUBLE,), DOUBLE, lambda one: -one),
                Signature((PERIOD,), PERIOD, lambda one: Period(-one.count, one.unit)),
            ),
        ),
        Function(
            "*",
            "Two numbers multiplied.",
            (
                Signature(_INTS, INT, lambda one, other: one * other),
                Signature(_DOUBLES, DOUBLE, lambda one, other: one * other),
            ),
        ),
        Function(
            "/",
            "One number divided by another; of two ints, the whole part of the quotient.",
            (
                Signature(_INTS, INT, _divided),
                Signature(_DOUBLES, DOUBLE, lambda one, other: one / other),
            ),
        ),
        Function(
            "^",
            "One number to the power of another, always a double.",
            (Signature(_DOUBLES, DOUBLE, math.pow),),
        ),
    )
}
"""The operators, by how they are written. A sign is `-` with one operand."""


def _of_datetime(
    name: str, gives: Type, doc: str, compute: Callable[[datetime], Value]
) -> Function:
    return Function(name, doc, (Signature((DATETIME,), gives, compute),))


def _move(word: str, unit: Unit) -> Function:
    sign = 1 if word == "plus" else -1
    doc = f"The datetime some {unit}s {'later' if sign > 0 else 'earlier'}."

    def compute(moment: datetime, count: int) -> datetime:
        return shifted(moment, Period(count, unit), sign)

    name = f"{word}{unit.title()}s"
    return Function(name, doc, (Signature((DATETIME, INT), DATETIME, compute),))


def _unused(*_: Any) -> Value:
    raise AssertionError("folding says this function in other words")


FUNCTIONS = {
    it.name: it
    for it in (
        _of_datetime("year", INT, "The year of a datetime.", lambda it: it.year),
        _of_datetime("month", INT, "The month of a datetime, 1 to 12.", lambda it: it.month),
        _of_datetime("day", INT, "The day of the month of a datetime.", lambda it: it.day),
        _of_datetime(
            "dayOfYear", INT, "The day of the year, 1 to 366.", lambda it: it.timetuple().tm_yday
        ),
        _of_datetime("hour", INT, "The hour of a datetime, 0 to 23.", lambda it: it.hour),
        _of_datetime("minute", INT, "The minute of a datetime.", lambda it: it.minute),
        _of_datetime(
            "midnight",
            DATETIME,
            "The beginning of a datetime's day.",
            lambda it: _settled(it.replace(hour=0, minute=0, second=0, microsecond=0)),
        ),
        _of_datetime(
            "yesterday",
            DATETIME,
            "The day before, at the same time of day.",
            lambda it: shifted(it, Period(1, "day"), -1),
        ),
        _of_datetime(
            "sunday",
            DATETIME,
            "The latest Sunday up to a datetime, at the same time of day.",
            _on_sunday,
        ),
        _of_datetime(
            "firstOfMonth",
            DATETIME,
            "The first day of the month, at the same time of day.",
            lambda it: _settled(it.replace(day=1)),
        ),
        *(_move(word, unit) for word in ("plus", "minus") for unit in UNITS if unit != "second"),
        Function(
            "plusPeriod",
            "The datetime some period later; the same as `+`.",
            (
                Signature((DATETIME, PERIOD), DATETIME, shifted),
                Signature((DATETIME, STRING), DATETIME, _unused),
            ),
        ),
        Function(
            "makeDate",
            "The beginning of a day, in UTC: year, month, day.",
            (Signature((INT,) * 3, DATETIME, _made),),
        ),
        Function(
            "makeDateTime",
            "A minute, in UTC: year, month, day, hour, minute.",
            (Signature((INT,) * 5, DATETIME, _made),),
        ),
        Function(
            "format",
            "A datetime as text, by a pattern of Joda-Time such as 'YYYY-MM-dd HH:mm:ss'.",
            (Signature((DATETIME, STRING), STRING, _unused),),
        ),
    )
}
"""The functions, by name.

`format` and `plusPeriod` are gone from a folded expression as soon as their second argument is
known: they have become a Format and a `+`.
"""
