"""A database as the tasks of a Dag reach it, and how its tables stand in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from pipec.diagnostic import Diagnostic, diagnostic
from pipec.dialect import dialect_of, literal, quoted, table_name
from pipec.frozen import frozen
from pipec.ir import Connection
from pipec.links import Found
from pipec.targets.airflow.template import escape
from pipec.targets.airflow.timetable import in_zone, interval_of_run
from pipec.targets.python.values import Value

if TYPE_CHECKING:
    from pipec.targets.airflow.work import Work


@frozen
class Database:
    """What is behind a Connection of Airflow."""

    name: str
    """The id of the Connection."""
    engine: str
    dialect: str
    hook_params: Mapping[str, Value] = field(default_factory=dict)
    """What its hook is told besides what the Connection says."""
    instead_of: str = ""
    """The engine of the database that it stands in for, if it does."""

    @property
    def family(self) -> str:
        """Whose driver it is: what the functions are called after that read and write its rows."""
        return {"redshift": "postgres", "mariadb": "mysql"}.get(self.engine, self.engine)

    @property
    def in_utc(self) -> Mapping[str, Value]:
        """The same, for a session in which moments without a zone are those of UTC."""
        if self.family != "mysql":
            return self.hook_params
        return {**self.hook_params, "init_command": "SET time_zone = '+00:00'"}

    def column(self, name: str) -> str:
        """The template of a column's name in SQL."""
        return escape(quoted(name, self.dialect))


def database(connection: Connection, work: Work) -> Database:
    """The database that a connection leads to, or the PostgreSQL that stands in for it."""
    if connection.name in work.stand_ins:
        return Database(connection.name, "postgres", "postgres", instead_of=connection.engine)
    given = connection.given
    params: dict[str, Value] = {}
    if connection.engine == "jdbc":
        if given.get("driver"):
            params["driver_class"] = escape(given["driver"])
        if "://" in given.get("jar", ""):
            work.report.add(DriverElsewhere(connection.span, connection.name, given["jar"]))
        elif given.get("jar"):
            params["driver_path"] = escape(given["jar"])
    return Database(connection.name, connection.engine, dialect_of(connection), params)


def database_of(found: Found, work: Work) -> Database:
    """The database of a datanode that is a table."""
    return database(found.pipeline.connections[found.thing.kind.connection.name], work)


def name_of(found: Found, work: Work) -> str:
    """The template of a table's name in SQL."""
    return escape(table_name(found.thing.kind.table, database_of(found, work).dialect))


def rows_read(found: Found, work: Work) -> str:
    """The condition in SQL of the rows of a table that belong to the instances that are read."""
    return _within(found, work, work.reads.span(found) if work.reads is not None else None)


def rows_written(found: Found, work: Work) -> str:
    """The condition in SQL of the rows of a table that belong to the interval of the run."""
    return _within(found, work, None)


def _within(found: Found, work: Work, span: tuple[str, str] | None) -> str:
    at = database_of(found, work).column(_at(found))
    start, end = interval_literals(found, work, span)
    return f"{at} >= {start} AND {at} < {end}"


def interval_literals(
    found: Found, work: Work, span: tuple[str, str] | None = None
) -> tuple[str, str]:
    """Templates of the ends of an interval, the run's if no other is given, as SQL of a table's database.

    Dates are those of the schedule's zone, in which its days begin; times are in UTC.
    """
    type_ = {one.name: one.type for one in found.thing.kind.columns}.get(found.thing.kind.at, "")
    pattern, around = literal(type_, database_of(found, work).dialect)
    how = f".strftime('{pattern}')" if pattern else " | ts"
    if type_ == "date":
        schedule = work.links.schedule(found)
        how = in_zone(schedule.grid if schedule else work.grid) + how
    start, end = span or interval_of_run(work.grid)
    return around.format(f"{{{{ {start}{how} }}}}"), around.format(f"{{{{ {end}{how} }}}}")


def _at(found: Found) -> str:
    """The column that says to which interval a row belongs, in the quotes that it is declared in."""
    at: str = found.thing.kind.at
    return next((one.name for one in found.thing.kind.columns if one.name == at), at)


@diagnostic
class DriverElsewhere(Diagnostic):
    """Airflow loads a JDBC driver from the disk of the machine where work runs.

    A path there is given to it as `driver_path`, and the class as `driver_class`.
    """

    code = "P450"
    title = "JDBC driver that Airflow does not fetch"
    severity = "warning"
    message = "in Airflow, `{name}` needs its driver on the workers: it is not fetched from {jar}"
    help = "put it there and write its path, or leave `jar` out and say it in the Connection of Airflow"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections:
          crm: {jdbc: , driver: org.h2.Driver, jar: s3://shop/h2.jar}    # P450 crm
        activities:
          clean: {sql: DELETE FROM orders, connection: crm}
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections:
          crm: {jdbc: , driver: org.h2.Driver, jar: /opt/jdbc/h2.jar}
        activities:
          clean: {sql: DELETE FROM orders, connection: crm}
        """

    name: str
    jar: str
