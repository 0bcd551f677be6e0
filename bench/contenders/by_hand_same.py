"""Dag files as a person writes them who wants what pipec's files do: the same tasks and arguments.

The interval, the catch-up, the bound on runs and the sensor are pipec's; exit status 99 counts as a
failure, and nothing is kept in XCom. That is the floor for files that mean the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from workload import Pipeline, Task

NAME = "by hand, same tasks"
FILE_OF_ONE = "{dag}.py"

OUTLINE = '''\
"""{name}, written by hand."""

import os
from datetime import datetime, timedelta, timezone

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.sensors.python import PythonSensor
from airflow.sdk import DAG, CronDataIntervalTimetable


def is_there(path):
    return os.path.exists(path)


with DAG(
    dag_id="{name}",
    schedule=CronDataIntervalTimetable("{cron}", timezone="UTC"),
    start_date=datetime(2024, 1, 1, tzinfo=timezone.utc),
    catchup=True,
    max_active_runs=5,
    default_args={{
        "retries": 2,
        "retry_delay": timedelta(minutes=5),
        "do_xcom_push": False,
    }},
    tags=["{name}"],
    doc_md=__doc__,
):
{tasks}
{edges}
'''


def write(folder: Path, pipelines: Sequence[Pipeline]) -> None:
    for pipeline in pipelines:
        text = OUTLINE.format(
            name=pipeline.name,
            cron=pipeline.cron,
            tasks="\n".join(f"    {task.name} = {_call(task)}" for task in pipeline.tasks),
            edges="\n".join(
                f"    {earlier} >> {task.name}" for task in pipeline.tasks for earlier in task.after
            ),
        )
        (folder / f"{pipeline.name}.py").write_text(text, encoding="utf-8")


def _call(task: Task) -> str:
    match task.kind:
        case "sensor":
            return (
                f'PythonSensor(task_id="{task.name}", python_callable=is_there, '
                f'op_kwargs={{"path": "{task.text}"}}, mode="reschedule", '
                "poke_interval=timedelta(minutes=1), timeout=timedelta(days=1))"
            )
        case "shell":
            return (
                f'BashOperator(task_id="{task.name}", bash_command="{task.text}", '
                "skip_on_exit_code=None)"
            )
        case _:
            return f'EmptyOperator(task_id="{task.name}")'
