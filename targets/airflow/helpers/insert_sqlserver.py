"""Rows into a table of SQL Server."""

from contextlib import closing
from datetime import datetime, timedelta

from helpers.as_text import as_text
from helpers.batches import batches
from helpers.insert_many import insert_many
from helpers.into_columns import into_columns
from helpers.sql_marks import sql_marks
from helpers.to_plain import to_plain


def insert_sqlserver(session, table, rows, insert=None):
    """Inserts `rows`, the names of their columns first, into `table`.

    `insert` is a statement with a `?` for each value, instead of the usual one.
    """
    if "pyodbc" in type(session).__module__:
        insert_many(session, table, rows, insert, "qmark", to_plain)
        return

    def adapted(value):  # pymssql writes some bytes as text.
        value = to_plain(value)
        if isinstance(value, timedelta):
            return as_text(value)
        return bytearray(value) if isinstance(value, bytes) else value

    def mark(value):  # It cuts off what is below a millisecond.
        return "CAST(? AS datetime2)" if isinstance(value, datetime) else "?"

    names = next(rows, None)
    with closing(session.cursor()) as cursor:
        fields, _ = into_columns(cursor, table, None if insert else names)
        for some in batches(rows):
            some = [list(map(adapted, row)) for row in some]
            if insert:
                cursor.executemany(sql_marks(insert, "pymssql"), [*map(tuple, some)])
                continue
            marks = ", ".join(f"({', '.join(map(mark, row))})" for row in some)
            sql = f"INSERT INTO {table}{fields} VALUES {marks}"
            values = [
                v.isoformat() if isinstance(v, datetime) else v for r in some for v in r
            ]
            cursor.execute(sql_marks(sql, "pymssql"), tuple(values))
