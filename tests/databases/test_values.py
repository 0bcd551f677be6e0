"""Values, names and texts arrive as they are, in every database and in files."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path

from tests.airflow.pythons import every_airflow
from tests.databases.h2 import H2, JAR
from tests.databases.mariadb import MariaDB

HERE = Path(__file__).parent


@every_airflow
def test_values(python: str, mariadb: MariaDB, h2: H2) -> None:
    environment = {
        **os.environ,
        "AIRFLOW_CONN_WEB": mariadb.connection(),
        "AIRFLOW_CONN_OLD": mariadb.connection("mysqlclient"),
        "AIRFLOW_CONN_CRM": h2.connection(),
        "PIPEC_JAR": str(JAR),
        "TZ": "Europe/Zurich",
    }
    # Not below pytest's own folder: PostgreSQL runs as another user, who may not go there.
    with tempfile.TemporaryDirectory(prefix="pipec-") as home:
        results = Path(home, "results.json")
        done = subprocess.run(
            [python, str(HERE / "run_checks.py"), home, str(results)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=900,
        )
        assert results.exists(), done.stdout[-5000:]
        outcomes = json.loads(results.read_text(encoding="utf-8"))
    assert outcomes
    assert not any(outcomes.values()), "\n\n".join(filter(None, outcomes.values()))
