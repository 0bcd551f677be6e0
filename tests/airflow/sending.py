"""What the tasks of a Dag file send to their machines, in the Airflow that runs this script.

Reads the Dag file that is named, renders what each `RunOnMachine` of it has as in a run, and writes
the lines that AWS Systems Manager would be given, as JSON by task.
"""

from __future__ import annotations

import json
import runpy
import sys
from types import SimpleNamespace

import pendulum

CONTEXT = {
    "data_interval_start": pendulum.datetime(2026, 1, 1),
    "data_interval_end": pendulum.datetime(2026, 1, 2),
    "params": {},
    "run_id": "it's a run",
    "ti": SimpleNamespace(try_number=2),
}


def main() -> None:
    sent = {}
    for task in runpy.run_path(sys.argv[1]).values():
        if type(task).__name__ == "RunOnMachine":
            task.command = task.render_template(task.command, CONTEXT)
            sent[task.task_id] = task.lines("")
    json.dump(sent, sys.stdout)


if __name__ == "__main__":
    main()
