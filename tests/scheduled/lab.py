"""What a scenario works with: its Dags in a running Airflow, and Airflow's record of them."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipec.plan import Instance, instances
from pipec.targets.airflow.task import dag_id
from pipec.targets.airflow.version import Version
from tests.compiling import Compiled, compiled
from tests.scheduled.api import Api
from tests.scheduled.record import Record, Row, moment, record
from tests.scheduled.station_at import Station

PATIENCE = 900.0
"""Seconds; all scenarios run at once, so each waits for the others' work as well."""


class Lab:
    """A running Airflow, with a warehouse and a stand-in for AWS."""

    def __init__(self, station: Station, version: Version, over: threading.Event) -> None:
        self.station, self.version = station, version
        self.api = Api(station, version)
        self.over = over
        self.loaded: list[Loaded] = []
        self.folder = Path(tempfile.mkdtemp(dir=station.home, prefix="folder-"))
        """Where tasks may write, and look for what the scenario writes."""

    def load(self, project: str | Mapping[str, str]) -> Loaded:
        """The Dags of a project (see `tests.reading.files`), known to Airflow and still paused."""
        made = Loaded(self, compiled(project, self.version))
        self.loaded.append(made)
        for name, content in made.compiled.files.items():
            path = self.station.dags / name
            assert not path.exists(), f"another scenario has {name}: a pipeline's name is its own"
            written = path.with_suffix(".new")
            written.write_text(content, encoding="utf-8")
            written.rename(path)
        self.until(lambda: self.known(made.dags), "Airflow knows the Dags")
        return made

    def until(self, test: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
        """Return when `test` is true."""
        end = time.monotonic() + patience
        while not test():
            if time.monotonic() > end:
                raise TimeoutError(f"not within {patience:.0f} seconds: {what}")
            assert not self.over.wait(1), "it was not waited for"

    def known(self, dags: Iterable[str]) -> bool:
        """True when Airflow has read all of these; what it cannot read fails."""
        problems = self.ask_airflow("SELECT filename, stacktrace FROM import_error")
        mine = [one for one in problems if Path(one[0]).stem in dags]
        assert not mine, mine
        found = self.ask_airflow(
            "SELECT dag_id FROM serialized_dag NATURAL JOIN (SELECT dag_id FROM dag) known"
        )
        return {*dags} <= {name for (name,) in found}

    def slots_held(self, dags: list[str]) -> int:
        """How many slots of the executor are taken, or asked for, by tasks of these Dags."""
        ((many,),) = self.ask_airflow(SLOTS, [dags])
        return int(many)

    def topic(self, name: str) -> str:
        """The ARN of a new SNS topic."""
        made: str = self.station.ask("topic", name)
        return made

    def notices(self, topic: str) -> list[tuple[str, str]]:
        """Subject and message of what a topic has received, in order."""
        return [(subject, said) for subject, said in self.station.ask("notices", topic)]

    def ask_airflow(self, statement: str, values: list[Any] | None = None) -> list[Any]:
        """Rows of Airflow's own database."""
        found: list[Any] = self.station.ask("sql", "airflow", statement, values)
        return found

    def ask_warehouse(self, statement: str, values: list[Any] | None = None) -> list[Any]:
        """Rows of the database behind the connection `warehouse`."""
        found: list[Any] = self.station.ask("sql", "warehouse", statement, values)
        return found


SLOTS = """
SELECT count(*) FROM task_instance WHERE dag_id = ANY(%s) AND state IN ('queued', 'running')
"""
MORE = """
SELECT dag_id FROM dag WHERE dag_id = ANY(%s) AND next_dagrun_create_after IS NOT NULL
"""


@dataclass(frozen=True)
class Loaded:
    """The Dags of one project in a running Airflow."""

    lab: Lab
    compiled: Compiled

    @property
    def dags(self) -> list[str]:
        """The ids of the Dags, in the order of the file."""
        return [dag_id(one.pipeline, one.schedule.name) for one in self.compiled.graphs]

    def dag(self, schedule: str) -> str:
        """The id of the Dag of a schedule."""
        (found,) = (
            dag_id(one.pipeline, one.schedule.name)
            for one in self.compiled.graphs
            if one.schedule.name == schedule
        )
        return found

    def start(self, *schedules: str) -> None:
        """Unpause the Dags of these schedules, or all."""
        self._pause(schedules, False)

    def pause(self, *schedules: str) -> None:
        self._pause(schedules, True)

    def _pause(self, schedules: Iterable[str], paused: bool) -> None:
        for name in [self.dag(one) for one in schedules] or self.dags:
            self.lab.api.pause(name, paused)

    def record(self) -> Record:
        """What Airflow has written down so far."""
        return record(self.lab.station, self.lab.version, self.dags)

    def until(
        self, test: Callable[[Record], bool], what: str, patience: float = PATIENCE
    ) -> Record:
        """The first record of which `test` is true."""
        found: list[Record] = []

        def holds() -> bool:
            found[:] = [self.record()]
            return test(found[0])

        try:
            self.lab.until(holds, what, patience)
        except TimeoutError as problem:
            raise AssertionError(str(problem)) from None
        return found[0]

    def until_ended(self, begin: str, end: str, patience: float = PATIENCE) -> Record:
        """The record once every planned instance of that window has come to its end."""
        wanted = {(one.name, one.start) for one in self.planned(begin, end) if is_work(one)}

        def test(now: Record) -> bool:
            if not wanted <= {(row.task, row.start) for row in now} or not now.ended:
                return False
            # Nor will there be more: all schedules have an end, and are there.
            return not self.lab.ask_airflow(MORE, [self.dags])

        return self.until(test, "everything planned has come to its end", patience)

    def planned(self, begin: str, end: str) -> list[Instance]:
        """What `pipec plan` says of that window."""
        graphs, links = self.compiled.graphs, self.compiled.front.links
        return list(instances(graphs, links, moment(begin), moment(end)))

    def clear(self, task: str, start: str | datetime, *, downstream: bool = False) -> None:
        """Clear a task of one interval; with `downstream`, those of its run that come after it."""
        row = self.record().one(task, start)
        self.lab.api.clear(row.dag, row.run, [row.task], downstream=downstream)

    def trigger(self, schedule: str, at: str | None = None, **conf: Any) -> str:
        """Start a run on demand; its id."""
        return self.lab.api.trigger(self.dag(schedule), conf, at)

    def log(self, row: Row) -> str:
        """What a task has printed in all its attempts."""
        folder = self.lab.station.home / "logs"
        found = folder.glob(f"dag_id={row.dag}/run_id={row.run}/task_id={row.task}/*.log")
        return "\n".join(one.read_text(encoding="utf-8", errors="replace") for one in sorted(found))

    def told(self) -> str:
        """The record, and the logs of what has failed, for whoever reads why a test did."""
        found = self.record()
        failed = [row for row in found if row.state == "failed"]
        logs = [f"{row.task} {row.start}\n{self.log(row)[-5000:]}" for row in failed[:5]]
        return "\n\n".join([str(found), *logs])


def is_work(instance: Instance) -> bool:
    """True for what is a task in Airflow."""
    return instance.kind in ("activity", "precondition")
