"""`sql`: a table of a database that is reached through a connection."""

from __future__ import annotations

from pipec.checks.at import check_at
from pipec.checks.one_statement import check_statement, check_values
from pipec.diagnostic import Report
from pipec.facets import Table
from pipec.fields.columns import columns as columns_type
from pipec.fields.key import key
from pipec.fields.scalars import text
from pipec.fields.table import TableName, column, table
from pipec.frozen import node
from pipec.ir import Datanode, Pipeline
from pipec.links import Found, Links
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.rows import Rows
from pipec.targets.airflow.tables import look_table, read_table, write_table
from pipec.targets.airflow.work import Work
from pipec.targets.datapipeline import rows as row
from pipec.targets.datapipeline.says import says
from pipec.targets.python.values import Call
from pipec.values import Column, Ref, Text


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
        check_at(node, pipeline, links, report)

    @property
    def connection(self) -> Ref:
        """The connection through which it is reached."""
        return self.sql.connection

    @property
    def table(self) -> str:
        """Its name there."""
        return self.sql.name


for _type in ("SqlDataNode", "MySqlDataNode"):
    says(
        Sql,
        _type,
        row.table("sql", "table"),
        row.text("selectQuery", "select"),
        row.text("insertQuery", "insert"),
        row.text("createTableSql", "create"),
    )


@airflow.sources.of(Sql)
def read_in_airflow(kind: Sql, found: Found, target: Found, work: Work) -> Rows:
    """The function that reads its rows, and its arguments."""
    return read_table(found, work)


@airflow.targets.of(Sql)
def write_in_airflow(kind: Sql, found: Found, mode: str, work: Work) -> Rows:
    """The function that writes rows to it, and its arguments."""
    return write_table(found, mode, work)


@airflow.looks.of(Sql)
def look_in_airflow(kind: Sql, found: Found, size: int, work: Work) -> Call:
    """The sensor that waits for the table, or for a row; with `at`, for one of the interval."""
    return look_table(found, size, work)
