"""Values for DynamoDB."""

from decimal import Decimal

from helpers.as_text import as_text


def to_dynamodb(value):
    """The attribute that holds `value`, such as {"N": "1"}."""
    if value is None:
        return {"NULL": True}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, (int, float, Decimal)):
        return {"N": as_text(value)}
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"B": bytes(value)}
    if isinstance(value, dict):
        return {"M": {name: to_dynamodb(one) for name, one in value.items()}}
    if isinstance(value, (list, tuple)):
        return {"L": [to_dynamodb(one) for one in value]}
    return {"S": as_text(value)}
