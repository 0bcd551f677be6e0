"""Statements, laid out in lines of 88 columns as `ruff format` leaves them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from pipec.targets.python.characters import WIDTH, width
from pipec.targets.python.expression import Expression, Group, expression, is_fluent, terms
from pipec.targets.python.layout import BREAK, NOQA, fits, head, run, script, wrapped
from pipec.targets.python.text import has_lines
from pipec.targets.python.values import Attribute, Binary, Call, Value, check_name


def statement(target: str | None, value: Value, indent: int = 0) -> str:
    """`target = value`, or `value` alone.

    The first line comes without indentation, the others with theirs.
    """
    if target is not None:
        check_name(target)
    start = "" if target is None else f"{target} = "
    return _laid_out(start, expression(value), indent).replace(BREAK, "\n")


def _laid_out(start: str, value: Expression, indent: int) -> str:
    column = indent + width(start)
    if value.flat is not None and column + width(value.flat) <= WIDTH:
        return start + value.flat
    if isinstance(value.value, str) and has_lines(value.value):
        text, is_overlong = script(start, value.value, indent, 0)
        return text + (NOQA if is_overlong else "")
    if _is_better_wrapped(value, indent, column, is_assigned=bool(start)):
        return start + wrapped(value, indent)
    return start + run(value.parts, indent, column, 0)


def _is_better_wrapped(value: Expression, indent: int, column: int, *, is_assigned: bool) -> bool:
    """Whether the value, too long for its line, gets parentheses of its own."""
    match value.value:
        case Binary():
            return not (_ends_in_brackets(value.value) and _heads_fit(value, indent, column))
        case list() | tuple() | Mapping() | datetime() | timedelta():
            return False
        case _ if not is_assigned:
            return False
        case Call() | Attribute() if is_fluent(value.value):
            return True
        case _:
            can_open = any(isinstance(part, Group) for part in value.parts)
            if can_open and column + head(value.parts) <= WIDTH:
                return False
            return fits(wrapped(value, indent))


def _ends_in_brackets(value: Binary) -> bool:
    """Whether one operator decides over the lines, and one of its ends can open up."""
    first, *others = terms(value)
    looseness = [term.looseness for term in others]
    if looseness.count(max(looseness)) > 1:
        return False
    first_opens = first.is_wrapped or isinstance(first.operand.value, list | tuple | Mapping)
    return (first_opens and isinstance(first.bare[0], Group)) or isinstance(
        others[-1].bare[-1], Group
    )


def _heads_fit(value: Expression, indent: int, column: int) -> bool:
    """Whether the text between the groups fits if all of them open up."""
    for index, part in enumerate([None, *value.parts]):
        if part is None or isinstance(part, Group):
            start = column if part is None else indent + 1
            if start + head(value.parts[index:]) > WIDTH:
                return False
    return True
