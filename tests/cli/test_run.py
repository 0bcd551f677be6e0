"""`pipec run`: which job the words make. What becomes of a job is tested with a real Airflow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipec.local.interpreter import Interpreter, MissingAirflowError
from pipec.local.job import Job
from tests.cli.conftest import SHOP, Pipec, Said

SHORT = SHOP.replace("00:00Z\n", "00:00Z until 2026-01-03T00:00Z\n")
ENDLESS = SHOP.replace("2026-01-01", "2020-01-01")

Ran = Callable[..., tuple[Said, Job]]


@pytest.fixture
def ran(pipec: Pipec, home: Path, monkeypatch: pytest.MonkeyPatch) -> Ran:
    """The command, with an Airflow that finishes everything at once; and the job it was given."""
    jobs: list[tuple[Job, Path]] = []

    def execute(job: Job, python: str, folder: Path, screen: object) -> object:
        jobs.append((job, folder))
        return SimpleNamespace(ok=python != "failing")

    def find(python: str) -> Interpreter:
        return Interpreter(
            python, {"old": "2.10.5", "two": "2.11.2", "next": "3.4.0"}.get(python, "3.1.7")
        )

    monkeypatch.setattr("pipec.local.run.run", execute)
    monkeypatch.setattr("pipec.local.interpreter.find_airflow", find)

    def run(text: str, *words: str) -> tuple[Said, Job]:
        (home / "shop.pipe.yaml").write_text(text, encoding="utf-8")
        said = pipec("run", ".", *words)
        assert jobs, said.err
        return said, jobs[-1][0]

    return run


def starts(job: Job) -> list[tuple[str, str]]:
    return [(run.dag, run.start[:16]) for run in job.runs]


def test_everything_when_that_is_little(ran: Ran, home: Path) -> None:
    said, job = ran(SHORT)
    assert said.status == 0
    assert len(job.runs) == 48 + 2
    assert starts(job)[0] == ("shop", "2026-01-01T00:00")
    assert starts(job)[-1] == ("shop.daily", "2026-01-02T00:00")
    assert sorted(job.files) == ["shop.daily.py", "shop.py"]
    assert (job.pipeline, job.limit, job.patience, job.data) == ("shop", 600, 60, "")
    assert (home / ".pipec" / "runs").is_dir()


def test_the_last_interval_when_there_is_no_end(ran: Ran) -> None:
    said, job = ran(ENDLESS)
    assert said.status == 0
    assert len(job.runs) == 25
    assert "the last interval of `daily`" in said.err
    future = ENDLESS.replace("2020-01-01", "2999-01-01")
    assert starts(ran(future)[1])[0] == ("shop", "2999-01-01T00:00")


def test_one_moment(ran: Ran) -> None:
    _, job = ran(ENDLESS, "--at", "2026-03-04T05:06")
    assert ("shop", "2026-03-04T05:00") in starts(job)
    assert ("shop.daily", "2026-03-04T00:00") in starts(job)


def test_a_window(ran: Ran) -> None:
    _, job = ran(ENDLESS, "--from", "2026-03-04T05:00", "--to", "2026-03-04T07:00")
    assert starts(job) == [("shop", "2026-03-04T05:00"), ("shop", "2026-03-04T06:00")]


@pytest.mark.parametrize(
    ("python", "module"),
    [
        ("two", "airflow.timetables.interval"),
        ("three", "airflow.timetables.interval"),
        ("next", "airflow.sdk"),
    ],
)
def test_files_are_for_the_airflow_at_hand(ran: Ran, python: str, module: str) -> None:
    _, job = ran(SHORT, "--python", python)
    assert f"from {module} import" in job.files["shop.py"]
    assert ("from airflow.sdk import" in job.files["shop.py"]) == (python != "two")


def test_options_reach_the_job(ran: Ran, home: Path) -> None:
    (home / "local").mkdir()
    _, job = ran(SHORT, "--limit", "5", "--patience", "0.5", "-o", "here")
    assert (job.limit, job.patience, job.data) == (5, 0.5, str(home / "local"))


def test_exit_status(ran: Ran, pipec: Pipec, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ran(SHORT, "--python", "failing")[0].status == 1
    found = pipec("run", ".", "--python", "old")
    assert (found.status, found.err) == (
        2,
        "pipec: Airflow 2.10.5 is too old: 2.11 is the first that will do\n",
    )
    (home / "here").mkdir()
    assert "`here` is there already" in pipec("run", ".", "-o", "here").err
    assert "no schedule has an interval there" in pipec("run", ".", "--at", "2031-01-01").err
    (home / "shop.pipe.yaml").write_text(f"params: {{lake: s3}}\n{SHORT}")
    found = pipec("run", ".")
    assert (found.status, found.out) == (1, "")
    assert "error[P125]" in found.err
    (home / "shop.pipe.yaml").write_text(SHORT.replace("daily}", "dayly}"))
    found = pipec("run", ".")
    assert (found.status, found.out) == (1, "")

    def missing(_: str) -> Interpreter:
        raise MissingAirflowError("there is no Airflow")

    monkeypatch.setattr("pipec.local.interpreter.find_airflow", missing)
    (home / "shop.pipe.yaml").write_text(SHORT)
    found = pipec("run", ".")
    assert (found.status, found.err) == (2, "pipec: there is no Airflow\n")


def test_what_is_not_started_here_is_said(ran: Ran) -> None:
    text = (
        "pipeline: shop\n"
        "schedules: {daily: every 1 day from 2026-01-01 until 2026-01-03}\n"
        "defaults: {schedule: daily, runs_on: box}\n"
        "resources: {box: ec2 m5.large, cluster: emr emr-7.1.0}\n"
        "activities:\n"
        "  fetch: {shell: ./fetch}\n"
        "  mail: {shell: ./mail, after: fetch}\n"
        "  count: {shell: ./count, runs_on: cluster}\n"
    )
    said, job = ran(text)
    assert said.status == 0
    assert "`fetch`, `mail` run on this machine: `box` is not started\n" in said.err
    assert "`count` runs on this machine: `cluster` is not started\n" in said.err
    assert "StartResource" not in "".join(job.files.values())
