"""A definition becomes a pipeline, and an account of each of its fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipec.definition.catalogue import catalogue
from pipec.definition.inherit import Resolved, resolved
from pipec.definition.values import Definition
from pipec.diagnostic import Report
from pipec.frozen import frozen
from pipec.importing.accounts import Account, Accounts
from pipec.importing.answers import Answer, answers
from pipec.importing.document import document
from pipec.importing.naming import names_for, words
from pipec.importing.params import named, needs_first_run, read_params
from pipec.importing.reading import Object, read_object, said_of
from pipec.importing.state import Import
from pipec.importing.timing import schedule_key
from pipec.lower.naming import RESERVED
from pipec.targets.datapipeline.connections import read_connection
from pipec.targets.datapipeline.schedules import FIRST_RUN, read_schedule
from pipec.targets.datapipeline.sides import Made

SECTIONS = {
    "schedule": "schedules",
    "database": "connections",
    "action": "notifications",
    "resource": "resources",
    "datanode": "datanodes",
    "activity": "activities",
}
"""Where objects go, by their category; all others are parts of these."""


@frozen
class Imported:
    """A pipeline that was made of a definition."""

    name: str
    text: str
    accounts: tuple[Account, ...]
    names: Mapping[str, str]
    """What the objects with these ids are called in the pipeline."""
    parameters: Mapping[str, str]
    """What the parameters with these ids are called."""
    answers: tuple[Answer, ...]


def import_definition(definition: Definition, report: Report, name: str = "") -> Imported:
    """The pipeline that does what the definition did. What cannot be read is left out and accounted for."""
    every = {one.object.id: one for one in reversed(resolved(definition))}
    every = {one.id: every[one.id] for one in definition.objects}
    state = _state(definition, every, report)
    for one in _in_order(every, state.sections):
        _read(Object(state, every[one], state.names.get(one, "")), state)
    _account_for_unused(state)
    called = name or words(definition.name) or "pipeline"
    called = called if called[0].isalpha() else f"pipeline_{called}"
    text = document(called, state)
    return Imported(
        called, text, state.accounts.all(), state.names, state.params.names, answers(state)
    )


def _state(definition: Definition, every: Mapping[str, Resolved], report: Report) -> Import:
    facts = catalogue().types
    sections = {
        id_: SECTIONS[facts[one.object.type].category]
        for id_, one in every.items()
        if one.object.type in facts and facts[one.object.type].category in SECTIONS
        and one.object.type != "Terminate"
    }  # fmt: skip
    params = read_params(definition, tuple(every.values()))
    if needs_first_run(every):
        params.moments[FIRST_RUN] = None
    named(params)
    objects = [(every[it].object, sections[it]) for it in _by_section(sections)]
    names = names_for(
        [one for one in objects if one[1] != "schedules"],
        (*params.names.values(), FIRST_RUN, "last_run"),
    )
    schedules = _schedules(every, sections, {*names.values(), *params.names.values()})
    used = [
        schedules[key]
        for id_, one in every.items()
        if sections.get(id_) == "activities" and (key := schedule_key(one, every)) in schedules
    ]
    usual = max(used, key=lambda it: (used.count(it), -used.index(it))) if used else ""
    accounts = Accounts(definition)
    return Import(definition, every, sections, names, schedules, usual, params, accounts, report)


def _by_section(sections: Mapping[str, str]) -> list[str]:
    order = ("connections", "notifications", "resources", "datanodes", "activities", "schedules")
    return sorted(sections, key=lambda it: order.index(sections[it]))


def _schedules(
    every: Mapping[str, Resolved], sections: Mapping[str, str], taken: set[str]
) -> dict[tuple[str, str], str]:
    """The name of each schedule that something has, by its id and by when instances are due."""
    keys: dict[tuple[str, str], None] = {}
    for wanted in ("activities", "datanodes", "resources"):
        for id_, one in every.items():
            if sections.get(id_) != wanted or not (wanted == "activities" or one.get("schedule")):
                continue
            key = schedule_key(one, every)
            said = one.get("scheduleType") is not None and wanted != "resources"
            if said or wanted == "activities" or key[0] not in {it for it, _ in keys}:
                keys.setdefault(key)
    found: dict[tuple[str, str], str] = {}
    due = {"cron": "at_start", "timeseries": "at_end", "ondemand": "on_demand"}
    for id_, kind in keys:
        name = "now" if kind == "ondemand" or not id_ else _schedule_name(every[id_], kind, every)
        used = {*taken, *found.values()}
        if name in used:
            name = f"{name}_{due[kind]}"
        number = 2
        while name in used:
            name, number = f"{name}_{number}", number + 1
        found[id_, kind] = name
    return found


def _schedule_name(one: Resolved, kind: str, every: Mapping[str, Resolved]) -> str:
    """A name of its own, or what its period says."""
    said = words(one.object.id)
    if said == one.object.id and said[:1].isalpha():
        return said
    short = said.removeprefix("my_").removesuffix("_schedule")
    usual = said in ("default_schedule", "schedule", "my_schedule")
    usual = usual or said.startswith(("every_", "schedule_id"))
    if usual or not short[:1].isalpha() or short in RESERVED:
        short = "now" if _runs_once(one, kind, every) else _by_period(_text(one, "period"))
    return short


def _by_period(period: str) -> str:
    count, _, unit = period.lower().partition(" ")
    unit = unit.strip().removesuffix("s")
    known = _PERIODS.get((count, unit))
    return known or (f"every_{count}_{unit}s" if count.isdecimal() and unit else "daily")


_PERIODS = {
    ("15", "minute"): "quarter_hourly", ("1", "hour"): "hourly", ("1", "day"): "daily",
    ("1", "week"): "weekly", ("1", "month"): "monthly", ("1", "year"): "yearly",
}  # fmt: skip


def _in_order(every: Mapping[str, Resolved], sections: Mapping[str, str]) -> Iterable[str]:
    order = ("activities", "datanodes", "resources", "connections", "notifications", "schedules")
    return sorted((it for it in every if it in sections), key=lambda it: order.index(sections[it]))


def _read(one: Object, state: Import) -> None:
    section = one.section
    if section == "schedules":
        _read_schedules(one, state)
        return
    if section != "activities" and not _is_used(one, state):
        return
    state.read.add(one.id)
    if section == "connections":
        read_connection(one, mysql=_is_mysql(one, state))
        one.leave_rest()
        state.accounts.add(one.id, "type", "carried")
        made = one.made
    else:
        said = said_of(one)
        if said is None:
            return
        made = read_object(one, said)
    _describe(one, made)
    state.made.setdefault(section, {})[one.name_] = made


def _describe(one: Object, made: dict[str, Made]) -> None:
    """A name with blanks that says more than the id is a description."""
    name = one.resolved.object.name
    if " " in name.strip() and words(name) not in (words(one.id), one.name_):
        if one.section == "connections":
            one.remark(name)
        else:
            made.setdefault("description", name)


def _read_schedules(one: Object, state: Import) -> None:
    for (id_, kind), name in state.schedules.items():
        if id_ != one.id:
            continue
        state.read.add(id_)
        if kind == "ondemand":
            state.made.setdefault("schedules", {})[name] = {"": "on demand"}
            for field in one.resolved.fields:
                one.account(field, "carried", "")
            continue
        once = _runs_once(one.resolved, kind, state.every)
        text = read_schedule(one, kind, once=once)
        state.made.setdefault("schedules", {})[name] = {"": text}
        one.leave_rest()
        state.accounts.add(one.id, "type", "carried")


def _runs_once(one: Resolved, kind: str, every: Mapping[str, Resolved]) -> bool:
    """Whether there is one instance, due at its start, of whose end nobody asks: it runs once."""
    if (
        kind != "cron"
        or _text(one, "occurrences") != "1"
        or _text(one, "period").lower() != "1 day"
    ):
        return False
    return not any(
        "@scheduledEndTime" in getattr(value, "value", "")
        for it in every.values()
        for field in it.fields.values()
        for value in field.values
    )


def _text(one: Resolved, name: str) -> str:
    found = one.get(name)
    return found.text.strip() if found is not None else ""


def _is_used(one: Object, state: Import) -> bool:
    """Whether an object that was read refers to it."""
    return one.id in state.read or any(
        reference.id == one.id
        for id_ in state.read
        for name, it in state.every[id_].fields.items()
        for reference in it.references
        if name != "runsOn" or _runs(id_, state)
    )


def _runs(id_: str, state: Import) -> bool:
    """Whether anything of an object runs: of data, its preconditions."""
    return state.sections.get(id_) != "datanodes" or bool(state.every[id_].get("precondition"))


def _is_mysql(one: Object, state: Import) -> bool:
    return any(
        it.object.type == "MySqlDataNode"
        and (found := it.get("database")) is not None
        and any(reference.id == one.id for reference in found.references)
        for it in state.every.values()
    )


def _account_for_unused(state: Import) -> None:
    """Say why objects were left out: nothing refers to them, or they are of no known type."""
    facts = catalogue().types
    for id_, one in state.every.items():
        if id_ in state.read or not one.object.type:
            continue
        known = one.object.type in facts
        why = "nothing refers to this object" if known else f"there is no type `{one.object.type}`"
        if one.object.type == "Terminate":
            state.accounts.add(id_, "type", "carried")
            continue
        for name in ("type", *(it.key.value for it in one.object.fields)):
            state.accounts.add(id_, name, "dropped" if known else "undecided", why)
