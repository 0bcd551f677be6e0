"""Loads the Dag files of a folder by the DagBag of the Airflow that runs this, and tells of them.

Reads {"folder", "most"} from standard input. Of each Dag it writes what the scheduler goes by: its
tasks, their order, the first runs, and for each run the instances that its sensors wait for.
"""

from __future__ import annotations

import json
import re
import sys
import warnings
from datetime import UTC, datetime
from typing import Any

try:
    from airflow.dag_processing.dagbag import DagBag
except ImportError:
    from airflow.models.dagbag import DagBag
from airflow.serialization import serialized_objects
from airflow.timetables.base import TimeRestriction

try:
    # In 3.3 a Dag file only describes its timetable.
    from airflow.serialization.encoders import coerce_to_core_timetable
except ImportError:

    def coerce_to_core_timetable(timetable: Any) -> Any:
        return timetable


Serialized: Any = getattr(serialized_objects, "DagSerialization", None) or getattr(
    serialized_objects, "SerializedDAG", None
)


def main() -> None:
    asked = json.load(sys.stdin)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        bag = DagBag(asked["folder"])
    told = [
        f"{one.filename}:{one.lineno}: {one.message}"
        for one in caught
        if one.filename.startswith(asked["folder"])
    ]
    dags = {dag_id: about(dag, asked["most"]) for dag_id, dag in bag.dags.items()}
    json.dump({"errors": bag.import_errors, "warnings": told, "dags": dags}, sys.stdout)


def about(dag: Any, most: int) -> dict[str, Any]:
    found = runs(dag, most)
    return {
        "timetable": type(dag.timetable).__name__,
        "start": text(dag.start_date),
        "end": text(dag.end_date),
        "catchup": dag.catchup,
        "max_active_runs": dag.max_active_runs,
        # The address of an object is another one whenever the file is read: a new version of the Dag.
        "addresses": re.findall(r".{0,80} at 0x.{0,80}", json.dumps(Serialized.to_dict(dag))),
        "params": dag.params.dump() if hasattr(dag.params, "dump") else dict(dag.params),
        "tasks": {task.task_id: about_task(task, found) for task in dag.tasks},
        "runs": [[text(one.start), text(one.end), text(due)] for one, due in found],
        "functions": {
            name: call(function) for name, function in (dag.user_defined_macros or {}).items()
        },
    }


def about_task(task: Any, found: list[Any]) -> dict[str, Any]:
    delay = task.retry_delay
    return {
        "operator": type(task).__name__,
        "upstream": sorted(task.upstream_task_ids),
        "retries": task.retries,
        "retry_delay": delay.total_seconds(),
        "at_once": task.max_active_tis_per_dag,
        "timeout": task.execution_timeout and task.execution_timeout.total_seconds(),
        "told": [kind for kind in ("failure", "success") if getattr(task, f"on_{kind}_callback")],
        "waits": waits(task, found),
    }


def waits(task: Any, found: list[Any]) -> dict[str, Any] | None:
    """Of a sensor: the task that it waits for, and which of its instances each run waits for."""
    if not hasattr(task, "external_dag_id"):
        return None
    starts = []
    for one, _ in found:
        dates = task.starts(one.start, one.end)
        assert isinstance(dates, list)
        starts.append([text(date) for date in dates])
    return {"dag": task.external_dag_id, "task": task.external_task_id, "starts": starts}


def runs(dag: Any, most: int) -> list[Any]:
    """The interval and the due time of the first runs, as the scheduler makes them."""
    if dag.start_date is None:
        return []
    timetable = coerce_to_core_timetable(dag.timetable)
    restriction = TimeRestriction(dag.start_date, dag.end_date, catchup=dag.catchup)
    found: list[Any] = []
    last = None
    while len(found) < most:
        info = timetable.next_dagrun_info(
            last_automated_data_interval=last, restriction=restriction
        )
        if info is None:
            break
        last = info.data_interval
        found.append((last, info.run_after))
    return found


def call(function: Any) -> Any:
    """What a function of the file says about a run that was given no time, or about a time."""

    class Run:
        logical_date = None
        run_after = datetime(2026, 1, 31, 1, 2, 3, tzinfo=UTC)

    if function.__name__ == "run_time":
        return str(function(Run()).add(months=1))
    if function.__name__.endswith("_span"):
        return [text(time) for time in function(Run.run_after, Run.run_after)]
    if function.__name__.endswith("_intervals"):
        return [[text(time) for time in one] for one in function(Run.run_after, Run.run_after)]
    return text(function(Run.run_after))


def text(time: Any) -> str | None:
    return time and time.astimezone(UTC).isoformat()


if __name__ == "__main__":
    main()
