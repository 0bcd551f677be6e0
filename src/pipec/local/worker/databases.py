"""An embedded PostgreSQL, with a database for each connection of the pipeline."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .tell import Tell

TABLES = """
SELECT table_schema || '.' || table_name, quote_ident(table_schema) || '.' || quote_ident(table_name)
FROM information_schema.tables
WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')
ORDER BY 1
"""


@contextlib.contextmanager
def databases(connections: list[dict[str, str]], place: Path, tell: Tell) -> Iterator[Databases]:
    """A database for each connection that the environment does not already lead elsewhere."""
    wanted = []
    for connection in connections:
        name, variable = connection["name"], "AIRFLOW_CONN_" + connection["name"].upper()
        if variable in os.environ:
            tell("phase", text=f"{name} is what {variable} says, and is left as it is")
        else:
            wanted.append(name)
            instead = "" if connection["kind"] == "postgres" else f", for {connection['kind']}"
            tell("phase", text=f"{name} is a database of an embedded PostgreSQL{instead}")
    if not wanted:
        yield Databases("", [])
        return
    # It stops when this block ends, or is ended from outside, but not by an exit of this process.
    server = importlib.import_module("pgserver").get_server(place / "postgres", cleanup_mode=None)
    try:
        found = Databases(str(server.get_postmaster_info().socket_dir), wanted)
        found.make()
        yield found
    finally:
        server.cleanup_mode = "stop"
        server.cleanup()


class Databases:
    """The databases of one PostgreSQL, by the names of their connections."""

    def __init__(self, host: str, names: list[str]) -> None:
        self.host = host
        self.names = names

    def connect(self, name: str) -> Any:
        make = importlib.import_module("psycopg2").connect
        return make(host=self.host, user="postgres", dbname=name)

    def make(self) -> None:
        """Make each database, and let Airflow's connection of its name lead to it."""
        with contextlib.closing(self.connect("postgres")) as session:
            session.autocommit = True
            with session.cursor() as cursor:
                # Nothing here has to survive a crash.
                cursor.execute("ALTER SYSTEM SET fsync = off")
                cursor.execute("SELECT pg_reload_conf()")
                for name in self.names:
                    cursor.execute(f'CREATE DATABASE "{name}"')
        for name in self.names:
            about = {"conn_type": "postgres", "host": self.host, "login": "postgres"}
            os.environ["AIRFLOW_CONN_" + name.upper()] = json.dumps({**about, "schema": name})

    def load(self, data: Path | None) -> None:
        """Execute the script `sql/NAME.sql` in `data`, if there is one, in each database."""
        for name in self.names if data else []:
            script = Path(data or "", "sql", f"{name}.sql")
            if script.exists():
                with contextlib.closing(self.connect(name)) as session, session.cursor() as cursor:
                    cursor.execute(script.read_text(encoding="utf-8"))
                    session.commit()

    def keep(self, folder: Path) -> None:
        """Keep every table as the file `sql/NAME/SCHEMA.TABLE.csv`."""
        for name in self.names:
            place = folder / "sql" / name
            place.mkdir(parents=True, exist_ok=True)
            with contextlib.closing(self.connect(name)) as session, session.cursor() as cursor:
                cursor.execute(TABLES)
                for table, quoted in cursor.fetchall():
                    with (place / f"{table.replace('/', '_')}.csv").open("wb") as file:
                        cursor.copy_expert(f"COPY {quoted} TO STDOUT WITH CSV HEADER", file)
