"""The result of a query, as a report shows it."""

from contextlib import closing
from itertools import islice

from helpers.read_sql import read_sql
from helpers.readable_column import readable_column


def read_table(conn_id, sql, title, most):
    """The first `most` rows of a query, and whether there are `more`.

    `cells` are those rows as texts; `numbers` says of each column whether it has only
    numbers.
    """
    with closing(read_sql(conn_id, sql)) as found:
        columns = next(found)
        rows = [list(row) for row in islice(found, most + 1)]
    more = len(rows) > most
    rows = rows[:most]
    read = [readable_column(values) for values in zip(*rows)]
    return {
        "title": title,
        "columns": columns,
        "rows": rows,
        "more": more,
        "cells": list(zip(*(texts for texts, _ in read))),
        "numbers": [numbers for _, numbers in read] or [False] * len(columns),
    }
