"""What is known of an expression before anything runs: names with values, and all they lead to."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from typing import Final, TypeAlias

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.expression.dateformat import written
from pipec.expression.functions import FUNCTIONS, OPERATORS, Signature
from pipec.expression.tree import (
    Binary,
    Call,
    Expr,
    Format,
    ListOf,
    Literal,
    Name,
    Place,
    Unary,
    children,
    rebuilt,
)
from pipec.expression.types import (
    DATETIME,
    DOUBLE,
    LARGEST_INT,
    OBJECT,
    STRING,
    Value,
    list_of,
    type_of,
)


class NotConstant(Enum):
    """The type of `NOT_CONSTANT`."""

    NOT_CONSTANT = "known only when it runs"


NOT_CONSTANT: Final = NotConstant.NOT_CONSTANT
"""What a lookup answers for a name whose value is known only when the pipeline runs."""

Lookup: TypeAlias = "Callable[[tuple[str, ...]], Value | NotConstant]"
"""The value of a dotted name. Datetimes have a zone, lists are tuples."""


def fold(expr: Expr, lookup: Lookup, at: Place, report: Report) -> Expr:
    """`expr` with the values of its names in place, and everything computed that can be.

    It is a Literal when all of it is known. With a known pattern, `format` becomes a Format; with
    a known period, `plusPeriod` becomes a `+`. What has no result stays as it is, and `report`
    says why. What `infer` complains of stays as well.
    """
    match expr:
        case Literal():
            return expr
        case Name():
            value = lookup(expr.parts)
            return expr if isinstance(value, NotConstant) else _literal(value, expr)
    inside = tuple(fold(child, lookup, at, report) for child in children(expr))
    return _reduced(rebuilt(expr, inside), at, report)


def _reduced(expr: Expr, at: Place, report: Report) -> Expr:
    """`expr`, computed if all inside it is known; what is inside it is folded already."""
    inside = children(expr)
    known = [one for one in inside if isinstance(one, Literal)]
    if isinstance(expr, Call):
        return _call(expr, known, at, report)
    if len(known) < len(inside):
        return expr
    match expr:
        case Unary() | Binary():
            return _operator(expr, known, at, report)
        case Format(pattern=pattern):
            moment = known[0].value
            if not isinstance(moment, datetime):
                return expr
            return Literal(written(moment, pattern), STRING, expr.start, expr.end)
        case ListOf():
            return _list(expr, known)
        case Literal() | Name():
            return expr


def _literal(value: Value, expr: Expr) -> Literal:
    return Literal(value, type_of(value), expr.start, expr.end)


def _list(expr: ListOf, known: list[Literal]) -> Expr:
    """One list of all `known`, with the items of those that are lists themselves."""
    values: list[Value] = []
    for one in known:
        values.extend(one.value if isinstance(one.value, tuple) else (one.value,))
    type = type_of(tuple(values))
    if type.item == OBJECT:  # A mixed list has no type that an item could be of.
        return expr
    if type.item == DOUBLE:
        values = [float(it) if isinstance(it, int) else it for it in values]
    return Literal(tuple(values), type, expr.start, expr.end)


def _operator(expr: Unary | Binary, known: list[Literal], at: Place, report: Report) -> Expr:
    lists = [it.value for it in known if isinstance(it.value, tuple)]
    found = OPERATORS[expr.operator].signature(tuple(it.type.item or it.type for it in known))
    if found is None or len(lists) > 1:
        return expr
    results: list[Value] = []
    for item in lists[0] if lists else (None,):
        values = [item if isinstance(it.value, tuple) else it.value for it in known]
        result = _computed(found, values, expr, at, report)
        if result is None:
            return expr
        results.append(result)
    if lists:
        return Literal(tuple(results), list_of(found.gives), expr.start, expr.end)
    return Literal(results[0], found.gives, expr.start, expr.end)


def _call(expr: Call, known: list[Literal], at: Place, report: Report) -> Expr:
    if expr.function in ("format", "plusPeriod") and len(expr.arguments) == 2:
        from pipec.expression.reword import in_other_words

        told = in_other_words(expr, at, report)
        return expr if isinstance(told, Call) else _reduced(told, at, report)
    if expr.function not in FUNCTIONS or len(known) < len(expr.arguments):
        return expr
    found = FUNCTIONS[expr.function].signature(tuple(it.type for it in known))
    if found is None:
        return expr
    result = _computed(found, [it.value for it in known], expr, at, report)
    return expr if result is None else _literal(result, expr)


def _computed(
    signature: Signature, values: list[Value | None], expr: Expr, at: Place, report: Report
) -> Value | None:
    """What `signature` computes of `values`; None when there is no such result."""
    try:
        result = signature.compute(*values)
        if isinstance(result, int) and not -LARGEST_INT <= result <= LARGEST_INT:
            raise OverflowError
        if isinstance(result, float) and not math.isfinite(result):
            raise OverflowError
        return result
    except ZeroDivisionError:
        report.add(DivisionByZero(at(expr.start, expr.end)))
    except (OverflowError, ValueError):
        if signature.gives == DATETIME:
            report.add(DateOutOfRange(at(expr.start, expr.end)))
        else:
            report.add(NumberOutOfRange(at(expr.start, expr.end), signature.gives.described))
    return None


@diagnostic
class DivisionByZero(Diagnostic):
    """A number is divided by zero.

    The values of parameters are put in before anything is computed, so the zero may be a
    parameter's default, or the value that it has in an environment.
    """

    code = "P245"
    title = "Division by zero"
    message = "this divides by zero"
    help = "divide by another number"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --orders ${{ 100 / 0 }}     # P245 100 / 0
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --orders ${{ 100 / 4 }}
        """


@diagnostic
class NumberOutOfRange(Diagnostic):
    """The result of a computation is no number that its type holds.

    An int has 64 bits, a double goes up to about 1.8e308, and neither is the square root of a
    negative number or zero to a negative power.
    """

    code = "P246"
    title = "Number out of range"
    message = "the result of this is not {kind}"
    help = "an int has 64 bits, a double goes up to about 1.8e308"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --orders ${{ 10 ^ 400 }}     # P246 10 ^ 400
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --orders ${{ 10 ^ 4 }}
        """

    kind: str


@diagnostic
class DateOutOfRange(Diagnostic):
    """A computation leads to a datetime that the calendar does not have.

    Datetimes lie in the years 1 to 9999. The functions that make one take a month from 1 to 12, a
    day that the month has, an hour from 0 to 23 and a minute from 0 to 59.
    """

    code = "P247"
    title = "Datetime out of range"
    message = "the calendar has no such datetime"
    help = "months go from 1 to 12, years from 1 to 9999, and days as far as the month has them"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --since ${{ makeDate(2026, 2, 29) }}     # P247 makeDate(2026, 2, 29)
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --since ${{ makeDate(2026, 2, 28) }}
        """
