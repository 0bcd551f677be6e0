"""The Python that has Airflow, and which Airflow that is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass

VARIABLE = "PIPEC_AIRFLOW_PYTHON"
NEEDED = (
    "apache-airflow",
    "apache-airflow-providers-amazon",
    "moto",
    "boto3",
    "pgserver",
    "aiosmtpd",
)

ASK = """
import importlib.metadata, json, sys
found = {}
for name in sys.argv[1:]:
    try:
        found[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pass
print(json.dumps(found))
"""


class MissingAirflowError(Exception):
    """There is no Python that can run a pipeline; the text says how to get one."""


@dataclass(frozen=True)
class Interpreter:
    """A Python that has Airflow and what a local run needs beside it."""

    path: str
    airflow: str
    """The version, `3.3.2`."""


def find_airflow(python: str = "") -> Interpreter:
    """The Python named by `python`, else by PIPEC_AIRFLOW_PYTHON, else this one."""
    path = python or os.environ.get(VARIABLE, "") or sys.executable
    try:
        asked = subprocess.run(
            [path, "-c", ASK, *NEEDED], capture_output=True, text=True, check=True, timeout=60
        )
        found = json.loads(asked.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as problem:
        raise MissingAirflowError(f"{path} is not a Python that works: {problem}") from None
    if missing := [name for name in NEEDED if name not in found]:
        raise MissingAirflowError(
            f"{path} lacks {', '.join(missing)}. Install them with\n\n"
            f'    {path} -m pip install "pipec[run]"\n\n'
            f"or name another Python with --python or {VARIABLE}."
        )
    return Interpreter(path, found["apache-airflow"])
