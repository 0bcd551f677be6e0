"""What the objects of a definition are called in a pipeline."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipec.definition.values import Object
from pipec.lower.naming import RESERVED

_CONSOLE = re.compile(r"[A-Z]\w*Id_\w{5}")
"""An id that the console made up: `DataNodeId_cnlSW`."""
_WORDS = {
    "activities": ("activity",),
    "datanodes": ("data_node", "datanode", "node"),
    "resources": ("resource",),
    "connections": ("database",),
    "notifications": ("action", "alarm"),
}
"""Words at the end of a name that only repeat its section."""


def names_for(objects: Iterable[tuple[Object, str]], taken: Iterable[str]) -> dict[str, str]:
    """The name of each object, by its id: its own, and none of those `taken`.

    Each object comes with the section that it goes to. An id that could be a name of ours is kept.
    """
    every = tuple(objects)
    by_name = [one.name for one, _ in every if _CONSOLE.fullmatch(one.id)]
    used = {*taken, *RESERVED}
    found: dict[str, str] = {}
    for one, section in every:
        if one.id in found:
            continue
        said = one.id
        if _CONSOLE.fullmatch(one.id) and one.name and by_name.count(one.name) == 1:
            said = one.name
        found[one.id] = name = free(_wanted(said, one.type, section), used)
        used.add(name)
    return found


def free(wanted: tuple[str, ...] | str, used: set[str]) -> str:
    """The first of the `wanted` names that nothing has; else the last with a number."""
    names = (wanted,) if isinstance(wanted, str) else wanted
    for one in names:
        if one not in used:
            return one
    number = 2
    while f"{names[-1]}_{number}" in used:
        number += 1
    return f"{names[-1]}_{number}"


def _wanted(said: str, type_: str, section: str) -> tuple[str, ...]:
    """The names that are tried, the shortest first."""
    if re.fullmatch(r"[a-z][a-z0-9_]{0,199}", said):
        return (said,)
    whole = words(said)
    if not whole or not whole[0].isalpha():
        whole = f"{type_words(section)}_{whole}".strip("_")
    short = whole.removeprefix("my_")
    if type_ and short.startswith(f"{words(type_)}_"):
        short = short.removeprefix(f"{words(type_)}_")
    for word in _WORDS.get(section, ()):
        if short.endswith(f"_{word}") and short.removesuffix(f"_{word}")[:1].isalpha():
            short = short.removesuffix(f"_{word}")
            break
    short = short if short[:1].isalpha() else whole
    return tuple(dict.fromkeys((short, whole)))


def type_words(section: str) -> str:
    """What one thing of a section is called."""
    return {"activities": "activity", "notifications": "notice"}.get(section, section[:-1])


def words(text: str) -> str:
    """`RedshiftLoadActivity` as `redshift_load_activity`."""
    text = re.sub(r"DynamoDB|RDS|SQL|JSON|S3|CSV|TSV|EFS|EMR", r"_\g<0>_", text)
    text = text.replace("DynamoDB", "Dynamodb").replace("_S_Q_L_", "SQL")
    found = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", text)
    return re.sub(r"[^a-z0-9]+", "_", found.lower()).strip("_")[:180].rstrip("_")
