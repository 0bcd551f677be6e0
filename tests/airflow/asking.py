"""Asking a real Airflow: a script that it runs, a question as JSON, an answer as JSON."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def asked(python: str, script: str, question: Any, home: Path) -> Any:
    """The answer of `script`, a file in this folder, run by a Python that has Airflow."""
    settings = {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db",
        # Both sides read the zones of the tzdata package.
        "PYTHONTZPATH": "",
    }
    done = subprocess.run(
        [python, str(HERE / script)],
        input=json.dumps(question),
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-5000:]
    return json.loads(done.stdout.splitlines()[-1])
