"""The types of expressions, and what is said where they do not go together."""

from __future__ import annotations

from typing import Any

import pytest

from pipec.expression.types import type_named

from .reading import Shop, read

VALUES: dict[str, Any] = {
    "n": 3,
    "price": 2.5,
    "word": "orders",
    "words": ("one", "two"),
    "numbers": (1, 2),
    "by": None,
}
del VALUES["by"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n + 1", "int"),
        ("n + price", "double"),
        ("n / 2", "int"),
        ("n ^ 2", "double"),
        ("-price", "double"),
        ("-(1 day)", "period"),
        ("start - 1 day", "datetime"),
        ("1 day + start", "datetime"),
        ("word + n", "string"),
        ("start + word", "string"),
        ("1 day + ' ago'", "string"),
        ("words + '!'", "list(string)"),
        ("numbers * 2", "list(int)"),
        ("numbers + 0.5", "list(double)"),
        ("-numbers", "list(int)"),
        ("[1, price]", "list(double)"),
        ("[words, word]", "list(string)"),
        ("[]", "list"),
        ("[[], 1]", "list(int)"),
        ("start:%Y", "string"),
        ("visits", "object"),
        ("visits.path + '/x'", "string"),
        ("plusDays(start, day(end))", "datetime"),
        ("plusPeriod(start, 1 day)", "datetime"),
        ("plusPeriod(start, '1 day')", "datetime"),
        ("format(start, 'YYYY')", "string"),
    ],
)
def test_has_type(text: str, expected: str) -> None:
    reading = read(text, **VALUES)
    assert (str(reading.type), reading.said) == (expected, [])


@pytest.mark.parametrize(
    ("text", "code", "place", "advice"),
    [
        ("start + 1", "P243", "start + 1", "say the unit: `+ 1 day`"),
        ("start - end", "P243", "start - end", "subtract a period from a datetime, as in `end - 1 day`"),
        ("1 day + 1 day", "P243", "1 day + 1 day", "a period is added to a datetime: `start + 1 day + 6 hours`"),
        ("visits + 'x'", "P243", "visits + 'x'", "name one of its fields, as in `visits.path`"),
        ("words + words", "P243", "words + words", "`[a, b]` puts two lists together"),
        ("word * 2", "P243", "word * 2", "it takes `int * int`, `double * double`"),
        ("-word", "P243", "-word", "it takes `int`, `double`, `period`"),
        ("true + 1", "P243", "true + 1", None),
        ("[1, 'a']", "P244", "'a'", None),
        ("n:%Y", "P250", "n", None),
        ("addDays(start, 1)", "P240", "addDays", "did you mean `plusDays`?"),
        ("plusdays(start, 1)", "P240", "plusdays", "did you mean `plusDays`?"),
        ("start.format('YYYY')", "P240", "start.format", "write `format(start, ...)`"),
        ("start.midnight()", "P240", "start.midnight", "write `midnight(start)`"),
        ("plusDays(start)", "P241", "plusDays", "write `plusDays(datetime, int)`"),
        ("plusDays(start, 'x')", "P242", "'x'", "`plusDays` takes there: int"),
        ("plusDays(n, 1)", "P242", "n", "`plusDays` takes there: datetime"),
        ("plusDays(start, 1.5)", "P242", "1.5", None),
        ("plusPeriod(start, 1)", "P242", "1", "`plusPeriod` takes there: period or string"),
        ("day(words)", "P242", "words", None),
    ],
)  # fmt: skip
def test_says(text: str, code: str, place: str, advice: str | None) -> None:
    reading = read(text, **VALUES)
    assert reading.said == [(code, place)]
    if advice is not None:
        assert reading.report.found[0].hint() == advice


def test_one_mistake_is_said_once_and_all_mistakes_are_said() -> None:
    assert read("(start + 1) + unknown(n * word) + (1 - 'x')", **VALUES).said == [
        ("P243", "(start + 1)"),
        ("P240", "unknown"),
        ("P243", "n * word"),
        ("P243", "(1 - 'x')"),
    ]


def test_what_an_unknown_name_leads_to_is_left_alone() -> None:
    reading = read("plusDays(nobody, 1) - 1 day")
    assert (str(reading.type), reading.said) == ("datetime", [])
    reading = read("nobody + 1")
    assert (reading.type, reading.said) == (None, [])


@pytest.mark.parametrize("text", ["int", "double", "string", "bool", "datetime", "period", "s3", "sns", "list(s3)"])  # fmt: skip
def test_types_are_read_as_they_are_written(text: str) -> None:
    assert str(type_named(text)) == text


@pytest.mark.parametrize("text", ["", "list", "list(list(int))", "object", "Int", "nothing"])
def test_other_words_are_no_types(text: str) -> None:
    assert type_named(text) is None


def test_s3_and_sns_are_texts() -> None:
    lake, alerts = type_named("s3"), type_named("sns")
    assert lake is not None
    assert alerts is not None
    shop = Shop(types={"lake": lake, "alerts": alerts})
    from pipec.diagnostic import Report
    from pipec.expression import infer, parse
    from pipec.source import Source

    for text, expected in (("lake + '/x'", "string"), ("[lake, lake]", "list(s3)"), ("[lake, alerts]", "list(string)")):  # fmt: skip
        report, source = Report(), Source("", text)
        tree = parse(text, source.span, report)
        assert tree is not None
        assert (str(infer(tree, shop, source.span, report)), report.found) == (expected, [])
