"""What becomes of an instance, as the worker tells it."""

from __future__ import annotations

import io
from typing import Any

from pipec.local.events import Progress
from pipec.local.job import DagRun, Job, Task

HOUR = ("2026-01-01T00:00:00+00:00", "2026-01-01T01:00:00+00:00", "2026-01-01T01:00:00+00:00")
TASKS = tuple(Task(name, name, "activity") for name in ("load", "count", "send"))
JOB = Job("shop", {}, (DagRun("shop", *HOUR, TASKS),))


def started(task: str, attempt: int = 1) -> dict[str, Any]:
    log = f"logs/{task}.{attempt}.log"
    at = "2026-11-23T10:00:00+00:00"
    return {
        "event": "task started",
        "run": 0,
        "task": task,
        "attempt": attempt,
        "at": at,
        "log": log,
    }


def ended(task: str, state: str, attempt: int = 1) -> dict[str, Any]:
    at = "2026-11-23T10:00:01+00:00"
    return {
        "event": "task ended",
        "run": 0,
        "task": task,
        "attempt": attempt,
        "at": at,
        "state": state,
    }


def record(task: str, state: str, attempts: int) -> dict[str, Any]:
    return {"task": task, "state": state, "started": "", "ended": "", "attempts": attempts}


def test_airflows_own_record_has_the_last_word() -> None:
    progress = Progress(JOB, io.StringIO())
    progress.take(started("load"))
    progress.take(ended("load", "up_for_retry"))
    progress.take(started("load", 2))
    progress.take(ended("load", "success", 2))
    states = [
        record("load", "success", 2),
        record("count", "failed", 3),
        record("send", "upstream_failed", 0),
    ]
    progress.take({"event": "run ended", "run": 0, "problem": "", "tasks": states})
    assert [(one.name, one.state, one.attempts) for one in progress.instances()] == [
        ("load", "finished", 2),
        ("count", "failed", 3),
        ("send", "upstream failed", 0),
    ]
    assert progress.instances()[0].started == "2026-11-23T10:00:00+00:00"


def test_what_is_cut_short_is_stopped_and_the_rest_is_waiting() -> None:
    progress = Progress(JOB, io.StringIO())
    progress.take(started("load"))
    progress.take(started("count"))
    progress.take(ended("count", "up_for_reschedule"))
    assert [one.state for one in progress.instances()] == ["stopped", "waiting", "waiting"]
    assert progress.running() == ["shop  2026-01-01 00:00 to 01:00 load"]


def test_a_failed_attempt_is_shown_with_its_log() -> None:
    screen = io.StringIO()
    progress = Progress(JOB, screen)
    progress.take(started("load"))
    progress.take(ended("load", "up_for_retry"))
    progress.take(started("load", 2))
    progress.take(ended("load", "failed", 2))
    first, second = screen.getvalue().splitlines()
    assert first.endswith("load failed attempt 1: see logs/load.1.log")
    assert second.endswith("load failed: see logs/load.2.log")


def test_a_wait_for_another_dag_is_listed_only_when_it_fails() -> None:
    progress = Progress(JOB, io.StringIO())
    states = [record("send.stock", "failed", 1), record("load.stock", "success", 1)]
    progress.take({"event": "run ended", "run": 0, "problem": "", "tasks": states})
    assert [(one.name, one.kind) for one in progress.instances()][3:] == [("send.stock", "wait")]
