"""What a wait for another schedule costs a Dag run, for few instances and for many.

PYTHONPATH=.:src bench/wait.py [--airflow 3.3] [--runs 8] [--seconds 90]
"""

from __future__ import annotations

import argparse

from measure import environment
from pipec.targets.airflow.version import VERSIONS
from tests.compiling import dag_files
from tests.scheduled.station_at import station
from whole import Airflow, Cost

PROJECT = """
pipeline: {name}
schedules:
  quarter: every 15 minutes from 2026-01-01T00:00Z until 2026-01-07T00:00Z
  hourly: every 1 hour from 2026-01-06T00:00Z {runs} times
defaults: {{schedule: hourly, max_active: {runs}}}
datanodes:
  visits: s3 s3://shop/visits/${{{{ start:%Y-%m-%d-%H-%M }}}}
activities:
  load: {{shell: "true", schedule: quarter, flow: -> visits}}
  work: {{shell: "true", stage: false, airflow: {{pool: closed}}{flow}}}
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--airflow", choices=VERSIONS, default="3.3")
    options.add_argument("--runs", type=int, default=8, help="at a time")
    options.add_argument("--seconds", type=int, default=90, help="that they are measured for")
    given = options.parse_args()
    size = given.runs, given.seconds
    with station(environment(f"airflow-{given.airflow}")) as started:
        airflow = Airflow(started, given.airflow)
        measure(airflow, "warm_up", "", 2, 40)
        alone = measure(airflow, "alone", "", *size)
        four = measure(airflow, "four", ", flow: visits", *size)
        many = measure(airflow, "many", ", flow: visits over 4 days", *size)
        often = measure(airflow, "four_often", ", flow: visits", *size)
        many_often = measure(airflow, "many_often", ", flow: visits over 4 days", *size)
    print("one wait, of which nothing comes: a start of a task that gives its slot back,")
    for label, once, each in (("  4", four, often), ("384", many, many_often)):
        poll = max(0.0, each.cpu - once.cpu) / (given.seconds - given.seconds / 60)
        print(
            f"  for {label} instances {once.cpu - alone.cpu:.2f} s of a processor, "
            f"and {poll:.3f} s each minute"
        )


def measure(airflow: Airflow, name: str, flow: str, runs: int, seconds: int) -> Cost:
    """What a run costs whose work may wait for the instances of a Dag that is paused."""
    files = dag_files(PROJECT.format(name=name, runs=runs, flow=flow), airflow.version)
    if name.endswith("_often"):
        every = "poke_interval=timedelta({})".format
        files = {
            file: text.replace(every("minutes=1"), every("seconds=1"))
            for file, text in files.items()
        }
    return airflow.measure(name, files, lambda: None, runs, seconds)


if __name__ == "__main__":
    main()
