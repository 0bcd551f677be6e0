"""The workload in pipec's language, compiled."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from measure import PIPEC, ROOT
from workload import Pipeline, Task

NAME = "pipec"
FILE_OF_ONE = "{dag}.py"

OUTLINE = """\
pipeline: {name}
schedules:
  daily: cron "{cron}" from 2024-01-01T00:00Z
defaults:
  schedule: daily
  attempts: 3 every 5 minutes
datanodes:
  source:
    file: {file}
    when: exists
activities:
"""


def write(folder: Path, pipelines: Sequence[Pipeline]) -> None:
    with TemporaryDirectory() as sources:
        write_sources(Path(sources), pipelines)
        settings = os.environ | {"PYTHONPATH": str(ROOT / "src")}
        subprocess.run([*PIPEC, "compile", sources, "-o", folder], check=True, env=settings)


def write_sources(folder: Path, pipelines: Sequence[Pipeline]) -> None:
    """The pipeline files themselves."""
    for pipeline in pipelines:
        file = folder / f"{pipeline.name}.pipe.yaml"
        file.write_text(source_of(pipeline), encoding="utf-8")


def source_of(pipeline: Pipeline) -> str:
    """The pipeline in pipec's language. The sensor is the precondition of its input."""
    [sensor] = (task for task in pipeline.tasks if task.kind == "sensor")
    lines = [
        line for task in pipeline.tasks if task is not sensor for line in _activity(task, sensor)
    ]
    head = OUTLINE.format(name=pipeline.name, cron=pipeline.cron, file=sensor.text)
    return head + "\n".join(lines) + "\n"


def _activity(task: Task, sensor: Task) -> list[str]:
    does = {
        "shell": f"    shell: {task.text}",
        "nothing": "    operator: airflow.providers.standard.operators.empty.EmptyOperator",
    }
    lines = [f"  {task.name}:", does[task.kind]]
    if sensor.name in task.after:
        lines.append("    flow: source")
    elif task.after:
        lines.append(f"    after: {', '.join(task.after)}")
    return lines
