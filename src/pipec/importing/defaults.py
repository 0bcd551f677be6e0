"""What objects have in common stands under `defaults`; what is so anyway is left out."""

from __future__ import annotations

from collections.abc import Mapping

from pipec.fields.key import keys
from pipec.ir import OBJECTS
from pipec.targets.datapipeline.sides import Made

_HOISTED = (
    "schedule", "runs_on", "attempts", "timeout", "late", "notify", "on_failure", "max_active", "datapipeline",
)  # fmt: skip
_USUAL: dict[str, Made] = {
    "attempts": "3 every 10 minutes", "on_failure": "cascade", "max_active": "5", "at_most": "1 day", "compression": "none",
    "encryption": "default", "on_task_failure": "continue",
}  # fmt: skip

Sections = dict[str, dict[str, dict[str, Made]]]


def without_defaults(made: Sections, schedule: str, kept: Mapping[str, str]) -> dict[str, Made]:
    """The `defaults` of a pipeline, whose objects lose what these say, and what is so anyway.

    What is `kept` for the service alone stood in `Default`, if it is the same.
    """
    defaults: dict[str, Made] = {"schedule": schedule} if schedule else {}
    for key in _HOISTED[1:]:
        value = _common(key, made) if key != "datapipeline" else _common_parts(made, kept)
        if value is not None:
            defaults[key] = value
    for section, things in made.items():
        for name, one in things.items():
            things[name] = {
                key: value
                for key, value in one.items()
                if not (
                    _is_default(key, value, defaults, section) or _is_usual(key, value, defaults)
                )
            }
    return {key: value for key, value in defaults.items() if _USUAL.get(key) != value}


def _common(key: str, made: Sections) -> Made:
    """What every activity says of `key`, if nobody else would get it by mistake.

    One activity alone says it itself, unless others that it does not harm say the same.
    """
    activities = list(made["activities"].values())
    values = [one.get(key) for one in activities]
    if not values or values[0] is None or any(it != values[0] for it in values):
        return None
    others = [
        one
        for section, things in made.items()
        if section != "activities" and section in OBJECTS and key in _keys(section)
        for one in things.values()
        if not _does_not_matter(key, one, section)
    ]
    if any(one.get(key) != values[0] for one in others):
        return None
    return values[0] if len(activities) > 1 or others or key in ("on_failure", "runs_on") else None


def _common_parts(made: Sections, kept: Mapping[str, str]) -> Made:
    """Which of them all that have them have alike; objects lose them there."""
    common: dict[str, Made] = {}
    others: set[str] = set()
    for things in made.values():
        for one in things.values():
            there = one.get("datapipeline")
            for name, value in there.items() if isinstance(there, dict) else ():
                if kept.get(name) != value or common.setdefault(name, value) != value:
                    others.add(name)
    common = {name: value for name, value in common.items() if name not in others}
    for things in made.values():
        for one in things.values():
            there = one.get("datapipeline")
            if isinstance(there, dict):
                one["datapipeline"] = {k: v for k, v in there.items() if k not in common} or None
                if one["datapipeline"] is None:
                    del one["datapipeline"]
    return common or None


def _keys(section: str) -> frozenset[str]:
    return frozenset(name for name, one in keys(OBJECTS[section]).items() if one.merges)


def _does_not_matter(key: str, one: dict[str, Made], section: str) -> bool:
    """Whether a default would say nothing of the object: data without preconditions runs nowhere."""
    if section != "datanodes" or key == "datapipeline":
        return False
    return one.get(key) is None and "when" not in one


def _is_default(key: str, value: Made, defaults: dict[str, Made], section: str) -> bool:
    return (
        key in defaults
        and defaults[key] == value
        and (key != "schedule" or section == "activities")
    )


def _is_usual(key: str, value: Made, defaults: dict[str, Made]) -> bool:
    return (
        key in _USUAL and _USUAL[key] == value and (key not in defaults or defaults[key] == value)
    )
