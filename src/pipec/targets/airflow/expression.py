"""An expression as Jinja says it inside an Airflow template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from pipec.expression.functions import FUNCTIONS, OPERATORS
from pipec.expression.tree import Binary, Call, Expr, Format, ListOf, Literal, Name, Unary
from pipec.expression.types import (
    BOOL,
    DATETIME,
    DOUBLE,
    INT,
    PERIOD,
    STRING,
    Type,
    Value,
    show,
    type_named,
)
from pipec.frozen import frozen
from pipec.grid import Period
from pipec.values import Text

DATE_TEXT = "%Y-%m-%dT%H:%M:%S"
"""How a datetime is written where nothing says how."""


@frozen
class Moment:
    """How Airflow names the values of a run: `start`, `end`, the due time, parameters."""

    start: str = "data_interval_start"
    end: str = "data_interval_end"
    due: str = "data_interval_end"
    params: Mapping[str, str] = field(default_factory=dict)
    """The types of the parameters whose values come with the run."""
    optional: frozenset[str] = frozenset()
    """Those of the parameters that may come without a value."""
    kinds: Mapping[str, str] = field(default_factory=dict)
    """The kinds of the objects that a notification may be about, by their names."""
    known: Mapping[str, tuple[str, Type]] = field(default_factory=dict)
    """Further names and what they stand for: when what an input reads starts, and ends."""
    lists: Mapping[str, Each] = field(default_factory=dict)
    """The names that stand for something of each instance that an input reads."""


@frozen
class Each:
    """The instances of a datanode that a run reads, and what a text says of each of them."""

    intervals: str
    """The code of their intervals, pairs of start and end; empty for the one with the run's own."""
    place: Text | None
    """The text of its place, in which only what a run knows is left; None to say when it starts."""
    moment: Moment
    """How the times of one instance are named."""


class UnsaidError(Exception):
    """A template has no words for this part of an expression."""

    def __init__(self, expr: Expr) -> None:
        super().__init__(expr)
        self.expr = expr


def jinja(expr: Expr, moment: Moment) -> str:
    """The expression whose rendered value is the text of `expr`."""
    code, found = _Writer(moment).write(expr)
    return _text(code, found)


def has_quotes(expr: Expr, moment: Moment) -> bool:
    """True when a quotation mark may stand in the text of `expr`."""
    if isinstance(expr, Format):
        return "'" in expr.pattern
    _, found = _Writer(moment).write(expr)
    return found not in (DATETIME, INT, DOUBLE, BOOL)


def _text(code: str, found: Type) -> str:
    if found == DATETIME:
        return f"{code}.strftime({DATE_TEXT!r})"
    if found == BOOL:
        return f"{code} | lower"
    return code


