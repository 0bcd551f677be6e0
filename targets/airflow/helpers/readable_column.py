"""Values as people read them."""

from decimal import Decimal

from helpers.as_text import as_text


def readable_column(values):
    """The values of a column as texts, and whether they are numbers.

    Numbers have at most six decimals, and commas only where one of them has five
    digits: years have none.
    """
    there = [value for value in values if value is not None]
    numbers = all(isinstance(one, (int, float, Decimal)) for one in there)
    if not there or not numbers or any(isinstance(one, bool) for one in there):
        return ["" if one is None else as_text(one) for one in values], False
    comma = "," if any(abs(float(one)) >= 10000 for one in there) else ""

    def text(value):
        if value is None:
            return ""
        if isinstance(value, int):
            return f"{value:{comma}}"
        if value and not 1e-6 <= abs(float(value)) < 1e15:
            return f"{value:g}"
        if isinstance(value, float):
            return f"{value:{comma}.6f}".rstrip("0").rstrip(".")
        decimals = min(max(-value.as_tuple().exponent, 0), 6)
        return f"{value:{comma}.{decimals}f}"

    return [text(value) for value in values], True
