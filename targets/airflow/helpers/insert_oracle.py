"""Rows into a table of Oracle."""

from contextlib import closing
from datetime import datetime

from helpers.batches import batches
from helpers.into_columns import into_columns
from helpers.sql_marks import sql_marks
from helpers.to_plain import to_plain


def insert_oracle(session, table, rows, insert=None):
    """Inserts `rows`, the names of their columns first, into `table`.

    `insert` is a statement with a `?` for each value, instead of the usual one.
    """
    names = next(rows, None)
    with closing(session.cursor()) as cursor:
        fields, _ = into_columns(cursor, table, None if insert else names)
        for some in batches(rows):
            some = [list(map(to_plain, row)) for row in some]
            marks = ", ".join("?" * len(some[0]))
            sql = insert or f"INSERT INTO {table}{fields} VALUES ({marks})"
            # Moments would be bound as DATE, which has no fractions of a second.
            moments = (
                any(isinstance(v, datetime) for v in column) for column in zip(*some)
            )
            cursor.setinputsizes(*(datetime if found else None for found in moments))
            cursor.executemany(sql_marks(sql, "numeric"), some)
