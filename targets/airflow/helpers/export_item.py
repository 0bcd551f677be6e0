"""Items in exports of DynamoDB."""

import json
from decimal import Decimal


def export_item(line):
    r"""The item in a line of an export, with the types of its values.

    It is JSON, also as DynamoDB itself exports it, {"Item": ...}, or as the oldest
    exports have it: name\x03{"n":"1"}\x02name\x03...
    """
    if "\x03" in line:
        pairs = (one.split("\x03") for one in line.strip("\r\n").split("\x02"))
        return {name: json.loads(attribute) for name, attribute in pairs}
    item = json.loads(line, parse_float=Decimal)
    # An attribute of that name has the type of its value for a key, and only that.
    inside = item.get("Item")
    whole = len(item) == 1 and isinstance(inside, dict)
    return (
        inside if whole and all(isinstance(x, dict) for x in inside.values()) else item
    )
