"""What all objects of a definition have in common stands in its object `Default`."""

from __future__ import annotations

from collections.abc import Iterable

from pipec.definition.catalogue import catalogue
from pipec.definition.values import DEFAULT, Field, Object
from pipec.source import NOWHERE

FIELDS = (
    "scheduleType", "schedule", "failureAndRerunMode", "maximumRetries", "retryDelay", "runsOn",
    "workerGroup", "role", "resourceRole", "pipelineLogUri",
)  # fmt: skip
CASCADE = "CASCADE"
_OF_WORK = ("failureAndRerunMode", "maximumRetries", "retryDelay", "runsOn", "workerGroup")
"""These say nothing of data and machines on which nobody put them."""


def hoisted(objects: Iterable[Object], always: Iterable[Field]) -> tuple[Object, ...]:
    """The objects, after a `Default` with those `always`, and with the fields that all have alike.

    A field is common when every activity has it, with the same values, and every other object that
    could have it has one of its own, or does not mind.
    """
    every = tuple(objects)
    facts = catalogue().types
    work = [one for one in every if facts[one.type].category == "activity"]
    common = {one.key.value: one for one in always}
    for name in FIELDS:
        field = work[0].get(name) if work else None
        if name == "failureAndRerunMode":  # All say it, so that each may differ.
            field = next(
                (it for one in work if (it := one.get(name)) and it.text == CASCADE), field
            )
        elif any(one.get(name) != field for one in work):
            continue
        if field is None:
            continue
        others = [one for one in every if one not in work and name in facts[one.type].fields]
        if all(it.get(name) is not None or _does_not_mind(it, name) for it in others):
            common[name] = field
    order = (*FIELDS, *(name for name in common if name not in FIELDS))
    fields = tuple(common[name] for name in order if name in common)
    default = Object(NOWHERE, DEFAULT, DEFAULT, "", NOWHERE, fields, NOWHERE)
    return default, *(_without(one, common) for one in every)


def _does_not_mind(one: Object, name: str) -> bool:
    """Whether a field would say nothing of an object that does without it."""
    if name == "retryDelay" and catalogue().types[one.type].category == "precondition":
        return False  # There it is the pause between two looks.
    return name in _OF_WORK or name in ("schedule", "scheduleType")


def _without(one: Object, common: dict[str, Field]) -> Object:
    fields = tuple(it for it in one.fields if common.get(it.key.value) != it)
    return Object(one.span, one.id, one.name, one.type, one.at, fields, one.type_at)
