"""Rows into a table of PostgreSQL or Redshift."""

from contextlib import closing
from itertools import repeat

from helpers.batches import batches
from helpers.into_columns import into_columns
from helpers.sql_marks import sql_marks
from helpers.to_postgres import to_postgres


def insert_postgres(session, table, rows, insert=None):
    """Inserts `rows`, the names of their columns first, into `table`.

    `insert` is a statement with a `?` for each value, instead of the usual one.
    """
    names = next(rows, None)
    with closing(session.cursor()) as cursor:
        fields, kinds = into_columns(cursor, table, None if insert else names)
        for some in batches(rows):
            some = [list(map(to_postgres, row, kinds or repeat(None))) for row in some]
            marks = f"({', '.join('?' * len(some[0]))})"
            if insert:
                cursor.executemany(sql_marks(insert, "format"), some)
            else:  # The drivers would send row by row.
                marks = ", ".join([marks] * len(some))
                sql = f"INSERT INTO {table}{fields} VALUES {marks}"
                cursor.execute(
                    sql_marks(sql, "format"), [v for row in some for v in row]
                )
