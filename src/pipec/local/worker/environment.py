"""The environment of everything that a local run executes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

REGION = "us-east-1"


def set_environment(folder: Path, scratch: Path, job: dict[str, Any]) -> None:
    """Let only local services be reached, whatever the user's own settings of AWS and Airflow say.

    Connections and variables of Airflow that the environment holds stay: they are the pipeline's.
    """
    for name in list(os.environ):
        if name.startswith(("AIRFLOW__", "AWS_")):
            del os.environ[name]
    home = scratch / "airflow"
    home.mkdir()
    os.environ |= {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(folder / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
        "AIRFLOW__OPERATORS__DEFAULT_DEFERRABLE": "False",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "PGTZ": "UTC",
        **job["options"],
    }
