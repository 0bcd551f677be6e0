"""What the names in the texts of a definition are in those of a pipeline."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipec.definition.names import Chain, Meant, Unsaid, known, named
from pipec.importing.beside import PATHS
from pipec.importing.state import is_own
from pipec.syntax import Scalar

if TYPE_CHECKING:
    from pipec.importing.reading import Object


def meant(one: Object, chain: Chain) -> Meant | Unsaid | None:
    """What a name in one of its texts is here."""
    params = one.all.params
    first = chain[0]
    if len(chain) == 1:
        if first in one.resolved.fields or first in ("name", "id", "@table"):
            return _own(one, first)
        if first in params.names:
            params.used.add(first)
            return named(params.names[first], params.type_of(first))
        return None
    if first == "node" and one.told:
        return None
    if first == "node" and one.node is not None:
        return _asked(one.node, chain[1:], "node")
    if first in ("input", "output"):
        found = one.resolved.get(first)
        if found is not None and len(found.references) > 1:
            return Unsaid(f"there are {len(found.references)} of them")
        node = linked(one, first)
        return _asked(node, chain[1:], first) if node is not None else None
    found = one.resolved.get(first)
    if found is not None and found.references:
        target = one.all.every.get(found.references[0].id)
        if target is not None:
            other = one.beside(target.object.id)
            return _asked(other, chain[1:], other.name_)
    return None


def linked(one: Object, side: str) -> Object | None:
    """The first object that it reads, or writes: `input` or `output`."""
    found = one.resolved.get(side)
    target = one.all.every.get(found.references[0].id) if found and found.references else None
    return one.beside(target.object.id) if target else None


def _own(one: Object, name: str) -> Meant | Unsaid | None:
    if name in ("name", "id"):
        return (
            named("self.name") if one.section in ("activities", "datanodes") else known(one.name_)
        )
    return _asked(one, (name,), "self")


def _asked(one: Object, chain: Chain, lead: str) -> Meant | Unsaid | None:
    """What a field of this object is, when `lead` is how it is called."""
    name = chain[0]
    if name == "@table":
        return named(f"{lead}.table")
    found = one.resolved.get(name)
    if name == "name":
        return (
            named(f"{lead}.name")
            if one.section in ("activities", "datanodes")
            else known(one.name_)
        )
    if len(chain) > 1 and found is not None and found.references:
        target = one.all.every.get(found.references[0].id)
        if target is not None:
            other = one.beside(target.object.id)
            return _asked(other, chain[1:], other.name_)
        return None
    if found is None or not found.values or not isinstance(found.values[0], Scalar):
        return None
    if lead and one.section == "datanodes":
        if name in PATHS:
            return named(f"{lead}.path")
        if name in ("tableName", "table") and one.resolved.get("schemaName") is None:
            return named(f"{lead}.table")
    if lead and is_own(name) and one.section in ("activities", "datanodes") and not _keeps_own(one):
        return named(f"{lead}.{one.variable(name)}")
    if "#{" not in found.text:
        return Unsaid(f"`{name}` is a secret") if name.startswith("*") else known(found.text)
    alone = re.fullmatch(r"\s*#\{\s*([\w*]+)\s*\}\s*", found.text)
    if alone and alone[1] in one.all.params.names and alone[1] not in one.resolved.fields:
        return meant(one, (alone[1],))
    return Unsaid(f"`{name}` has an expression of its own; write that in its place")


def _keeps_own(one: Object) -> bool:
    """Whether fields that users made up are kept for the service alone: `vars` mean something else."""
    return one.type in ("HiveActivity", "PigActivity")
