"""What runs again, as a table for people: one instance in a line, in the order of the rerun."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipec.plan.dependants import Dependant
from pipec.render.columns import columns
from pipec.render.moment import interval
from pipec.render.plan_table import needed

HEADINGS = ("name", "kind", "schedule", "interval", "because of")


def rerun_table(dependants: Iterable[Dependant]) -> Iterator[str]:
    """The lines of the table. Datanodes are only named where something runs because of them."""
    found = {one.place: one.instance for one in dependants}
    yield from columns(
        HEADINGS,
        (
            (
                one.instance.name,
                one.instance.kind,
                one.instance.schedule,
                interval(one.instance.start, one.instance.end),
                needed(
                    ((found[it].name, found[it].start) for it in one.because), one.instance.start
                ),
            )
            for one in dependants
            if one.instance.kind != "datanode"
        ),
    )
