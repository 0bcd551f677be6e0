"""The letters that write a datetime: `%Y/%m/%d`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from pipec.diagnostic import Diagnostic, diagnostic
from pipec.expression.joda import in_strftime
from pipec.expression.tree import Complaint

_MONTHS = "January February March April May June July August September October November December"
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"

LETTERS: dict[str, tuple[str, Callable[[datetime], str]]] = {
    "Y": ("year, four digits", lambda it: f"{it.year:04}"),
    "y": ("year, last two digits", lambda it: f"{it.year % 100:02}"),
    "m": ("month, 01 to 12", lambda it: f"{it.month:02}"),
    "b": ("month, Jan to Dec", lambda it: _MONTHS.split()[it.month - 1][:3]),
    "B": ("month, January to December", lambda it: _MONTHS.split()[it.month - 1]),
    "d": ("day of the month, 01 to 31", lambda it: f"{it.day:02}"),
    "j": ("day of the year, 001 to 366", lambda it: f"{it.timetuple().tm_yday:03}"),
    "H": ("hour, 00 to 23", lambda it: f"{it.hour:02}"),
    "I": ("hour, 01 to 12", lambda it: f"{it.hour % 12 or 12:02}"),
    "p": ("AM or PM", lambda it: "AM" if it.hour < 12 else "PM"),
    "M": ("minute, 00 to 59", lambda it: f"{it.minute:02}"),
    "S": ("second, 00 to 59", lambda it: f"{it.second:02}"),
    "f": ("microsecond, six digits", lambda it: f"{it.microsecond:06}"),
    "a": ("day of the week, Mon to Sun", lambda it: _DAYS.split()[it.weekday()][:3]),
    "A": ("day of the week, Monday to Sunday", lambda it: _DAYS.split()[it.weekday()]),
    "u": ("day of the week, 1 (Monday) to 7", lambda it: str(it.isoweekday())),
    "w": ("day of the week, 0 (Sunday) to 6", lambda it: str(it.isoweekday() % 7)),
    "G": ("year that the ISO week belongs to", lambda it: f"{it.isocalendar().year:04}"),
    "V": ("ISO week, 01 to 53", lambda it: f"{it.isocalendar().week:02}"),
    "U": ("week from Sunday on, 00 to 53", lambda it: _week(it, it.isoweekday() % 7)),
    "W": ("week from Monday on, 00 to 53", lambda it: _week(it, it.weekday())),
    "z": ("offset of the zone, +0000", lambda it: it.strftime("%z")),
    "Z": ("name of the zone, UTC", lambda it: it.tzname() or ""),
    "%": ("a percent sign", lambda it: "%"),
}
"""What each letter after a `%` means, and how it is written. The same wherever pipec runs:
strftime itself depends on the machine's language and on its C library."""


def written(moment: datetime, pattern: str) -> str:
    """`moment`, written as `pattern` says."""
    return re.sub(
        r"%(.)",
        lambda it: LETTERS[it[1]][1](moment) if it[1] in LETTERS else it[0],
        pattern,
        flags=re.DOTALL,
    )


def complaints(pattern: str, start: int) -> list[Complaint]:
    """What is wrong with a pattern that begins at `start`; a complaint points at one letter."""
    if "%" not in pattern:
        meant = in_strftime(pattern)
        hint = f"in strftime letters this is `{meant}`" if meant else _LIKE
        end = start + (len(pattern) or 1)  # Of an empty format, the colon.
        return [Complaint(start, end, lambda span: NoFormatLetter(span, f":{pattern}", hint))]
    return [
        _unknown(found[0], start + found.start())
        for found in re.finditer(r"%[-_0^#:EO]?.?", pattern, re.DOTALL)
        if found[0][1:] not in LETTERS
    ]


@diagnostic
class UnknownFormatLetter(Diagnostic):
    """A format holds a `%` with a letter that does not write the same everywhere.

    The letters are those of strftime that every machine agrees on:
    Y y G year; m b B month; d j day; H I p hour; M minute; S f second; V U W week;
    a A u w day of the week; z Z zone; `%%` the percent sign itself.
    """

    code = "P021"
    title = "Unknown format letter"
    message = "`{letter}` writes no part of a datetime"
    help = "{advice}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail orders-${{ start:%F }}.csv     # P021 %F
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail orders-${{ start:%Y-%m-%d }}.csv
        """

    letter: str
    advice: str


@diagnostic
class NoFormatLetter(Diagnostic):
    """A format holds no `%`, so it would write the same text for every datetime.

    Formats are written in strftime letters, each with a percent sign: `start:%Y-%m-%d`. The
    letters of Java (`yyyy-MM-dd`) work in the function `format(start, 'yyyy-MM-dd')`.
    """

    code = "P022"
    title = "Format without a letter"
    message = "the format `{pattern}` holds no letter with a `%`"
    help = "{advice}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail orders-${{ start:YYYY-MM-dd }}.csv     # P022 YYYY-MM-dd
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail orders-${{ start:%Y-%m-%d }}.csv
        """

    pattern: str
    advice: str


_LIKE = "a format is written like `%Y-%m-%d` or `%H:%M`"

_SAME = {
    "F": "%Y-%m-%d",
    "D": "%m/%d/%y",
    "T": "%H:%M:%S",
    "R": "%H:%M",
    "c": "%Y-%m-%d %H:%M:%S",
    "x": "%Y-%m-%d",
    "X": "%H:%M:%S",
    "e": "%d",
    "h": "%b",
    "k": "%H",
    "l": "%I",
    "L": "%f",
    "N": "%f",
    "i": "%M",
    "E": "%a",
}


def _unknown(letter: str, start: int) -> Complaint:
    return Complaint(
        start,
        start + len(letter),
        lambda span: UnknownFormatLetter(span, letter, _nearest(letter)),
    )


def _nearest(letter: str) -> str:
    last = letter[-1]
    if last == "%" or not last.isalpha():
        return "write `%%` for a percent sign"
    same = _SAME.get(last) or next(
        (f"%{it}" for it in (last, last.swapcase()) if it in LETTERS), ""
    )
    return f"write `{same}`" if same else _LIKE


def _week(moment: datetime, weekday: int) -> str:
    """The week of the year, where `weekday` counts the days since the week began."""
    return f"{(moment.timetuple().tm_yday + 6 - weekday) // 7:02}"
