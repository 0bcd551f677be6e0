"""Running commands in turns and reading what they cost."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PIPEC = (sys.executable, "-m", "pipec")


@dataclass(frozen=True)
class Cost:
    """Seconds: on the clock, and of a processor."""

    wall: float
    cpu: float


def environment(name: str, *python: str) -> str:
    """The Python of the environment `name`, made if it is not there."""
    script = ROOT / "tests" / "environments" / "make.sh"
    found = subprocess.run([script, name, *python], check=True, stdout=subprocess.PIPE, text=True)
    return found.stdout.strip()


def cost(command: Sequence[str], **variables: str) -> Cost:
    """What one run of `command` costs; it has to succeed."""
    settings = os.environ | {"PYTHONPATH": str(ROOT / "src")} | variables
    start = time.perf_counter()
    process = subprocess.Popen(command, env=settings, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if process.returncode:
        sys.exit(f"{' '.join(map(str, command))} ended with {process.returncode}")
    return Cost(wall, used.ru_utime + used.ru_stime)


def in_turns(runs: dict[str, Callable[[], Cost]], repetitions: int) -> dict[str, Cost]:
    """The median cost of each run; they take turns, every other time in the opposite order."""
    costs: dict[str, list[Cost]] = {name: [] for name in runs}
    for repetition in range(repetitions):
        for name in list(runs)[:: 1 if repetition % 2 == 0 else -1]:
            costs[name].append(runs[name]())
    return {name: _median(of) for name, of in costs.items()}


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(
        statistics.median(one.wall for one in costs), statistics.median(one.cpu for one in costs)
    )
