"""The steps of tasks of Dag files, as an Airflow sends them to EMR; its Python runs this.

Each line of standard input asks for a task, {file, task, start, end}; a line of the answer is a list of
HadoopJarSteps. They are what AddJobFlowSteps takes: the API's own model says so, and its limit of size.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from types import SimpleNamespace
from typing import Any

import botocore.session
import pendulum
from botocore.validate import ParamValidator

CALL = botocore.session.get_session().get_service_model("emr").operation_model("AddJobFlowSteps")


class Emr:
    """Takes what the API takes, and keeps it."""

    def __init__(self) -> None:
        self.steps: list[Any] = []

    def add_job_flow_steps(self, **given: Any) -> dict[str, Any]:
        found = ParamValidator().validate(given, CALL.input_shape)
        assert not found.has_errors(), found.generate_report()
        (step,) = given["Steps"]
        jar = step["HadoopJarStep"]
        texts = [jar["Jar"], jar.get("MainClass", ""), *jar.get("Args", ())]
        assert sum(map(len, texts)) <= 10_240, "EMR takes no more"
        self.steps.append(jar)
        return {"StepIds": ["s-1"]}


def main() -> None:
    for line in sys.stdin:
        answer = json.dumps(sent(json.loads(line)))
        print(f"@{answer}", flush=True)


def sent(asked: dict[str, str]) -> list[Any]:
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
    emr = Emr()
    steps = task.render_template(task.steps, context, task.dag.get_template_env())
    for number, step in enumerate(steps, 1):
        task.add(emr, "j-1", f"step {number}", step)
    return emr.steps


if __name__ == "__main__":
    main()
