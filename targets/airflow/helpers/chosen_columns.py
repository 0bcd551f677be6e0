"""Some of the columns of rows."""


def chosen_columns(rows, columns):
    """Yields `columns`, their names, then of each row what belongs to them.

    `rows` begin with the names of all their columns.
    """
    names = next(rows, columns)
    places = [names.index(name) for name in columns]
    yield columns
    for row in rows:
        yield [row[place] for place in places]
