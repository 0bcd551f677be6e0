"""Rows from Oracle."""

from contextlib import closing
from decimal import Decimal

from helpers.sql_session import sql_session


def read_oracle(conn_id, sql, columns=None):
    """Yields the names of the columns, then the rows of a query, fetched in parts."""

    def exact(cursor, column):
        if column.type_code.name == "DB_TYPE_NUMBER" and column.scale:
            return cursor.var(Decimal, arraysize=cursor.arraysize)

    with sql_session(conn_id, {"fetch_lobs": False}) as session:
        session.outputtypehandler = exact  # Else fractions are floats.
        with closing(session.cursor()) as cursor:
            cursor.arraysize = 1000
            cursor.execute(sql)
            yield columns or [column[0] for column in cursor.description]
            yield from cursor
