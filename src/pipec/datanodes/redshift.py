"""`redshift`: a table of Amazon Redshift."""

from __future__ import annotations

import re

import pipec.formats._redshift  # noqa: F401 - how it reads and writes formats.
from pipec.checks.at import check_at
from pipec.checks.one_statement import check_statement
from pipec.diagnostic import Diagnostic, Report, diagnostic, did_you_mean, listed
from pipec.facets import Table
from pipec.fields.columns import columns as columns_type
from pipec.fields.key import key
from pipec.fields.measures import column_names
from pipec.fields.scalars import text
from pipec.fields.table import PART, TableName, column, table
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
class Redshift(Table):
    """A table of Amazon Redshift.

    `keys` are the columns by which `redshift_copy` knows a row again; without them it asks the
    database for the primary key. How rows are distributed and sorted is said in `create`.
    """

    redshift: TableName = key(
        table, "The table: `connection.table`, `connection.schema.table` or with a database before."
    )
    columns: tuple[Column, ...] = key(columns_type, "Its columns.", default=())
    keys: tuple[Ref, ...] = key(
        column_names, "The columns that tell its rows apart.", default=(), merges=False
    )
    at: str = key(
        column, "The column that says to which interval a row belongs.", default="", merges=False
    )
    select: Text | None = key(text, "The query that reads it.", default=None, merges=False)
    create: Text | None = key(
        text, "The statement that makes the table if it is missing.", default=None, merges=False
    )

    def check(self, node: Datanode, pipeline: Pipeline, links: Links, report: Report) -> None:
        """Report another database, names that Redshift does not take, and keys that are no columns."""
        there = pipeline.connections.get(self.connection.name)
        if there is not None and there.engine != "redshift":
            report.add(NotRedshift(self.connection.span, there.name, there.engine))
        for part in re.findall(PART, self.table):
            if (size := len(part.strip('"`[]').encode())) > MOST:
                report.add(LongName(node.span, part[:30], size))
        names = [one.name for one in self.columns]
        for ref in self.keys:
            if names and ref.name not in names:
                near = did_you_mean(ref.name, names, f"it has {listed(names)}")
                report.add(KeyIsNoColumn(ref.span, node.name, ref.name, near))
        check_statement(self.select, "select", there, report)
        check_at(node, pipeline, links, report)

    @property
    def side(self) -> str:
        """What it is to a copy: a table that is filled from S3, and emptied into it, by itself."""
        return "redshift"

    @property
    def connection(self) -> Ref:
        """The connection through which it is reached."""
        return self.redshift.connection

    @property
    def table(self) -> str:
        """Its name there."""
        return self.redshift.name


says(
    Redshift,
    "RedshiftDataNode",
    row.table("redshift", "tableName"),
    row.text("createTableSql", "create"),
    row.words("primaryKeys", "keys"),
)


MOST = 127
"""The bytes of a name in Redshift."""


@airflow.sources.of(Redshift)
def read_in_airflow(kind: Redshift, found: Found, target: Found, work: Work) -> Rows:
    """The function that reads its rows, and its arguments."""
    return read_table(found, work)


@airflow.targets.of(Redshift)
def write_in_airflow(kind: Redshift, found: Found, mode: str, work: Work) -> Rows:
    """The function that writes rows to it, and its arguments."""
    return write_table(found, mode, work)


@airflow.looks.of(Redshift)
def look_in_airflow(kind: Redshift, found: Found, size: int, work: Work) -> Call:
    """The sensor that waits for the table, or for a row; with `at`, for one of the interval."""
    return look_table(found, size, work)


@diagnostic
class NotRedshift(Diagnostic):
    """A `redshift` datanode is reached through a connection of that kind.

    Tables of other databases are datanodes of the kind `sql`.
    """

    code = "P255"
    title = "Not a Redshift"
    message = "`{name}` is a connection to {engine}"
    help = "write `sql` instead of `redshift`, or name a connection of the kind `redshift`"
    fails = """
        pipeline: shop
        connections: {db: postgres}
        datanodes: {orders: redshift db.public.orders}    # P255 db
        """
    fixed = """
        pipeline: shop
        connections: {db: redshift}
        datanodes: {orders: redshift db.public.orders}
        """

    name: str
    engine: str


@diagnostic
class LongName(Diagnostic):
    """Redshift takes names of 127 bytes, and cuts off the rest: two tables might become one."""

    code = "P478"
    title = "Name too long for Redshift"
    message = "`{name}...` has {size} bytes, and Redshift takes 127"
    help = "give the table a shorter name"
    fails = f"""
        pipeline: shop
        connections: {{warehouse: redshift}}
        datanodes:
          orders: redshift warehouse.public.{"orders_" * 20}    # P478 orders
        """
    fixed = """
        pipeline: shop
        connections: {warehouse: redshift}
        datanodes:
          orders: redshift warehouse.public.orders
        """

    name: str
    size: int


@diagnostic
class KeyIsNoColumn(Diagnostic):
    """`keys` are columns of the table, which tell its rows apart."""

    code = "P475"
    title = "Key that is no column"
    message = "`{name}` declares no column `{key}`"
    help = "{near}"
    fails = """
        pipeline: shop
        connections: {warehouse: redshift}
        datanodes:
          orders:
            redshift: warehouse.public.orders
            columns: id bigint, name varchar(20)
            keys: ide    # P475 ide
        """
    fixed = """
        pipeline: shop
        connections: {warehouse: redshift}
        datanodes:
          orders:
            redshift: warehouse.public.orders
            columns: id bigint, name varchar(20)
            keys: id
        """

    name: str
    key: str
    near: str
