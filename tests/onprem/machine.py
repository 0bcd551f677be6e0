"""A machine of one's own: a folder that is its disk, and a worker of Airflow that asks for work."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.onprem.kept import Kept
from tests.scheduled.station_at import Station

SHARED = (
    "AIRFLOW__API_AUTH__",
    "AIRFLOW__CELERY__",
    "AIRFLOW__CORE__EXECUTION_API_SERVER_URL",
    "AIRFLOW__CORE__EXECUTOR",
    "AIRFLOW__CORE__LOAD_EXAMPLES",
    "AIRFLOW__EDGE__",
    "AIRFLOW__USAGE_DATA_COLLECTION__",
    "AIRFLOW__WORKERS__",
    "AWS_",
    "PYTHONPATH",
)
"""How the settings begin that it has in common with Airflow: nothing of Airflow's database."""

BUSY = {
    # How old a request of a worker may be, ten seconds as it comes.
    "AIRFLOW__API_AUTH__JWT_LEEWAY": "120",
    # How long a task waits for the answer to one, five seconds as it comes.
    "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "60",
}
"""Settings of Airflow with which nothing fails only since the machine of the tests has too much to do."""

KNOWN = "SELECT 1 FROM edge_worker WHERE worker_name = %s AND state IN ('idle', 'running')"

DISK = "/proc/self/cwd"
"""The disk, as what runs on the machine sees it: on Linux this path is another folder elsewhere."""


@dataclass(frozen=True)
class Machine:
    """It has Airflow, the Dag files of a station, and a disk that nobody else knows."""

    station: Station
    place: str
    """What the variable PLACE says on it."""
    disk: Path
    settings: dict[str, str]
    """What only it knows, as environment variables."""
    workers: list[Kept] = field(default_factory=list)

    def edge_worker(self, queue: str, name: str) -> Kept:
        """An Edge worker that Airflow knows by that name; it runs two tasks at a time."""
        options = ("--queues", queue, "-c", "2", "--edge-hostname", name)
        worker = self._start("edge", "worker", *options)
        worker.wait_until(lambda: bool(self.station.ask("sql", "airflow", KNOWN, [name])))
        return worker

    def celery_worker(self, queue: str, name: str) -> Kept:
        """A Celery worker of that name that asks for work; it runs two tasks at a time."""
        options = ("--queues", queue, "-c", "2", "--celery-hostname", name, "--skip-serve-logs")
        worker = self._start("celery", "worker", *options)
        worker.wait_until(lambda: f"{name} ready." in worker.told())
        return worker

    def told(self) -> str:
        """The last that its workers have said, for whoever reads why a test failed."""
        return f"{self.place}:\n{''.join(worker.told() for worker in self.workers)}"

    def _start(self, *command: str) -> Kept:
        worker = Kept(
            [self.station.python, "-m", "airflow", *command],
            self.disk / f"worker-{len(self.workers)}.log",
            folder=self.disk,
            environment=self._environment(),
        )
        self.workers.append(worker)
        return worker

    def _environment(self) -> dict[str, str]:
        mine = {name: value for name, value in os.environ.items() if "AIRFLOW" not in name}
        shared = {
            name: value for name, value in self.station.settings.items() if name.startswith(SHARED)
        }
        own = {
            "AIRFLOW_HOME": str(self.disk / "airflow"),
            "AIRFLOW__CORE__DAGS_FOLDER": str(self.disk / "dags"),
            "PLACE": self.place,
        }
        return {**mine, **shared, **own, **self.settings}


@contextlib.contextmanager
def machine(station: Station, place: str, **settings: str) -> Iterator[Machine]:
    """A machine, while this lasts; `settings` are environment variables that only it has."""
    with tempfile.TemporaryDirectory(prefix=f"pipec-{place}-") as folder:
        # A machine elsewhere would have a copy of the Dag files, at a place of its own.
        (Path(folder) / "dags").symlink_to(station.dags)
        made = Machine(station, place, Path(folder), settings)
        try:
            yield made
        finally:
            for worker in made.workers:
                worker.end()
