"""A value as stretches of text that stay together, and the brackets that may open up."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from pipec.frozen import frozen
from pipec.targets.python.characters import width
from pipec.targets.python.text import is_script, literal
from pipec.targets.python.values import (
    BOOLEAN,
    COMPARISONS,
    LOOSENESS,
    Attribute,
    Binary,
    Call,
    Name,
    Value,
    as_call,
)


@frozen
class Expression:
    """A value on its way to the page."""

    value: Value
    parts: list[Part]
    """What it is made of, from left to right."""
    flat: str | None
    """All of it on one line; None if it holds a script."""


@frozen
class Group:
    """Brackets with something in them: the only places where a line breaks."""

    kind: Literal["call", "tuple", "list", "dict", "operand"]
    items: list[tuple[str, Expression]]
    flat: str | None
    """All of it on one line; None if it holds a script."""


Part: TypeAlias = str | Group


@frozen
class Term:
    """An operand, and the operator before it (none before the first)."""

    operator: str
    operand: Expression
    is_wrapped: bool = False
    """Whether the operand stands in parentheses."""

    @property
    def looseness(self) -> int:
        """How early a line breaks at the operator: at `and` as early as at `or`."""
        return min(LOOSENESS[self.operator], BOOLEAN)

    @property
    def parts(self) -> list[Part]:
        """The operator and the operand."""
        return [f" {self.operator} ", *self.bare] if self.operator else self.bare

    @property
    def bare(self) -> list[Part]:
        """The operand alone."""
        return [_operand(self.operand)] if self.is_wrapped else self.operand.parts


def expression(value: Value) -> Expression:
    """`value` as it can be printed. What has no exact form in Python is a TypeError."""
    parts = _parts(value)
    return Expression(
        value, parts, None if isinstance(value, str) and is_script(value) else joined(parts)
    )


def terms(binary: Binary) -> list[Term]:
    """The operands of `binary`, and the operands of those that stand without parentheses."""
    loose = LOOSENESS[binary.operator]
    found: list[Term] = []
    for operator, value in (("", binary.left), (binary.operator, binary.right)):
        if isinstance(value, Binary):
            inner = LOOSENESS[value.operator]
            # Comparisons in a row would mean something else.
            if inner < loose or (inner == loose != COMPARISONS and not operator):
                first, *others = terms(value)
                found += [Term(operator, first.operand, first.is_wrapped), *others]
                continue
        operand = expression(value)
        is_wrapped = isinstance(value, Binary) or (
            isinstance(value, str) and width(literal(value)) > _LONG_OPERAND
        )
        found.append(Term(operator, operand, is_wrapped))
    return found


_LONG_OPERAND = 60


def links(value: Value) -> list[list[Part]]:
    """A chain of calls, cut before each attribute of a call: `first()`, `.second()`, `.third()`."""
    match value:
        case Attribute(owner, name):
            found = links(owner)
            if isinstance(owner, Call):
                found.append([])
            found[-1].append(f".{name}")
        case Call(function):
            found = links(function)
            found[-1].append(_parts(value)[-1])
        case _:
            found = [_parts(value)]
    return found


def is_fluent(value: Value) -> bool:
    """Whether `value` is a chain so long that it is written one call below the other."""
    calls = 0
    while isinstance(value, Attribute | Call):
        if isinstance(value, Call):
            value = value.function
        else:
            value = value.value
            calls += isinstance(value, Call)
    return calls >= 2


def joined(parts: Iterable[Part]) -> str | None:
    """The parts on one line; None if they hold a script."""
    text = ""
    for part in parts:
        stretch = part if isinstance(part, str) else part.flat
        if stretch is None:
            return None
        text += stretch
    return text


def _parts(value: Value) -> list[Part]:
    match value:
        case str():
            return [literal(value)]
        case Name():
            return [value.text]
        case Attribute():
            return [*_parts(value.value), f".{value.name}"]
        case Call():
            items = [("", expression(item)) for item in value.args]
            items += [(f"{key}=", expression(item)) for key, item in value.kwargs.items()]
            return [*_parts(value.function), _group("call", "(", items, ")")]
        case Binary():
            return [part for term in terms(value) for part in term.parts]
        case bool() | None:
            return [repr(value)]
        case int():
            return [int.__repr__(value)]
        case float() if math.isfinite(value):
            return [float.__repr__(value).replace("e+", "e")]
        case list():
            return [_group("list", "[", [("", expression(item)) for item in value], "]")]
        case tuple():
            return [_group("tuple", "(", [("", expression(item)) for item in value], ")")]
        case Mapping():
            pairs = [(f"{_key(key)}: ", expression(item)) for key, item in value.items()]
            return [_group("dict", "{", pairs, "}")]
        case datetime() | timedelta():
            return _parts(as_call(value))
    raise TypeError(f"{value!r} cannot be written in Python exactly")


def _group(
    kind: Literal["call", "tuple", "list", "dict"],
    opening: str,
    items: list[tuple[str, Expression]],
    closing: str,
) -> Part:
    if not items:
        return opening + closing
    inside = []
    for prefix, item in items:
        if item.flat is None:
            return Group(kind, items, None)
        inside.append(prefix + item.flat)
    comma = "," if kind == "tuple" and len(items) == 1 else ""
    return Group(kind, items, f"{opening}{', '.join(inside)}{comma}{closing}")


def _operand(item: Expression) -> Group:
    """The operand in parentheses. A script is flat there: between operators it comes in pieces."""
    flat = literal(item.value) if isinstance(item.value, str) else item.flat
    return Group("operand", [("", item)], None if flat is None else f"({flat})")


def _key(key: Value) -> str:
    text = literal(key) if isinstance(key, str) else expression(key).flat
    if text is None:
        raise TypeError(f"{key!r} holds a script, and cannot be a key")
    return text
