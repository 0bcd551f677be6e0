"""Rows, some at a time."""


def batches(rows):
    """Yields lists of rows that a database takes in one statement, whatever their size.

    They have at most 500 rows and 30000 values, and not much more than a million bytes.
    """
    some, size = [], 0
    for row in rows:
        some.append(row)
        size += sum(len(value) for value in row if isinstance(value, (str, bytes)))
        most = min(500, 30_000 // max(1, len(row)))
        if len(some) >= most or size > 1_000_000:
            yield some
            some, size = [], 0
    if some:
        yield some
