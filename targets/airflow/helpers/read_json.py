"""Rows from files of JSON objects."""

import json

from helpers.local_files import local_files
from helpers.open_text import open_text
from helpers.text_parser import text_parser


def read_json(path, columns):
    """Yields the names of the columns, then the rows: one object a line.

    `columns` are pairs of name and type. What an object does not have is NULL, an
    object or a list in it becomes its JSON text.
    """
    parsers = {name: text_parser(kind) for name, kind in columns}

    def value(name, found):
        if isinstance(found, (dict, list)):
            return json.dumps(found, ensure_ascii=False)
        return parsers[name](found) if isinstance(found, str) and found else found

    yield list(parsers)
    for file in local_files(path):
        with open_text(file) as lines:
            for line in filter(str.strip, lines):
                found = json.loads(line)
                yield [value(name, found.get(name)) for name in parsers]
