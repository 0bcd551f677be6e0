"""Rows into a table of a database."""

import json
from itertools import islice

from helpers.sql_marks import sql_marks
from helpers.sql_name import sql_name


def insert_rows(hook, cursor, table, rows, insert=None):
    """Inserts `rows`, the names of their columns first, into `table`.

    `insert` is a statement with a `?` for each value, instead of the usual one.
    """
    names, into = next(rows, None), sql_name(hook, table)
    fields = f" ({', '.join(sql_name(hook, name) for name in names)})" if names else ""
    while some := [
        [json.dumps(value) if isinstance(value, dict) else value for value in row]
        for row in islice(rows, 500)
    ]:
        marks = f"({', '.join('?' * len(some[0]))})"
        if insert or hook.conn_type not in ("postgres", "redshift"):
            sql = insert or f"INSERT INTO {into}{fields} VALUES {marks}"
            cursor.executemany(sql_marks(hook, sql), some)
        else:  # These drivers would send row by row.
            marks = ", ".join([marks] * len(some))
            sql = f"INSERT INTO {into}{fields} VALUES {marks}"
            cursor.execute(sql_marks(hook, sql), [v for row in some for v in row])
