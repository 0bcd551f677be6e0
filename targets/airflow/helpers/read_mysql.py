"""Rows from MySQL and MariaDB."""

from helpers.sql_session import sql_session


def read_mysql(conn_id, sql, columns=None):
    """Yields the names of the columns, then the rows of a query, fetched in parts."""
    with sql_session(conn_id) as session:
        if hasattr(session, "cursorclass"):  # Of mysqlclient: all rows at once.
            from MySQLdb.cursors import SSCursor

            cursor = session.cursor(SSCursor)
        else:
            cursor = session.cursor()
        cursor.execute(sql)
        yield columns or [column[0] for column in cursor.description]
        while rows := cursor.fetchmany(1000):
            yield from rows
