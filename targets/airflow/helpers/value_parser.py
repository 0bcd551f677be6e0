"""Values of declared column types, from values of others."""

from datetime import datetime
from decimal import Decimal

from helpers.as_text import as_text
from helpers.text_parser import text_parser


def value_parser(kind):
    """The function that makes a value of the column type `kind` from any other.

    What has parts becomes a JSON text. An empty text is NULL, but for texts and
    bytes.
    """
    parse = text_parser(kind)
    can_be_empty = parse in (str, bytes.fromhex)

    def parsed(value):
        if value is None or value == "" and not can_be_empty:
            return None
        if isinstance(value, datetime) and kind.startswith(("timestamp", "datetime")):
            return value
        if isinstance(value, (float, Decimal)) and parse is int and value == int(value):
            return int(value)
        if isinstance(value, bool) and parse in (int, float, Decimal):
            return parse(value)
        if isinstance(value, (bytes, memoryview)) and not can_be_empty:
            raise ValueError(f"{bytes(value)[:20]} is no {kind}")
        text = value if isinstance(value, str) else as_text(value)
        return parse(text.removesuffix(" 00:00:00") if kind == "date" else text)

    return parsed
