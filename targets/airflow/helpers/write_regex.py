"""Rows to lines that a pattern takes apart again."""

import re

from helpers.as_text import as_text
from helpers.new_text import new_text


def write_regex(rows, path, pattern, output, record_separator="\n", compression="none"):
    """Writes `rows` (the names of their columns first) as `output` says: `{0} {1}`.

    NULL is written as nothing. A row of which another would be read again fails.
    """
    match = re.compile(pattern, re.ASCII).fullmatch
    ends = re.compile(
        "[\r\n]" if record_separator == "\n" else re.escape(record_separator)
    )
    next(rows, None)
    with new_text(path, compression) as file:
        for number, row in enumerate(rows, 1):
            texts = [None if value is None else as_text(value) for value in row]
            line = output.format(*(text or "" for text in texts))
            found = match(line)
            again = [one or None for one in found.groups()] if found else None
            whole = ends.search(line + record_separator).start() == len(line)
            if again != texts or not whole or line.startswith("\ufeff"):
                raise ValueError(
                    f"row {number} would not be read again as {str(texts)[:200]}"
                )
            file.write(line + record_separator)
