"""A job from its start to its table, with a stand-in for the Python that has Airflow."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from pipec.local.job import DagRun, Job, Task
from pipec.local.run import Outcome, new_folder, run

HOUR = ("2026-01-01T00:00:00+00:00", "2026-01-01T01:00:00+00:00", "2026-01-01T01:00:00+00:00")
RUN = DagRun("shop", *HOUR, (Task("load", "load", "activity"),))
STARTED = {
    "event": "task started",
    "run": 0,
    "task": "load",
    "attempt": 1,
    "at": HOUR[0],
    "log": "logs/load.1.log",
}
LOADED = {"task": "load", "state": "success", "started": "", "ended": "", "attempts": 1}
ENDED = {"event": "run ended", "run": 0, "problem": "", "tasks": [LOADED]}


def stand_in(folder: Path, events: list[dict[str, Any]], rest: str = "") -> str:
    """A program that tells `events`, whatever it is asked to run."""
    lines = "".join(f"{json.dumps(event)}\n" for event in events)
    program = folder / "python"
    program.write_text(f"#!/bin/bash\ncat <<'END'\nhello\n{lines}END\n{rest}\n")
    program.chmod(0o755)
    return str(program)


def outcome(
    folder: Path, events: list[dict[str, Any]], rest: str = "", **more: Any
) -> tuple[Outcome, str]:
    screen = io.StringIO()
    job = Job("shop", {"shop.py": "dag = 1\n"}, (RUN,), **more)
    return run(job, stand_in(folder, events, rest), folder / "run", screen), screen.getvalue()


def test_all_is_well(tmp_path: Path) -> None:
    notice = {"event": "notice", "topic": "arn:aws:sns:r:1:ops", "subject": "s", "message": "m"}
    found, text = outcome(tmp_path, [STARTED, ENDED, notice])
    assert found.ok
    assert [one.state for one in found.instances] == ["finished"]
    assert "  ops: s: m\n" in text
    assert text.endswith(
        f"shop: 1 finished\nlogs, objects, tables and notices are in {tmp_path / 'run'}\n"
    )
    assert (tmp_path / "run" / "dags" / "shop.py").read_text() == "dag = 1\n"


def test_mails_are_shown(tmp_path: Path) -> None:
    mail = {"event": "mail", "to": "a@b.c, d@e.f", "subject": "Orders", "file": "mails/0001.eml"}
    found, text = outcome(tmp_path, [STARTED, ENDED, mail])
    assert [one["file"] for one in found.mails] == ["mails/0001.eml"]
    assert "\nmails, sent to nobody:\n  a@b.c, d@e.f: Orders: see mails/0001.eml\n" in text


def test_an_instance_that_was_not_reached_is_not_well(tmp_path: Path) -> None:
    found, _ = outcome(tmp_path, [])
    assert not found.ok
    assert [one.state for one in found.instances] == ["waiting"]


def test_the_limit_says_what_was_running(tmp_path: Path) -> None:
    found, text = outcome(tmp_path, [STARTED], "sleep 60", limit=0.5)
    assert not found.ok
    assert [one.state for one in found.instances] == ["stopped"]
    running = "still running: shop  2026-01-01 00:00 to 01:00 load"
    assert f"the time limit of 0.5 seconds is over; {running}" in text


def test_a_worker_that_breaks(tmp_path: Path) -> None:
    found, _ = outcome(tmp_path, [{"event": "broken", "text": "no such Dag"}], "exit 1")
    assert found.problem == "no such Dag"
    (tmp_path / "other").mkdir()
    found, _ = outcome(tmp_path / "other", [STARTED], "exit 3")
    assert found.problem == "the worker ended with status 3: see worker.log"


def test_a_secret_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_KEY", "x")
    found, _ = outcome(tmp_path, [ENDED], needs=("SHOP_KEY", "SHOP_TOKEN"))
    assert found.problem == "these secrets are not in the environment: SHOP_TOKEN"
    assert [one.state for one in found.instances] == ["waiting"]


def test_the_keyboard_ends_it(tmp_path: Path) -> None:
    python = stand_in(tmp_path, [STARTED], f"echo $$ > {tmp_path}/pid; sleep 60")
    # What was started in the background has to be told that it can be interrupted at all.
    program = f"""
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from pathlib import Path
from pipec.local.job import DagRun, Job, Task
from pipec.local.run import run
task = Task("load", "load", "activity")
job = Job("shop", {{}}, (DagRun("shop", *{HOUR!r}, (task,)),))
found = run(job, {python!r}, Path({str(tmp_path)!r}, "run"), sys.stdout)
print(found.problem)
"""
    source = str(Path(__file__).parents[2] / "src")
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": source},
    )
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
        time.sleep(0.02)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    text, _ = process.communicate(timeout=15)
    assert text.endswith("stopped from the keyboard\n")
    assert " stopped " in text
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_each_run_has_a_folder_of_its_own(tmp_path: Path) -> None:
    first = new_folder(tmp_path)
    first.mkdir()
    second = new_folder(tmp_path)
    assert first != second
    assert first.parent == second.parent == tmp_path / ".pipec" / "runs"
    assert (tmp_path / ".pipec" / ".gitignore").read_text() == "*\n"
