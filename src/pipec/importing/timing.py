"""Which schedule objects of a definition are on, and whether that has to be said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipec.definition.inherit import Resolved
from pipec.importing.state import Import
from pipec.syntax import Scalar

if TYPE_CHECKING:
    from pipec.importing.reading import Object


def said_schedule(one: Object) -> str | None:
    """The name of its schedule, if it has to be said."""
    for name in ("schedule", "scheduleType"):
        if one.resolved.get(name) is not None:
            one.field(name)
    own = own_schedule(one.resolved, one.all)
    found = one.resolved.get("schedule")
    if found is not None and one.section == "activities":
        missing = [it.id for it in found.references if it.id not in one.all.every]
        if missing:
            one.account("schedule", "undecided", f"there is no `{missing[0]}`: it runs on demand")
        elif not one.has("scheduleType"):
            one.account("schedule", "undecided", _WHEN_DUE)
    if one.section == "resources" and one.resolved.own("scheduleType"):
        one.account("scheduleType", "dropped", "a machine does not ask when its work is due")
    if own is None:
        return None
    if one.section == "activities":
        return own
    users = _users(one)
    if one.section == "resources":
        return own if any(it != own for it in users) else None
    if makers := _makers(one):
        if own not in makers and one.has("schedule"):
            why = "data is on the schedule of what produces it"
            one.account("schedule", "approximated", why)
        return None
    timed = any("@scheduled" in value for value in _texts(one))
    same = users == {own} and (own == one.all.default_schedule or not timed)
    return None if same else own


def _texts(one: Object) -> list[str]:
    every = (it for field in one.resolved.fields.values() for it in field.values)
    return [it.value for it in every if isinstance(it, Scalar)]


def _users(one: Object) -> set[str]:
    """The schedules of the activities that refer to it."""
    found = set()
    for it in one.all.every.values():
        if one.all.sections.get(it.object.id) != "activities":
            continue
        refers = any(ref.id == one.id for field in it.fields.values() for ref in field.references)
        if refers and (name := own_schedule(it, one.all)):
            found.add(name)
    return found


def _makers(one: Object) -> set[str]:
    """The schedules of the activities that write it."""
    found = set()
    for it in one.all.every.values():
        if one.all.sections.get(it.object.id) != "activities":
            continue
        written = it.get("output")
        if written is not None and any(ref.id == one.id for ref in written.references):
            found.add(own_schedule(it, one.all) or "")
    return found


_WHEN_DUE = (
    "no scheduleType says whether an instance is due at the start or at the end of its interval:"
    " the end is assumed"
)


def own_schedule(one: Resolved, state: Import) -> str | None:
    """The name of the schedule that an object has; None without one.

    Of data and machines of which nothing is said, instances are due when those of the work on the
    same schedule are; machines do not ask when.
    """
    id_, kind = schedule_key(one, state.every)
    if one.get("scheduleType") is None or state.sections.get(one.object.id) == "resources":
        same = [name for (it, _), name in state.schedules.items() if it == id_]
        return same[0] if same else None
    return state.schedules.get((id_, kind))


def schedule_key(one: Resolved, every: Mapping[str, Resolved]) -> tuple[str, str]:
    """The schedule of an object: its id, and when instances are due."""
    found, kind = one.get("schedule"), one.get("scheduleType")
    id_ = found.references[0].id if found is not None and found.references else ""
    said = kind.text.strip().lower() if kind is not None else ""
    return (id_ if id_ in every else "", said if said in ("cron", "ondemand") else "timeseries")
