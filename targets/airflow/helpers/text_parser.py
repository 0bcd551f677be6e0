"""Values of declared column types."""

from datetime import date
from decimal import Decimal

from dateutil.parser import isoparse


def text_parser(kind):
    """The function that makes a value of the column type `kind` from a text.

    A type that is not known here stays a text.
    """
    word = kind.lower().partition("(")[0].split()[0]
    if word in ("tinyint", "smallint", "int", "integer", "bigint"):
        return int
    if word in ("float", "double", "real"):
        return float
    if word in ("decimal", "numeric"):
        return Decimal
    if word in ("bool", "boolean"):
        truth = {
            "t": True,
            "true": True,
            "1": True,
            "f": False,
            "false": False,
            "0": False,
        }
        return lambda text: truth[text.lower()]
    if word in ("timestamp", "timestamptz", "datetime"):
        return isoparse
    if word in ("binary", "bytes"):
        return bytes.fromhex
    return date.fromisoformat if word == "date" else str
