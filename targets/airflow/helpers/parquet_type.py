"""Types of Parquet."""

import re


def parquet_type(arrow, kind):
    """The type of Arrow for the column type `kind`, such as `decimal(10,2)`."""
    word, *sizes = re.findall(r"\w+", kind.lower())
    if word in ("decimal", "numeric"):
        digits, scale = [*map(int, sizes), 0][:2] if sizes else (38, 18)
        return arrow.decimal128(digits, scale)
    names = {
        "tinyint": arrow.int8(),
        "smallint": arrow.int16(),
        "int": arrow.int32(),
        "integer": arrow.int32(),
        "bigint": arrow.int64(),
        "float": arrow.float64(),
        "real": arrow.float64(),
        "double": arrow.float64(),
        "bool": arrow.bool_(),
        "boolean": arrow.bool_(),
        "date": arrow.date32(),
        "timestamp": arrow.timestamp("us"),
        "datetime": arrow.timestamp("us"),
        "timestamptz": arrow.timestamp("us", "UTC"),
        "binary": arrow.binary(),
        "bytes": arrow.binary(),
    }
    return names.get(word, arrow.string())
