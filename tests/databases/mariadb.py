"""A real MariaDB, from Debian's package mariadb-server."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MISSING = "" if shutil.which("mariadbd") else "mariadb-server is not installed"
"""Why there is none; empty when there is."""


@dataclass(frozen=True)
class MariaDB:
    """The database `shop` of a server, whose clock shows five hours more than UTC."""

    port: int

    def connection(self, client: str = "mysql-connector-python") -> str:
        """It as a connection of Airflow."""
        place = {"host": "127.0.0.1", "port": self.port, "schema": "shop"}
        user = {"login": "shop", "password": "secret"}
        extra = {"client": client, "charset": "utf8mb4"}
        return json.dumps({"conn_type": "mysql", **place, **user, "extra": extra})

    def session(self) -> Any:
        """A session of one's own."""
        import pymysql

        return pymysql.connect(
            host="127.0.0.1", port=self.port, user="shop", password="secret", database="shop"
        )

    def run(self, *statements: str) -> list[tuple[Any, ...]]:
        """The rows of the last of the statements."""
        with contextlib.closing(self.session()) as session, session.cursor() as cursor:
            for one in statements:
                cursor.execute(one)
            session.commit()
            return list(cursor.fetchall())


@contextlib.contextmanager
def mariadb(folder: Path) -> Iterator[MariaDB]:
    """A server of its own in `folder`, while this lasts."""
    data, log = folder / "mariadb", folder / "mariadb.log"
    made = ["mariadb-install-db", "--auth-root-authentication-method=normal", "--skip-test-db"]
    options = [f"--datadir={data}", "--user=root", "--skip-log-bin", "--innodb-flush-method=fsync"]
    subprocess.run([*made, *options[:2]], check=True, capture_output=True)
    (folder / "first.sql").write_text(
        "CREATE DATABASE shop;\n"
        "CREATE USER shop@'%' IDENTIFIED BY 'secret';\n"
        "GRANT ALL ON *.* TO shop@'%';\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    command = [
        *("mariadbd", "--no-defaults", *options, f"--port={port}", "--bind-address=127.0.0.1"),
        *(f"--socket={folder / 'socket'}", f"--pid-file={folder / 'pid'}", "--skip-name-resolve"),
        *(f"--init-file={folder / 'first.sql'}", "--default-time-zone=+05:00"),
        "--character-set-server=utf8mb4",
    ]
    with log.open("wb") as said:
        server = subprocess.Popen(command, stdout=said, stderr=said)
    try:
        found = MariaDB(port)
        for _ in range(600):
            with contextlib.suppress(Exception):
                found.run("SELECT 1")
                break
            assert server.poll() is None, log.read_text()
            time.sleep(0.1)
        yield found
    finally:
        server.terminate()
        server.wait(60)
