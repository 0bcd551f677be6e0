"""The job of a window of time: which runs, in which order, and what they need around them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from textwrap import dedent

import pytest

from pipec.compiler import read_project
from pipec.diagnostic import Report
from pipec.local.job import Connection, Job
from pipec.local.prepare import NoOrderError, prepare
from pipec.lower import Settings
from pipec.plan import plan
from pipec.source import Source

SHOP = """
    pipeline: shop
    params:
      lake: {type: s3, default: s3://acme-lake}
      token: {secret: env SHOP_TOKEN}
      key: {secret: airflow shop-key}
      code: {secret: secretsmanager shop/code}
      password: {secret: airflow db_password}
    schedules:
      hourly: every 1 hour from 2026-01-01T00:00Z
      daily: every 1 day from 2026-01-01T00:00Z
      early: every 1 day from 2026-01-01T00:00Z at start
    defaults: {schedule: hourly, notify: {failure: ops}}
    notifications:
      ops: {sns: "arn:aws:sns:eu-west-1:111122223333:ops", message: it failed}
      staff: {mail: staff@example.com, message: it failed, smtp: company}
    connections:
      db: {mysql: , password: "${{ password }}"}
    datanodes:
      orders: {s3: "${{ lake }}/orders/${{ start:%H }}/", when: exists}
      counts: s3 s3://acme-counts/${{ start:%H }}.csv
      sums: sql db.sums
      page: file /srv/page.html
      prices: sql db.prices
    activities:
      price: {shell: ./price, flow: -> prices, stage: false, schedule: early}
      count:
        shell: ./count
        vars: {TOKEN: "${{ token }}", KEY: "${{ key }}", CODE: "${{ code }}"}
        flow: orders, prices -> counts
        stage: false
      sum: {shell: ./sum, flow: counts -> sums, stage: false, schedule: daily}
      tell: {report: Sums, query: SELECT 1, flow: sums, mail: staff@example.com, schedule: daily}
      show: {report: Sums, query: SELECT 1, flow: sums -> page, smtp: unused, schedule: daily}
    """


def job(text: str, begin: str, end: str, data: Path = Path("nowhere")) -> Job:
    report = Report()
    front = read_project([Source("a.pipe.yaml", dedent(text))], lambda _: Settings(), report)
    assert not [one.text() for one in report.found if one.severity == "error"]
    graphs = [graph for one in front.checked for graph in plan(one, front.links)]
    window = datetime.fromisoformat(begin + "+00:00"), datetime.fromisoformat(end + "+00:00")
    return prepare(graphs, front.links, {"shop.py": ""}, window, data)


def runs(found: Job) -> list[tuple[str, str]]:
    return [(one.dag, one.start[:16]) for one in found.runs]


def test_a_window_has_its_runs_in_the_order_they_are_due() -> None:
    found = job(SHOP, "2026-01-01T00:00", "2026-01-02T00:00")
    hours = [("shop", f"2026-01-01T{hour:02}:00") for hour in range(24)]
    early, daily = ("shop.early", "2026-01-01T00:00"), ("shop.daily", "2026-01-01T00:00")
    assert runs(found) == [early, *hours, daily]
    assert found.runs[0].due == "2026-01-01T00:00:00+00:00"
    assert found.runs[1].due == "2026-01-01T01:00:00+00:00"
    assert [(task.id, task.kind) for task in found.runs[1].tasks] == [
        ("orders.exists", "precondition"),
        ("count", "activity"),
    ]


def test_what_an_hour_reads_runs_as_well() -> None:
    found = job(SHOP, "2026-01-03T05:00", "2026-01-03T06:00")
    assert runs(found) == [("shop.early", "2026-01-03T00:00"), ("shop", "2026-01-03T05:00")]


def test_one_time_means_the_intervals_around_it() -> None:
    found = job(SHOP, "2026-01-03T05:10", "2026-01-03T05:10")
    assert len(runs(found)) == 26
    assert runs(found)[-1] == ("shop.daily", "2026-01-03T00:00")


def test_what_must_be_there_is_read_off_the_pipeline(tmp_path: Path) -> None:
    found = job(SHOP, "2026-01-01T00:00", "2026-01-01T01:00", tmp_path)
    assert found.connections == (Connection("db", "mysql"),)
    assert found.buckets == ("acme-counts", "acme-lake")
    assert found.topics == ("arn:aws:sns:eu-west-1:111122223333:ops",)
    assert found.mails == ("company", "smtp_default")
    assert found.needs == ("AIRFLOW_VAR_SHOP_KEY", "PIPEC_SECRET_SHOP_CODE", "SHOP_TOKEN")
    assert found.secrets == {"shop/code": "PIPEC_SECRET_SHOP_CODE"}
    assert found.data == str(tmp_path)
    assert job(SHOP, "2026-01-01T00:00", "2026-01-01T01:00").data == ""


BACK = """
    pipeline: shop
    schedules:
      hourly: every 1 hour from 2026-01-01T00:00Z
      daily: every 1 day from 2026-01-01T00:00Z
    defaults: {schedule: hourly}
    datanodes:
      counts: s3 s3://acme/${{ start:%H }}
      sums: s3 s3://acme/${{ start:%Y-%m-%d }}
    activities:
      count: {shell: ./count, flow: -> counts, stage: false}
      sum: {shell: ./sum, flow: counts -> sums, stage: false, schedule: daily}
      compare: {shell: ./compare, flow: "sums[BACK]", stage: false}
    """


def test_a_window_of_the_past_is_not_added_but_keeps_the_order() -> None:
    found = job(BACK.replace("BACK", "-1"), "2026-01-02T00:00", "2026-01-03T00:00")
    assert [dag for dag, _ in runs(found)] == ["shop"] * 24 + ["shop.daily"]
    found = job(BACK.replace("BACK", "-1"), "2026-01-01T00:00", "2026-01-03T00:00")
    assert runs(found)[24] == ("shop.daily", "2026-01-01T00:00")


def test_runs_that_wait_for_each_other() -> None:
    with pytest.raises(NoOrderError, match=r"runs of shop and shop.daily wait for each other"):
        job(BACK.replace("BACK", "0"), "2026-01-01T00:00", "2026-01-02T00:00")
