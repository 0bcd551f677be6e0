"""What a generated definition leaves to choice, and the parameters that it speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from pipec.definition.values import Field, Object, Parameter, Value, text
from pipec.source import NOWHERE
from pipec.syntax import Scalar
from tests.definition.pools import ATTRIBUTES, PARAMETERS

T = TypeVar("T")
Fields = dict[str, tuple[Value, ...]]


class Choice(Protocol):
    """Who chooses."""

    def one(self, of: Sequence[T]) -> T:
        """One of several."""

    def some(self, of: Sequence[T]) -> list[T]:
        """A few of several, at least one."""

    def often(self, how: float) -> bool:
        """Whether something happens that does so that often, of 1."""


def declared(
    objects: Iterable[Object], choice: Choice
) -> tuple[tuple[Parameter, ...], dict[str, tuple[Scalar, ...]]]:
    """The parameters that objects speak of, and what some of them are given."""
    values = (it for one in objects for field in one.fields for it in field.values)
    spoken = " ".join(it.value for it in values if isinstance(it, Scalar))
    holes = " ".join(re.findall(r"#\{(.*?)\}", spoken))
    parameters, given = [], {}
    for id, (type_, pool) in PARAMETERS.items():
        if not re.search(rf"(?<![\w*]){re.escape(id)}(?!\w)", holes):
            continue
        several, secret = id == "myDays", id.startswith("*")
        value = tuple(map(text, pool if several else (choice.one(pool),)))
        attributes: Fields = {}
        if type_ != "String" or choice.often(0.5):
            attributes["type"] = (text(type_),)
        if several:
            attributes["isArray"] = (text("true"),)
        for name, words in ATTRIBUTES.items():
            if choice.often(0.2):
                attributes[name] = (text(words),)
        if choice.often(0.15) and not secret:
            attributes["allowedValues"] = tuple(map(text, pool))
        if choice.often(0.3) and not secret:
            attributes["default"] = value
        if not choice.often(0.3):
            given[id] = value
        parameters.append(Parameter(NOWHERE, id, listed(attributes)))
    return tuple(parameters), given


def listed(fields: Mapping[str, tuple[Value, ...]]) -> tuple[Field, ...]:
    """Fields as a definition holds them."""
    return tuple(Field(text(name), it, len(it) > 1) for name, it in fields.items())
