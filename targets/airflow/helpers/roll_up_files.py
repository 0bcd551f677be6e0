"""The rows of files, summed up in a database."""

from contextlib import closing

from airflow.providers.common.sql.hooks.sql import DbApiHook
from helpers.chosen_columns import chosen_columns
from helpers.insert_rows import insert_rows


def roll_up_files(read, source, conn_id, staging, columns, before, after):
    """Loads `columns` of the rows of `read(**source)` into the table `staging`.

    It exists in this session alone. Statements stand before and after; all that they
    do is done, or nothing.
    """
    hook = DbApiHook.get_hook(conn_id)
    with closing(hook.get_conn()) as connection, closing(connection.cursor()) as cursor:
        if hook.supports_autocommit:
            hook.set_autocommit(connection, False)
        for statement in before:
            cursor.execute(statement)
        with closing(read(**source)) as rows:
            insert_rows(hook, cursor, staging, chosen_columns(rows, columns))
        for statement in after:
            cursor.execute(statement)
        connection.commit()
