"""DAG Factory with one loader for each YAML file, so that a task start reads only its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from contenders.dag_factory import yaml_of
from workload import Pipeline

NAME = "DAG Factory, one each"
FILE_OF_ONE = "{dag}.py"

LOADER = """\
from pathlib import Path

from airflow.sdk import DAG  # noqa: F401  Airflow reads only files that name it.
from dagfactory import load_yaml_dags

HERE = Path(__file__)
load_yaml_dags(
    globals_dict=globals(),
    config_filepath=str(HERE.with_suffix(".yml")),
    defaults_config_path=str(HERE.parent),
)
"""


def write(folder: Path, pipelines: Sequence[Pipeline]) -> None:
    for pipeline in pipelines:
        (folder / f"{pipeline.name}.yml").write_text(yaml_of(pipeline), encoding="utf-8")
        (folder / f"{pipeline.name}.py").write_text(LOADER, encoding="utf-8")
