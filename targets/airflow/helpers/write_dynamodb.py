"""Rows to a table in DynamoDB."""

import json
from decimal import Decimal

from helpers.put_items import put_items
from helpers.to_dynamodb import to_dynamodb
from helpers.value_parser import value_parser


def write_dynamodb(rows, table, region=None, share=None, columns=()):
    """Puts `rows` (the names of their columns first) as items, by their keys.

    `columns` are pairs of name and type: as such, values are written. NULL is left out,
    and JSON in a column of that type becomes a map or a list.
    """
    names = next(rows, None)
    kinds = {name: kind for name, kind in columns}
    parsers = {name: value_parser(kind) for name, kind in kinds.items()}

    def attribute(name, value):
        value = parsers[name](value) if name in parsers else value
        if kinds.get(name) == "json" and value:
            value = json.loads(value, parse_float=Decimal)
        return to_dynamodb(value)

    put_items(
        (
            {
                name: attribute(name, value)
                for name, value in zip(names, row)
                if value is not None
            }
            for row in rows
        ),
        table,
        region,
        share,
    )
