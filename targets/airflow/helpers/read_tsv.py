"""Rows from files without quotes."""

from helpers.escaped_fields import escaped_fields
from helpers.text_rows import text_rows


def read_tsv(
    path,
    columns=None,
    header=False,
    separator="\t",
    escape="\\",
    record_separator="\n",
):
    """Yields the names of the columns, then the rows."""

    def fields(records):
        return escaped_fields(records, separator, escape)

    return text_rows(fields, path, columns, header, record_separator)
