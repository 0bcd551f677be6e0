"""Formats write what strftime writes, and Joda patterns what Joda-Time would."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipec.expression.dateformat import LETTERS, complaints, written
from pipec.expression.joda import Unsayable, to_strftime

DATES = st.datetimes(datetime(1000, 1, 1), timezones=st.just(UTC))
MOMENT = datetime(2011, 5, 4, 17, 3, 9, tzinfo=UTC)


@given(DATES)
def test_writes_what_strftime_writes(moment: datetime) -> None:
    pattern = " ".join(f"%{letter}" for letter in LETTERS) + " 'x' \n"
    assert written(moment, pattern) == moment.strftime(pattern)


def test_knows_the_letters_of_the_language() -> None:
    assert set(LETTERS) == set("YymdHIMSfjUWVGuwaAbBpzZ%")
    assert complaints("".join(f"%{letter}" for letter in LETTERS), 0) == []


def test_years_have_four_digits() -> None:
    assert written(datetime(26, 1, 1, tzinfo=UTC), "%Y %G %y") == "0026 0026 26"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("YYYY-MM-dd-HH-mm-ss", "2011-05-04-17-03-09"),
        ("YYYY-MM-dd hh:mm:ss", "2011-05-04 05:03:09"),
        ("yyyy-MM-dd'T'HH:mm:ss", "2011-05-04T17:03:09"),
        ("YYYY-MM-dd_hh.mm", "2011-05-04_05.03"),
        ("YY MMM MMMM EEE EEEE a", "11 May May Wed Wednesday PM"),
        ("HH 'o''clock' ''", "17 o'clock '"),
        ("xxxx-'W'ww-e", "2011-W18-3"),
        ("DDD", "124"),
        ("100% HH 'a%d'", "100% 17 a%d"),
        ("%HH", "%17"),
        ("z Z", "UTC +0000"),
        ("", ""),
    ],
)
def test_a_joda_pattern_writes(pattern: str, expected: str) -> None:
    strftime = to_strftime(pattern)
    assert isinstance(strftime, str)
    assert written(MOMENT, strftime) == expected


@pytest.mark.parametrize(
    ("pattern", "letters", "near"),
    [
        ("YY-MM-DD HH:MM:SS", "DD", "`dd`, the day of the month, or `DDD`, the day of the year"),
        ("HH:mm:SS", "SS", "`ss`, the second, or `SSSSSS`, the microsecond"),
        ("d.MM.YYYY", "d", "`dd`, the day of the month with two digits"),
        ("YYYYY", "YYYYY", "`YYYY`, the year"),
        ("YYYYTHH", "T", ""),
        ("zzzz", "zzzz", "`z`, the name of the zone"),
        ("ZZ", "ZZ", "`Z`, the offset of the zone"),
        ("HH 'h", "'", "a second quote, to close it"),
    ],
)
def test_a_joda_pattern_that_cannot_be_said(pattern: str, letters: str, near: str) -> None:
    assert to_strftime(pattern) == Unsayable(letters, near)


@given(st.text(alphabet="YyMdDHhmsSEazZxwe'%-: ", max_size=20))
def test_every_joda_pattern_has_a_strftime_format_or_a_reason(pattern: str) -> None:
    found = to_strftime(pattern)
    if isinstance(found, str):
        assert complaints(found, 0) == [] or "%" not in found
        written(MOMENT, found)
    else:
        assert found.letters in pattern
