"""What a rollup keeps: the columns that rows are grouped by, and what is computed of each group."""

from __future__ import annotations

from lark import Token, Tree

from pipec.diagnostic import Diagnostic, diagnostic, did_you_mean
from pipec.fields.columns import column_name
from pipec.fields.forms import read_form, token_span
from pipec.fields.key import FieldType
from pipec.fields.reader import Reader
from pipec.fields.scalars import expect_scalar
from pipec.syntax import Scalar
from pipec.syntax import Tree as Syntax
from pipec.values import Measure, Ref

FUNCTIONS = ("sum", "min", "max", "count", "avg")
"""Those whose results can be rolled up again, and then are what they would be of all rows."""

NOT_AGAIN = {
    "count_distinct": "the same value may be counted on both days",
    "median": "the median of two days does not follow from the median of each",
    "percentile": "the percentile of two days does not follow from that of each",
    "mode": "what is most frequent on two days may be so on neither",
    "stddev": "the deviation of two days does not follow from that of each",
    "variance": "the variance of two days does not follow from that of each",
    "first": "rows have no order that would outlive their table",
    "last": "rows have no order that would outlive their table",
}
"""Those that a user may ask for, and why the result of a week does not follow from those of its days."""

_OTHERWISE = {
    "average": "avg", "mean": "avg", "minimum": "min", "maximum": "max", "total": "sum",
    "distinct": "count_distinct", "countdistinct": "count_distinct", "nunique": "count_distinct",
    "approx_count_distinct": "count_distinct", "quantile": "percentile", "std": "stddev",
    "percentile_cont": "percentile", "percentile_disc": "percentile", "var": "variance",
}  # fmt: skip


def _read_columns(tree: Syntax, reader: Reader) -> tuple[Ref, ...] | None:
    found: list[Ref] = []
    for form, it in _forms(tree, "by", "names of columns", reader):
        if form is None:
            return None
        tokens = [token for token in form.children if isinstance(token, Token)]
        for token in tokens:
            span = token_span(it, token)
            found.append(Ref(column_name(str(token), span, reader), span))
    return tuple(found)


column_names = FieldType("names of columns", _read_columns)


def _read_measures(tree: Syntax, reader: Reader) -> tuple[Measure, ...] | None:
    found: list[Measure | None] = []
    for form, it in _forms(tree, "measures", "measures such as `sum(price), count()`", reader):
        if form is None:
            return None
        found += [_measure(one, it, reader) for one in form.children if isinstance(one, Tree)]
    return tuple(one for one in found if one) if None not in found else None


measures = FieldType("measures, such as `sum(price), count()`", _read_measures)


def _forms(
    tree: Syntax, rule: str, expected: str, reader: Reader
) -> list[tuple[Tree[Token] | None, Scalar]]:
    found = []
    for item in (tree,) if not hasattr(tree, "items") else tree.items:
        one = expect_scalar(item, expected, reader)
        it = reader.plain(one) if one else None
        if it is None:
            return [(None, Scalar(tree.span, ""))]
        found.append((read_form(rule, it, reader), it))
    return found


def _measure(form: Tree[Token], it: Scalar, reader: Reader) -> Measure | None:
    name, column, given = form.children
    assert isinstance(name, Token)
    function = name.lower()
    function = _OTHERWISE.get(function, function)
    if function in NOT_AGAIN:
        reader.report.add(NotAgain(token_span(it, name), str(name), NOT_AGAIN[function]))
        return None
    if function not in FUNCTIONS or function != name.lower():
        near = did_you_mean(function, FUNCTIONS, "there are `sum`, `min`, `max`, `count`, `avg`")
        reader.report.add(NoMeasure(token_span(it, name), str(name), near))
        return None
    end = given.end_pos or 0 if isinstance(given, Token) else closing(it.value, form)
    span = it.part(name.start_pos or 0, end)
    of = ""
    if isinstance(column, Token) and column != "*":
        of = column_name(str(column), token_span(it, column), reader)
    if not of and function != "count":
        reader.report.add(NoColumn(span, function))
        return None
    alias = ""
    if isinstance(given, Token):
        alias = column_name(str(given), token_span(it, given), reader)
    return Measure(function, of, alias, span)


def closing(text: str, measure: Tree[Token]) -> int:
    """Where the bracket of a measure without a name of its own closes."""
    last = max(token.end_pos or 0 for token in measure.children if isinstance(token, Token))
    return text.index(")", last) + 1


@diagnostic
class NoMeasure(Diagnostic):
    """A rollup computes sums, smallest and largest values, counts and averages."""

    code = "P330"
    title = "Unknown measure"
    message = "there is no measure `{name}`"
    help = "{near}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, at: ordered_at, schedule: daily}
          by_day: sql db.orders_by_day
        rollups:
          count_orders: orders every daily with summ(price) into by_day    # P330 summ
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, at: ordered_at, schedule: daily}
          by_day: sql db.orders_by_day
        rollups:
          count_orders: orders every daily with sum(price) into by_day
        """

    name: str
    near: str


@diagnostic
class NotAgain(Diagnostic):
    """Rolling up twice equals rolling up once: a week, made from its days, is what all its rows say.

    That holds for `sum`, `min`, `max` and `count`, and for `avg`, which is kept as sum and count.
    It does not for counts of different values, medians and the like: they need the rows themselves,
    in an activity `sql` of their own for each schedule.
    """

    code = "P331"
    title = "Cannot be rolled up again"
    message = "`{name}` cannot be made from its own results: {reason}"
    help = "group `by` that column and count the rows where you read them, or write a `sql` activity that reads all rows"
    fails = """
        pipeline: shop
        schedules:
          daily: every 1 day from 2026-01-05T00:00Z
          weekly: every 1 week from 2026-01-05T00:00Z
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, at: ordered_at, schedule: daily}
          by_day: sql db.orders_by_day
          by_week: sql db.orders_by_week
        rollups:
          customers: orders every daily, weekly with count_distinct(customer) into by_day, by_week    # P331 count_distinct
        """
    fixed = """
        pipeline: shop
        schedules:
          daily: every 1 day from 2026-01-05T00:00Z
          weekly: every 1 week from 2026-01-05T00:00Z
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, at: ordered_at, schedule: daily}
          by_day: sql db.orders_by_day
          by_week: sql db.orders_by_week
        rollups:
          customers: orders every daily, weekly by customer with count() into by_day, by_week
        """

    name: str
    reason: str


@diagnostic
class NoColumn(Diagnostic):
    """Only rows can be counted without a column."""

    code = "P332"
    title = "Measure of nothing"
    message = "`{function}()` does not say of which column"
    help = "write `{function}(COLUMN)`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, at: ordered_at, schedule: daily}
          by_day: sql db.orders_by_day
        rollups:
          count_orders: orders every daily with sum() into by_day    # P332 sum()
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, at: ordered_at, schedule: daily}
          by_day: sql db.orders_by_day
        rollups:
          count_orders: orders every daily with sum(price) into by_day
        """

    function: str
