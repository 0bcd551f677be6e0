"""Rows from files of JSON objects."""

import json
from decimal import Decimal

from helpers.line_rows import line_rows
from helpers.value_parser import value_parser


def read_json(path, columns):
    """Yields the names of the columns, then the rows: one object a line.

    `columns` are pairs of name and type. What an object does not have is NULL, an
    object or a list in it becomes its JSON text.
    """
    parsers = {name: value_parser(kind) for name, kind in columns}

    def row(line):
        found = json.loads(line, parse_float=Decimal)
        return [parse(found.get(name)) for name, parse in parsers.items()]

    yield list(parsers)
    yield from line_rows(path, row)
