"""What an Airflow says of work that is meant for an executor which it does not have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.airflow.asking import asked
from tests.airflow.pythons import every_airflow
from tests.airflow.running import version_of
from tests.compiling import compiled

PROJECT = """
pipeline: shop
schedules: {{daily: every 1 day from 2026-01-05T00:00Z}}
defaults: {{schedule: daily}}
resources: {{office: workers {workers}}}
activities:
  ring: {{shell: echo ring, runs_on: office}}
  count: {{shell: echo count}}
"""


def loaded(python: str, workers: str, home: Path) -> Any:
    """What is told of the Dag file of a pipeline with such workers."""
    made = compiled(PROJECT.format(workers=workers), version_of(python))
    folder = home / "dags"
    folder.mkdir()
    for name, text in made.files.items():
        (folder / name).write_text(text)
    return asked(python, "load.py", {"folder": str(folder), "most": 1}, home)


@every_airflow
def test_without_the_edge_executor_the_file_does_not_load(python: str, tmp_path: Path) -> None:
    told = loaded(python, "edge onprem", tmp_path)
    if version_of(python) == "3.0":
        # It does not look: its scheduler says so in its log, and the task stays scheduled.
        assert told["errors"] == {}
        return
    assert told["dags"] == {}
    (said,) = told["errors"].values()
    assert "UnknownExecutorException" in said
    assert "airflow.providers.edge3.executors.EdgeExecutor" in said


@every_airflow
def test_without_celery_the_file_loads(python: str, tmp_path: Path) -> None:
    # The queue says nothing to another executor, which runs the work itself.
    told = loaded(python, "celery kitchen", tmp_path)
    assert told["errors"] == {}
    assert list(told["dags"]["shop"]["tasks"]) == ["ring", "count"]
