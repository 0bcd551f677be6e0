"""Rows from exports of DynamoDB."""

from helpers.export_item import export_item
from helpers.from_dynamodb import from_dynamodb
from helpers.line_rows import line_rows
from helpers.value_parser import value_parser


def read_dynamodb_export(path, columns):
    r"""Yields the names of the columns, then the rows: one item a line.

    `columns` are pairs of name and type. What an item does not have is NULL. Items are
    JSON, also as DynamoDB itself exports them, {"Item": ...}, or as the oldest exports
    have them: name\x03{"n":"1"}\x02name\x03...
    """
    parsers = {name: value_parser(kind) for name, kind in columns}
    null = {"NULL": True}

    def row(line):
        item = export_item(line)
        found = ((item.get(name, null), parse) for name, parse in parsers.items())
        return [parse(from_dynamodb(attribute)) for attribute, parse in found]

    yield list(parsers)
    yield from line_rows(path, row)
