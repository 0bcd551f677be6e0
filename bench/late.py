"""What the watch over late activities costs a Dag run, against a sensor that looks once a minute.

PYTHONPATH=.:src bench/late.py [--airflow 3.3] [--runs 8] [--seconds 100]
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import dataclass
from pathlib import Path

from measure import environment
from pipec.targets.airflow.version import VERSIONS, Version
from tests.compiling import dag_files
from tests.scheduled.api import Api
from tests.scheduled.station_at import Station, station

MINUTES = 120
"""How long the run is watched over that is reckoned up in the end."""

PROJECT = """
pipeline: {name}
schedules: {{now: on demand}}
notifications: {{oncall: {{sns: "{topic}", message: "${{{{ node.name }}}}"}}}}
defaults: {{schedule: now, max_active: 100}}
activities:
  work: {{shell: "true", airflow: {{pool: closed}}{late}}}
"""

SENSOR = """

    def all_is_done(**context):
        run, ti = context["dag_run"], context["ti"]
        if hasattr(ti, "get_task_states"):
            states = ti.get_task_states(dag_id=ti.dag_id, run_ids=[ti.run_id])[ti.run_id]
        else:
            states = {one.task_id: one.state for one in run.get_task_instances()}
        return states["work"] == "success"

    from airflow.providers.standard.sensors.python import PythonSensor

    PythonSensor(
        task_id="watch",
        python_callable=all_is_done,
        mode="reschedule",
        poke_interval=20,
        do_xcom_push=False,
    )
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--airflow", choices=VERSIONS, default="3.3")
    options.add_argument("--runs", type=int, default=8, help="at a time")
    options.add_argument("--seconds", type=int, default=100, help="that they are measured for")
    given = options.parse_args()
    with station(environment(f"airflow-{given.airflow}")) as started:
        airflow = Airflow(started, given.airflow)
        airflow.measure("warm_up", "", 2, 40)
        alone = airflow.measure("alone", "", given.runs, given.seconds)
        sensor = airflow.measure("sensor", "", given.runs, given.seconds)
        wait = given.seconds - 30
        late = f", late: after {wait} seconds, notify: {{late: oncall}}"
        seldom = airflow.measure("seldom", late, given.runs, given.seconds)
        often = airflow.measure("often", late, given.runs, given.seconds)
    poke = (sensor.cpu - alone.cpu) / sensor.pokes
    poll = max(0.0, often.cpu - seldom.cpu) / (wait - wait / 3)
    look = (seldom.cpu - alone.cpu - wait / 3 * poll) / 2
    print(
        f"a look of the sensor {poke:.2f} s, of the watch {look:.2f} s, of its trigger {poll:.3f} s"
    )
    print(f"in {MINUTES} minutes: sensor {MINUTES} starts of a task, {MINUTES * poke:.0f} s;")
    print(f"the watch with one limit 2 starts, {2 * look + MINUTES * poll:.1f} s of a processor")


@dataclass(frozen=True)
class Cost:
    """What one run has cost, the idling of Airflow and the starting of the run included."""

    cpu: float
    pokes: float


class Airflow:
    """A whole Airflow, in which no `work` ever finds a slot."""

    def __init__(self, started: Station, version: Version) -> None:
        self.station, self.version = started, version
        self.api = Api(started, version)
        self.api.call("POST", "pools", {"name": "closed", "slots": 0, "include_deferred": False})
        self.topic = started.ask("topic", "oncall")

    def measure(self, name: str, late: str, runs: int, seconds: int) -> Cost:
        """What each of some runs costs that go on for some seconds."""
        project = PROJECT.format(name=name, topic=self.topic, late=late)
        (text,) = dag_files(project, self.version).values()
        if name == "sensor":
            text += SENSOR
        if name == "often":
            text = text.replace('task_id="late.watch",', 'task_id="late.watch", poke_interval=1,')
        (self.station.dags / f"{name}.py").write_text(text, encoding="utf-8")
        while not self._ask("SELECT 1 FROM serialized_dag WHERE dag_id = %s", name):
            time.sleep(1)
        self.api.pause(name, False)
        time.sleep(10)
        begin = used()
        started = [self.api.trigger(name, {}, None) for _ in range(runs)]
        time.sleep(seconds)
        cpu = (used() - begin) / runs
        pokes = self._ask(POKES_OF_TWO if self.api.old else POKES, name)[0][0] / runs
        self.api.pause(name, True)
        for run in started:
            self.api.call("DELETE", f"dags/{name}/dagRuns/{run}")
        (self.station.dags / f"{name}.py").unlink()
        print(f"{name:10}{cpu:8.2f} s of a processor per run, {pokes:.1f} pokes", flush=True)
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


if __name__ == "__main__":
    main()
