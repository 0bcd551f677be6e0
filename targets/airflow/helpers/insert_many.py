"""Rows into a table, by a driver that sends many at a time."""

from contextlib import closing

from helpers.batches import batches
from helpers.into_columns import into_columns
from helpers.sql_marks import sql_marks


def insert_many(session, table, rows, insert, style, adapted, quote='"'):
    """Inserts `rows`, the names of their columns first, into `table`.

    `insert` is a statement with a `?` for each value, instead of the usual one.
    """
    names = next(rows, None)
    with closing(session.cursor()) as cursor:
        fields, _ = into_columns(cursor, table, None if insert else names, quote)
        for some in batches(rows):
            some = [list(map(adapted, row)) for row in some]
            marks = ", ".join("?" * len(some[0]))
            sql = insert or f"INSERT INTO {table}{fields} VALUES ({marks})"
            cursor.executemany(sql_marks(sql, style), some)
