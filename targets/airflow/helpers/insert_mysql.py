"""Rows into a table of MySQL or MariaDB."""

from helpers.insert_many import insert_many
from helpers.to_plain import to_plain


def insert_mysql(session, table, rows, insert=None):
    """Inserts `rows`, as `insert_many` does."""
    style = "format" if hasattr(session, "cursorclass") else "mysql.connector"
    insert_many(session, table, rows, insert, style, to_plain, "`")
