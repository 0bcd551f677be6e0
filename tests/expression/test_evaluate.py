"""What expressions come to: numbers, texts, lists, and dates against datetime and dateutil."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import relativedelta  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from pipec.expression import Period, Value, show
from pipec.expression.functions import shifted
from pipec.expression.tree import Binary, Format, Literal, Name
from pipec.expression.types import PERIOD, type_of

from .reading import read, value

DATES = st.datetimes(datetime(1900, 1, 1), datetime(2200, 12, 31), timezones=st.just(UTC))
INTS = st.integers(-(2**63) + 1, 2**63 - 1)
START = datetime(2026, 3, 31, 17, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7 / 2", 3),
        ("-7 / 2", -3),
        ("7 / -2", -3),
        ("7.0 / 2", 3.5),
        ("2 ^ 10", 1024.0),
        ("-2 ^ 2", -4.0),
        ("4 ^ .5", 2.0),
        ("'a' + 1 + 2", "a12"),
        ("1 + 2 + 'a'", "3a"),
        ("'' + 4.0 + ' ' + true + ' ' + 1 day + ' ' + 2 months", "4.0 true 1 day 2 months"),
        ("'' + start", "2026-03-31T17:10:00"),
        ("words + '!'", ("one!", "two!")),
        ("'(' + words + ')'", ("(one)", "(two)")),
        ("[words, 'three']", ("one", "two", "three")),
        ("[1, 2.5]", (1.0, 2.5)),
        ("[] + '!'", ()),
        ("-[1, 2]", (-1, -2)),
        ("start + 1 month", datetime(2026, 4, 30, 17, 10, tzinfo=UTC)),
        ("start + -1 month", datetime(2026, 2, 28, 17, 10, tzinfo=UTC)),
        ("start - 30 seconds", datetime(2026, 3, 31, 17, 9, 30, tzinfo=UTC)),
        ("sunday(start)", datetime(2026, 3, 29, 17, 10, tzinfo=UTC)),
        ("sunday(sunday(start))", datetime(2026, 3, 29, 17, 10, tzinfo=UTC)),
        ("start:%Y/%m/%d/%H", "2026/03/31/17"),
        ("format(start, 'YYYY-MM-dd')", "2026-03-31"),
        ("format(start, pattern)", "31.03.2026"),
        ("plusPeriod(start, '2 Days')", datetime(2026, 4, 2, 17, 10, tzinfo=UTC)),
        ("plusPeriod(start, 2 days)", datetime(2026, 4, 2, 17, 10, tzinfo=UTC)),
        ("plusPeriod(start, by)", datetime(2026, 4, 14, 17, 10, tzinfo=UTC)),
    ],
)
def test_comes_to(text: str, expected: Value) -> None:
    result = value(
        text, start=START, words=("one", "two"), pattern="dd.MM.YYYY", by=Period(2, "week")
    )
    assert repr(result) == repr(expected)  # Since 1 == 1.0 to Python.


def test_what_is_not_known_stays() -> None:
    assert read("lake + '/x/' + start", lake="s3://shop").folded == Binary(
        "+", Literal("s3://shop/x/", type_of("")), Name(("start",))
    )


@pytest.mark.parametrize("text", ["[1, 'a']", "[1] + [2]", "start + 1", "5:%Y", "day('a')", "-'a'", "nothing(1)"])  # fmt: skip
def test_what_has_no_type_stays(text: str) -> None:
    reading = read(text)
    assert reading.said != []
    assert reading.folded is not None
    assert not isinstance(reading.folded, Literal)


def test_functions_that_are_said_in_other_words() -> None:
    assert read("format(start, 'YYYY-MM')").folded == Format(Name(("start",)), "%Y-%m")
    moved = Binary("+", Name(("start",)), Literal(Period(1, "day"), PERIOD))
    assert read("plusPeriod(start, '1 day')").folded == moved
    assert read("plusPeriod(start, 1 day)").folded == moved
    kept = read("format(start, visits.path)")
    assert (kept.folded, kept.said) == (kept.tree, [])


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("1 / 0", "P245", "1 / 0"),
        ("1.5 / (2 - 2)", "P245", "1.5 / (2 - 2)"),
        ("[1, 2] / 0", "P245", "[1, 2] / 0"),
        ("9223372036854775807 + 1", "P246", "9223372036854775807 + 1"),
        ("9223372036854775807 * 9223372036854775807 * 2", "P246", "9223372036854775807 * 9223372036854775807"),
        ("10 ^ 400", "P246", "10 ^ 400"),
        (f"{'9' * 308}.0 * 10", "P246", f"{'9' * 308}.0 * 10"),
        ("9 ^ 9 ^ 9 ^ 9", "P246", "9 ^ 9 ^ 9"),
        ("(0 - 8) ^ .5", "P246", "(0 - 8) ^ .5"),
        ("0 ^ -1", "P246", "0 ^ -1"),
        ("makeDate(2026, 2, 29)", "P247", "makeDate(2026, 2, 29)"),
        ("makeDate(9999, 12, 31) + 1 day", "P247", "makeDate(9999, 12, 31) + 1 day"),
        ("makeDate(2026, 1, 1) + 99999 years", "P247", "makeDate(2026, 1, 1) + 99999 years"),
        ("plusYears(makeDate(2026, 1, 1), 9223372036854775807)", "P247", "plusYears(makeDate(2026, 1, 1), 9223372036854775807)"),
        ("makeDate(2026, 1, 1) - 999999999999999999 weeks", "P247", "makeDate(2026, 1, 1) - 999999999999999999 weeks"),
        ("minusHours(makeDate(1, 1, 1), 1)", "P247", "minusHours(makeDate(1, 1, 1), 1)"),
        ("format(start, 'YY-MM-DD')", "P248", "'YY-MM-DD'"),
        ("plusPeriod(start, '1 dya')", "P249", "'1 dya'"),
    ],
)  # fmt: skip
def test_says(text: str, code: str, place: str) -> None:
    assert read(text).said == [(code, place)]


@given(INTS, INTS.filter(bool))
def test_integer_division_truncates_towards_zero(one: int, other: int) -> None:
    quotient = value("one / other", one=one, other=other)
    assert isinstance(quotient, int)
    rest = one - quotient * other
    assert abs(rest) < abs(other)
    assert rest == 0 or (rest < 0) == (one < 0)


@given(DATES, st.integers(-1000, 1000), st.sampled_from(["minute", "hour", "day", "week", "month", "year"]))  # fmt: skip
def test_moves_as_dateutil_does(moment: datetime, count: int, unit: str) -> None:
    moved = moment + relativedelta(**{f"{unit}s": count})
    name = unit.title() + "s"
    by = Period(count, unit)
    assert value("it + by", it=moment, by=by) == moved
    assert value(f"plus{name}(it, n)", it=moment, n=count) == moved
    assert value(f"minus{name}(it, n)", it=moment, n=-count) == moved
    assert value("plusPeriod(it, by)", it=moment, by=by) == moved
    assert value("it - by", it=moment, by=Period(-count, unit)) == moved


@given(DATES)
def test_takes_dates_apart_as_datetime_does(moment: datetime) -> None:
    for name in ("year", "month", "day", "hour", "minute"):
        assert value(f"{name}(it)", it=moment) == getattr(moment, name)
    assert value("dayOfYear(it)", it=moment) == moment.timetuple().tm_yday
    assert value("midnight(it)", it=moment) == datetime(*moment.timetuple()[:3], tzinfo=UTC)
    assert value("firstOfMonth(it)", it=moment) == moment.replace(day=1)
    assert value("yesterday(it)", it=moment) == moment - timedelta(days=1)
    assert value("sunday(it)", it=moment) == moment + relativedelta(weekday=6, days=-6)


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (Period(1, "day"), "2026-03-29T03:30:00+02:00"),  # 02:30 is skipped that night.
        (Period(24, "hour"), "2026-03-29T03:30:00+02:00"),
        (Period(2, "day"), "2026-03-30T02:30:00+02:00"),
        (Period(48, "hour"), "2026-03-30T03:30:00+02:00"),
        (Period(1, "month"), "2026-04-28T02:30:00+02:00"),
    ],
)
def test_days_keep_the_time_of_day_and_hours_are_exact(by: Period, expected: str) -> None:
    moment = datetime(2026, 3, 28, 2, 30, tzinfo=ZoneInfo("Europe/Amsterdam"))
    assert shifted(moment, by).isoformat() == expected


def test_a_datetime_is_shown_without_its_zone() -> None:
    assert show(datetime(2026, 3, 28, 2, 30, 0, 5, tzinfo=ZoneInfo("Asia/Tokyo"))) == (
        "2026-03-28T02:30:00"
    )
    assert show(datetime(26, 3, 8, tzinfo=UTC)) == "0026-03-08T00:00:00"
    with pytest.raises(TypeError):
        show(("a",))
