"""What each object has, of its own and from its parents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipec.definition.values import DEFAULT, Definition, Field, Object
from pipec.frozen import frozen


@frozen
class Resolved:
    """An object with all its fields, and for each the object that it was written in."""

    object: Object
    fields: Mapping[str, Field]
    origins: Mapping[str, Object]

    def get(self, name: str) -> Field | None:
        """The field of that name, its own or inherited; None if there is none."""
        return self.fields.get(name)

    def own(self, name: str) -> bool:
        """Whether that field stands in the object itself."""
        return self.origins.get(name) is self.object


def resolved(definition: Definition) -> tuple[Resolved, ...]:
    """The objects of `definition`, in their order, with what they inherit.

    What an object says itself comes first, then its parents in their order, each with its own
    parents; `Default` is the parent of those that name none. Lists replace each other.
    """
    known = {one.id: one for one in reversed(definition.objects)}
    return tuple(_resolved(one, known) for one in definition.objects)


def _resolved(one: Object, known: Mapping[str, Object]) -> Resolved:
    fields: dict[str, Field] = {}
    origins: dict[str, Object] = {}
    for ancestor in _line(one, known, set()):
        for field in ancestor.fields:
            name = field.key.value
            if name not in fields and (ancestor is one or name != "parent"):
                fields[name] = field
                origins[name] = ancestor
    return Resolved(one, fields, origins)


def _line(one: Object, known: Mapping[str, Object], seen: set[int]) -> Iterator[Object]:
    """The object and all it inherits from, the nearest first; each once, so cycles end."""
    if id(one) in seen:
        return
    seen.add(id(one))
    yield one
    for name in parents(one):
        if name in known:
            yield from _line(known[name], known, seen)


def parents(one: Object) -> tuple[str, ...]:
    """The ids of what an object inherits from."""
    field = one.get("parent")
    if field is not None:
        return tuple(it.id for it in field.references)
    return () if one.id == DEFAULT else (DEFAULT,)
