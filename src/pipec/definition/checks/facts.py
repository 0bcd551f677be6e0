"""What the catalogue says of an object as it stands in a definition."""

from __future__ import annotations

import re

from pipec.definition.catalogue import FieldFacts, TypeFacts, catalogue
from pipec.definition.values import Object


def type_of(one: Object) -> TypeFacts | None:
    """What is known of the object's type; None if it has none, or one that nobody knows."""
    return catalogue().types.get(one.type)


def facts(one: Object, name: str) -> FieldFacts | None:
    """What is known of a field of that name in the object; None if nothing is.

    Of an object without a type, what holds for a field of any type: others inherit it. A star
    before a name makes the field a secret one.
    """
    type_ = type_of(one)
    known = type_.fields if type_ is not None else catalogue().anywhere
    return known.get(name) or known.get(name.removeprefix("*"))


def is_own(name: str) -> bool:
    """Whether a field of that name is the user's own, of which the service knows nothing."""
    return re.match(r"\*?my[A-Z_]", name) is not None


def is_evaluated(text: str) -> bool:
    """Whether the service finds out the value when it runs."""
    return "#{" in text


def called(one: Object) -> str:
    """The object in a message: its id, and its type if it has one."""
    return f"`{one.id[:80]}`" if not one.type else f"{one.type} `{one.id[:80]}`"
