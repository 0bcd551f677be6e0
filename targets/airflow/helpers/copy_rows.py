"""A copy of rows."""

from contextlib import closing


def copy_rows(read, write, source, target):
    """Writes the rows of `read(**source)` by `write(rows, **target)` as they come."""
    with closing(read(**source)) as rows:
        write(rows, **target)
