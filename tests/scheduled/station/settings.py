"""How the Airflow under test is set up: quick to look and to schedule, otherwise as it comes."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from cloud import Cloud
from database import Database

VERSION = tuple(int(part) for part in version("apache-airflow").split(".")[:2])
SLOTS = 6
USER = "admin"


@dataclass(frozen=True)
class Settings:
    """Where everything is, and the environment that says so to every part of Airflow."""

    home: Path
    dags: Path
    password: str
    port: int
    given: Mapping[str, str]
    """Settings beside those below, or instead of them."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def put_in_place(self, database: Database, cloud: Cloud) -> dict[str, str]:
        """The settings that everything has which is started from now on."""
        self.home.mkdir()
        own = self._of_three() if VERSION >= (3, 0) else OF_TWO
        settings = {**self._of_all(database, cloud), **own, **self.given}
        os.environ.update(settings)
        passwords = self.home / "passwords.json"
        passwords.write_text(json.dumps({USER: self.password}), encoding="utf-8")
        return settings

    def _of_all(self, database: Database, cloud: Cloud) -> dict[str, str]:
        return {
            "AIRFLOW_HOME": str(self.home),
            "PYTHONPATH": str(Path(__file__).parent / "policy"),
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database.uri("airflow", "postgresql+psycopg2"),
            "AIRFLOW__CORE__DAGS_FOLDER": str(self.dags),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
            "AIRFLOW__CORE__PARALLELISM": str(SLOTS),
            # Each scenario says when its Dags begin.
            "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "True",
            "AIRFLOW__CORE__MIN_SERIALIZED_DAG_UPDATE_INTERVAL": "1",
            "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(self.home / "logs"),
            "AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC": "1",
            "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.5",
            "AIRFLOW__SCHEDULER__TRIGGER_TIMEOUT_CHECK_INTERVAL": "2",
            # What a scheduler had in hand that was killed is given to the next one.
            "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "20",
            "AIRFLOW__TRIGGERER__JOB_HEARTBEAT_SEC": "1",
            "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": cloud.address,
            "AIRFLOW_CONN_AWS_DEFAULT": json.dumps(
                {"conn_type": "aws", "extra": {"endpoint_url": cloud.address}}
            ),
            "AIRFLOW_CONN_WAREHOUSE": json.dumps(database.connection("warehouse")),
            "AIRFLOW_CONN_WEB": json.dumps(database.connection("web")),
        }

    def _of_three(self) -> dict[str, str]:
        return {
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{self.address}/execution/",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(self.home / "passwords.json"),
            "AIRFLOW__API__BASE_URL": self.address,
            "AIRFLOW__EDGE__API_URL": f"{self.address}/edge_worker/v1/rpcapi",
            # A machine with much else to do answers late: tasks wait for it.
            "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "60",
            "AIRFLOW__API_AUTH__JWT_LEEWAY": "120",
            "AIRFLOW__API_AUTH__JWT_SECRET": os.urandom(32).hex(),
            # Without one, 3.0.6 signs with none, which later versions of PyJWT refuse.
            "AIRFLOW__API_AUTH__JWT_ISSUER": "station",
            # New files are found soon, and those that stay as they are are read once.
            "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "3",
            "AIRFLOW__DAG_PROCESSOR__BUNDLE_REFRESH_CHECK_INTERVAL": "1",
            "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "86400",
        }


OF_TWO = {
    "AIRFLOW__SCHEDULER__DAG_DIR_LIST_INTERVAL": "3",
    "AIRFLOW__SCHEDULER__MIN_FILE_PROCESS_INTERVAL": "86400",
    "AIRFLOW__API__AUTH_BACKENDS": "airflow.providers.fab.auth_manager.api.auth.backend.basic_auth",
    "AIRFLOW__WEBSERVER__SECRET_KEY": os.urandom(32).hex(),
}


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        number: int = one.getsockname()[1]
        return number
