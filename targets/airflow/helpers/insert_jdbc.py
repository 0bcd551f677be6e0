"""Rows into a table of a database that JDBC reaches."""

from helpers.insert_many import insert_many
from helpers.to_jdbc import to_jdbc


def insert_jdbc(session, table, rows, insert=None):
    """Inserts `rows`, as `insert_many` does."""
    quote = str(session.jconn.getMetaData().getIdentifierQuoteString())
    insert_many(session, table, rows, insert, "qmark", to_jdbc, quote)
