"""The fields that name a table and its columns."""

from __future__ import annotations

import re

from lark import Token

from pipec.diagnostic import Diagnostic, diagnostic
from pipec.fields.columns import column_name
from pipec.fields.forms import read_form, token_span
from pipec.fields.key import FieldType
from pipec.fields.reader import Reader
from pipec.fields.scalars import WrongType, scalar, what
from pipec.frozen import node
from pipec.syntax import Scalar
from pipec.values import Ref

PART = r"""[\w$-]+|"[^"]+"|`[^`]+`|\[[^\]]+\]"""
"""A part of the name of a table: bare, or in the quotes of any of the databases."""


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


def _column(it: Scalar, reader: Reader) -> str | None:
    if not it.value.strip():
        reader.report.add(WrongType(it.span, "the name of a column", what(it)))
        return None
    return column_name(it.value.strip(), it.span, reader)


column = scalar("name of a column", _column)


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
