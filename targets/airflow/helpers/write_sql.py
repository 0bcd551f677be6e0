"""Rows to a database."""

import json
from contextlib import closing
from itertools import islice

from airflow.providers.common.sql.hooks.sql import DbApiHook
from helpers.sql_marks import sql_marks
from helpers.sql_name import sql_name


def write_sql(rows, conn_id, table, insert=None, replace=None, create=None):
    """Inserts `rows` (the names of their columns first), all of them or none.

    `replace` deletes first: all rows if it is an empty list, for [column, start, end]
    those from `start` to before `end`. `insert` is a statement with a `?` for each
    value, `create` one that comes first.
    """
    hook = DbApiHook.get_hook(conn_id)
    names, into = next(rows, None), sql_name(hook, table)
    fields = f" ({', '.join(sql_name(hook, name) for name in names)})" if names else ""
    with closing(hook.get_conn()) as connection, closing(connection.cursor()) as cursor:
        if hook.supports_autocommit:
            hook.set_autocommit(connection, False)
        if create:
            cursor.execute(create)
        if replace == []:
            cursor.execute(f"DELETE FROM {into}")
        elif replace:
            at = sql_name(hook, replace[0])
            delete = f"DELETE FROM {into} WHERE {at} >= ? AND {at} < ?"
            cursor.execute(sql_marks(hook, delete), tuple(replace[1:]))
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
        connection.commit()
