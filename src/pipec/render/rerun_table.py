"""What runs again, as a table for people: one instance in a line, in the order of the rerun."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipec.plan.dependants import Dependant, reasons
from pipec.render.columns import columns
from pipec.render.moment import interval
from pipec.render.plan_table import needed

HEADINGS = ("name", "kind", "schedule", "interval", "because of")


def rerun_table(dependants: Iterable[Dependant]) -> Iterator[str]:
    """The lines of the table. Datanodes are only named where something runs because of them."""
    rows = (
        (one.name, one.kind, one.schedule, interval(one.start, one.end), needed(because, one.start))
        for one, because in reasons(dependants)
    )
    yield from columns(HEADINGS, rows)
