"""A whole Airflow in which some work never finds a slot, and what the runs of a Dag cost it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipec.targets.airflow.version import Version
from tests.scheduled.api import Api
from tests.scheduled.station_at import Station


@dataclass(frozen=True)
class Cost:
    """What one run has cost, the idling of Airflow and the starting of the run included."""

    cpu: float
    pokes: float


class Airflow:
    """A whole Airflow with a pool `closed`, in which nothing ever finds a slot."""

    def __init__(self, started: Station, version: Version) -> None:
        self.station, self.version = started, version
        self.api = Api(started, version)
        self.api.call("POST", "pools", {"name": "closed", "slots": 0, "include_deferred": False})
        self.topic = started.ask("topic", "oncall")

    def measure(
        self,
        name: str,
        files: Mapping[str, str],
        start: Callable[[], object],
        runs: int,
        seconds: int,
    ) -> Cost:
        """What each of the runs of the Dag `name` costs, which `start` starts, in some seconds."""
        for file, text in files.items():
            (self.station.dags / file).write_text(text, encoding="utf-8")
        while not self._ask("SELECT 1 FROM serialized_dag WHERE dag_id = %s", name):
            time.sleep(1)
        time.sleep(10)
        begin = used()
        self.api.pause(name, False)
        start()
        time.sleep(seconds)
        cpu = (used() - begin) / runs
        pokes = self._ask(POKES_OF_TWO if self.api.old else POKES, name)[0][0] / runs
        self.api.pause(name, True)
        started = self._ask("SELECT run_id FROM dag_run WHERE dag_id = %s", name)
        assert len(started) == runs, started
        for (run,) in started:
            self.api.call("PATCH", f"dags/{name}/dagRuns/{run}", {"state": "failed"})
        for file in files:
            (self.station.dags / file).unlink()
        print(f"{name:16}{cpu:8.2f} s of a processor per run, {pokes:.1f} pokes", flush=True)
        time.sleep(20)
        return Cost(cpu, pokes)

    def _ask(self, statement: str, *values: str) -> list[list[int]]:
        found: list[list[int]] = self.station.ask("sql", "airflow", statement, list(values))
        return found


POKES = """
SELECT count(*) FROM task_reschedule JOIN task_instance ON task_instance.id = task_reschedule.ti_id
WHERE dag_id = %s
"""
POKES_OF_TWO = "SELECT count(*) FROM task_reschedule WHERE dag_id = %s"


def used() -> float:
    """Seconds of a processor that all processes below this one have used, those that ended too."""
    stats = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, _, rest = path.read_text(encoding="utf-8").partition(" (")
        except OSError:
            continue
        fields = rest.rpartition(") ")[2].split()
        stats[int(pid)] = (int(fields[1]), sum(map(int, fields[11:15])))
    below, found = {os.getpid()}, 0.0
    while more := {pid for pid, (parent, _) in stats.items() if parent in below} - below:
        below |= more
        found += sum(stats[pid][1] for pid in more)
    return found / os.sysconf("SC_CLK_TCK")
