"""Rows from a table in DynamoDB."""

from helpers.from_dynamodb import from_dynamodb
from helpers.scan_items import scan_items
from helpers.value_parser import value_parser


def read_dynamodb(table, columns, region=None, share=None):
    """Yields the names of the columns, then the rows: one item each.

    `columns` are pairs of name and type. What an item does not have is NULL, and what
    has parts becomes its JSON text.
    """
    parsers = {name: value_parser(kind) for name, kind in columns}
    yield list(parsers)
    for item in scan_items(table, region, share, list(parsers)):
        row = []
        for name, parse in parsers.items():
            found = from_dynamodb(item.get(name, {"NULL": True}))
            try:
                row.append(parse(found))
            except (ArithmeticError, LookupError, TypeError, ValueError) as error:
                raise ValueError(f"{name} is {found!r} ({error}) in {item}") from error
        yield row
