"""An expression as it was read: literals, names, operators, calls, formats and lists.

Every node knows which characters of the expression it stands for (`start` up to `end`, counted
from the first character inside `${{`). Where they are in the file is asked only when a message is
made, so equal texts share one tree. Two trees are equal when they say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field, replace
from typing import TypeAlias

from pipec.diagnostic import Diagnostic
from pipec.expression.types import Type, Value
from pipec.frozen import frozen
from pipec.source import Span

Place: TypeAlias = Callable[[int, int], Span]
"""Where in the file two offsets into the expression's text lie."""


@frozen
class Complaint:
    """A mistake at two offsets into a text, not yet placed in a file."""

    start: int
    end: int
    placed: Callable[[Span], Diagnostic]
    """The diagnostic of it at a place in a file."""


@frozen
class Literal:
    """A value that is known. Lists are tuples."""

    value: Value
    type: Type
    """Kept beside the value, since to Python 1, 1.0 and True are equal."""
    start: int = field(default=0, compare=False, repr=False)
    end: int = field(default=0, compare=False, repr=False)


@frozen
class Name:
    """A name and the fields it leads through: `node.output.path` has three parts."""

    parts: tuple[str, ...]
    start: int = field(default=0, compare=False, repr=False)
    end: int = field(default=0, compare=False, repr=False)

    def part(self, first: int, last: int | None = None) -> tuple[int, int]:
        """The offsets of the parts `first` to `last`, `first` alone when no last is given."""
        last = first if last is None else last
        begin = self.start + sum(len(part) + 1 for part in self.parts[:first])
        return begin, begin + len(".".join(self.parts[first : last + 1]))


@frozen
class Unary:
    """A sign before a value; the operator is `-`."""

    operator: str
    value: Expr
    start: int = field(default=0, compare=False, repr=False)
    end: int = field(default=0, compare=False, repr=False)


@frozen
class Binary:
    """Two values and one of the operators `+ - * / ^` between them."""

    operator: str
    left: Expr
    right: Expr
    start: int = field(default=0, compare=False, repr=False)
    end: int = field(default=0, compare=False, repr=False)


@frozen
class Call:
    """A function and what it is given. The function's name is at `start`."""

    function: str
    arguments: tuple[Expr, ...]
    start: int = field(default=0, compare=False, repr=False)
    end: int = field(default=0, compare=False, repr=False)


@frozen
class Format:
    """A datetime and how to write it, in strftime letters."""

    value: Expr
    pattern: str
    start: int = field(default=0, compare=False, repr=False)
    end: int = field(default=0, compare=False, repr=False)


@frozen
class ListOf:
    """Several values. One that is a list itself gives its items."""

    items: tuple[Expr, ...]
    start: int = field(default=0, compare=False, repr=False)
    end: int = field(default=0, compare=False, repr=False)


Expr: TypeAlias = Literal | Name | Unary | Binary | Call | Format | ListOf


def children(expr: Expr) -> tuple[Expr, ...]:
    """The expressions directly inside `expr`, from left to right."""
    match expr:
        case Unary(value=value) | Format(value=value):
            return (value,)
        case Binary(left=left, right=right):
            return (left, right)
        case Call(arguments=inside) | ListOf(items=inside):
            return inside
        case Literal() | Name():
            return ()


def rebuilt(expr: Expr, inside: tuple[Expr, ...]) -> Expr:
    """`expr` with the expressions `inside` in place of its children, in the same order."""
    match expr:
        case Unary() | Format():
            return replace(expr, value=inside[0])
        case Binary():
            return replace(expr, left=inside[0], right=inside[1])
        case Call():
            return replace(expr, arguments=inside)
        case ListOf():
            return replace(expr, items=inside)
        case Literal() | Name():
            return expr


def walk(expr: Expr) -> Iterator[Expr]:
    """`expr` and everything inside it, outer before inner, left before right."""
    waiting = [expr]
    while waiting:
        yield (one := waiting.pop())
        waiting.extend(reversed(children(one)))


def depth(expr: Expr) -> int:
    """How many expressions stand inside each other, at most."""
    deepest, layer = 0, [expr]
    while layer:
        deepest += 1
        layer = [child for one in layer for child in children(one)]
    return deepest
