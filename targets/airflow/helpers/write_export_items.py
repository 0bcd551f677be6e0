"""Items of DynamoDB to an export."""

import json
from base64 import b64encode

from helpers.new_text import new_text


def write_export_items(items, path, compression="none"):
    """Writes `items`, whose values have types, one a line, as EMR does."""
    mixed = {"SS": "sS", "NS": "nS", "BS": "bS", "BOOL": "bOOL", "NULL": "nULLValue"}

    def spelt(attribute):
        [(tag, value)] = attribute.items()
        if tag == "M":
            value = {name: spelt(one) for name, one in value.items()}
        elif tag == "L":
            value = [spelt(one) for one in value]
        return {mixed.get(tag, tag.lower()): value}

    with new_text(path, compression) as file:
        for item in items:
            found = {name: spelt(value) for name, value in item.items()}
            text = json.dumps(
                found,
                default=lambda data: b64encode(bytes(data)).decode(),
                ensure_ascii=False,
                separators=(",", ":"),
            )
            file.write(text + "\n")
