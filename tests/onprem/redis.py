"""A broker for Celery: Redis, from Debian's package redis-server."""

from __future__ import annotations

import contextlib
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.onprem.kept import Kept, needs


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """The address of an empty one, while this lasts."""
    needs("redis-server", shutil.which("redis-server"))
    with tempfile.TemporaryDirectory(prefix="pipec-redis-") as folder:
        port = free_port()
        options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
        server = Kept(["redis-server", *options, "--dir", folder], Path(folder) / "server.log")
        try:
            server.wait_until(lambda: "Ready to accept connections" in server.told())
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.end()


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        number: int = one.getsockname()[1]
        return number
