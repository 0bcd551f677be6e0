r"""Rows from files without quotes."""

import csv
import re

from helpers.text_rows import text_rows


def read_tsv(path, columns=None, header=False, separator="\t"):
    r"""Yields the names of the columns, then the rows.

    There are no quotes: a backslash takes the next character as it is, and \N is NULL.
    """
    csv.field_size_limit(2**31 - 1)
    edge = re.escape(separator)
    null = re.compile(rf"(?<![^{edge}])\\N(?![^{edge}\r\n])")

    def parse(lines):
        lines = (null.sub("", line) for line in lines)
        return csv.reader(
            lines, delimiter=separator, quoting=csv.QUOTE_NONE, escapechar="\\"
        )

    return text_rows(parse, path, columns, header)
