"""Values for databases."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from helpers.as_text import as_text


def to_plain(value):
    """`value` as most drivers take it: moments in UTC, and much as text."""
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(timezone.utc).replace(tzinfo=None)
    if isinstance(value, (dict, list)):
        return as_text(value)
    if isinstance(value, (memoryview, bytearray)):
        return bytes(value)
    if isinstance(value, bool):
        return int(value)
    clock = type(datetime.min.time())
    plain = (str, int, float, Decimal, bytes, date, clock, timedelta, type(None))
    return value if isinstance(value, plain) else as_text(value)
