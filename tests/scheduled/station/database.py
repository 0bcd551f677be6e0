"""An embedded PostgreSQL: Airflow's own record, and databases for the work of Dags."""

from __future__ import annotations

import datetime
import decimal
import threading
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pgserver
import psycopg2

DATABASES = ("airflow", "warehouse", "web")


class Database:
    """A server with a database for Airflow, a `warehouse`, and one of a `web` server."""

    def __init__(self, place: Path) -> None:
        # Whoever ends this process ends the server too.
        self.server = pgserver.get_server(place, cleanup_mode=None)
        self.lock = threading.Lock()
        self.open: dict[str, Any] = {}
        for name in DATABASES:
            self.ask("postgres", f"CREATE DATABASE {name}")

    def uri(self, database: str, driver: str) -> str:
        """Where a database is, as SQLAlchemy says it."""
        _, _, rest = self.server.get_uri(database).partition("://")
        return f"{driver}://{rest}"

    def connection(self, database: str) -> dict[str, Any]:
        """Where a database is, as a connection of Airflow says it."""
        uri = urllib.parse.urlparse(self.server.get_uri(database))
        host = urllib.parse.parse_qs(uri.query).get("host", [uri.hostname])[0]
        who = {"login": uri.username, "password": uri.password, "port": uri.port}
        return {"conn_type": "postgres", "host": host, "schema": database, **who}

    def questions(self) -> dict[str, Callable[..., Any]]:
        return {"sql": self.ask}

    def ask(self, database: str, statement: str, values: list[Any] | None = None) -> list[Any]:
        """The rows that a statement returns, if it returns any."""
        with self.lock:
            connection = self.open.get(database)
            if connection is None:
                connection = psycopg2.connect(self.server.get_uri(database))
                connection.autocommit = True
                self.open[database] = connection
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                return [[plain(it) for it in row] for row in cursor] if cursor.description else []


def plain(value: Any) -> Any:
    """The value as JSON can say it; times are in UTC."""
    match value:
        case datetime.datetime(tzinfo=zone):
            return (value.astimezone(datetime.UTC) if zone else value).isoformat()
        case datetime.date():
            return value.isoformat()
        case decimal.Decimal():
            return float(value)
        case memoryview() | bytes():
            return None
    return value
