"""What Airflow renders is what the compiler computes from the same values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipec.diagnostic import Report
from pipec.expression import fold, infer, parse, show
from pipec.expression.functions import FUNCTIONS, OPERATORS
from pipec.expression.tree import Binary, Call, Literal, Unary, walk
from pipec.expression.types import BOOL, DATETIME, DOUBLE, INT, STRING, Value
from pipec.grid import Cron, Every, Period
from pipec.ir import Param, Pipeline
from pipec.source import NOWHERE, Source
from pipec.targets.airflow.expression import jinja
from pipec.targets.airflow.timetable import moment
from tests.airflow.asking import asked
from tests.airflow.pythons import every_airflow
from tests.expression.reading import Shop

TYPES = {"n": INT, "items": INT, "x": DOUBLE, "flag": BOOL, "word": STRING, "since": DATETIME}
"""Parameters that come with a run. `items` is also a method of the dict that holds them."""

EXPRESSIONS = [
    *("start", "end", "run.due", "start:%Y/%m/%d/%H", "end:%j %U %W %V %G %u %w %a %A %b %B"),
    *("start:%y %I %p %M %S %f %z %Z %%", "start:it's {{ %Y }}", "'as of ' + start", "run.id"),
    *("run.attempt", "run.attempt + 1", "run.due:%Y", "(start - 1 day):%Y%m%d", "end - 36 hours"),
    *("start + 1 month", "start - 1 year", "start + 2 weeks", "start + 90 minutes", "1 day + start"),
    *("start + 45 seconds", "(start + 1 month - 1 day):%d", "start - 6 hours - 1 month"),
    *("year(start)", "month(start)", "day(start)", "dayOfYear(start)", "hour(start)"),
    *("minute(start)", "midnight(start)", "yesterday(start)", "sunday(start)"),
    *("firstOfMonth(start)", "sunday(end):%Y-%m-%d", "midnight(yesterday(start))"),
    *("plusMinutes(start, 7)", "plusHours(start, 30)", "plusDays(start, -3)", "plusWeeks(start, 2)"),
    *("plusMonths(start, 13)", "plusYears(start, n)", "minusMinutes(start, n)"),
    *("minusHours(start, 5)", "minusDays(start, day(start))", "minusWeeks(start, 1)"),
    *("minusMonths(start, n)", "minusYears(start, 3)", "plusPeriod(start, '3 days')"),
    *("makeDate(year(start), 1, 1)", "makeDate(year(start), 1, 1) - 1 day"),
    *("makeDateTime(year(start), month(start), 1, 6, n)", "dayOfYear(makeDate(n + 2000, 12, 31))"),
    *("format(start, 'YYYY-MM-dd HH:mm')", "format(start - 1 day, 'EEE dd MMM')"),
    *("n", "items", "x", "flag", "word", "since", "-n", "-(n - 7)", "n + 1", "n - items * 2"),
    *("items / n", "-items / n", "(items - 50) / n * 2", "n ^ 2", "x ^ 0.5", "x + n", "x / 2"),
    *("x * 2 - 1", "n / 2.0", "year(start) - n", "hour(start) * 60 + minute(start)"),
    *("word + flag", "word + n + x", "'a' + 1 + word", "'{{ ' + word", "since:%d.%m.", "since + 1 day"),
    *("sunday(since)", "-x", "'' + x * 10", "since:%H"),
]  # fmt: skip

ZONES = ["UTC", "Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]


def starts(random: Random, zone: str) -> list[datetime]:
    """Some moments, and some near the changes of clocks."""
    base = datetime(2019, 12, 30, tzinfo=UTC)
    anywhere = [base + timedelta(minutes=random.randrange(8 * 366 * 1440)) for _ in range(6)]
    changes = []
    if zone != "UTC":
        days = (base + timedelta(hours=n) for n in range(20_000, 40_000))
        there = ZoneInfo(zone)
        changes = [
            at
            for at in days
            if at.astimezone(there).utcoffset()
            != (at + timedelta(hours=1)).astimezone(there).utcoffset()
        ]
    near = [one + timedelta(minutes=30 * random.randrange(-4, 5)) for one in changes for _ in "ab"]
    last_days = [datetime(2024, 2, 29, 23, 59, tzinfo=UTC), datetime(2023, 1, 31, tzinfo=UTC)]
    return [*anywhere, *near, *last_days]


def cases() -> tuple[list[Any], list[str]]:
    """What to render, and what it should come to."""
    random = Random(7)
    questions, wanted = [], []
    params = {name: Param(name=name, type=str(type_), at_run=True) for name, type_ in TYPES.items()}
    pipeline = Pipeline(name="shop", source=NOWHERE.source, params=params)
    shop = Shop(types={"start": DATETIME, "end": DATETIME, "run.id": STRING, "run.attempt": INT,
                       "run.due": DATETIME, **TYPES})  # fmt: skip
    for zone in ZONES:
        cron = Cron("30 1 * * *", zone, datetime(2019, 1, 1, tzinfo=UTC))
        grid = cron if zone != "UTC" else Every(Period(1, "day"), cron.start)
        names = moment(grid, pipeline)
        for start in starts(random, zone):
            end = start + timedelta(hours=25)
            there = ZoneInfo(zone) if zone != "UTC" else UTC
            given: dict[str, Value] = {
                "n": random.randrange(1, 12),
                "items": random.randrange(100),
                "x": random.choice([0.25, 4.0, 17.5, 1e15, 1e-7]),
                "flag": random.random() < 0.5,
                "word": random.choice(["", "ä {{ ", "it's"]),
                "since": start - timedelta(days=400),
            }
            known = {
                **given,
                "start": start.astimezone(there),
                "end": end.astimezone(there),
                "run.due": end.astimezone(there),
                "run.id": "it's a run",
                "run.attempt": 2,
            }
            sent = {**given, "since": f"{given['since']:%Y-%m-%dT%H:%M:%SZ}"}
            sent["x"] = int(given["x"]) if given["x"] == 4.0 else given["x"]
            for text in EXPRESSIONS:
                expr, at = read(text, shop)
                report = Report()
                code = jinja(fold(expr, shop.lookup, at, report), names)
                value = fold(expr, Shop(known).lookup, at, report)
                assert isinstance(value, Literal), (text, value)
                assert not report.found, (text, report.found)
                questions.append([f"{{{{ {code} }}}}", start.isoformat(), end.isoformat(), sent])
                wanted.append(show(value.value))
    return questions, wanted


def read(text: str, shop: Shop) -> Any:
    source, report = Source("shop.pipe.yaml", text), Report()
    tree = parse(text, source.span, report)
    assert tree is not None, text
    infer(tree, shop, source.span, report)
    assert not report.found, (text, report.found)
    return tree, source.span


@every_airflow
def test_it_renders_what_was_computed(python: str, tmp_path: Path) -> None:
    questions, wanted = cases()
    answers = asked(python, "render.py", questions, tmp_path)
    wrong = [
        f"{question}: {answer!r}, not {right!r}"
        for question, answer, right in zip(questions, answers, wanted, strict=True)
        if answer != right
    ]
    if wrong:
        pytest.fail(f"{len(wrong)} of {len(wanted)}:\n" + "\n".join(wrong[:20]))


def test_every_function_and_operator_is_among_them() -> None:
    shop = Shop(types={"start": DATETIME, "end": DATETIME, "run.id": STRING, "run.attempt": INT,
                       "run.due": DATETIME, **TYPES})  # fmt: skip
    used = set()
    for text in EXPRESSIONS:
        for one in walk(read(text, shop)[0]):
            used |= {one.function} if isinstance(one, Call) else set()
            used |= {one.operator} if isinstance(one, Binary | Unary) else set()
    assert used >= {*FUNCTIONS, *OPERATORS}
