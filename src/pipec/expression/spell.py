"""An expression as a person would write it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from pipec.expression.tree import Binary, Call, Expr, Format, ListOf, Literal, Name, Unary
from pipec.expression.types import Value
from pipec.grid.period import Period


def spell(expr: Expr) -> str:
    """The text of `expr`, which is read as the same again.

    A Format stands outermost, as it does in what was read. A datetime that is known has whole
    seconds and is in UTC.
    """
    if isinstance(expr, Format):
        return f"{_within(expr.value, _SUM)}:{expr.pattern}"
    return _within(expr, _SUM)


_SUM, _PRODUCT, _SIGNED, _POWER, _ATOM = range(5)
"""How close what stands around an expression binds, from loosest on."""

_BINDS = {
    "+": (_SUM, _SUM, _PRODUCT),
    "-": (_SUM, _SUM, _PRODUCT),
    "*": (_PRODUCT, _PRODUCT, _SIGNED),
    "/": (_PRODUCT, _PRODUCT, _SIGNED),
    "^": (_POWER, _ATOM, _SIGNED),
}
"""How close an operator binds, and what may stand to its left and right without brackets."""


def _within(expr: Expr, least: int) -> str:
    """`expr` where only what binds as close as `least` needs no brackets."""
    text, binds = _spelled(expr)
    return f"({text})" if binds < least else text


def _spelled(expr: Expr) -> tuple[str, int]:
    match expr:
        case Literal(value=value):
            text = _literal(value)
            if isinstance(value, datetime) and value.second:
                return text, _SUM
            return text, _SIGNED if text.startswith("-") else _ATOM
        case Name(parts=parts):
            return ".".join(parts), _ATOM
        case Unary(operator=operator, value=value):
            return operator + _within(value, _SIGNED), _SIGNED
        case Binary(operator=operator, left=left, right=right):
            binds, before, after = _BINDS[operator]
            return f"{_within(left, before)} {operator} {_within(right, after)}", binds
        case Call(function=function, arguments=arguments):
            return f"{function}({_listed(arguments)})", _ATOM
        case ListOf(items=items):
            return f"[{_listed(items)}]", _ATOM
        case Format():
            raise ValueError("a format stands around a whole expression only")


def _listed(several: tuple[Expr, ...]) -> str:
    return ", ".join(_within(one, _SUM) for one in several)


def _literal(value: Value) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return quoted(value)
        case float():
            text = format(Decimal(repr(value)), "f")
            return text if "." in text else f"{text}.0"
        case datetime():
            return _datetime(value)
        case int() | Period():
            return str(value)
        case tuple():
            return f"[{', '.join(map(_literal, value))}]"


def quoted(text: str) -> str:
    """`text` as a text of an expression, in those quotes that need fewer backslashes."""
    quote = '"' if "'" in text and '"' not in text else "'"
    for plain, escaped in (("\\", "\\\\"), (quote, f"\\{quote}"), ("\n", "\\n"), ("\t", "\\t")):
        text = text.replace(plain, escaped)
    return f"{quote}{text}{quote}"


def _datetime(value: datetime) -> str:
    day = f"{value.year}, {value.month}, {value.day}"
    if (value.hour, value.minute, value.second) == (0, 0, 0):
        return f"makeDate({day})"
    made = f"makeDateTime({day}, {value.hour}, {value.minute})"
    return f"{made} + {Period(value.second, 'second')}" if value.second else made
