"""The processes that Airflow consists of."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
from settings import USER, VERSION, Settings

PATIENCE = 600
"""Seconds; half a minute is what a start takes on two cores that do nothing else."""


class Parts:
    """Airflow's processes, each with a log of its own."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.arguments: dict[str, tuple[str, ...]] = {}

    def start(self) -> None:
        """Everything runs when this returns."""
        self._airflow("db", "migrate").check()
        host = ("--port", str(self.settings.port), "--workers", "1")
        if VERSION >= (3, 0):
            self._start("api-server", "--host", "127.0.0.1", *host)
            self._start("dag-processor")
        else:
            name = ("--username", USER, "--password", self.settings.password)
            person = ("--firstname", USER, "--lastname", USER, "--email", f"{USER}@example.com")
            user = self._airflow("users", "create", "--role", "Admin", *name, *person)
            self._start("webserver", "--hostname", "127.0.0.1", *host)
            user.check()
        self._start("scheduler", "--skip-serve-logs")
        self._start("triggerer", "--skip-serve-logs")
        path = "/api/v2/version" if VERSION >= (3, 0) else "/health"
        end = time.monotonic() + PATIENCE
        while not is_there(self.settings.address + path):
            self.check()
            if time.monotonic() > end:
                raise TimeoutError("the API of Airflow does not answer")
            time.sleep(0.5)

    def states(self) -> dict[str, int | None]:
        """The exit status of each process; None while it runs."""
        return {name: process.poll() for name, process in list(self.running.items())}

    def crash(self, name: str) -> None:
        """Kill a part and all that it has started, as when its machine dies; and start it again."""
        process = self.running.pop(name)
        children = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        for one in children:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        process.wait()
        self._start(name, *self.arguments[name])

    def check(self) -> None:
        for name, process in self.running.items():
            if process.poll() is not None:
                raise RuntimeError(f"airflow {name}: {log_of(self.settings.home, name)}")

    def wait(self) -> None:
        """Return when one of them has ended, which none should."""
        while not any(status is not None for status in self.states().values()):
            time.sleep(1)
        self.check()

    def _start(self, name: str, *arguments: str) -> None:
        self.arguments[name] = arguments
        self.running[name] = self._airflow(name, *arguments).process

    def _airflow(self, name: str, *arguments: str) -> Command:
        log = self.settings.home / f"{name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "airflow", name, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        return Command(process, log)


class Command:
    """A command of Airflow that comes to an end."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process, self.log = process, log

    def check(self) -> None:
        """It has ended, and well."""
        if self.process.wait(PATIENCE):
            raise RuntimeError(self.log.read_text(encoding="utf-8")[-5000:])


def log_of(home: Path, name: str) -> str:
    return (home / f"{name}.log").read_text(encoding="utf-8", errors="replace")[-5000:]


def is_there(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5):
            return True
    except OSError:
        return False
