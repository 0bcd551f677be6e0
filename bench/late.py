"""What the watch over late activities costs a Dag run, against a sensor that looks once a minute.

PYTHONPATH=.:src bench/late.py [--airflow 3.3] [--runs 8] [--seconds 100]
"""

from __future__ import annotations

import argparse

from measure import environment
from pipec.targets.airflow.version import VERSIONS
from tests.compiling import dag_files
from tests.scheduled.station_at import station
from whole import Airflow, Cost

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
        measure(airflow, "warm_up", "", 2, 40)
        alone = measure(airflow, "alone", "", given.runs, given.seconds)
        sensor = measure(airflow, "sensor", "", given.runs, given.seconds)
        wait = given.seconds - 30
        late = f", late: after {wait} seconds, notify: {{late: oncall}}"
        seldom = measure(airflow, "seldom", late, given.runs, given.seconds)
        often = measure(airflow, "often", late, given.runs, given.seconds)
    poke = (sensor.cpu - alone.cpu) / sensor.pokes
    poll = max(0.0, often.cpu - seldom.cpu) / (wait - wait / 3)
    look = (seldom.cpu - alone.cpu - wait / 3 * poll) / 2
    print(
        f"a look of the sensor {poke:.2f} s, of the watch {look:.2f} s, of its trigger {poll:.3f} s"
    )
    print(f"in {MINUTES} minutes: sensor {MINUTES} starts of a task, {MINUTES * poke:.0f} s;")
    print(f"the watch with one limit 2 starts, {2 * look + MINUTES * poll:.1f} s of a processor")


def measure(airflow: Airflow, name: str, late: str, runs: int, seconds: int) -> Cost:
    """What a run on demand costs, whose work may be `late`."""
    project = PROJECT.format(name=name, topic=airflow.topic, late=late)
    ((file, text),) = dag_files(project, airflow.version).items()
    if name == "sensor":
        text += SENSOR
    if name == "often":
        text = text.replace('task_id="late.watch",', 'task_id="late.watch", poke_interval=1,')

    def start() -> None:
        for _ in range(runs):
            airflow.api.trigger(name, {}, None)

    return airflow.measure(name, {file: text}, start, runs, seconds)


if __name__ == "__main__":
    main()
