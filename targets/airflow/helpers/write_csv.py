"""Rows to a csv file."""

import re
from itertools import chain

from helpers.as_text import as_text
from helpers.new_text import new_text


def write_csv(
    rows, path, header=False, separator=",", record_separator="\n", compression="none"
):
    """Writes `rows` (the names of their columns first), with quotes where needed.

    NULL is an empty field, an empty text is a pair of quotes.
    """
    marks = re.escape(separator + record_separator)
    special = re.compile(f'[{marks}"\r\n]|^\ufeff|^$')

    def field(value):
        if value is None:
            return ""
        text = as_text(value)
        return '"{}"'.format(text.replace('"', '""')) if special.search(text) else text

    names = next(rows, None)
    with new_text(path, compression) as file:
        for row in chain([names] if header and names else [], rows):
            file.write(separator.join(map(field, row)) + record_separator)
