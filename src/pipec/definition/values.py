"""A definition of AWS Data Pipeline, as values that know where they were written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TypeAlias

from pipec.frozen import frozen
from pipec.source import NOWHERE, Source, Span
from pipec.syntax import Scalar

DEFAULT = "Default"
"""The id of the object from which all others inherit that name no parent."""


@frozen
class Reference:
    """Another object, by its id: `{"ref": "id"}`."""

    span: Span = field(compare=False)
    id: str


Value: TypeAlias = Scalar | Reference
"""What a field holds, once or many times."""


@frozen
class Field:
    """One field of an object with all its values. The service knows no difference between one
    value and a list of one: `listed` only says how it was written.
    """

    key: Scalar
    values: tuple[Value, ...]
    listed: bool = field(default=False, compare=False)

    @property
    def text(self) -> str:
        """Its first value, if that is a text; empty otherwise."""
        first = self.values[0] if self.values else None
        return first.value if isinstance(first, Scalar) else ""

    @property
    def references(self) -> tuple[Reference, ...]:
        """Those of its values that name other objects."""
        return tuple(one for one in self.values if isinstance(one, Reference))


@frozen
class Parameter:
    """What a definition asks for: its values are used as `#{id}`."""

    span: Span = field(compare=False)
    id: str
    fields: tuple[Field, ...]
    at: Span = field(default=NOWHERE, compare=False)
    """Where its id stands."""

    def get(self, name: str) -> Field | None:
        """The attribute of that name; None if it has none."""
        return next((one for one in self.fields if one.key.value == name), None)

    @property
    def secret(self) -> bool:
        """Whether the service keeps its value hidden."""
        return self.id.startswith("*")


@frozen
class Object:
    """One object: its fields are all but id, name and type.

    The type is empty for `Default`, and for those that only hold what others inherit.
    """

    span: Span = field(compare=False)
    id: str
    name: str
    type: str
    at: Span = field(compare=False)
    """Where its id stands."""
    fields: tuple[Field, ...]
    type_at: Span = field(default=NOWHERE, compare=False)
    """Where its type stands."""

    def get(self, name: str) -> Field | None:
        """The field of that name; None if it has none of its own."""
        return next((one for one in self.fields if one.key.value == name), None)


@frozen
class Definition:
    """One pipeline as the service knows it."""

    source: Source = field(compare=False)
    name: str
    objects: tuple[Object, ...]
    parameters: tuple[Parameter, ...]
    values: Mapping[str, tuple[Scalar, ...]]
    """What the parameters are given, by their ids."""
    valued_at: Mapping[str, Span] = field(default_factory=dict, compare=False)
    """Where the ids of the values stand."""
    description: str = field(default="", compare=False)
    tags: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    """What only a template says of the whole: the file of the CLI has no place for it."""

    def get(self, id: str) -> Object | None:
        """The object of that id; None if there is none."""
        return next((one for one in self.objects if one.id == id), None)


def text(value: str, span: Span = NOWHERE) -> Scalar:
    """A text as a definition holds it: in quotes, whatever it looks like."""
    return Scalar(span, value, True)
