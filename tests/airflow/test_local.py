"""The local runner with Dag files written by hand: the engine's record is what the plan says."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipec.local.job import Connection, DagRun, Job, Task
from pipec.local.run import Outcome, run
from tests.airflow.pythons import every_airflow

HERE = Path(__file__).parent / "local_dags"
MIDNIGHT = datetime.fromisoformat("2026-11-20T00:00:00+00:00")
TOPIC = "arn:aws:sns:eu-west-1:111122223333:oncall"
FAILURES = [
    *("flaky", "after_flaky", "always", "after_always", "slow", "ready.exists", "after_ready"),
    *("make_ready", "never.script", "after_never"),
]


def tasks(*names: str) -> tuple[Task, ...]:
    kinds = ("activity", "precondition")
    return tuple(Task(name, name, kinds["." in name]) for name in names)


def hour(dag: str, number: int, *names: str) -> DagRun:
    start = MIDNIGHT + timedelta(hours=number)
    end = start + timedelta(hours=1)
    return DagRun(dag, start.isoformat(), end.isoformat(), end.isoformat(), tasks(*names))


def morning(number: int) -> DagRun:
    start = MIDNIGHT + timedelta(days=number)
    end = start + timedelta(days=1)
    return DagRun(
        "shop.morning", start.isoformat(), end.isoformat(), start.isoformat(), tasks("send")
    )


def execute(job: Job, python: str, folder: Path) -> Outcome:
    screen = io.StringIO()
    outcome = run(job, python, folder / "run", screen)
    print(screen.getvalue())
    return outcome


def files(*names: str) -> dict[str, str]:
    return {name: (HERE / name).read_text(encoding="utf-8") for name in names}


@every_airflow
def test_failures(python: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPEC_TEST_FOLDER", str(tmp_path))
    job = Job(
        "failures",
        files("failures.py"),
        (hour("failures", 1, *FAILURES),),
        buckets=("shop",),
        topics=(TOPIC,),
        patience=6,
        limit=120,
    )
    outcome = execute(job, python, tmp_path)
    assert not outcome.ok
    assert not outcome.problem
    assert {one.name: (one.state, one.attempts) for one in outcome.instances} == {
        "flaky": ("finished", 3),
        "after_flaky": ("finished", 1),
        "always": ("failed", 3),
        "after_always": ("upstream failed", 0),
        "slow": ("failed", 2),
        "ready.exists": ("finished", 1),
        "after_ready": ("finished", 1),
        "make_ready": ("finished", 1),
        "never.script": ("failed", 1),
        "after_never": ("upstream failed", 0),
    }
    # One notice for each that failed, after its last attempt, through the queue behind the topic.
    when = "2026-11-20T01:00:00+00:00 to 2026-11-20T02:00:00+00:00"
    assert sorted(outcome.notices, key=lambda notice: notice["subject"]) == [
        {"topic": TOPIC, "subject": f"{name} is failed", "message": f"{name} for {when}"}
        for name in ("always", "never.script", "slow")
    ]
    kept = (outcome.folder / "notices.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in kept] == list(outcome.notices)
    assert (outcome.folder / "s3" / "shop" / "ready").read_text() == "ready"
    logs = outcome.folder / "logs" / "failures" / "20261120T010000"
    assert sorted(log.name for log in logs.glob("always.*")) == [
        f"always.{attempt}.log" for attempt in (1, 2, 3)
    ]
    assert "it never works" in (logs / "always.3.log").read_text()


@every_airflow
def test_intervals_and_tables(python: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AIRFLOW_CONN_SHOP", raising=False)
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql" / "shop.sql").write_text(
        "CREATE TABLE hours (first text, last text, orders bigint);"
        "CREATE TABLE orders (item text); INSERT INTO orders VALUES ('50 %'), ('ä');",
        encoding="utf-8",
    )
    job = Job(
        "shop",
        files("shop.py", "shop.morning.py"),
        (hour("shop", 22, "count"), hour("shop", 23, "count"), morning(1), morning(2)),
        connections=(Connection("shop", "mysql"),),
        data=str(tmp_path),
        patience=3,
        limit=120,
    )
    outcome = execute(job, python, tmp_path)
    # The second morning waits for hours that are not in the plan.
    assert [(one.name, one.state) for one in outcome.instances] == [
        ("count", "finished"),
        ("count", "finished"),
        ("send", "finished"),
        ("send", "upstream failed"),
        ("send.count", "failed"),
    ]
    with (outcome.folder / "sql" / "shop" / "public.hours.csv").open(newline="") as lines:
        assert list(csv.reader(lines)) == [
            ["first", "last", "orders"],
            ["2026-11-20T22:00:00+00:00", "2026-11-20T23:00:00+00:00", "2"],
            ["2026-11-20T23:00:00+00:00", "2026-11-21T00:00:00+00:00", "2"],
        ]
    log = outcome.folder / "logs" / "shop.morning" / "20261121T000000" / "send.1.log"
    assert "interval 2026-11-21T00:00:00+00:00 2026-11-21T00:00:00+00:00" in log.read_text()


@every_airflow
def test_a_dag_file_that_does_not_load(python: str, tmp_path: Path) -> None:
    text = "raise ValueError('no such thing')\n"
    job = Job("shop", {"shop.py": text}, (hour("shop", 0, "count"),), limit=120)
    outcome = execute(job, python, tmp_path)
    assert outcome.problem == "no such thing"
    assert [one.state for one in outcome.instances] == ["waiting"]
