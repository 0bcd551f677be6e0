"""Runs a job on this machine, shows what happens, and says what became of each instance."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, TextIO

from pipec.local.events import Progress
from pipec.local.job import Job
from pipec.local.table import Instance, table

HERE = Path(__file__).parent
START = (
    "import runpy, sys; sys.path[0] = sys.argv.pop(1); import worker; del sys.path[0];"
    " runpy.run_module('worker', run_name='__main__', alter_sys=True)"
)
"""Runs the package beside this file. Neither what lies beside it nor the folder in which the user
happens to be is for Airflow and the Dag files to import from."""
TIME_IS_OVER = 124


@dataclass(frozen=True)
class Outcome:
    """What became of a job."""

    instances: tuple[Instance, ...]
    notices: tuple[dict[str, str], ...]
    mails: tuple[dict[str, str], ...]
    problem: str
    """Why the job as a whole came to no end; empty when it did."""
    folder: Path
    """Where the logs are, and the S3 objects, tables, notices and mails that the run has left."""

    @property
    def ok(self) -> bool:
        """True when every instance has finished."""
        return not self.problem and all(one.state == "finished" for one in self.instances)


def run(job: Job, python: str, folder: Path, screen: TextIO) -> Outcome:
    """The outcome of `job`, executed by `python` within its time limit; `screen` shows it.

    `folder` is made for it. No process that this has started is left, whatever happens.
    """
    (folder / "dags").mkdir(parents=True)
    for name, text in job.files.items():
        (folder / "dags" / name).write_text(text, encoding="utf-8")
    (folder / "job.json").write_text(job.document(), encoding="utf-8")
    progress = Progress(job, screen)
    if missing := [name for name in job.needs if name not in os.environ]:
        progress.problem = f"these secrets are not in the environment: {', '.join(missing)}"
    else:
        execute(job, python, folder, progress)
    told = tuple(progress.notices), tuple(progress.mails)
    outcome = Outcome(progress.instances(), *told, progress.problem, folder)
    show(outcome, job, screen)
    return outcome


def execute(job: Job, python: str, folder: Path, progress: Progress) -> None:
    """Let `progress` take what the worker tells, until the worker is gone."""
    command = [sys.executable, str(HERE / "keeper.py"), str(job.limit)]
    command += [python, "-c", START, str(HERE), str(folder.resolve())]
    with (folder / "worker.log").open("wb") as log:
        keeper = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            encoding="utf-8",
            start_new_session=True,
        )
    assert keeper.stdin is not None
    assert keeper.stdout is not None
    try:
        for event in events(keeper.stdout):
            progress.take(event)
        status = keeper.wait()
        progress.problem = progress.problem or reason(status, job, progress)
    except KeyboardInterrupt:
        progress.problem = "stopped from the keyboard"
    finally:
        # The keeper ends everything when its input closes, and itself within seconds.
        keeper.stdin.close()
        keeper.wait()
        keeper.stdout.close()


def events(pipe: IO[str]) -> Iterator[dict[str, Any]]:
    """The events, as they come. A line cut short by the end of the worker is none."""
    for line in pipe:
        with contextlib.suppress(ValueError):
            event = json.loads(line)
            if isinstance(event, dict):
                yield event


def reason(status: int, job: Job, progress: Progress) -> str:
    """Why the worker has come to no end; empty when it has."""
    if status == TIME_IS_OVER:
        running = ", ".join(progress.running()) or "nothing"
        return f"the time limit of {job.limit:g} seconds is over; still running: {running}"
    return f"the worker ended with status {status}: see worker.log" if status else ""


def show(outcome: Outcome, job: Job, screen: TextIO) -> None:
    """Print the table, the notices, and where everything is."""
    states = [one.state for one in outcome.instances]
    if set(states) - {"waiting"}:
        print(f"\n{table(outcome.instances)}", file=screen)
    if outcome.notices:
        print("\nnotices:", file=screen)
        for notice in outcome.notices:
            place = notice["topic"].rpartition(":")[2]
            print(f"  {place}: {notice['subject']}: {notice['message']}", file=screen)
    if outcome.mails:
        print("\nmails, sent to nobody:", file=screen)
        for mail in outcome.mails:
            print(f"  {mail['to']}: {mail['subject']}: see {mail['file']}", file=screen)
    counts = ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states))
    print(f"\n{job.pipeline}: {counts or 'nothing to run'}", file=screen)
    if outcome.problem:
        print(f"{job.pipeline}: {outcome.problem}", file=screen)
    print(f"logs, objects, tables and notices are in {outcome.folder}", file=screen)


def new_folder(beside: Path) -> Path:
    """A name for the folder of the next run: `.pipec/runs/TIME`, which git does not see."""
    runs = beside / ".pipec" / "runs"
    runs.mkdir(parents=True, exist_ok=True)
    (runs.parent / ".gitignore").write_text("*\n", encoding="utf-8")
    name = f"{datetime.now():%Y%m%d-%H%M%S}"
    taken = sum(1 for _ in runs.glob(f"{name}*"))
    return runs / (f"{name}-{taken + 1}" if taken else name)
