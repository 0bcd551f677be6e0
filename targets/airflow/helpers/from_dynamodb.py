"""Values from DynamoDB."""

from base64 import b64decode
from decimal import Decimal


def from_dynamodb(attribute):
    """The value of an attribute such as {"N": "1"}; its tag may be in lower case.

    A set is a list.
    """
    [(tag, found)] = attribute.items()
    tag = tag.upper()
    if tag in ("S", "BOOL"):
        return found
    if tag == "N":
        return Decimal(found)
    if tag == "B":
        return b64decode(found) if isinstance(found, str) else bytes(found)
    if tag in ("SS", "NS", "BS"):
        return [from_dynamodb({tag[0]: one}) for one in found]
    if tag == "L":
        return [from_dynamodb(one) for one in found]
    if tag == "M":
        return {name: from_dynamodb(one) for name, one in found.items()}
    if tag in ("NULL", "NUL", "NULLVALUE"):
        return None
    raise ValueError(f"{tag} is no type of DynamoDB")
