"""Rows to an export of DynamoDB."""

import json
from base64 import b64encode
from decimal import Decimal

from helpers.new_text import new_text
from helpers.to_dynamodb import to_dynamodb
from helpers.value_parser import value_parser


def write_dynamodb_export(rows, path, columns=(), compression="none"):
    """Writes `rows` (the names of their columns first), one item a line, as EMR does.

    `columns` are pairs of name and type. NULL is left out; JSON in a column of that
    type becomes a map or a list.
    """
    names = next(rows, None)
    kinds = [kind for _, kind in columns] or [""] * len(names or ())
    names = [name for name, _ in columns] or names
    parsers = [value_parser(kind) if kind else None for kind in kinds]

    def attribute(value, kind, parse):
        value = parse(value) if parse else value
        if kind == "json":
            value = json.loads(value, parse_float=Decimal)
        return tagged(to_dynamodb(value))

    def tagged(found):
        [(tag, value)] = found.items()
        if tag == "M":
            value = {name: tagged(one) for name, one in value.items()}
        elif tag == "L":
            value = [tagged(one) for one in value]
        elif tag == "B":
            value = b64encode(value).decode()
        # So do all versions of EMR read it.
        return {"bOOL" if tag == "BOOL" else tag.lower(): value}

    with new_text(path, compression) as file:
        for row in rows:
            item = {
                name: attribute(value, kind, parse)
                for name, value, kind, parse in zip(names, row, kinds, parsers)
                if value is not None
            }
            text = json.dumps(item, ensure_ascii=False, separators=(",", ":"))
            file.write(text + "\n")
