"""Rows from csv files."""

from helpers.csv_fields import csv_fields
from helpers.text_rows import text_rows


def read_csv(path, columns=None, header=False, separator=",", record_separator="\n"):
    """Yields the names of the columns, then the rows."""

    def fields(records):
        return csv_fields(records, separator)

    return text_rows(fields, path, columns, header, record_separator)
