r"""Rows to a file without quotes."""

import re

from helpers.as_text import as_text
from helpers.new_text import new_text


def write_tsv(rows, path, header=False, separator="\t", compress=False):
    r"""Writes `rows` (the names of their columns first) without quotes.

    A backslash stands before a separator, a line end or a backslash; NULL is \N.
    """
    special = re.compile(rf"[{re.escape(separator)}\r\n\\]")

    def field(value):
        return r"\N" if value is None else special.sub(r"\\\g<0>", as_text(value))

    names = next(rows, None)
    with new_text(path, compress) as file:
        if header and names:
            file.write(separator.join(map(field, names)) + "\n")
        for row in rows:
            file.write(separator.join(map(field, row)) + "\n")
