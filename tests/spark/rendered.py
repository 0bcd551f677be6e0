"""The steps of tasks of Dag files, as an Airflow renders them; its Python runs this.

Each line of standard input asks for one, {file, task, start, end}; the answer, a line of JSON, is the
arguments of each command.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from types import SimpleNamespace
from typing import Any

import pendulum


def main() -> None:
    for line in sys.stdin:
        answer = json.dumps(commands(json.loads(line)))
        print(f"@{answer}", flush=True)


def commands(asked: dict[str, str]) -> list[Any]:
    spec = importlib.util.spec_from_file_location("dag_file", asked["file"])
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (task,) = (it for it in vars(module).values() if getattr(it, "task_id", "") == asked["task"])
    context = {
        "data_interval_start": pendulum.parse(asked["start"]),
        "data_interval_end": pendulum.parse(asked["end"]),
        "params": {},
        "run_id": "run",
        "ti": SimpleNamespace(try_number=1),
    }
    steps = task.render_template(task.steps, context, task.dag.get_template_env())
    return [module.cluster_command(one) for one in steps]


if __name__ == "__main__":
    main()
