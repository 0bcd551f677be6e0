"""Items for DynamoDB from files of JSON objects."""

import json
from decimal import Decimal

from helpers.line_rows import line_rows
from helpers.to_dynamodb import to_dynamodb


def read_json_items(path):
    """Yields the objects, one a line, with the types of their values."""

    def item(line):
        found = json.loads(line, parse_float=Decimal)
        return {name: to_dynamodb(value) for name, value in found.items()}

    return line_rows(path, item)
