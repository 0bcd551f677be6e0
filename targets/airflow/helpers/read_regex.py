"""Rows from lines that a pattern takes apart."""

import re

from helpers.text_rows import text_rows


def read_regex(path, pattern, columns=None, record_separator="\n"):
    """Yields the names of the columns, then the rows: the groups of each line.

    A group that is empty is NULL. A line that does not match fails.
    """
    match = re.compile(pattern, re.ASCII).fullmatch

    def fields(records):
        for line, _ in records:
            found = match(line)
            if found:
                yield [one or None for one in found.groups()]
            elif line:
                raise ValueError(f"the pattern does not match {line[:200]!r}")

    return text_rows(fields, path, columns, end=record_separator)
