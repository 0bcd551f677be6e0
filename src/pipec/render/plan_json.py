"""A plan as a JSON document, for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache

from pipec.plan import Instance
from pipec.render.moment import iso


def plan_json(instances: Iterable[Instance]) -> Iterator[str]:
    """The lines of the document: one for each instance, so that none has to hold all of it."""
    yield '{"instances": ['
    yield from listed(f"{{{fields(one)}}}" for one in instances)
    yield "]}"


def listed(entries: Iterable[str]) -> Iterator[str]:
    """One line for each entry of a list, as soon as the next one is there."""
    last = ""
    for entry in entries:
        if last:
            yield f"{last},"
        last = entry
    if last:
        yield last


def fields(one: Instance) -> str:
    """What `json.dumps` makes of an instance; a year has too many to build each only for that."""
    return (
        f'"name": {_text(one.name)}, "kind": {_text(one.kind)}, "schedule": {_text(one.schedule)}'
        f', "start": {_instant(one.start)}, "end": {_instant(one.end)}, "due": {_instant(one.due)}'
        f', "needs": {references(one.needs)}'
    )


def references(named: Iterable[tuple[str, datetime]]) -> str:
    """A list of instances, each by name and start."""
    found = [f'{{"name": {_text(name)}, "start": {_instant(at)}}}' for name, at in named]
    return f"[{', '.join(found)}]"


# The same few names and instants come again and again, in neighbouring instances.
_text = lru_cache(maxsize=1 << 12)(json.dumps)


@lru_cache(maxsize=1 << 14)
def _instant(at: datetime) -> str:
    return json.dumps(iso(at))
