"""`sql`: a table of a database that is reached through a connection."""

from __future__ import annotations

import re

from lark import Token

from pipec.checks.one_statement import check_statement, check_values
from pipec.diagnostic import Diagnostic, Report, diagnostic, did_you_mean
from pipec.dialect import PART, first_row
from pipec.facets import Table
from pipec.fields.columns import column_name
from pipec.fields.columns import columns as columns_type
from pipec.fields.forms import read_form, token_span
from pipec.fields.key import FieldType, key
from pipec.fields.reader import Reader
from pipec.fields.scalars import scalar, text
from pipec.frozen import node
from pipec.grid import whole_days
from pipec.ir import Datanode, Pipeline
from pipec.links import Found, Links
from pipec.split import one_statement
from pipec.syntax import Scalar
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.database import database_of, name_of, rows_read, rows_written
from pipec.targets.airflow.look import query_sensor
from pipec.targets.airflow.rows import Rows
from pipec.targets.airflow.statements import statements_of
from pipec.targets.airflow.template import escape
from pipec.targets.airflow.work import Work
from pipec.targets.python.values import Call, Name, Value
from pipec.values import Column, Ref, Text


@node
class TableName:
    """A connection and the name of a table behind it."""

    connection: Ref
    name: str


def _table(it: Scalar, reader: Reader) -> TableName | None:
    connection, dot, name = it.value.strip().partition(".")
    form = read_form("names", Scalar(it.span, connection, True), reader) if connection else None
    if form is None or not dot or not _NAME.fullmatch(name):
        reader.report.add(NoTable(it.span, it.value.strip()))
        return None
    token = form.children[0]
    assert isinstance(token, Token)
    return TableName(connection=Ref(connection, token_span(it, token)), name=name)


_NAME = re.compile(rf"({PART})(\.({PART})){{0,2}}")


table = FieldType("table, `connection.table`", scalar("table", _table).read, "connection")

column = scalar(
    "name of a column", lambda it, reader: column_name(it.value.strip(), it.span, reader)
)


@node
class Sql(Table):
    """A table of a database. Its rows may be those of one interval (`at`)."""

    sql: TableName = key(table, "The table: `connection.table` or `connection.schema.table`.")
    columns: tuple[Column, ...] = key(columns_type, "Its columns.", default=())
    at: str = key(
        column, "The column that says to which interval a row belongs.", default="", merges=False
    )
    select: Text | None = key(text, "The query that reads it.", default=None, merges=False)
    insert: Text | None = key(
        text, "The statement that writes one row, `?` for each value.", default=None, merges=False
    )
    create: Text | None = key(
        text, "The statement that makes the table if it is missing.", default=None, merges=False
    )

    def check(self, node: Datanode, pipeline: Pipeline, links: Links, report: Report) -> None:
        """Report what is not one statement, and an `at` that does not tell intervals apart."""
        connection = pipeline.connections.get(self.connection.name)
        check_statement(self.select, "select", connection, report)
        check_statement(self.insert, "insert", connection, report)
        check_values(self.insert, len(self.columns), report)
        if not self.at or not self.columns:
            return
        column = next((one for one in self.columns if one.name == self.at), None)
        if column is None:
            near = did_you_mean(self.at, (one.name for one in self.columns), "it declares others")
            report.add(AtIsNoColumn(node.span, node.name, self.at, near))
            return
        if column.type != "date":
            return
        found = Found("datanode", node, pipeline)
        own = links.schedule(found)
        # Without a schedule of its own, its instances are those of whoever reads it.
        others = (links.schedule(one) for one, _ in links.readers.get(found.key, ()))
        for schedule in (own,) if own else others:
            if schedule is not None and not whole_days(schedule.grid):
                report.add(AtIsTooCoarse(node.span, node.name, self.at, schedule.name))
                return

    @property
    def connection(self) -> Ref:
        """The connection through which it is reached."""
        return self.sql.connection

    @property
    def table(self) -> str:
        """Its name there."""
        return self.sql.name


