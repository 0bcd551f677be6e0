"""What the chart of a report shows: `line views, buyers by hour`."""

from __future__ import annotations

from lark import Token, Tree

from pipec.diagnostic import Diagnostic, diagnostic, did_you_mean, listed
from pipec.fields.forms import read_form, token_span
from pipec.fields.key import FieldType
from pipec.fields.reader import Reader
from pipec.fields.scalars import scalar
from pipec.syntax import Scalar
from pipec.values import Chart

CHARTS = ("bar", "line")
_OTHERWISE = {
    "column": "bar", "histogram": "bar", "pie": "bar", "area": "line", "plot": "line",
}  # fmt: skip
"""Others that a user may ask for, and what shows the same."""


def _chart(it: Scalar, reader: Reader) -> Chart | None:
    form = read_form("chart", it, reader)
    if form is None:
        return None
    kind, values, over = form.children
    assert isinstance(kind, Token)
    assert isinstance(values, Tree)
    if kind not in CHARTS:
        word = kind.lower().removesuffix("s")
        near = did_you_mean(_OTHERWISE.get(word, word), CHARTS, f"there are {listed(CHARTS)}")
        reader.report.add(UnknownChart(token_span(it, kind), str(kind), near))
        return None
    columns = tuple(str(one).strip('"') for one in values.children)
    return Chart(str(kind), columns, str(over).strip('"'), it.span)


chart = FieldType("chart, such as `bar views by region`", scalar("chart", _chart).read)


@diagnostic
class UnknownChart(Diagnostic):
    """A chart has bars, for what can be compared, or lines, for what goes on.

    `bar views by region` has a bar of the column `views` for each row, and `line views, buyers by
    hour` two lines, one for each column before `by`.
    """

    code = "P440"
    title = "Unknown chart"
    message = "there is no chart `{name}`"
    help = "{near}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        activities:
          tell:
            report: Orders of a day
            query: SELECT product, count(*) AS orders FROM orders GROUP BY product
            chart: bars orders by product    # P440 bars
            connection: db
            mail: owner@example.com
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        activities:
          tell:
            report: Orders of a day
            query: SELECT product, count(*) AS orders FROM orders GROUP BY product
            chart: bar orders by product
            connection: db
            mail: owner@example.com
        """

    name: str
    near: str
