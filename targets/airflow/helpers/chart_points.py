"""What a chart shows."""

from datetime import date
from decimal import Decimal

from helpers.readable_column import readable_column


def chart_points(values, by, table):
    """What a chart is over (dates, numbers or texts), and its points in their order.

    A point is what it is over, a label of that, and a number of each of the `values`.
    """
    names = [name.lower() for name in table["columns"]]

    def column(name):
        if name.lower() not in names:
            there = ", ".join(map(repr, table["columns"]))
            raise LookupError(f"The chart shows {name!r}; the query gives {there}")
        return [row[names.index(name.lower())] for row in table["rows"]]

    def number(name, value):
        if value is None or isinstance(value, (int, float, Decimal)):
            return float("nan" if value is None else value)
        raise TypeError(f"The chart shows {name!r}; {value!r} there is no number")

    def label(text):
        text = "".join(one if one.isprintable() else " " for one in text)
        return text if len(text) <= 40 else text[:39] + "…"

    over = column(by)
    texts, numbers = readable_column(over)
    series = [[number(name, value) for value in column(name)] for name in values]
    points = list(zip(over, map(label, texts), *series))
    there = [point for point in points if point[0] is not None]
    dates = bool(there) and all(isinstance(point[0], date) for point in there)
    if dates or numbers:
        scale = "dates" if dates else "numbers"
        return scale, sorted(there, key=lambda point: point[0])
    return "texts", points
