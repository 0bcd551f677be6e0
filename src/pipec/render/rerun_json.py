"""What runs again as a JSON document, for programs: the plan's, and what Airflow did of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from pipec.plan import Instance
from pipec.render.plan_json import plan_json


def rerun_json(
    instances: Iterable[Instance], tasks: Iterable[dict[str, object]] | None = None
) -> Iterator[str]:
    """The lines of the document; with `tasks` if Airflow was asked."""
    *lines, last = plan_json(instances)
    yield from lines
    if tasks is None:
        yield last
        return
    yield '], "tasks": ['
    entries = [json.dumps(one) for one in tasks]
    yield from (f"{one}," for one in entries[:-1])
    yield from entries[-1:]
    yield last
