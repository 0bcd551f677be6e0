"""What runs again as a JSON document, for programs: instances as in a plan, and the reasons."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from pipec.plan.dependants import Dependant, reasons
from pipec.render.plan_json import fields, listed, references


def rerun_json(
    dependants: Iterable[Dependant], tasks: Iterable[dict[str, object]] | None = None
) -> Iterator[str]:
    """The lines of the document; with the `tasks`, and what became of them, if Airflow was asked."""
    yield '{"instances": ['
    yield from listed(
        f'{{{fields(one)}, "because_of": {references(because)}}}'
        for one, because in reasons(dependants)
    )
    if tasks is not None:
        yield '], "tasks": ['
        yield from listed(json.dumps(one) for one in tasks)
    yield "]}"
