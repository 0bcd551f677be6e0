"""Values for JDBC."""

from datetime import date, datetime
from decimal import Decimal

from helpers.as_text import as_text
from helpers.to_plain import to_plain


def to_jdbc(value):
    """`value` as drivers of JDBC take it."""
    from jpype import JArray, JByte, JClass

    if value is None or isinstance(value, (str, bool, float)):
        return value
    value = to_plain(value)
    if isinstance(value, datetime):
        return JClass("java.sql.Timestamp").valueOf(value.isoformat(" "))
    if isinstance(value, date):
        return JClass("java.sql.Date").valueOf(value.isoformat())
    if isinstance(value, bytes):
        return JArray(JByte)(value)
    if isinstance(value, Decimal) or (isinstance(value, int) and abs(value) >= 2**63):
        return JClass("java.math.BigDecimal")(str(value))
    return value if isinstance(value, int) else as_text(value)
