"""A database of one's own that is reached through JDBC: H2, from Debian's package libh2-java."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.onprem.kept import Kept, needs

JAR = Path("/usr/share/java/h2.jar")

ALLOWED = {
    "AIRFLOW__PROVIDERS_JDBC__ALLOW_DRIVER_CLASS_IN_EXTRA": "True",
    "AIRFLOW__PROVIDERS_JDBC__ALLOW_DRIVER_PATH_IN_EXTRA": "True",
}
"""What a worker has to set: else Airflow pays no heed to the driver that a connection names."""


@dataclass(frozen=True)
class H2:
    """A database at the address `url`, as JDBC says it."""

    url: str
    password: str

    def run(self, statements: str) -> str:
        """What H2's own shell prints when it has run these statements, the rows in columns."""
        who = ["-user", "sa", "-password", self.password]
        shell = ["org.h2.tools.Shell", "-url", self.url, *who, "-sql", statements]
        # Java takes its arguments, and prints, in the encoding of the locale.
        known = {**os.environ, "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            [*JAVA, *shell], capture_output=True, encoding="utf-8", env=known, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @property
    def connection(self) -> str:
        """The same, as a connection of Airflow says it."""
        driver = {"driver_class": "org.h2.Driver", "driver_path": str(JAR)}
        who = {"login": "sa", "password": self.password}
        return json.dumps({"conn_type": "jdbc", "host": self.url, **who, "extra": driver})


@contextlib.contextmanager
def h2(name: str) -> Iterator[H2]:
    """An empty database of that name, while this lasts."""
    needs("default-jre-headless", shutil.which("java"))
    needs("libh2-java", JAR.exists())
    with tempfile.TemporaryDirectory(prefix="pipec-h2-") as folder:
        options = ["-tcp", "-tcpPort", "0", "-ifNotExists", "-baseDir", folder]
        server = Kept([*JAVA, "org.h2.tools.Server", *options], Path(folder) / "server.log")
        try:
            server.wait_until(lambda: bool(RUNNING.search(server.told())))
            (port,) = RUNNING.findall(server.told())
            yield H2(f"jdbc:h2:tcp://127.0.0.1:{port}/./{name}", secrets.token_urlsafe(8))
        finally:
            server.end()


JAVA = ["java", "-Xmx128m", "-Dh2.bindAddress=127.0.0.1", "-cp", str(JAR)]


RUNNING = re.compile(r"running at tcp://\S+:(\d+) ")
