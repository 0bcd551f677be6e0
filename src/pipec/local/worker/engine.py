"""Airflow itself, on a SQLite database, in this process."""

from __future__ import annotations

import contextlib
import functools
import importlib
import importlib.metadata
import importlib.util
import inspect
import logging
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

from .attempts import state_of, watched
from .clients import share_clients
from .local import make_local
from .tell import Tell


class Engine:
    """An Airflow with a fresh database, and the Dags of one job."""

    def __init__(self, job: dict[str, Any], folder: Path, tell: Tell) -> None:
        tell("phase", text=f"starting Airflow {importlib.metadata.version('apache-airflow')}")
        importlib.import_module("airflow.utils.db").initdb()
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        mend_airflow()
        self.folder = folder
        self.tell = tell
        self.dags = load_dags(folder / "dags")
        for dag in self.dags.values():
            make_local(dag, job["patience"], job["retry_delay"])

    def execute(self, number: int, run: dict[str, Any]) -> None:
        """Execute one run, and tell how each of its tasks ended, from Airflow's own record."""
        if run["dag"] not in self.dags:
            raise LookupError(f"no file in {self.folder / 'dags'} holds the Dag {run['dag']}")
        dag = self.dags[run["dag"]]
        start, end, due = (datetime.fromisoformat(run[key]) for key in ("start", "end", "due"))
        # What is due at its start has, as the scheduler writes it down, an interval without length.
        interval = (start, start if due == start else end)
        problem, record = "", []
        with exact_interval(dag, *interval), watched(dag, number, run, self.folder, self.tell):
            try:
                record = [about(ti) for ti in test(dag, start, due).get_task_instances()]
            except Exception as reason:
                traceback.print_exc()
                problem = f"{type(reason).__name__}: {reason}"
        self.tell("run ended", run=number, problem=problem, tasks=record)


def load_dags(folder: Path) -> dict[str, Any]:
    """The Dags of the files in `folder`, by id."""
    found = {}
    for number, file in enumerate(sorted(folder.glob("*.py"))):
        spec = importlib.util.spec_from_file_location(f"pipec_dag_file_{number}", file)
        assert spec is not None
        assert spec.loader is not None
        module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for value in vars(module).values():
            dag = getattr(value, "dag", value)  # A Dag need have no name; its tasks know it.
            if hasattr(dag, "dag_id") and hasattr(dag, "task_dict"):
                found[dag.dag_id] = dag
    return found


def test(dag: Any, start: datetime, due: datetime) -> Any:
    """The record of a run of `dag`; 2.11 has other names for the same."""
    if "logical_date" in inspect.signature(dag.test).parameters:
        return dag.test(logical_date=start, run_after=due)
    return dag.test(execution_date=start)


def exact_interval(
    dag: Any, start: datetime, end: datetime
) -> contextlib.AbstractContextManager[Any]:
    """Give the next run of `dag` this interval, as the scheduler would.

    `DAG.test` asks the timetable what a manual run would have: mostly the interval before.
    """
    interval = importlib.import_module("airflow.timetables.base").DataInterval(start, end)

    def exact(*_: Any, **__: Any) -> Any:
        return interval

    timetable = dag.timetable
    with contextlib.suppress(ImportError):
        # 3.3 has timetables that only describe, and makes the real one anew for each run.
        encoders = importlib.import_module("airflow.serialization.encoders")
        timetable = encoders.coerce_to_core_timetable(timetable)
    return mock.patch.object(type(timetable), "infer_manual_data_interval", exact)


def about(ti: Any) -> dict[str, Any]:
    """What Airflow has written down about one task of a run."""
    return {
        "task": ti.task_id,
        "state": state_of(ti),
        "started": ti.start_date.isoformat() if ti.start_date else "",
        "ended": ti.end_date.isoformat() if ti.end_date else "",
        "attempts": ti.try_number,
    }


def mend_airflow() -> None:
    """Set right what `DAG.test` does otherwise than the scheduler and its workers."""
    with contextlib.suppress(ImportError, AttributeError):
        share_clients()
    # A file that names an executor which is not there does not load; here nothing uses any.
    for place in ("airflow.dag_processing.dagbag", "airflow.models.dagbag"):
        with contextlib.suppress(ImportError):
            module: Any = importlib.import_module(place)
            if hasattr(module, "_validate_executor_fields"):
                module._validate_executor_fields = lambda *_, **__: None
    with contextlib.suppress(ImportError):
        runner = importlib.import_module("airflow.sdk.execution_time.task_runner")
        ask = runner.RuntimeTaskInstance.get_first_reschedule_date

        def first_date(*arguments: Any, **options: Any) -> Any:
            # 3.0 has text here, and the second look of a sensor fails on it.
            found = ask(*arguments, **options)
            return datetime.fromisoformat(found) if isinstance(found, str) else found

        runner.RuntimeTaskInstance.get_first_reschedule_date = first_date
    for place, name in (
        ("airflow.models.dagrun", "get_or_create_dagrun"),
        ("airflow.models.dag", "_get_or_create_dagrun"),
    ):
        module = importlib.import_module(place)
        if create := getattr(module, name, None):
            setattr(module, name, functools.partial(begun_now, create))
    with contextlib.suppress(ImportError, AttributeError):
        structlog: Any = importlib.import_module("structlog")
        mask = importlib.import_module("airflow.sdk.log").mask_logs
        # 3.0 would write down each secret that it is told to mask.
        structlog.configure(
            processors=[mask, *structlog.get_config()["processors"]],
            wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        )
    with contextlib.suppress(ImportError, AttributeError):
        supervisor: Any = importlib.import_module("airflow.sdk.execution_time.supervisor")
        # 3.0 makes one for each task, which takes longer than most tasks.
        supervisor.in_process_api_server = functools.cache(supervisor.in_process_api_server)


def begun_now(create: Callable[..., Any], **given: Any) -> Any:
    """A run that has begun now, not on its logical date: one that catches up is not late."""
    return create(**{**given, "start_date": datetime.now(UTC)})
