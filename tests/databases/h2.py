"""A real H2 behind JDBC, from Debian's package libh2-java."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

JAR = Path("/usr/share/java/h2.jar")
JAVA = ["java", "-Xmx256m", "-Dh2.bindAddress=127.0.0.1", "-cp", str(JAR)]
MISSING = "" if JAR.exists() and shutil.which("java") else "libh2-java is not installed"
"""Why there is none; empty when there is."""

ALLOWED = {
    "AIRFLOW__PROVIDERS_JDBC__ALLOW_DRIVER_CLASS_IN_EXTRA": "True",
    "AIRFLOW__PROVIDERS_JDBC__ALLOW_DRIVER_PATH_IN_EXTRA": "True",
}
"""What a worker has to set: else Airflow pays no heed to the driver that a connection names."""


@dataclass(frozen=True)
class H2:
    """A database at the address `url`, as JDBC says it; the user is `sa`."""

    url: str
    password: str

    def connection(self, **extra: str) -> str:
        """It as a connection of Airflow, which leaves the driver to the pipeline or to `extra`."""
        who = {"login": "sa", "password": self.password}
        return json.dumps({"conn_type": "jdbc", "host": self.url, **who, "extra": extra})

    @property
    def connection_with_driver(self) -> str:
        """The same, with its driver."""
        return self.connection(driver_class="org.h2.Driver", driver_path=str(JAR))

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


@contextlib.contextmanager
def h2(folder: Path) -> Iterator[H2]:
    """An empty database in `folder`, while this lasts."""
    log = folder / "h2.log"
    options = ["-tcp", "-tcpPort", "0", "-ifNotExists", "-baseDir", str(folder)]
    with log.open("wb") as said:
        server = subprocess.Popen(
            [*JAVA, "org.h2.tools.Server", *options], stdout=said, stderr=said
        )
    try:
        for _ in range(600):
            if found := re.search(r"running at tcp://\S+:(\d+) ", log.read_text()):
                break
            assert server.poll() is None, log.read_text()
            time.sleep(0.1)
        else:
            raise AssertionError(log.read_text())
        yield H2(f"jdbc:h2:tcp://127.0.0.1:{found[1]}/./shop", secrets.token_urlsafe(8))
    finally:
        server.terminate()
        server.wait(30)
