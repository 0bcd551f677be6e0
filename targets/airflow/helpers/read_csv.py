"""Rows from csv files."""

import csv

from helpers.text_rows import text_rows


def read_csv(path, columns=None, header=False, separator=","):
    """Yields the names of the columns, then the rows; quotes are those of RFC 4180."""
    csv.field_size_limit(2**31 - 1)
    return text_rows(
        lambda lines: csv.reader(lines, delimiter=separator), path, columns, header
    )
