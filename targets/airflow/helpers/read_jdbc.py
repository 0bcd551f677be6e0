"""Rows from a database that JDBC reaches."""

from contextlib import closing

from helpers.from_jdbc import from_jdbc
from helpers.sql_transaction import sql_transaction


def read_jdbc(conn_id, sql, columns=None, hook_params=None):
    """Yields the names of the columns, then the rows of a query, fetched in parts."""
    with sql_transaction(conn_id, hook_params) as session:
        driver = session.jconn.getMetaData().getDriverName()
        with closing(session.jconn.createStatement()) as statement:
            # That of MySQL takes only this for an order not to fetch all rows at once.
            statement.setFetchSize(-(2**31) if "MySQL" in str(driver) else 1000)
            found = statement.executeQuery(sql)
            about = found.getMetaData()
            kinds = [
                (place, about.getColumnType(place))
                for place in range(1, about.getColumnCount() + 1)
            ]
            yield columns or [str(about.getColumnLabel(place)) for place, _ in kinds]
            while found.next():
                yield [from_jdbc(found, place, kind) for place, kind in kinds]
