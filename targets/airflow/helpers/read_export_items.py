"""Items from exports of DynamoDB."""

from base64 import b64decode

from helpers.export_item import export_item
from helpers.line_rows import line_rows


def read_export_items(path):
    """Yields the items, one a line, with the types of their values."""

    def spelt(attribute):
        [(tag, value)] = attribute.items()
        tag = tag.upper()
        if tag in ("NUL", "NULLVALUE"):
            return {"NULL": True}
        if tag == "M":
            value = {name: spelt(one) for name, one in value.items()}
        elif tag == "L":
            value = [spelt(one) for one in value]
        elif tag == "B":
            value = b64decode(value)
        elif tag == "BS":
            value = [*map(b64decode, value)]
        return {tag: value}

    def item(line):
        return {name: spelt(value) for name, value in export_item(line).items()}

    return line_rows(path, item)
