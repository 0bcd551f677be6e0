"""`sql`: a table of a database that is reached through a connection."""

from __future__ import annotations

from lark import Token

from pipec.diagnostic import Diagnostic, diagnostic
from pipec.fields.columns import columns as columns_type
from pipec.fields.forms import read_form, token_span
from pipec.fields.key import FieldType, key
from pipec.fields.reader import Reader
from pipec.fields.scalars import scalar, string, text
from pipec.syntax import Scalar
from pipec.values import Column, Ref, Text, node


@node
class Table:
    """A connection and the name of a table behind it."""

    connection: Ref
    name: str


def _table(it: Scalar, reader: Reader) -> Table | None:
    connection, dot, name = it.value.strip().partition(".")
    form = read_form("names", Scalar(it.span, connection, True), reader) if connection else None
    if form is None or not dot or not name:
        reader.report.add(NoTable(it.span, it.value.strip()))
        return None
    token = form.children[0]
    assert isinstance(token, Token)
    return Table(connection=Ref(connection, token_span(it, token)), name=name)


table = FieldType("table, `connection.table`", scalar("table", _table).read, "connection")


@node
class Sql:
    """A table of a database. Its rows may be those of one interval (`at`)."""

    sql: Table = key(table, "The table: `connection.table` or `connection.schema.table`.")
    columns: tuple[Column, ...] = key(columns_type, "Its columns.", default=())
    at: str = key(
        string, "The column that says to which interval a row belongs.", default="", merges=False
    )
    select: Text | None = key(text, "The query that reads it.", default=None, merges=False)
    insert: Text | None = key(
        text, "The statement that writes one row, `?` for each value.", default=None, merges=False
    )
    create: Text | None = key(
        text, "The statement that makes the table if it is missing.", default=None, merges=False
    )

    @property
    def connection(self) -> Ref:
        """The connection through which it is reached."""
        return self.sql.connection

    @property
    def fields(self) -> dict[str, Text]:
        """What expressions may ask of it."""
        return {"table": Text((self.sql.name,)), "connection": Text((self.sql.connection.name,))}


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
