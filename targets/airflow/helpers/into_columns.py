"""Columns of a table to write to."""


def into_columns(cursor, table, names, quote='"'):
    """What names these columns in an INSERT, and the types of each.

    A name is that of the column that is so written, else of one with other capitals.
    """
    if not names:
        return "", None
    cursor.execute(f"SELECT * FROM {table} WHERE 1 = 0")
    kinds = {column[0]: column[1] for column in cursor.description}
    cursor.fetchall()
    known = {name.lower(): name for name in kinds}
    found = [name if name in kinds else known.get(name.lower()) for name in names]
    if None in found:
        name = names[found.index(None)]
        raise ValueError(f"{table} has no column {name}: it has {', '.join(kinds)}")
    marked = (f"{quote}{one.replace(quote, quote * 2)}{quote}" for one in found)
    return f" ({', '.join(marked)})", [kinds[one] for one in found]
