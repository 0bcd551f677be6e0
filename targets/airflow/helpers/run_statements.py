"""Statements for a database."""

from contextlib import closing, suppress

from helpers.sql_transaction import sql_transaction


def run_statements(conn_id, statements, hook_params=None):
    """Executes `statements`: all that they do is done, or nothing.

    What goes wrong behind the first result of one is only told when that is passed.
    """
    with sql_transaction(conn_id, hook_params) as session:
        for sql in statements:
            if hasattr(session, "jconn"):  # Of JDBC
                with closing(session.jconn.createStatement()) as statement:
                    statement.execute(sql)
                    while statement.getMoreResults() or statement.getUpdateCount() >= 0:
                        pass
            else:
                with closing(session.cursor()) as cursor:
                    cursor.execute(sql)
                    # Some drivers know of no more than one result, and say so.
                    with suppress(getattr(session, "NotSupportedError", ())):
                        while cursor.nextset():
                            pass
