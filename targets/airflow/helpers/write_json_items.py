"""Items of DynamoDB to a file of JSON objects."""

from helpers.exact_json import exact_json
from helpers.from_dynamodb import from_dynamodb
from helpers.new_text import new_text


def write_json_items(items, path, compression="none"):
    """Writes `items`, whose values have types, one object a line.

    A set is a list there, and bytes are a text of hexadecimal digits.
    """
    with new_text(path, compression) as file:
        for item in items:
            found = {name: from_dynamodb(value) for name, value in item.items()}
            file.write(exact_json(found) + "\n")
