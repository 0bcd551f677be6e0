"""The type of an expression, and what is said when its parts do not go together."""

from __future__ import annotations

from typing import Protocol

from pipec.diagnostic import Diagnostic, Report, diagnostic, listed
from pipec.expression.calls import check_call
from pipec.expression.functions import OPERATORS
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
)
from pipec.expression.types import (
    DATES,
    DATETIME,
    INT,
    NOTHING,
    OBJECT,
    PERIOD,
    STRING,
    Type,
    common,
    fits,
    list_of,
)


class Scope(Protocol):
    """What the names of an expression stand for, where the expression is written."""

    def type_of(self, name: Name, at: Place, report: Report) -> Type | None:
        """The type of what `name` stands for; None, and a diagnostic, when it is not known.

        `at(*name.part(0))` is the place of the name's first part.
        """


def infer(expr: Expr, scope: Scope, at: Place, report: Report) -> Type | None:
    """The type of `expr`; None when it has none, which `report` then explains."""
    match expr:
        case Literal():
            return expr.type
        case Name():
            return scope.type_of(expr, at, report)
    inside = [infer(child, scope, at, report) for child in children(expr)]
    given = tuple(one for one in inside if one is not None)
    known = len(given) == len(inside)
    match expr:
        case Unary() | Binary():
            return _operator(expr, given, at, report) if known else None
        case Call():
            return check_call(expr, given if known else None, at, report)
        case Format():
            if known and given[0] != DATES and not fits(given[0], DATETIME):
                value = expr.value
                report.add(FormatOfOther(at(value.start, value.end), given[0].described))
            return STRING
        case ListOf():
            return _list(expr, given, at, report) if known else None


def operation(operator: str, given: tuple[Type, ...]) -> Type | None:
    """What `operator` gives for operands of the types `given`; None if it does not take them.

    One list among the operands means: each of its items in turn.
    """
    lists = [one for one in given if one.item]
    if len(lists) > 1:
        return None
    found = OPERATORS[operator].signature(tuple(one.item or one for one in given))
    if found is None:
        return None
    return list_of(found.gives) if lists else found.gives


def _operator(
    expr: Unary | Binary, given: tuple[Type, ...], at: Place, report: Report
) -> Type | None:
    found = operation(expr.operator, given)
    if found is None:
        between = " and ".join(one.described for one in given)
        hint = _operands(expr.operator, given)
        span = at(expr.start, expr.end)
        report.add(WrongOperands(span, expr.operator, between, hint))
    return found


def _list(expr: ListOf, given: tuple[Type, ...], at: Place, report: Report) -> Type | None:
    item = NOTHING
    for child, type in zip(expr.items, given, strict=True):
        both = common(item, type.item or type)
        if both is None:
            span = at(child.start, child.end)
            report.add(MixedList(span, type.described, str(item)))
            return None
        item = both
    return list_of(item)


@diagnostic
class WrongOperands(Diagnostic):
    """An operator stands between values that it cannot bring together.

    Numbers go with numbers, a datetime with a period, and `+` joins anything with text. A list on
    one side means each of its items; two lists do not go together.
    """

    code = "P243"
    title = "Wrong operands"
    message = "`{operator}` has no meaning for {between}"
    help = "{advice}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --since ${{ start - 1 }}     # P243 start - 1
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --since ${{ start - 1 day }}
        """

    operator: str
    between: str
    advice: str


@diagnostic
class MixedList(Diagnostic):
    """The items of a list have different types.

    All items have one type. Ints among doubles become doubles.
    """

    code = "P244"
    title = "Mixed list"
    message = "this item is {given}, and the items before it are of type {item}"
    help = "give all items one type, for instance by quotes: `['1', 'two']`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail
            args: "${{ ['orders', 2] }}"     # P244 2
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail
            args: "${{ ['orders', '2'] }}"
        """

    given: str
    item: str


@diagnostic
class FormatOfOther(Diagnostic):
    """A format follows a value that is not a datetime.

    The text after a colon says how a datetime is written: `start:%Y-%m-%d`. Texts, numbers and
    periods are written in one way only.
    """

    code = "P250"
    title = "Format of something else"
    message = "only a datetime has a format, and this is {given}"
    help = "take the colon and the format away, or put a datetime before it"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --day ${{ day(start):%d }}     # P250 day(start)
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --day ${{ start:%d }}
        """

    given: str


def _operands(operator: str, given: tuple[Type, ...]) -> str:
    """What would go with `operator`, or with the operands."""
    if OBJECT in given:
        return "name one of its fields, as in `visits.path`"
    if operator in "+-" and len(given) == 2 and {DATETIME, INT} == set(given):
        return f"say the unit: `{operator} 1 day`"
    if operator == "-" and given == (DATETIME, DATETIME):
        return "subtract a period from a datetime, as in `end - 1 day`"
    if operator == "+" and PERIOD in given:
        return "a period is added to a datetime: `start + 1 day + 6 hours`"
    if all(one.item for one in given):
        return "`[a, b]` puts two lists together"
    ways = [
        f" {operator} ".join(map(str, one.takes))
        for one in OPERATORS[operator].signatures
        if len(one.takes) == len(given)
    ]
    return f"it takes {listed(ways)}"
