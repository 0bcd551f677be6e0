"""Tells the process above what happens."""

from __future__ import annotations

import json
import os
from typing import Any, Protocol


class Tell(Protocol):
    """Tells of one event: its name, and what belongs to it."""

    def __call__(self, event: str, **what: Any) -> None: ...


def teller() -> Tell:
    """A way to tell on standard output. What else is printed goes to the log from then on."""
    pipe = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)

    def tell(event: str, **what: Any) -> None:
        pipe.write(json.dumps({"event": event, **what}) + "\n")

    return tell
