"""The helpers that Dag files carry do their work in every Airflow.

Each file in `checks/` holds Dags and the functions `check_*` that run them; `run_checks.py`
runs them all in one process of an Airflow, since its start takes longer than most of them.
"""

from __future__ import annotations

import ast
import json
import subprocess
import tempfile
from pathlib import Path

from tests.airflow.pythons import every_airflow

HERE = Path(__file__).parent


@every_airflow
def test_helpers(python: str) -> None:
    # Not below pytest's own folder: PostgreSQL runs as another user, who may not go there.
    with tempfile.TemporaryDirectory(prefix="pipec-") as home:
        results = Path(home, "results.json")
        done = subprocess.run(
            [python, str(HERE / "run_checks.py"), home, str(results)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=900,
        )
        assert results.exists(), done.stdout[-5000:]
        outcomes = json.loads(results.read_text(encoding="utf-8"))
    assert not any(outcomes.values()), "\n\n".join(filter(None, outcomes.values()))
    assert sorted(outcomes) == sorted(checks())


def checks() -> list[str]:
    """The names of all checks."""
    return [
        statement.name
        for path in (HERE / "checks").glob("*.py")
        for statement in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(statement, ast.FunctionDef) and statement.name.startswith("check_")
    ]
