"""The types of the language, the values they have, and how a value is written in text."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TypeAlias, get_args

from pipec.frozen import frozen
from pipec.grid.period import Period, Unit

UNITS: tuple[Unit, ...] = get_args(Unit)

LARGEST_INT = 2**63 - 1
"""Ints have 64 bits, as in the services and databases that receive them."""


Value: TypeAlias = "int | float | str | bool | datetime | Period | tuple[Value, ...]"
"""What is known when compiling. A datetime has a zone; a list is a tuple without lists in it."""


@frozen
class Type:
    """A type, by its name; for a list, also the type of its items."""

    name: str
    item: Type | None = None

    def __str__(self) -> str:
        return f"{self.name}({self.item})" if self.item and self.item != NOTHING else self.name

    @property
    def described(self) -> str:
        """The type with its article: `an int`, `a list(string)`."""
        return f"{'an' if self.name[0] in 'aeios' and self.name != 'string' else 'a'} {self}"


INT = Type("int")
DOUBLE = Type("double")
STRING = Type("string")
BOOL = Type("bool")
DATETIME = Type("datetime")
PERIOD = Type("period")
S3 = Type("s3")
SNS = Type("sns")
OBJECT = Type("object")
"""A datanode, an activity and so on: it has fields, and no value of its own."""
NOTHING = Type("nothing")
"""What the items of an empty list are; it goes wherever any type does."""
PATHS = Type("list of paths")
DATES = Type("list of datetimes")
"""These two are of all instances that an input reads. Only a run knows them, and how many they are;
in a text they stand one after the other, with spaces in between."""
ANY_TEXT = Type("anything that has a text")
"""Only what a function or an operator takes: every type but lists and objects."""

PLAIN = {it.name: it for it in (INT, DOUBLE, STRING, BOOL, DATETIME, PERIOD, S3, SNS)}
"""The types that a parameter may have, besides lists of them."""

_TEXTS = (STRING, S3, SNS)


def list_of(item: Type) -> Type:
    """The type of lists of `item`; of a list, that list: there are no lists in lists."""
    return item if item.item else Type("list", item)


def type_named(text: str) -> Type | None:
    """The type that is written `text`, such as `int` or `list(string)`; None if none is."""
    if inside := re.fullmatch(r"list\s*\(\s*(\w+)\s*\)", text.strip()):
        item = PLAIN.get(inside[1])
        return list_of(item) if item else None
    return PLAIN.get(text.strip())


def fits(given: Type, wanted: Type) -> bool:
    """Whether a value of type `given` may stand where `wanted` is asked for."""
    if wanted == ANY_TEXT:
        return not given.item and given not in (OBJECT, PATHS, DATES)
    if given.item and wanted.item:
        return fits(given.item, wanted.item)
    return (
        given in (wanted, NOTHING)
        or (given == INT and wanted == DOUBLE)
        or (given in _TEXTS and wanted == STRING)
    )


def common(one: Type, other: Type) -> Type | None:
    """The type that values of both types have; None when there is none."""
    for wanted in (one, other, STRING):
        if fits(one, wanted) and fits(other, wanted):
            return wanted
    return None


def type_of(value: Value) -> Type:
    """The type of a known value."""
    match value:
        case bool():
            return BOOL
        case int():
            return INT
        case float():
            return DOUBLE
        case str():
            return STRING
        case datetime():
            return DATETIME
        case Period():
            return PERIOD
        case tuple():
            item = NOTHING
            for one in value:
                item = common(item, type_of(one)) or OBJECT
            return list_of(item)


def show(value: Value) -> str:
    """How `value` is written where it joins with text. A list has no text of its own.

    A datetime is written without its zone, as the time of day that it has there.
    """
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.replace(tzinfo=None, microsecond=0).isoformat()
        case str():
            return value
        case int() | float() | Period():
            return str(value)
        case tuple():
            raise TypeError("a list has no text")


def period(text: str) -> Period | None:
    """The period that is written `text`, such as `28 days`; None if it is not one."""
    found = re.fullmatch(r"([0-9]{1,18})\s+([a-z]+?)s?", text.strip().lower())
    unit = next((one for one in UNITS if found and one == found[2]), None)
    return Period(int(found[1]), unit) if found and unit else None
