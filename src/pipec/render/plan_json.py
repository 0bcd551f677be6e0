"""A plan as a JSON document, for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from pipec.plan import Instance
from pipec.render.moment import iso


def plan_json(instances: Iterable[Instance]) -> Iterator[str]:
    """The lines of the document: one for each instance, so that none has to hold all of it."""
    yield '{"instances": ['
    last = ""
    for one in instances:
        if last:
            yield f"{last},"
        last = json.dumps(_entry(one))
    if last:
        yield last
    yield "]}"


def _entry(one: Instance) -> dict[str, object]:
    return {
        "name": one.name,
        "kind": one.kind,
        "schedule": one.schedule,
        "start": iso(one.start),
        "end": iso(one.end),
        "due": iso(one.due),
        "needs": [{"name": name, "start": iso(start)} for name, start in one.needs],
    }
