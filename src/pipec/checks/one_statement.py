"""Where one statement is taken, there is one; and it takes the values that it is given."""

from __future__ import annotations

import re

from pipec.diagnostic import Diagnostic, Report, counted, diagnostic
from pipec.dialect import dialect_of
from pipec.ir import Connection
from pipec.split import split
from pipec.values import Splice, Text, known


def check_statement(
    text: Text | None, field: str, connection: Connection | None, report: Report
) -> None:
    """Report a field that holds no statement, or several; another connection was reported."""
    if text is None or connection is None:
        return
    found = len(split(text, dialect_of(connection)))
    if found != 1:
        several = f"these are {found}" if found else "there is none"
        report.add(NotOneStatement(text.span, field, several))


def check_values(insert: Text | None, columns: int, report: Report) -> None:
    """Report a statement that takes another number of values than there are columns, if it is known."""
    if insert is None:
        return
    marks = marks_in(insert)
    if not marks and all(isinstance(one, Splice) for one in insert.pieces):
        return  # A parameter says all of it, perhaps one without a value.
    if not marks or columns not in (0, marks):
        written = counted(columns, "column") if columns else "a row"
        report.add(OtherValues(insert.span, counted(marks, "value"), written))


def marks_in(text: Text) -> int:
    """How many `?` of a text are neither in quotes nor in a comment."""
    words = "".join(known(one) or "" for one in text.pieces)
    return sum(one == "?" for one in _PARTS.findall(words))


_PARTS = re.compile(r"""--[^\n]*|/\*.*?\*/|'[^']*'|"[^"]*"|`[^`]*`|\?""", re.DOTALL)


@diagnostic
class NotOneStatement(Diagnostic):
    """A query, and the statement that writes a row, are sent as they are: each is one statement."""

    code = "P257"
    title = "Not one statement"
    message = "`{field}` takes one statement, and {several}"
    help = "leave one; a `sql` activity takes any number"
    fails = """
        pipeline: shop
        connections: {db: postgres}
        datanodes:
          orders:
            sql: db.orders
            select: SET TIME ZONE 'UTC'; SELECT * FROM orders    # P257 SET TIME ZONE 'UTC'; SELECT * FROM orders
        """
    fixed = """
        pipeline: shop
        connections: {db: postgres}
        datanodes:
          orders:
            sql: db.orders
            select: SELECT * FROM orders;
        """

    field: str
    several: str


@diagnostic
class OtherValues(Diagnostic):
    """The statement that writes a row has a `?` for the value of each column, in their order.

    In quotes, `?` is what it is.
    """

    code = "P258"
    title = "Other number of values"
    message = "this takes {values} for {written}"
    help = "write one `?` for each column"
    fails = """
        pipeline: shop
        connections: {db: postgres}
        datanodes:
          orders:
            sql: db.orders
            columns: id bigint, total double
            insert: INSERT INTO orders VALUES (?, '?')    # P258 INSERT INTO orders VALUES (?, '?')
        """
    fixed = """
        pipeline: shop
        connections: {db: postgres}
        datanodes:
          orders:
            sql: db.orders
            columns: id bigint, total double
            insert: INSERT INTO orders VALUES (?, ?)
        """

    values: str
    written: str
