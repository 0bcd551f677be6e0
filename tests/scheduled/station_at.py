"""A running station: where it is, and asking it."""

from __future__ import annotations

import contextlib
import json
import secrets
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipec.local import keeper

STATION = Path(__file__).parent / "station"
LONGEST = 3600
"""Seconds after which everything is ended, whatever has happened."""


@dataclass(frozen=True)
class Station:
    """A whole Airflow that runs the Dags of a folder."""

    python: str
    """The Python that has this Airflow."""
    airflow: str
    """The address of its API."""
    desk: str
    aws: str
    home: Path
    dags: Path
    password: str
    settings: dict[str, str]
    """The environment variables that say how everything in it is set up."""
    seconds: float
    """What it took to start."""

    def ask(self, name: str, *arguments: Any) -> Any:
        """What the database or AWS knows; see `questions` in the folder `station`."""
        question = json.dumps([name, arguments]).encode()
        request = urllib.request.Request(self.desk, question, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as problem:
            raise AssertionError(json.loads(problem.read())) from None


@contextlib.contextmanager
def station(python: str, **settings: str) -> Iterator[Station]:
    """The Airflow of `python`, while this lasts; `settings` are environment variables."""
    # Not below pytest's own folder: PostgreSQL runs as another user, who may not go there.
    with tempfile.TemporaryDirectory(prefix="pipec-dags-") as folder:
        password = secrets.token_urlsafe(8)
        command = [python, str(STATION), folder, password, json.dumps(settings)]
        process = subprocess.Popen(
            [sys.executable, keeper.__file__, str(LONGEST), *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert line, "the station has not started"
            told = json.loads(line)
            home = Path(told.pop("home"))
            yield Station(python, **told, home=home, dags=Path(folder), password=password)
        finally:
            # The keeper ends everything when its input closes, and itself within seconds.
            process.stdin.close()
            process.wait()
            process.stdout.close()
