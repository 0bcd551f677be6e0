"""DAG Factory as its documentation recommends it: one loader for all YAML files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from workload import Pipeline, Task

NAME = "DAG Factory, one loader"
FILE_OF_ONE = "loader.py"

LOADER = """\
from pathlib import Path

from airflow.sdk import DAG  # noqa: F401  Airflow reads only files that name it.
from dagfactory import load_yaml_dags

HERE = str(Path(__file__).parent)
load_yaml_dags(globals_dict=globals(), dags_folder=HERE, defaults_config_path=HERE)
"""

OUTLINE = """\
{name}:
  schedule: "{cron}"
  catchup: false
  default_args:
    owner: data
    start_date: 2024-01-01
    retries: 2
    retry_delay:
      __type__: datetime.timedelta
      minutes: 5
  tasks:
"""

OPERATORS = {
    "sensor": "airflow.providers.standard.sensors.filesystem.FileSensor",
    "shell": "airflow.providers.standard.operators.bash.BashOperator",
    "nothing": "airflow.providers.standard.operators.empty.EmptyOperator",
}


def write(folder: Path, pipelines: Sequence[Pipeline]) -> None:
    (folder / "loader.py").write_text(LOADER, encoding="utf-8")
    for pipeline in pipelines:
        (folder / f"{pipeline.name}.yml").write_text(yaml_of(pipeline), encoding="utf-8")


def yaml_of(pipeline: Pipeline) -> str:
    """The pipeline as DAG Factory reads it."""
    lines = [line for task in pipeline.tasks for line in _task(task)]
    return OUTLINE.format(name=pipeline.name, cron=pipeline.cron) + "\n".join(lines) + "\n"


def _task(task: Task) -> list[str]:
    lines = [f"    - task_id: {task.name}", f"      operator: {OPERATORS[task.kind]}"]
    if task.kind == "shell":
        lines.append(f'      bash_command: "{task.text}"')
    elif task.kind == "sensor":
        lines += [
            f'      filepath: "{task.text}"',
            "      poke_interval: 60",
            "      timeout: 3600",
            "      mode: reschedule",
        ]
    if task.after:
        lines.append(f"      dependencies: [{', '.join(task.after)}]")
    return lines
