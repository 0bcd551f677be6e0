"""A process that does not outlive this one."""

from __future__ import annotations

import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pipec.local import keeper
from tests.scheduled.station_at import LONGEST

PATIENCE = 300.0
"""Seconds; a worker starts in less than ten when the machine does nothing else."""


class Kept:
    """A command that runs, with whatever it starts; `pipec.local.keeper` ends all of it."""

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        *,
        folder: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.log = log
        # The keeper adds an argument, which is nothing to the command.
        words = ["sh", "-c", f"exec {shlex.join(command)}"]
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, keeper.__file__, str(LONGEST), *words],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=environment,
            )

    def wait_until(self, test: Callable[[], bool]) -> None:
        """Return when `test` is true; that it has ended before, or takes too long, fails."""
        end = time.monotonic() + PATIENCE
        while not test():
            assert self.process.poll() is None, f"it has ended: {self.told()}"
            assert time.monotonic() < end, f"not in time: {self.told()}"
            time.sleep(0.2)

    def end(self) -> None:
        """End it and what it has started."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()

    def die(self) -> None:
        """End all of it in one moment, as when the power fails: nobody is told."""
        for pid in below(self.process.pid):
            keeper.send(pid, signal.SIGKILL)
        self.end()

    def told(self) -> str:
        """The last that it has said."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-5000:]


def needs(package: str, there: object) -> None:
    """Fail where what a package of Debian's brings is not there: nothing is left out quietly."""
    assert there, f"apt-get install {package}"


def below(pid: int) -> list[int]:
    """The processes that `pid` has started, then those that these have."""
    children: dict[int, list[int]] = {}
    for one, parent, _ in keeper.processes():
        children.setdefault(parent, []).append(one)
    found = list(children.get(pid, ()))
    for one in found:
        found += children.get(one, ())
    return found
