"""Rows to a csv file."""

import re

from helpers.as_text import as_text
from helpers.new_text import new_text


def write_csv(rows, path, header=False, separator=",", compress=False):
    """Writes `rows` (the names of their columns first), with quotes where needed.

    NULL is an empty field, an empty text is a pair of quotes.
    """
    special = re.compile(f'[{re.escape(separator)}"\r\n]|^$')

    def field(value):
        text = "" if value is None else as_text(value)
        quoted = special.search(text) and value is not None
        return '"{}"'.format(text.replace('"', '""')) if quoted else text

    names = next(rows, None)
    with new_text(path, compress) as file:
        if header and names:
            file.write(separator.join(map(field, names)) + "\n")
        for row in rows:
            file.write((separator.join(map(field, row)) or '""') + "\n")
