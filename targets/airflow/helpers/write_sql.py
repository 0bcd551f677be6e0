"""Rows to a database."""

from contextlib import closing

from helpers.sql_transaction import sql_transaction


def write_sql(
    insert_rows,
    rows,
    conn_id,
    table,
    insert=None,
    replace=None,
    create=(),
    hook_params=None,
):
    """Inserts `rows` (the names of their columns first), all of them or none.

    `replace` says which rows to delete first, in SQL; an empty text means all. `insert`
    is a statement with a `?` for each value, `create` are those that come first.
    """
    with sql_transaction(conn_id, hook_params) as session:
        with closing(session.cursor()) as cursor:
            for statement in create:
                cursor.execute(statement)
            if replace is not None:
                where = f" WHERE {replace}" if replace else ""
                cursor.execute(f"DELETE FROM {table}{where}")
        insert_rows(session, table, rows, insert)
