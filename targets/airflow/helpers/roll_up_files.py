"""The rows of files, summed up in a database."""

from contextlib import closing

from helpers.chosen_columns import chosen_columns
from helpers.sql_transaction import sql_transaction


def roll_up_files(insert_rows, read, source, conn_id, staging, columns, before, after):
    """Loads `columns` of the rows of `read(**source)` into the table `staging`.

    It exists in this session alone. Statements stand before and after; all that they
    do is done, or nothing.
    """
    with sql_transaction(conn_id) as session:
        with closing(session.cursor()) as cursor:
            for statement in before:
                cursor.execute(statement)
        with closing(read(**source)) as rows:
            insert_rows(session, staging, chosen_columns(rows, columns))
        with closing(session.cursor()) as cursor:
            for statement in after:
                cursor.execute(statement)
