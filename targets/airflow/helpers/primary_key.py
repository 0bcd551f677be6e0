"""The primary key of a table."""

from helpers.sql_parts import sql_parts


def primary_key(cursor, table):
    """The columns of the primary key of `table`, in their order, as SQL takes them."""
    *before, name = (
        part[1:-1].replace('""', '"') if part[0] == '"' else part.lower()
        for part in sql_parts(table)
    )
    query = """
        SELECT used.column_name FROM information_schema.table_constraints AS made
        JOIN information_schema.key_column_usage AS used
        ON used.constraint_name = made.constraint_name
        AND used.table_schema = made.table_schema AND used.table_name = made.table_name
        WHERE made.constraint_type = 'PRIMARY KEY' AND made.table_name = %s
        AND made.table_schema = {} ORDER BY used.ordinal_position
    """
    schema = "%s" if before else "current_schema()"
    cursor.execute(query.format(schema), (name, *before[-1:]))
    found = ['"{}"'.format(row[0].replace('"', '""')) for row in cursor.fetchall()]
    if not found:
        raise ValueError(f"{table} has no primary key: the datanode has to name `keys`")
    return found
