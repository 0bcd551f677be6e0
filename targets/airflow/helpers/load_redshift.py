"""Rows into a table of Redshift."""

from contextlib import closing

from helpers.merge_rows import merge_rows
from helpers.sql_transaction import sql_transaction


def load_redshift(
    load,
    source,
    conn_id,
    table,
    mode,
    keys=(),
    columns="",
    before=(),
    replace="",
    transform="",
    staging="",
):
    """Lets `load(session, table, **source)` fill a table: all of it, or nothing.

    `mode` is "append"; "truncate", which deletes first, `replace` being a condition in
    SQL; "keep_existing" or "overwrite_existing", by `keys`, else by the primary key.
    Statements come `before`. `transform` is a query of the table `staging`, whose
    columns are like those of `table` if they are not given; `columns` are those that
    get its results.
    """
    with sql_transaction(conn_id) as session, closing(session.cursor()) as cursor:
        for statement in before:
            cursor.execute(statement)
        if mode == "truncate":  # TRUNCATE would take effect at once, whatever follows.
            where = f" WHERE {replace}" if replace else ""
            cursor.execute(f"DELETE FROM {table}{where}")
        merges = mode in ("keep_existing", "overwrite_existing")
        if not (merges or transform):
            return load(session, table, **source)
        like = f"LIKE {table} INCLUDING DEFAULTS"
        cursor.execute(f"CREATE TEMPORARY TABLE staging ({staging or like})")
        load(session, "staging", **source)
        into = f" ({columns})" if columns else ""
        rows = "staging"
        if transform and merges:
            rows = "transformed"
            cursor.execute(f"CREATE TEMPORARY TABLE transformed ({like})")
            cursor.execute(f"INSERT INTO transformed{into}\n{transform}")
        if merges:
            keep = mode == "keep_existing"
            merge_rows(cursor, table, rows, keys, columns, keep)
        else:
            cursor.execute(f"INSERT INTO {table}{into}\n{transform}")
