"""The fields of kinds and their defaults, as the language reference and the page of kinds show them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from pipec.fields.key import Key, keys
from pipec.grid import Period


def documented(cls: type) -> Iterator[tuple[Key, object]]:
    """Each field of a kind, and its default."""
    defaults = {one.name: one.default for one in fields(cls)}
    for one in keys(cls).values():
        yield one, defaults[one.attribute]


def written(default: object) -> str:
    """A default as the user would write it; empty when there is none, or nothing to write."""
    match default:
        case bool():
            return str(default).lower()
        case int() | Period():
            return str(default)
        case str() if default.strip():
            return default
    return ""