@airflow.sources.of(Sql)
def read_in_airflow(kind: Sql, found: Found, target: Found, work: Work) -> Rows:
    """The function that reads its rows, and its arguments."""
    there = database_of(found, work)
    arguments: dict[str, Value] = {"conn_id": there.name}
    if kind.select is not None:
        own = work.of(found)
        query = own.command(one_statement(own.resolved(kind.select), there.dialect))
    else:
        columns = ", ".join(there.column(one.name) for one in kind.columns) or "*"
        query = f"SELECT {columns} FROM {name_of(found, work)}"
        if kind.at:
            query += f" WHERE {rows_read(found, work)}"
        if kind.columns and there.family in ("oracle", "jdbc"):
            arguments["columns"] = [escape(one.name) for one in kind.columns]
    if there.hook_params:
        arguments["hook_params"] = there.hook_params
    return work.helper(f"read_{there.family}"), {**arguments, "sql": query}


@airflow.targets.of(Sql)
def write_in_airflow(kind: Sql, found: Found, mode: str, work: Work) -> Rows:
    """The function that writes rows to it, and its arguments."""
    own, there = work.of(found), database_of(found, work)
    arguments: dict[str, Value] = {"conn_id": there.name, "table": name_of(found, work)}
    if kind.create is not None:
        arguments["create"] = statements_of(kind.create, there, own)
    if kind.insert is not None:
        insert = one_statement(own.resolved(kind.insert), there.dialect)
        arguments["insert"] = own.command(insert)
    if kind.at:
        arguments["replace"] = rows_written(found, work)
    elif mode == "replace":
        arguments["replace"] = ""
    if there.hook_params:
        arguments["hook_params"] = there.hook_params
    write = work.helper("write_sql"), work.helper(f"insert_{there.family}")
    return Call(Name("partial", "functools"), write), arguments


@airflow.looks.of(Sql)
def look_in_airflow(kind: Sql, found: Found, size: int, work: Work) -> Call:
    """The sensor that waits for a row; of a table with `at`, for one of the interval."""
    there = database_of(found, work)
    where = f" WHERE {rows_read(found, work)}" if kind.at else ""
    query = first_row(name_of(found, work) + where, there.dialect)
    return query_sensor(work, there, query, there.in_utc if kind.at else there.hook_params)


@diagnostic
class NoTable(Diagnostic):
    """A table is named together with the connection through which it is reached."""

    code = "P234"
    title = "Not a table"
    message = "`{found}` does not name a connection and a table"
    help = "write `connection.table` or `connection.schema.table`"
    fails = """
        pipeline: shop
        connections: {db: postgres}
        datanodes: {orders: sql orders}    # P234 orders
        """
    fixed = """
        pipeline: shop
        connections: {db: postgres}
        datanodes: {orders: sql db.orders}
        """

    found: str


@diagnostic
class AtIsNoColumn(Diagnostic):
    """`at` names the column that says to which interval a row belongs."""

    code = "P290"
    title = "`at` is no column"
    message = "`{name}` declares no column `{at}`"
    help = "{near}"
    fails = """
        pipeline: shop
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, at: orderd_at, columns: "id bigint, ordered_at timestamp"}    # P290 orders
        """
    fixed = """
        pipeline: shop
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, at: ordered_at, columns: "id bigint, ordered_at timestamp"}
        """

    name: str
    at: str
    near: str


@diagnostic
class AtIsTooCoarse(Diagnostic):
    """A date belongs to a whole day: it cannot say in which hour of it a row lies.

    All rows of a day would belong to the interval that midnight lies in, and none to the others.
    Intervals that a date can tell apart begin at midnight, on the clock of their schedule's zone.
    """

    code = "P291"
    title = "`at` is too coarse"
    message = "`{at}` is a date, and not all instances of `{name}` begin and end at midnight (`{schedule}`)"
    help = "use a column of the type timestamp, or a schedule whose days begin at midnight"
    fails = """
        pipeline: shop
        schedules: {hourly: every 1 hour from 2026-01-01T00:00Z}
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, at: day, columns: "id bigint, day date", schedule: hourly}    # P291 orders
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, at: day, columns: "id bigint, day date", schedule: daily}
        """

    name: str
    at: str
    schedule: str
