"""Dag files as a person writes them: the floor."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from workload import Pipeline, Task

NAME = "by hand"
FILE_OF_ONE = "{dag}.py"

OUTLINE = """\
from datetime import timedelta

import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.sensors.filesystem import FileSensor
from airflow.sdk import DAG

with DAG(
    dag_id="{name}",
    schedule="{cron}",
    start_date=pendulum.datetime(2024, 1, 1, tz="UTC"),
    catchup=False,
    default_args={{"owner": "data", "retries": 2, "retry_delay": timedelta(minutes=5)}},
):
{tasks}
{edges}
"""


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
                f'FileSensor(task_id="{task.name}", filepath="{task.text}", '
                'poke_interval=60, timeout=3600, mode="reschedule")'
            )
        case "shell":
            return f'BashOperator(task_id="{task.name}", bash_command="{task.text}")'
        case "nothing":
            return f'EmptyOperator(task_id="{task.name}")'
