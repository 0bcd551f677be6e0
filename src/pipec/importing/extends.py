"""Objects that say what another says, and little else, extend it."""

from __future__ import annotations

from collections.abc import Mapping

from pipec.targets.datapipeline.sides import Made

Things = dict[str, dict[str, Made]]


def with_extends(things: Things, parents: Mapping[str, str]) -> Things:
    """The objects of a section, where those that have a parent among them say only what differs.

    `parents` are those that the definition names. Machines that are equal extend the first of them.
    """
    found: Things = {}
    for name, one in things.items():
        parent = parents.get(name) or _equal(one, found, things)
        above = things.get(parent or "")
        if parent is None or above is None or not _can_extend(one, above):
            found[name] = one
            continue
        found[name] = {
            "extends": parent,
            **{key: value for key, value in one.items() if above.get(key, _NOTHING) != value},
        }
    return found


_NOTHING = object()


def _equal(one: dict[str, Made], before: Things, things: Things) -> str | None:
    """The first of those before it that is equal."""
    return next((name for name in before if things[name] == one), None)


def _can_extend(one: dict[str, Made], above: dict[str, Made]) -> bool:
    """Whether it has every key of the other, which it would inherit, and is of the same kind."""
    return above.keys() <= one.keys() and next(iter(above)) == next(iter(one))
