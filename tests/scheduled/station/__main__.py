"""A whole Airflow, with PostgreSQL, a stand-in for AWS and a mailbox, run by Airflow's Python.

    python station DAGS PASSWORD SETTINGS SCRATCH

It runs the Dags of the folder DAGS; SETTINGS are environment variables, as JSON, beside those that
it has by itself. The first line on standard output says, as JSON, where Airflow and the desk are:
what the database and AWS know is asked for there. Whoever starts this ends its processes
(`pipec.local.keeper` does).
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from cloud import Cloud
from database import Database
from desk import answer_questions
from parts import Parts
from settings import Settings, free_port

from pipec.local.worker.mailbox import mailbox


def main(dags: Path, password: str, given: dict[str, str], scratch: Path) -> None:
    began = time.monotonic()
    sys.stdout.reconfigure(line_buffering=True)
    database, cloud = Database(scratch / "postgres"), Cloud(scratch / "machines")
    settings = Settings(scratch / "airflow", dags, password, free_port(), given)
    in_place = settings.put_in_place(database, cloud)
    parts = Parts(settings)
    with mailbox(["smtp_default"], scratch / "mails", lambda *_, **__: None) as mails:
        parts.start()
        of_parts = {"parts": parts.states, "crash": parts.crash, "mails": lambda: mails.mails}
        desk = answer_questions({**database.questions(), **cloud.questions(), **of_parts})
        told = {
            "airflow": settings.address,
            "desk": desk,
            "aws": cloud.address,
            "home": str(settings.home),
            "settings": in_place,
        }
        print(json.dumps({**told, "seconds": time.monotonic() - began}))
        parts.wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3]), Path(sys.argv[4]))
