"""Rows to a file of JSON objects."""

import json

from helpers.as_text import as_text
from helpers.new_text import new_text


def write_json(rows, path, compression="none"):
    """Writes `rows` (the names of their columns first), one object a line."""
    names = next(rows, None)
    with new_text(path, compression) as file:
        for row in rows:
            found = dict(zip(names, row))
            line = json.dumps(found, default=as_text, ensure_ascii=False)
            file.write(line + "\n")
