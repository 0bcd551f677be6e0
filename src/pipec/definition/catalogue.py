"""The types of objects that the service knows, their fields, and what it holds them against."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, cached_property
from typing import Any, Literal

from pipec.assets import ASSETS
from pipec.frozen import node

Slot = Literal["text", "boolean", "integer", "double", "period", "datetime", "reference"]


@node
class FieldFacts:
    """What the service says of one field."""

    name: str
    slot: Slot
    list: bool = False
    """Whether it may hold several values."""
    required: bool = False
    to: tuple[str, ...] = ()
    """The types that a reference may lead to; empty when any will do."""
    one_of: tuple[str, ...] = ()
    """The words that it takes, in any case; empty when it takes any."""
    also: tuple[str, ...] = ()
    """Words that it takes beside what its slot takes."""
    default: str = ""
    least: str = ""
    most: str = ""
    by_service: bool = False
    """Whether the service sets it, and nobody else."""
    secret: bool = False
    deprecated: bool = False
    documented: bool = True


@node
class TypeFacts:
    """What the service says of one type of objects."""

    name: str
    category: str
    fields: Mapping[str, FieldFacts]
    one_of: tuple[tuple[str, ...], ...] = ()
    """Groups of fields of which one has to be given."""
    not_both: tuple[tuple[str, ...], ...] = ()
    """Pairs of fields that exclude each other."""
    managed_by: str = ""
    """Who looks whether a precondition holds: the `service` or a `worker`."""
    replaced_by: str = ""

    @property
    def writable(self) -> tuple[FieldFacts, ...]:
        """The fields that a definition may hold."""
        return tuple(one for one in self.fields.values() if not one.by_service)


@node
class Catalogue:
    """All types; the attributes of parameters; and the limits, by name."""

    types: Mapping[str, TypeFacts]
    parameter: Mapping[str, FieldFacts]
    limits: Mapping[str, int]

    @cached_property
    def anywhere(self) -> Mapping[str, FieldFacts]:
        """The fields of all types, for objects without one: what holds for some of the types."""
        found: dict[str, FieldFacts] = {}
        for type_ in self.types.values():
            for name, one in type_.fields.items():
                found[name] = _either(found[name], one) if name in found else one
        return found

    def of_category(self, category: str) -> tuple[str, ...]:
        """The names of the types of that category."""
        return tuple(name for name, one in self.types.items() if one.category == category)


def _either(one: FieldFacts, other: FieldFacts) -> FieldFacts:
    """What a field may be that is one or the other."""
    return FieldFacts(
        name=one.name,
        slot=one.slot if one.slot == other.slot else "text",
        list=one.list or other.list,
        to=tuple(dict.fromkeys(one.to + other.to)) if one.to and other.to else (),
        one_of=tuple(dict.fromkeys(one.one_of + other.one_of))
        if one.one_of and other.one_of
        else (),
        also=one.also + other.also,
        least=one.least if one.least == other.least else "",
        most=one.most if one.most == other.most else "",
        by_service=one.by_service and other.by_service,
        secret=one.secret or other.secret,
    )


@cache
def catalogue() -> Catalogue:
    """What the service knows."""
    file = ASSETS / "targets" / "datapipeline" / "objects.json"
    facts = json.loads(file.read_text(encoding="utf-8"))
    sorts = {name: tuple(types) for name, types in facts["sorts"].items()} | {"any": ()}
    groups = {name: _fields(one, sorts) for name, one in facts["groups"].items()}
    return Catalogue(
        types={name: _type(name, one, groups, sorts) for name, one in facts["types"].items()},
        parameter=_fields(facts["parameter"], sorts),
        limits=facts["limits"],
    )


def _type(
    name: str,
    facts: dict[str, Any],
    groups: Mapping[str, Mapping[str, FieldFacts]],
    sorts: Mapping[str, tuple[str, ...]],
) -> TypeFacts:
    fields: dict[str, FieldFacts] = {}
    for group in facts["groups"]:
        fields |= groups[group]
    return TypeFacts(
        name=name,
        category=facts["category"],
        fields=fields | _fields(facts["fields"], sorts),
        one_of=tuple(map(tuple, facts.get("one_of", ()))),
        not_both=tuple(map(tuple, facts.get("not_both", ()))),
        managed_by=facts.get("managed_by", ""),
        replaced_by=facts.get("replaced_by", ""),
    )


def _fields(
    facts: dict[str, dict[str, Any]], sorts: Mapping[str, tuple[str, ...]]
) -> dict[str, FieldFacts]:
    return {name: _field(name, one, sorts) for name, one in facts.items()}


def _field(name: str, facts: dict[str, Any], sorts: Mapping[str, tuple[str, ...]]) -> FieldFacts:
    given: dict[str, Any] = {
        key: tuple(one) if isinstance(one, list) else one for key, one in facts.items()
    }
    given["to"] = tuple(type_ for one in facts.get("to", ()) for type_ in sorts.get(one, (one,)))
    given["by_service"] = given.pop("set_by", "") == "service"
    return FieldFacts(name=name, **given)
