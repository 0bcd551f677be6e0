"""Keeps watch over one command: ends it after a time, and ends whatever it has left behind.

Run as a script by its path: `python keeper.py SECONDS COMMAND...`. The command gets one more
argument: a folder of its own, which is gone in the end. Everything is ended as well as soon as
standard input closes, so nothing survives the process that started this one. It exits with the
status of the command, or with 124 when the time was over.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TIME_IS_OVER = 124
GRACE = 2.0


def main(limit: float, command: list[str]) -> int:
    """The exit status of `command`, with which everything has ended that it started."""
    adopt_orphans()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with tempfile.TemporaryDirectory(prefix="pipec-", ignore_cleanup_errors=True) as scratch:
        return watch(limit, [*command, scratch])


def watch(limit: float, command: list[str]) -> int:
    end = time.monotonic() + limit
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True) as process:
        try:
            while time.monotonic() < end:
                if (status := process.poll()) is not None:
                    return status if status >= 0 else 128 - status
                if select.select([sys.stdin], [], [], 0.1)[0] and not os.read(0, 4096):
                    return 128 + signal.SIGINT
            return TIME_IS_OVER
        finally:
            end_all()


def adopt_orphans() -> None:
    """On Linux, make this process the parent of every descendant that loses its own.

    A task starts sessions of its own, and so does PostgreSQL: a process group is not enough.
    """
    if sys.platform == "linux":
        set_child_subreaper = 36
        ctypes.CDLL(None, use_errno=True).prctl(set_child_subreaper, 1, 0, 0, 0)


def end_all() -> None:
    """End all descendants: by request first, so that PostgreSQL gives back its shared memory."""
    deadline = time.monotonic() + GRACE
    asked: set[int] = set()
    while left := descendants():
        polite = time.monotonic() < deadline
        for pid in left:
            if not polite:
                send(pid, signal.SIGKILL)
            elif pid not in asked:
                asked.add(pid)
                send(pid, signal.SIGTERM)
        if time.monotonic() > deadline + GRACE:
            return
        time.sleep(0.05)


def send(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def descendants() -> list[int]:
    """The processes that were started by this one or by those; the dead ones are forgotten."""
    children: dict[int, list[int]] = {}
    for pid, parent, state in processes():
        if state.startswith("Z"):
            if parent == os.getpid():
                reap(pid)
            continue
        children.setdefault(parent, []).append(pid)
    found, left = [], [os.getpid()]
    while left:
        below = children.get(left.pop(), [])
        found += below
        left += below
    return found


def reap(pid: int) -> None:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def processes() -> list[tuple[int, int, str]]:
    """Every process: its id, its parent's and its state. Small Linux images lack `ps`."""
    if not Path("/proc/self/stat").exists():
        text = subprocess.run(
            ["ps", "-A", "-o", "pid=,ppid=,state="], capture_output=True, text=True, check=False
        ).stdout
        rows = [line.split() for line in text.splitlines()]
        return [(int(pid), int(parent), state) for pid, parent, state in rows]
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                # The name of the program, in parentheses, may hold anything.
                state, parent, *_ = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            found.append((int(entry.name), int(parent), state))
    return found


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), sys.argv[2:]))
