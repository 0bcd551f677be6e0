"""What is said when pipec itself is wrong: no user's mistake ever gets here."""

from __future__ import annotations

import os
import shlex
import sys
import traceback
from typing import TextIO

DEBUG = "PIPEC_DEBUG"
REPORT_TO = "the issues of pipec's repository"


def tell(words: list[str], screen: TextIO) -> None:
    """Say that the exception at hand is a mistake of pipec's, and what a report of it needs."""
    from pipec.cli.version import version

    kind, value, _ = sys.exc_info()
    what = f"{kind.__name__ if kind else ''}: {value}".splitlines()[0][:200]
    print(
        f"pipec: this is a bug in pipec, not in your pipelines: {what}\n"
        f"  version  pipec {version()}, Python {sys.version.split()[0]}\n"
        f"  command  pipec {shlex.join(words)}\n"
        f"Report it in {REPORT_TO}, with the pipeline if you can. "
        f"{DEBUG}=1 shows where it happened.",
        file=screen,
    )
    if os.environ.get(DEBUG):
        traceback.print_exc(file=screen)
