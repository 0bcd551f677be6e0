"""Rows of the database itself."""

from contextlib import closing


def insert_query(session, table, query, columns=""):
    """Loads the results of `query` into `table`."""
    with closing(session.cursor()) as cursor:
        cursor.execute(f"INSERT INTO {table}{columns} {query}")
