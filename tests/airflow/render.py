"""Renders templates as tasks of the Airflow that runs this script do.

Reads a list of [template, start, end, params] from standard input and writes what each renders to.
"""

from __future__ import annotations

import importlib
import json
import sys
from types import SimpleNamespace

import pendulum
from airflow.providers.standard.operators.empty import EmptyOperator

try:
    from airflow.sdk import DAG

    macros = importlib.import_module("airflow.sdk.execution_time.macros")
except ImportError:
    from airflow import DAG

    macros = importlib.import_module("airflow.macros")


def main() -> None:
    with DAG("shop", schedule=None):
        task = EmptyOperator(task_id="task")
    answers = []
    for text, start, end, params in json.load(sys.stdin):
        context = {
            "data_interval_start": pendulum.parse(start).in_timezone("UTC"),
            "data_interval_end": pendulum.parse(end).in_timezone("UTC"),
            "params": params,
            "macros": macros,
            "run_id": "it's a run",
            "ti": SimpleNamespace(try_number=2, log_url="http://log"),
        }
        try:
            answers.append(task.render_template(text, context))
        except Exception as error:
            answers.append(f"{type(error).__name__}: {error}")
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
