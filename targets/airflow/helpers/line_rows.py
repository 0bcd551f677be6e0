"""Rows from lines of text."""

import os

from helpers.local_files import local_files
from helpers.open_text import open_text


def line_rows(path, row):
    """Yields `row(line)` for each line of the files at `path` that is not blank."""
    broken = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
    for file in local_files(path):
        with open_text(file) as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    try:
                        found = row(line)
                    except broken as error:
                        place = f"line {number} of {os.path.basename(file)}"
                        raise ValueError(f"{place}: {line[:200]!r}: {error}") from error
                    yield found
