"""What was made of the objects of a definition, as the text of a pipeline file."""

from __future__ import annotations

from collections.abc import Mapping

from pipec.definition.inherit import parents
from pipec.definition.values import DEFAULT
from pipec.importing.defaults import without_defaults
from pipec.importing.extends import with_extends
from pipec.importing.order import in_order
from pipec.importing.reading import Object
from pipec.importing.state import Import, silent
from pipec.importing.yaml_text import Commented, Flow, Value, yaml_text
from pipec.syntax import Scalar
from pipec.targets.datapipeline.sides import InOneLine, Made

_SECTIONS = ("notifications", "connections", "resources", "datanodes", "activities")
_KEYS = (
    "extends", "description", "args", "vars", "stage", "flow", "after", "schedule", "runs_on", "when",
    "attempts", "timeout", "late", "notify", "on_failure", "max_active", "datapipeline",
)  # fmt: skip
"""The order of the keys that follow those of the kind."""
SHORT = 100
"""A datanode or a copy is one line when it fits into so many columns."""


def document(name: str, state: Import) -> str:
    """The whole file."""
    made = {section: dict(state.made.get(section, {})) for section in _SECTIONS}
    made["activities"] = in_order(made["activities"])
    made["datanodes"] = _as_used(made["datanodes"], made["activities"])
    defaults = without_defaults(made, state.default_schedule, _of_default(state))
    pipeline: dict[str, Value] = {"pipeline": name}
    if text := _description(state):
        pipeline["description"] = text
    if params := state.params.written(state.accounts):
        pipeline["params"] = params
    schedules = state.made.get("schedules", {})
    if not schedules and state.schedules:
        schedules = {it: {"": "on demand"} for it in state.schedules.values()}
    if schedules:
        pipeline["schedules"] = {
            key: _commented(_plain(one[""]), state.remarks.get(key, []))
            for key, one in schedules.items()
        }
    if defaults:
        pipeline["defaults"] = {key: _plain(value) for key, value in _sorted(defaults).items()}
    heirs = _parents(state)
    for section in ("resources", "datanodes", "activities"):
        if section == "resources" or any(it in heirs for it in made[section]):
            made[section] = with_extends(made[section], heirs)
    for section in _SECTIONS:
        if made[section]:
            pipeline[section] = {
                key: _commented(_entry(section, one), state.remarks.get(key, []))
                for key, one in made[section].items()
            }
    return yaml_text(pipeline, _header(state))


def _parents(state: Import) -> dict[str, str]:
    """The parents that objects have among those of their section, by name."""
    found = {}
    for id_, one in state.every.items():
        for parent in parents(one.object):
            if id_ in state.names and state.sections.get(parent) == state.sections[id_]:
                found[state.names[id_]] = state.names[parent]
    return found


def _of_default(state: Import) -> dict[str, str]:
    """What the fields of `Default` hold that are texts."""
    default = state.every.get(DEFAULT)
    if default is None:
        return {}
    one = Object(silent(state), default)
    return {
        name: one.text(found.values[0])
        for name, found in default.fields.items()
        if len(found.values) == 1 and isinstance(found.values[0], Scalar)
    }


def _header(state: Import) -> tuple[str, ...]:
    """Where it comes from, and what a person should decide."""
    source = state.definition.source.name.replace("\\", "/").rpartition("/")[2]
    return (f"Imported from {source} by pipec.",)


def _description(state: Import) -> str:
    return state.definition.description


def _sorted(made: Mapping[str, Made]) -> dict[str, Made]:
    """The keys of the kind as they are, then the common ones in their usual order."""
    own = {key: value for key, value in made.items() if key not in _KEYS}
    return own | {key: made[key] for key in _KEYS if key in made}


def _entry(section: str, made: Mapping[str, Made]) -> Value:
    if "extends" in made:
        one = {key: _plain(it) for key, it in made.items()}
        return Flow(one) if len(one) == 1 else one
    made = _sorted(made)
    (kind, value), *rest = made.items()
    keys = {key for key, _ in rest}
    if kind in ("copy", "hive_copy") and "flow" in made:
        made = {kind: made["flow"], **{k: v for k, v in made.items() if k not in (kind, "flow")}}
        if len(made) <= 2 and all(isinstance(it, str) for it in made.values()):
            return Flow({key: _plain(it) for key, it in made.items()})
    if section == "datanodes" and isinstance(value, str) and "\n" not in value:
        format_ = made.get("format", "")
        if keys <= {"format"} and isinstance(format_, str):
            text = f"{kind} {value}" + (f" as {format_}" if format_ else "")
            if len(text) <= SHORT and _is_one_word(value):
                return text
    if section == "resources" and made.keys() == {"workers"}:
        return f"workers {made['workers']}"
    return {key: _plain(one) for key, one in made.items()}


def _is_one_word(place: str) -> bool:
    """Whether a place holds no blanks but those of expressions, which a short form takes."""
    import re

    return " " not in re.sub(r"\$\{\{.*?\}\}", "x", place) and place != ""


def _as_used(
    nodes: dict[str, dict[str, Made]], activities: Mapping[str, dict[str, Made]]
) -> dict[str, dict[str, Made]]:
    """Datanodes in the order in which activities use them."""
    order: dict[str, None] = {}
    for one in activities.values():
        flow = one.get("flow")
        for name in str(flow or "").replace("->", ",").split(","):
            order.setdefault(name.strip())
    names = [it for it in order if it in nodes]
    return {it: nodes[it] for it in (*names, *(one for one in nodes if one not in order))}


def _plain(made: Made) -> Value:
    match made:
        case InOneLine(value=Mapping() as value):
            return Flow({key: _plain(one) for key, one in value.items()})
        case InOneLine(value=value):
            return Flow([_plain(one) for one in value])
        case Mapping():
            return {key: _plain(one) for key, one in made.items()}
        case str() | None:
            return made
    return [_plain(one) for one in made]


def _commented(value: Value, lines: list[str]) -> Value:
    return Commented(value, tuple(lines)) if lines else value
