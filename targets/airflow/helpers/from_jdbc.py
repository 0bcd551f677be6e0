"""Values that JDBC reads."""

from datetime import date
from decimal import Decimal

from dateutil.parser import isoparse


def from_jdbc(found, place, kind):
    """The value at a place of the row that `found` has come to, of a java.sql.Types."""
    if kind in (2, 3):  # NUMERIC, DECIMAL
        value = found.getBigDecimal(place)
        return None if value is None else Decimal(str(value))
    if kind == 91:  # DATE
        value = found.getDate(place)
        return None if value is None else date.fromisoformat(str(value))
    if kind == 93:  # TIMESTAMP
        value = found.getTimestamp(place)
        return None if value is None else isoparse(str(value.toLocalDateTime()))
    if kind in (2014, -101, -102, -155):  # With a zone; Oracle's and Microsoft's own
        from jpype import JClass

        value = found.getObject(place, JClass("java.time.OffsetDateTime"))
        return None if value is None else isoparse(str(value))
    value = found.getObject(place)
    if value is None or isinstance(value, str):
        return value
    if kind == 7:  # REAL, which has more digits as a Python float
        return float(found.getString(place))
    if kind in (-7, 16) and "Boolean" in type(value).__name__:  # BIT, BOOLEAN
        return bool(value)
    if isinstance(value, (int, float)):
        return int(value) if isinstance(value, int) else float(value)
    if kind in (-2, -3, -4, 2004) and "UUID" not in type(value).__name__:
        return bytes(found.getBytes(place))  # BINARY, VARBINARY, LONGVARBINARY, BLOB
    return found.getString(place)
