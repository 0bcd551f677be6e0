"""Each attempt of a task: told of when it starts and ends, with a log file of its own."""

from __future__ import annotations

import contextlib
import inspect
import os
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

from .tell import Tell


def watched(
    dag: Any, number: int, run: dict[str, Any], folder: Path, tell: Tell
) -> contextlib.AbstractContextManager[Any]:
    """While this lasts, each attempt is told of. All Airflows have one function for an attempt."""
    place = inspect.unwrap(type(dag).test).__globals__
    function = place["_run_task"]

    def run_task(*arguments: Any, ti: Any, **options: Any) -> Any:
        log = log_file(folder, run, ti)
        attempt = {"run": number, "task": ti.task_id, "attempt": ti.try_number}
        tell("task started", **attempt, at=now(), log=str(log.relative_to(folder)))
        with output_to(log):
            try:
                return function(*arguments, ti=ti, **options)
            except BaseException as reason:
                # 2.11 has written this one down, but it is no Exception and would end the run.
                if type(reason).__name__ != "AirflowTaskTimeout":
                    raise
            finally:
                ti.refresh_from_db()
                tell("task ended", **attempt, at=now(), state=state_of(ti))

    return mock.patch.dict(place, {"_run_task": run_task})


def state_of(ti: Any) -> str:
    """The state of a task as Airflow names it; empty for one that was not reached."""
    return str(getattr(ti.state, "value", ti.state) or "")


def log_file(folder: Path, run: dict[str, Any], ti: Any) -> Path:
    """`logs/DAG/START/TASK.ATTEMPT.log`."""
    when = re.sub(r"[^0-9T]", "", run["start"][:19])
    place: Path = folder / "logs" / run["dag"] / when
    place.mkdir(parents=True, exist_ok=True)
    return place / f"{ti.task_id}.{max(ti.try_number, 1)}.log"


@contextlib.contextmanager
def output_to(file: Path) -> Iterator[None]:
    """Everything that this process and its children print goes to the end of `file`."""
    flush()
    kept = os.dup(1), os.dup(2)
    target = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(target, 1)
    os.dup2(target, 2)
    os.close(target)
    try:
        yield
    finally:
        flush()
        for number, descriptor in zip((1, 2), kept, strict=True):
            os.dup2(descriptor, number)
            os.close(descriptor)


def flush() -> None:
    sys.stdout.flush()
    sys.stderr.flush()


def now() -> str:
    return datetime.now(UTC).isoformat()
