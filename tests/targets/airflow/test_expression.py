"""How expressions read in a template; that they mean the same is shown by airflow/."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipec.diagnostic import Report
from pipec.expression import NOT_CONSTANT, fold, parse
from pipec.grid import Cron, Every, Grid, Once, OnDemand, Period
from pipec.ir import Param, Pipeline
from pipec.source import NOWHERE, Source
from pipec.targets.airflow.expression import Moment, UnsaidError, has_quotes, jinja
from pipec.targets.airflow.timetable import moment
from tests.compiling import complaints

TYPES = {"n": "int", "x": "double", "flag": "bool", "since": "datetime", "items": "string"}
MOMENT = Moment(params=TYPES, optional=frozenset({"x"}))
START = datetime(2026, 1, 31, tzinfo=UTC)


def said(text: str, names: Moment = MOMENT) -> str:
    source, report = Source("shop.pipe.yaml", text), Report()
    tree = parse(text, source.span, report)
    assert tree is not None
    assert not report.found
    return jinja(fold(tree, lambda _: NOT_CONSTANT, source.span, report), names)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("start", "data_interval_start.strftime('%Y-%m-%dT%H:%M:%S')"),
        ("start:%Y/%m", "data_interval_start.strftime('%Y/%m')"),
        ("end - 1 day:%d", "data_interval_end.subtract(days=1).strftime('%d')"),
        ("run.id", "run_id"),
        ("run.attempt + 1", "(ti.try_number + 1)"),
        ("n / 2", "(params.n / 2) | int"),
        ("n ^ 2", "((params.n) ** (2)) | float"),
        ("flag", "params.flag | lower"),
        ("x", "('' if params.x is none else (params.x | float))"),
        ("items + '!'", "(params['items'] ~ '!')"),
        ("'at ' + n", "('at ' ~ params.n)"),
        ("yesterday(start):%d", "data_interval_start.subtract(days=1).strftime('%d')"),
        ("plusDays(start, n):%d", "data_interval_start.add(days=params.n).strftime('%d')"),
        (
            "makeDate(year(start), 1, 1):%j",
            "data_interval_start.instance(macros.datetime(data_interval_start.year, 1, 1))"
            ".strftime('%j')",
        ),
    ],
)
def test_how_it_reads(text: str, code: str) -> None:
    assert said(text) == code


@pytest.mark.parametrize(
    ("grid", "end", "due"),
    [
        (Every(Period(1, "hour"), START), "data_interval_end", "data_interval_end"),
        (Every(Period(15, "minute"), START, at="start"), "data_interval_start.add(minutes=15)",
         "data_interval_start"),
        (Every(Period(1, "month"), START, at="start"),
         "data_interval_start.instance(interval_end(data_interval_start))", "data_interval_start"),
        (Every(Period(1, "year"), START.replace(day=1), at="start"),
         "data_interval_start.add(months=12)", "data_interval_start"),
        (Cron("0 1 * * *", "UTC", START), "data_interval_end", "data_interval_end"),
        (Cron("0 1 * * *", "Europe/Zurich", START, at="start"),
         "interval_end(data_interval_start).in_timezone('Europe/Zurich')",
         "data_interval_start.in_timezone('Europe/Zurich')"),
        (Once(START), "data_interval_start", "data_interval_start"),
        (OnDemand(), "run_time(dag_run)", "run_time(dag_run)"),
    ],
)  # fmt: skip
def test_the_times_of_a_run(grid: Grid, end: str, due: str) -> None:
    names = moment(grid, Pipeline(name="shop", source=NOWHERE.source))
    assert said("end:%d", names) == f"{end}.strftime('%d')"
    assert said("run.due:%d", names) == f"{due}.strftime('%d')"


def test_what_a_run_asks_for_is_known_by_its_type() -> None:
    params = {
        "n": Param(name="n", type="int", at_run=True),
        "x": Param(name="x", type="double", at_run=True, optional=True),
        "lake": Param(name="lake", type="s3", value="s3://lake"),
    }
    names = moment(OnDemand(), Pipeline(name="shop", source=NOWHERE.source, params=params))
    assert names.params == {"n": "int", "x": "double"}
    assert names.optional == {"x"}


@pytest.mark.parametrize(
    ("text", "there"),
    [("start", False), ("n + 1", False), ("items", True), ("run.id", True), ("start:%H", False)],
)
def test_where_a_quote_may_stand(text: str, there: bool) -> None:
    source = Source("shop.pipe.yaml", text)
    tree = parse(text, source.span, Report())
    assert tree is not None
    assert has_quotes(tree, MOMENT) is there


def test_what_a_template_cannot_say_is_an_error() -> None:
    with pytest.raises(UnsaidError):
        said("plusPeriod(start, items)")
    project = """
        pipeline: shop
        params: {back: {type: period, at: run}, how: {type: string, at: run}}
        schedules: {now: on demand}
        defaults: {schedule: now}
        activities:
          a: {shell: "echo ${{ start - back }} ${{ back }}"}
          b: {shell: b, args: ["${{ plusPeriod(start, '1 day'):%d }}", "${{ format(start, how) }}"]}
        """
    assert complaints(project) == [("P405", "start - back"), ("P405", "format(start, how)")]
