"""Trees of any form become objects, parameters and values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeGuard

from pipec.definition.forms import API, pick
from pipec.definition.pairs import Given, Pairs
from pipec.definition.shapes import MissingId, OtherShape
from pipec.definition.values import Field, Object, Parameter, Reference, Value
from pipec.frozen import frozen
from pipec.source import NOWHERE, Span
from pipec.syntax import Mapping, Scalar, Sequence, Tree


@frozen
class Entries(Pairs):
    """Reads the parts of a definition that is written in `form`."""

    def objects(self, tree: Tree) -> tuple[Object, ...]:
        return tuple(self._object(*one) for one in self._items(tree, "object"))

    def parameters(self, tree: Tree) -> tuple[Parameter, ...]:
        return tuple(self._parameter(*one) for one in self._items(tree, "parameter"))

    def values(self, tree: Tree) -> Iterator[tuple[Scalar, tuple[Scalar, ...]]]:
        """The ids of parameters with what they are given; an id may come more than once."""
        if isinstance(tree, Mapping):
            if self.form.keyed:
                self.mixed(tree.span, "{...}", '`[{"id": "...", "stringValue": "..."}]`')
            for key, value in tree:
                yield key, self._texts(key, value)
        elif isinstance(tree, Sequence):
            if not self.form.keyed:
                self.mixed(tree.span, "[...]", '`{"myName": "..."}`')
            form = self.form if self.form.keyed else API
            for one in self.mappings(tree, "value"):
                found, _ = pick(one, ("id", "stringValue"), form, "a value", self.report)
                if "id" not in found or not isinstance(found["id"][1], Scalar):
                    self._no_id(one, "value", "")
                elif "stringValue" in found:
                    key = found["id"][1]
                    yield key, self._texts(key, found["stringValue"][1])
        else:
            self.other_shape(tree, "a list of values" if self.form.keyed else "an object")

    def _texts(self, key: Scalar, tree: Tree) -> tuple[Scalar, ...]:
        values, _ = self.values_of(key, tree)
        for one in values:
            if isinstance(one, Reference):
                self.report.add(
                    OtherShape(one.span, "a text", "a reference", "a parameter has texts")
                )
        return tuple(one for one in values if isinstance(one, Scalar))

    def _object(self, mapping: Mapping, named: Scalar | None) -> Object:
        given = self.given(mapping, "object", "fields", ("id", "name"))
        id_, at = self._id(given, mapping, "object", named)
        name, name_at = self._take(given, "name")
        type_, type_at = self._take(given, "type")
        name = id_ if name_at == NOWHERE else name
        return Object(mapping.span, id_, name, type_, at, _fields(given), type_at)

    def _parameter(self, mapping: Mapping, named: Scalar | None) -> Parameter:
        given = self.given(mapping, "parameter", "attributes", ("id",))
        id_, at = self._id(given, mapping, "parameter", named)
        return Parameter(mapping.span, id_, _fields(given), at)

    def _items(self, tree: Tree, what: str) -> Iterator[tuple[Mapping, Scalar | None]]:
        """The mappings of a list; with an id each where they stood by their ids."""
        if isinstance(tree, Mapping):
            if tree.get(self.form.spell("id")) is not None or not all(
                isinstance(value, Mapping) for _, value in tree
            ):
                self.other_shape(tree, f"a list of {what}s", "put it into `[` and `]`")
                yield tree, None
                return
            meant = f'each {what} stands in the list with its id: `[{{"id": "...", ...}}]`'
            self.other_shape(tree, f"a list of {what}s", meant)
            for key, value in tree:
                if isinstance(value, Mapping):
                    yield value, key
        elif isinstance(tree, Sequence):
            yield from ((one, None) for one in self.mappings(tree, what))
        else:
            self.other_shape(tree, f"a list of {what}s")

    def _id(
        self, given: list[Given], mapping: Mapping, what: str, named: Scalar | None
    ) -> tuple[str, Span]:
        refused = any(it[0].value == "id" and not _is_text(it[1]) for it in given)
        id_, at = self._take(given, "id")
        if id_:
            return id_, at
        if named is not None:
            return named.value, named.span
        name = next((values[0] for key, values, _ in given if key.value == "name"), None)
        id_ = name.value if isinstance(name, Scalar) else ""
        if not refused:
            self._no_id(mapping, what, id_)
        return id_, mapping.span

    def _no_id(self, mapping: Mapping, what: str, name: str) -> None:
        id_ = self.form.spell("id")
        meant = f'others know it by its id, not by its name: add `"{id_}": "{name or "..."}"`'
        self.report.add(MissingId(mapping.span, what, id_, meant))

    def _take(self, given: list[Given], name: str) -> tuple[str, Span]:
        """The text under that name, and its place; it is taken out of what is given."""
        for one in given:
            key, values, _ = one
            if key.value == name:
                given.remove(one)
                if _is_text(values):
                    return values[0].value, values[0].span
                meant = f"write `{name}` as a text"
                self.report.add(OtherShape(key.span, "one text", "something else", meant))
                return "", key.span
        return "", NOWHERE


def _is_text(values: tuple[Value, ...]) -> TypeGuard[tuple[Scalar]]:
    return len(values) == 1 and isinstance(values[0], Scalar)


def _fields(given: list[Given]) -> tuple[Field, ...]:
    """The fields; of equal ones, which only mixed forms can have, the first."""
    fields: dict[str, Field] = {}
    for key, values, listed in given:
        if values:
            fields.setdefault(key.value, Field(key, values, listed))
    return tuple(fields.values())
