"""What a user of Airflow does to it, through its own API: pause, clear, trigger, backfill."""

from __future__ import annotations

import base64
import json
import threading
import urllib.parse
import urllib.request
from collections.abc import Mapping
from typing import Any

from pipec.targets.airflow.version import Version
from tests.scheduled.station_at import Station

USER = "admin"


class Api:
    """The API of one Airflow: v2, or v1 before Airflow 3."""

    def __init__(self, station: Station, version: Version) -> None:
        self.station, self.old = station, version == "2.11"
        self.lock = threading.Lock()
        self.token = ""

    def pause(self, dag: str, paused: bool) -> None:
        self.call("PATCH", f"dags/{dag}", {"is_paused": paused})

    def clear(
        self,
        dag: str,
        run: str,
        tasks: list[str],
        *,
        downstream: bool = False,
        only_failed: bool = False,
    ) -> None:
        """Clear tasks of one run, whatever became of them, or what has failed of them."""
        body = {
            "dry_run": False, "dag_run_id": run, "task_ids": tasks, "only_failed": only_failed,
            "include_downstream": downstream, "reset_dag_runs": True,
        }  # fmt: skip
        self.call("POST", f"dags/{dag}/clearTaskInstances", body)

    def fail(self, dag: str, run: str) -> None:
        """Mark a run as failed: whoever does that wants it to end."""
        self.call("PATCH", f"dags/{dag}/dagRuns/{run}", {"state": "failed"})

    def trigger(self, dag: str, conf: Mapping[str, Any], at: str | None) -> str:
        """Start a run now, for the time `at` if there is one; its id."""
        body: dict[str, Any] = {"conf": conf}
        if at is not None or not self.old:
            body["logical_date"] = at
        found: str = self.call("POST", f"dags/{dag}/dagRuns", body)["dag_run_id"]
        return found

    def backfill(self, dag: str, begin: str, end: str, *, most: int = 5) -> int:
        """Start a backfill of the runs from `begin` to `end`, both included; its number."""
        body = {"dag_id": dag, "from_date": begin, "to_date": end, "max_active_runs": most}
        found: int = self.call("POST", "backfills", body)["id"]
        return found

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """What Airflow answers. A user's tool would send no other header than these."""
        place = f"{self.station.airflow}/api/{'v1' if self.old else 'v2'}/{path}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(place, data, method=method)
        request.add_header("Content-Type", "application/json")
        request.add_header("Authorization", self._authorization())
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read() or "null")
        except urllib.error.HTTPError as problem:
            said = problem.read().decode(errors="replace")
            raise AssertionError(f"{method} {path}: {problem.code} {said}") from None

    def _authorization(self) -> str:
        if self.old:
            pair = f"{USER}:{self.station.password}".encode()
            return f"Basic {base64.b64encode(pair).decode()}"
        with self.lock:
            if not self.token:
                body = json.dumps({"username": USER, "password": self.station.password}).encode()
                place = f"{self.station.airflow}/auth/token"
                request = urllib.request.Request(place, body, method="POST")
                request.add_header("Content-Type", "application/json")
                with urllib.request.urlopen(request, timeout=60) as answer:
                    self.token = json.loads(answer.read())["access_token"]
        return f"Bearer {self.token}"
