"""Rows from a database."""

from contextlib import closing

from airflow.providers.common.sql.hooks.sql import DbApiHook


def read_sql(conn_id, sql):
    """Yields the names of the columns, then the rows of a query, fetched in parts."""
    hook = DbApiHook.get_hook(conn_id)
    fetch = None
    if hook.conn_type in ("postgres", "redshift"):
        # Without a cursor on the server all rows would be fetched at once.
        sql, fetch = f"DECLARE found CURSOR FOR {sql}", "FETCH FORWARD 1000 FROM found"
    with closing(hook.get_conn()) as connection, closing(connection.cursor()) as cursor:
        cursor.execute(sql)
        if fetch:
            cursor.execute(fetch)
        yield [column[0] for column in cursor.description]
        while rows := cursor.fetchmany(1000):
            yield from rows
            if fetch:
                cursor.execute(fetch)
