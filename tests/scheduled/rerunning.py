"""`pipec rerun`, typed against a running Airflow."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.scheduled.api import USER
from tests.scheduled.lab import Lab

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Said:
    """The exit status, the document, and what was told to people."""

    status: int
    found: dict[str, Any]
    err: str

    @property
    def instances(self) -> set[str]:
        """What runs again: `load 05T12`."""
        return {f"{one['name']} {one['start'][8:13]}" for one in self.found["instances"]}

    def tasks(self, outcome: str) -> set[str]:
        """The tasks of which that has become."""
        return {
            f"{one['task_id']} {one['start'][8:13]}"
            for one in self.found["tasks"]
            if one["outcome"] == outcome
        }


def rerun(lab: Lab, folder: Path, *words: str, password: str | None = None) -> Said:
    """What `pipec rerun` says of the pipelines in a folder, and has done to this Airflow."""
    who = {
        "PIPEC_AIRFLOW_USER": USER,
        "PIPEC_AIRFLOW_PASSWORD": password or lab.station.password,
        "PYTHONPATH": str(ROOT / "src"),
    }
    command = [sys.executable, "-m", "pipec", "rerun", str(folder), *words]
    done = subprocess.run(
        [*command, "--airflow", lab.station.airflow, "--format", "json"],
        env=os.environ | who,
        capture_output=True,
        text=True,
        check=False,
    )
    assert lab.station.password not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return Said(done.returncode, json.loads(done.stdout or "{}"), done.stderr)
