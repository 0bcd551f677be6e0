"""Two functions that are said in other words: `format` as a format, `plusPeriod` as a `+`."""

from __future__ import annotations

from pipec.diagnostic import Diagnostic, Report, diagnostic, nearest
from pipec.expression import joda
from pipec.expression.tree import Binary, Call, Expr, Format, Literal, Place
from pipec.expression.types import PERIOD, UNITS, period
from pipec.grid.period import Period


def in_other_words(expr: Call, at: Place, report: Report) -> Expr:
    """The call of `format` as a Format, that of `plusPeriod` as a `+`.

    As it is when its second argument is not known, or when `report` says what is wrong with it.
    """
    first, second = expr.arguments
    span = at(second.start, second.end)
    match expr.function, second:
        case "format", Literal(value=str() as pattern):
            strftime = joda.to_strftime(pattern)
            if isinstance(strftime, joda.Unsayable):
                hint = f"nearest is {strftime.near}" if strftime.near else _QUOTED
                report.add(UnsayablePattern(span, strftime.letters, pattern, hint))
                return expr
            return Format(first, strftime, expr.start, expr.end)
        case "plusPeriod", Literal(value=str() as text):
            moved_by = period(text)
            if moved_by is None:
                report.add(UnknownPeriod(span, text, _near_period(text)))
                return expr
            by = Literal(moved_by, PERIOD, second.start, second.end)
            return Binary("+", first, by, expr.start, expr.end)
        case "plusPeriod", Literal(type=type) if type == PERIOD:
            return Binary("+", first, second, expr.start, expr.end)
        case _:
            return expr


@diagnostic
class UnsayablePattern(Diagnostic):
    """The pattern of `format` has letters that no target can write exactly.

    Patterns are those of Joda-Time, and letters count: `dd` is the day of the month with two
    digits, `d` is the day without a leading zero, `DD` is the day of the year. Letters that are
    meant as they stand go into single quotes: `YYYY-MM-dd'T'HH`.
    """

    code = "P248"
    title = "Unsayable pattern"
    message = "`{letters}` in the pattern `{pattern}` cannot be written exactly"
    help = "{near}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --since ${{ format(start, 'YYYY-MM-DD') }}     # P248 'YYYY-MM-DD'
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --since ${{ format(start, 'YYYY-MM-dd') }}
        """

    letters: str
    pattern: str
    near: str


@diagnostic
class UnknownPeriod(Diagnostic):
    """The second argument of `plusPeriod` is a text that is not a period.

    A period is a whole count, a blank and a unit: seconds, minutes, hours, days, weeks, months or
    years. It needs no quotes.
    """

    code = "P249"
    title = "Unknown period"
    message = "`{given}` is not a period"
    help = "write {near}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --until ${{ plusPeriod(start, '1 dya') }}     # P249 '1 dya'
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --until ${{ plusPeriod(start, 1 day) }}
        """

    given: str
    near: str


_QUOTED = "leave it out, or put it in single quotes to mean the letters themselves"


def _near_period(text: str) -> str:
    count, _, unit = text.strip().partition(" ")
    near = nearest(unit, UNITS)
    known = next((one for one in UNITS if one == near), None)
    return f"`{Period(int(count), known)}`" if known and count.isdecimal() else "it like `28 days`"
