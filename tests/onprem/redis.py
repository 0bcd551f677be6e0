"""A broker for Celery: Redis, from Debian's package redis-server."""

from __future__ import annotations

import contextlib
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.onprem.kept import Kept

PATIENCE = 60.0


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """The address of an empty one, while this lasts."""
    with tempfile.TemporaryDirectory(prefix="pipec-redis-") as folder:
        port = free_port()
        options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
        server = Kept(["redis-server", *options, "--dir", folder], Path(folder) / "server.log")
        try:
            end = time.monotonic() + PATIENCE
            while "Ready to accept connections" not in server.told():
                assert time.monotonic() < end, server.told()
                time.sleep(0.1)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.end()


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        number: int = one.getsockname()[1]
        return number
