"""Rows from SQL Server."""

from helpers.sql_session import sql_session


def read_sqlserver(conn_id, sql, columns=None):
    """Yields the names of the columns, then the rows of a query, as they come."""
    with sql_session(conn_id) as session:
        cursor = session.cursor()
        cursor.execute(sql)
        yield columns or [column[0] for column in cursor.description]
        while rows := cursor.fetchmany(1000):
            yield from rows
