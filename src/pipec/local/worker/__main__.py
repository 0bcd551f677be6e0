"""Executes the job in a folder, from its `job.json` and `dags/`.

Logs and mails, and at the end the S3 objects, the tables and the notices, are put beside them. What
happens is told as JSON lines on standard output.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

from .cloud import cloud
from .databases import databases
from .engine import Engine
from .environment import set_environment
from .mailbox import mailbox
from .tell import Tell, teller


def main(folder: Path, scratch: Path) -> int:
    """1 when the job came to no end, else 0; how its instances ended is told."""
    tell = teller()
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    set_environment(folder, scratch, job)
    try:
        execute(job, folder, scratch, tell)
    except Exception as problem:
        traceback.print_exc()
        tell("broken", text=str(problem) or type(problem).__name__)
        return 1
    return 0


def execute(job: dict[str, Any], folder: Path, scratch: Path, tell: Tell) -> None:
    data = Path(job["data"]) if job["data"] else None
    with (
        cloud() as aws,
        databases(job["connections"], scratch, tell) as sql,
        mailbox(job["mails"], folder / "mails", tell) as mails,
    ):
        aws.load(job["buckets"], job["topics"], job["secrets"], data)
        sql.load(data)
        engine = Engine(job, folder, tell)
        for number, run in enumerate(job["runs"]):
            engine.execute(number, run)
        tell("phase", text="keeping what is there")
        aws.keep(folder, tell)
        mails.keep(tell)
        sql.keep(folder)


if __name__ == "__main__":
    status = main(Path(sys.argv[1]), Path(sys.argv[2]))
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads of a server or of a task must not keep the process, nor its exit wait for them.
    os._exit(status)