class _Writer:
    def __init__(self, moment: Moment) -> None:
        self.moment = moment

    def write(self, expr: Expr) -> tuple[str, Type]:
        """The code of an expression, and the type of what it gives."""
        match expr:
            case Literal():
                code = _literal(expr.value)
                return (self._pendulum(code) if expr.type == DATETIME else code), expr.type
            case Name():
                return self._name(expr)
            case Format():
                code, _ = self.write(expr.value)
                return f"{code}.strftime({expr.pattern!r})", STRING
            case Unary():
                code, found = self.write(expr.value)
                if found == PERIOD:
                    raise UnsaidError(expr)
                return f"-({code})", found
            case Binary():
                return self._binary(expr)
            case Call():
                return self._call(expr)
            case ListOf():
                raise UnsaidError(expr)

    def _name(self, name: Name) -> tuple[str, Type]:
        path = ".".join(name.parts)
        known = {
            "start": (self.moment.start, DATETIME),
            "end": (self.moment.end, DATETIME),
            "run.id": ("run_id", STRING),
            "run.attempt": ("ti.try_number", INT),
            "run.due": (self.moment.due, DATETIME),
            "node.name": ("node_name", STRING),
            "node.status": ("node_status", STRING),
            "node.kind": (f"{dict(self.moment.kinds)!r}.get(node_name, 'wait')", STRING),
            "node.error": ("(exception | default(''))", STRING),
            "node.log": ("ti.log_url", STRING),
        }
        if path in self.moment.lists:
            raise UnsaidError(name)
        return known.get(path) or self.moment.known.get(path) or self._param(path)

    def _param(self, name: str) -> tuple[str, Type]:
        """A parameter of the run. What JSON holds of it may be of another type."""
        found = type_named(self.moment.params.get(name, "string")) or STRING
        # `params` is a dict, and `params.items` its method.
        given = code = f"params[{name!r}]" if hasattr(dict, name) else f"params.{name}"
        if found == DATETIME:
            text = f"{given} | replace('Z', '+00:00')"
            code = self._pendulum(f"macros.datetime.fromisoformat({text})")
        if found == DOUBLE:
            code = f"({given} | float)"
        if name in self.moment.optional:
            code = f"('' if {given} is none else {code})"
        return code, found

    def _pendulum(self, code: str) -> str:
        """A datetime that can be calculated with, in UTC if nothing else is said."""
        return f"{self.moment.start}.instance({code})"

    def _binary(self, expr: Binary) -> tuple[str, Type]:
        left, one = self.write(expr.left)
        if isinstance(expr.right, Literal) and expr.right.type == PERIOD and one == DATETIME:
            return _shifted(left, expr.right.value, expr.operator), DATETIME
        right, other = self.write(expr.right)
        if isinstance(expr.left, Literal) and one == PERIOD and other == DATETIME:
            return _shifted(right, expr.left.value, expr.operator), DATETIME
        signature = OPERATORS[expr.operator].signature((one, other))
        if signature is None or signature.gives == DATETIME:
            raise UnsaidError(expr)
        found = signature.gives
        if found == STRING:
            return f"({_text(left, one)} ~ {_text(right, other)})", STRING
        if expr.operator == "/" and found == INT:
            return f"({left} / {right}) | int", INT
        if expr.operator == "^":
            return f"(({left}) ** ({right})) | float", DOUBLE
        return f"({left} {expr.operator} {right})", found

    def _call(self, expr: Call) -> tuple[str, Type]:
        parts = [self.write(one) for one in expr.arguments]
        given = tuple(found for _, found in parts)
        signature = FUNCTIONS[expr.function].signature(given)
        found = signature.gives if signature else STRING
        code = [code for code, _ in parts]
        for start, method in (("plus", "add"), ("minus", "subtract")):
            if expr.function.startswith(start) and expr.function != "plusPeriod":
                unit = expr.function.removeprefix(start).lower()
                return f"{code[0]}.{method}({unit}={code[1]})", DATETIME
        if expr.function not in _CALLS:
            raise UnsaidError(expr)
        said = _CALLS[expr.function].format(*code)
        return (self._pendulum(said) if expr.function.startswith("make") else said), found


_CALLS = {
    "year": "{0}.year",
    "month": "{0}.month",
    "day": "{0}.day",
    "hour": "{0}.hour",
    "minute": "{0}.minute",
    "dayOfYear": "{0}.day_of_year",
    "midnight": "{0}.start_of('day')",
    "firstOfMonth": "{0}.replace(day=1)",
    "sunday": "{0}.subtract(days={0}.isoweekday() % 7)",
    "yesterday": "{0}.subtract(days=1)",
    "makeDate": "macros.datetime({0}, {1}, {2})",
    "makeDateTime": "macros.datetime({0}, {1}, {2}, {3}, {4})",
}
"""The functions that are no arithmetic of dates, over pendulum's datetimes."""


def _shifted(code: str, period: Value, operator: str) -> str:
    assert isinstance(period, Period)
    count, unit = period.count, period.unit
    negative = (operator == "-") != (count < 0)
    return f"{code}.{'subtract' if negative else 'add'}({unit}s={abs(count)})"


def _literal(value: Value) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            numbers = (value.year, value.month, value.day, value.hour, value.minute, value.second)
            return f"macros.datetime({', '.join(map(str, numbers))})"
        case str():
            return repr(value)
        case _:
            return show(value)
