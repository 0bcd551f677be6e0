"""Running a project that stands in a test, by the local runner on a real Airflow."""

from __future__ import annotations

import importlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pipec.local.interpreter import find_airflow
from pipec.local.prepare import prepare
from pipec.local.run import Outcome
from pipec.local.run import run as execute
from pipec.targets.airflow.version import VERSIONS, Version
from tests.compiling import compiled


@dataclass(frozen=True)
class Ran:
    """What became of a run, and what it has left."""

    outcome: Outcome
    screen: str

    @property
    def folder(self) -> Path:
        """Where its logs, objects and tables are."""
        return self.outcome.folder

    @property
    def states(self) -> dict[str, list[str]]:
        """The states of the instances of each object, in the order in which they are due."""
        found: dict[str, list[str]] = {}
        for one in self.outcome.instances:
            found.setdefault(one.name, []).append(one.state)
        return found

    def log(self, task: str, attempt: int = 1) -> str:
        """What a task has printed, in all its runs."""
        logs = sorted(self.folder.glob(f"logs/*/*/{task}.{attempt}.log"))
        assert logs, sorted(self.folder.glob("logs/*/*/*"))
        return "\n".join(log.read_text(encoding="utf-8", errors="replace") for log in logs)

    def object(self, key: str) -> bytes:
        """An object that is in S3 at the end: `bucket/key`."""
        return (self.folder / "s3" / key).read_bytes()

    def table(self, name: str) -> list[list[str]]:
        """The rows of a table at the end, without its header: `connection/schema.table`."""
        csv = importlib.import_module("csv")
        with (self.folder / "sql" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            rows: list[list[str]] = list(csv.reader(lines))[1:]
        return rows


def version_of(python: str) -> Version:
    """The version that Dags are compiled for, to run by this Python."""
    airflow = find_airflow(python).airflow
    return next(one for one in VERSIONS if airflow.startswith(f"{one}."))


def ran(
    python: str,
    project: Mapping[str, str],
    folder: Path,
    window: tuple[str, str],
    *,
    again: int = 0,
    **job: Any,
) -> Ran:
    """What becomes of a project's instances between two moments; `job` are fields of the job.

    The first runs are done `again` once all are done: so many of them.
    """
    made = compiled(project, version_of(python), local=True)
    begin, end = map(datetime.fromisoformat, window)
    prepared = prepare(made.graphs, made.front.links, made.files, (begin, end), folder / "data")
    prepared = replace(prepared, runs=prepared.runs + prepared.runs[:again])
    screen = io.StringIO()
    outcome = execute(replace(prepared, **job), python, folder / "run", screen)
    print(screen.getvalue())
    return Ran(outcome, screen.getvalue())
