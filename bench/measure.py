"""Running commands in turns and reading what they cost."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PIPEC = (sys.executable, "-m", "pipec")


@dataclass(frozen=True)
class Cost:
    """Seconds, on the clock and of a processor; and the most bytes of memory at a time."""

    wall: float
    cpu: float
    peak: float


def environment(name: str, *python: str) -> str:
    """The Python of the environment `name`, made if it is not there."""
    script = ROOT / "tests" / "environments" / "make.sh"
    found = subprocess.run([script, name, *python], check=True, stdout=subprocess.PIPE, text=True)
    return found.stdout.strip()


def cost(command: Sequence[str], **variables: str) -> Cost:
    """What one run of `command` costs; it has to succeed."""
    start = time.perf_counter()
    process = subprocess.Popen(command, env=_settings(variables), stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    _succeeded(process)
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * unit)


def lines(command: Sequence[str], **variables: str) -> Iterator[str]:
    """What `command` prints, line by line; it has to succeed."""
    settings = _settings(variables)
    with subprocess.Popen(command, env=settings, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield from process.stdout
    _succeeded(process)


def _settings(variables: dict[str, str]) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT / "src")} | variables


def _succeeded(process: subprocess.Popen[Any]) -> None:
    if process.returncode:
        sys.exit(f"{' '.join(map(str, process.args))} ended with {process.returncode}")


def in_turns(runs: dict[str, Callable[[], Cost]], repetitions: int) -> dict[str, Cost]:
    """The median cost of each run; they take turns, every other time in the opposite order."""
    costs: dict[str, list[Cost]] = {name: [] for name in runs}
    for repetition in range(repetitions):
        for name in list(runs)[:: 1 if repetition % 2 == 0 else -1]:
            costs[name].append(runs[name]())
    return {name: _median(of) for name, of in costs.items()}


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(*(statistics.median(getattr(one, it.name) for one in costs) for it in fields(Cost)))
