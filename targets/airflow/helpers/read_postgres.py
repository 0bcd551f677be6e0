"""Rows from PostgreSQL and Redshift."""

from contextlib import closing

from helpers.sql_session import sql_session


def read_postgres(conn_id, sql, columns=None):
    """Yields the names of the columns, then the rows of a query, fetched in parts."""
    with sql_session(conn_id) as session, closing(session.cursor()) as cursor:
        # Without a cursor on the server all rows would be fetched at once.
        cursor.execute(f"DECLARE found CURSOR FOR {sql}")
        cursor.execute("FETCH FORWARD 1000 FROM found")
        yield columns or [column[0] for column in cursor.description]
        while rows := cursor.fetchall():
            yield from rows
            cursor.execute("FETCH FORWARD 1000 FROM found")
