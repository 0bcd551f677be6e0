"""A copy of rows."""

from contextlib import closing


def copy_rows(read, write, source, target, columns=None):
    """Writes the rows of `read(**source)` by `write(rows, **target)` as they come.

    `columns` are the names of those that are written, in their order; else all are.
    """

    def chosen(rows):
        names = next(rows, columns)
        places = [names.index(name) for name in columns]
        yield columns
        for row in rows:
            yield [row[place] for place in places]

    with closing(read(**source)) as rows:
        write(chosen(rows) if columns else rows, **target)
