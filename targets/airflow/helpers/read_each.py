"""Rows from several places."""

from contextlib import closing


def read_each(read, paths, **options):
    """Yields the names of the columns, then the rows that `read` finds at each path.

    `paths` has a line for each; nothing is yielded when there is none.
    """
    first = None
    for path in paths.splitlines():
        with closing(read(path, **options)) as rows:
            names = [next(rows, None)]
            if first is None:
                yield from names
            elif names != first:
                raise ValueError(f"{path} has the columns {names[0]}, not {first[0]}")
            first = names
            yield from rows
