"""Rows to a database."""

from contextlib import closing

from airflow.providers.common.sql.hooks.sql import DbApiHook
from helpers.insert_rows import insert_rows
from helpers.sql_marks import sql_marks
from helpers.sql_name import sql_name


def write_sql(rows, conn_id, table, insert=None, replace=None, create=None):
    """Inserts `rows` (the names of their columns first), all of them or none.

    `replace` deletes first: all rows if it is an empty list, for [column, start, end]
    those from `start` to before `end`. `insert` is a statement with a `?` for each
    value, `create` one that comes first.
    """
    hook = DbApiHook.get_hook(conn_id)
    with closing(hook.get_conn()) as connection, closing(connection.cursor()) as cursor:
        if hook.supports_autocommit:
            hook.set_autocommit(connection, False)
        if create:
            cursor.execute(create)
        if replace is not None:
            delete = f"DELETE FROM {sql_name(hook, table)}"
            if replace:
                at = sql_name(hook, replace[0])
                delete += f" WHERE {at} >= ? AND {at} < ?"
            cursor.execute(sql_marks(hook, delete), tuple(replace[1:]))
        insert_rows(hook, cursor, table, rows, insert)
        connection.commit()
