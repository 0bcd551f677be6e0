"""A stand-in for a cluster: this machine, with Spark in place of Hive."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.compiling import dag_files

HERE = Path(__file__).parent
SPARK, AIRFLOW = "PIPEC_SPARK_PYTHON", "PIPEC_AIRFLOW_33"


class Cluster:
    """Runs the steps of tasks as they would be sent to a cluster."""

    def __init__(self, folder: Path, address: str, airflow: subprocess.Popen[str]) -> None:
        self.folder, self.address, self.airflow = folder, address, airflow
        self.s3 = folder / "s3"

    def put(self, key: str, data: bytes | str) -> None:
        """Put an object into S3: `bucket/key`."""
        path = self.s3 / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())

    def run(
        self, project: str | dict[str, str], task: str, start: str, end: str, dag: str = "shop"
    ) -> subprocess.CompletedProcess[str]:
        """What comes of the steps of a task, the last that was run."""
        place = self.folder / "dags" / f"{dag}.py"
        place.parent.mkdir(exist_ok=True)
        place.write_text(dag_files(project)[place.name], encoding="utf-8")
        asked = {"file": str(place), "task": task, "start": start, "end": end}
        for step in self._sent(asked):
            assert step["Jar"] == "command-runner.jar", "nothing here runs other jars"
            done = self.execute(step["Args"])
            if done.returncode:
                break
        return done

    def execute(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        """What comes of a command on the first node."""
        spark = Path(os.environ[SPARK]).parent
        env = {
            **os.environ,
            "PATH": f"{HERE / 'bin'}:{spark}:{os.environ['PATH']}",
            "PIPEC_CLUSTER": str(self.folder),
            "PIPEC_SPARK": self.address,
            "PYTHONDONTWRITEBYTECODE": "1",
            "LC_ALL": "C.UTF-8",
        }
        return subprocess.run(
            command, env=env, cwd=self.folder, capture_output=True, text=True, timeout=900
        )

    def query(self, text: str) -> list[list[str | None]]:
        """The rows of a query, as texts."""
        found: list[list[str | None]] = self._ask({"query": text})["rows"]
        return found

    def _sent(self, asked: dict[str, str]) -> list[Any]:
        assert self.airflow.stdin is not None
        assert self.airflow.stdout is not None
        self.airflow.stdin.write(json.dumps(asked) + "\n")
        self.airflow.stdin.flush()
        for line in self.airflow.stdout:
            if line.startswith("@"):
                found: list[Any] = json.loads(line[1:])
                return found
        raise AssertionError((self.folder / "airflow.log").read_text()[-3000:])

    def _ask(self, request: dict[str, Any]) -> Any:
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(self.address)
            with client.makefile("rw", encoding="utf-8") as lines:
                lines.write(json.dumps(request) + "\n")
                lines.flush()
                return json.loads(lines.readline() or "{}")


def lacking() -> str:
    """Why there is no such cluster here; empty when there is one."""
    for name in (SPARK, AIRFLOW):
        if not os.environ.get(name):
            return f"{name} is not set: `make test-spark` sets it"
    return "" if shutil.which("java") else "Java is not installed (Debian: default-jre-headless)"


@contextmanager
def started(folder: Path) -> Iterator[Cluster]:
    """A cluster, as long as it is needed."""
    address = str(folder / "spark")
    with (folder / "spark.log").open("wb") as log, (folder / "airflow.log").open("wb") as other:
        worker = subprocess.Popen(
            [os.environ[SPARK], str(HERE / "worker.py"), address, str(folder)],
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=folder,
        )
        airflow = subprocess.Popen(
            [os.environ[AIRFLOW], str(HERE.parent / "airflow" / "steps.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=other,
            env={**os.environ, "AIRFLOW_HOME": str(folder / "airflow")},
            text=True,
        )
    cluster = Cluster(folder, address, airflow)
    try:
        assert worker.stdout is not None
        line = worker.stdout.readline()
        assert line == b"ready\n", (folder / "spark.log").read_text()
        yield cluster
    finally:
        airflow.kill()
        airflow.wait()
        if worker.poll() is None:
            try:
                cluster._ask({"end": True})
                worker.wait(30)
            except (OSError, subprocess.TimeoutExpired):
                worker.kill()
