"""A field of an object: its key, how its value is read, what it means. `key` declares one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, field, fields
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pipec.frozen import frozen

if TYPE_CHECKING:
    from pipec.fields.reader import Reader
    from pipec.syntax import Tree


EMPTY: Mapping[str, Any] = MappingProxyType({})
"""The mapping of a field that nobody wrote."""


@frozen
class FieldType:
    """A type of field: its name in the documentation, and how a tree becomes its value.

    `read` gives None when it reported that the tree is not of this type.
    """

    name: str
    read: Callable[[Tree, Reader], Any]
    sort: str = ""
    """The sort of thing that its value names; empty when it holds no references."""


@frozen
class Key:
    """A declared field: what a user may write under its name."""

    name: str
    attribute: str
    type: FieldType
    doc: str
    required: bool
    merges: bool


def key(
    type: FieldType,
    doc: str,
    *,
    default: Any = MISSING,
    name: str = "",
    merges: bool = True,
) -> Any:
    """Declare a field of a node that is read from the key of the same name.

    `name` is the key when it differs from the attribute (a Python keyword, say); without
    `default` the field is required; with `merges=False` `defaults:` does not reach it.
    """
    metadata = {"type": type, "doc": doc, "name": name, "merges": merges}
    if default is MISSING:
        return field(metadata=metadata)
    if default is EMPTY:
        return field(default_factory=dict, metadata=metadata)
    return field(default=default, metadata=metadata)


@cache
def keys(cls: type) -> dict[str, Key]:
    """The declared fields of a node class, by key, in the order of their declaration."""
    found = {}
    for one in fields(cls):
        if "type" not in one.metadata:
            continue
        name = one.metadata["name"] or one.name
        required = one.default is MISSING and one.default_factory is MISSING
        found[name] = Key(
            name,
            one.name,
            one.metadata["type"],
            one.metadata["doc"],
            required,
            one.metadata["merges"],
        )
    return found
