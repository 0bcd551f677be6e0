"""Whether a table is in a database that JDBC reaches."""

from contextlib import closing

from helpers.sql_session import sql_session


def jdbc_has(conn_id, names, hook_params=None):
    """Whether there is a table or a view; `names` are the parts of its name.

    Capitals make no difference. Without a schema, it is that of the connection.
    """
    *before, name = (part.lower() for part in names)
    with sql_session(conn_id, hook_params) as session:
        java = session.jconn
        place = before[-1] if before else str(java.getSchema() or java.getCatalog())
        for spelt in (names[-1], name, name.upper()):
            with closing(
                java.getMetaData().getTables(None, None, spelt, None)
            ) as found:
                while found.next():
                    # Where a driver knows no schemas, they are called catalogs.
                    there = found.getString(2) or found.getString(1)
                    if str(found.getString(3)).lower() == name:
                        if str(there).lower() == place.lower():
                            return True
    return False
