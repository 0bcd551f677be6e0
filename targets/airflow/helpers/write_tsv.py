"""Rows to a file without quotes."""

import re
from itertools import chain

from helpers.as_text import as_text
from helpers.new_text import new_text


def write_tsv(
    rows,
    path,
    header=False,
    separator="\t",
    escape="\\",
    record_separator="\n",
    compression="none",
):
    r"""Writes `rows` (the names of their columns first) without quotes.

    NULL is \N. `escape` stands before what has a meaning; without it, a text that holds
    such characters fails.
    """
    end = "\r\n" if record_separator == "\n" else record_separator
    special = re.compile(f"[{re.escape(separator + end + escape)}]|^\ufeff")

    def field(value):
        if value is None:
            return r"\N"
        text = as_text(value)
        if not escape and (text == r"\N" or special.search(text)):
            raise ValueError(f"without an `escape`, no field can hold {text[:200]!r}")
        text = special.sub(lambda found: escape + found[0], text)
        return escape + text if text == r"\N" else text

    names = next(rows, None)
    with new_text(path, compression) as file:
        for row in chain([names] if header and names else [], rows):
            file.write(separator.join(map(field, row)) + record_separator)
