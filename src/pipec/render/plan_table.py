"""A plan as a table for people: one instance in a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, groupby, islice
from operator import itemgetter

from pipec.plan import Instance
from pipec.render.moment import interval, moment

HEADINGS = ("due", "name", "kind", "schedule", "interval", "needs")

SAMPLE = 2_000
"""How many instances decide how wide the columns are; a plan may have any number of them."""


def plan_table(instances: Iterable[Instance]) -> Iterator[str]:
    """The lines of the table; nothing when there are no instances."""
    rows = (_row(one) for one in instances)
    first = list(islice(rows, SAMPLE))
    if not first:
        return
    widths = [max(map(len, column)) for column in zip(HEADINGS, *first, strict=True)]
    rule = tuple("-" * min(width, 40) for width in widths)
    line = "  ".join(f"{{:{width}}}" for width in widths).format
    for row in chain((HEADINGS, rule), first, rows):
        yield line(*row).rstrip()


def _row(one: Instance) -> tuple[str, ...]:
    return (
        moment(one.due), one.name, one.kind, one.schedule, interval(one.start, one.end), needs(one)
    )  # fmt: skip


def needs(one: Instance) -> str:
    """What an instance needs, such as `load, check x24 2026-03-01T00:00 .. 23:00`.

    Only the name stands there for the one instance that starts at the same time.
    """
    found = []
    for name, group in groupby(one.needs, key=itemgetter(0)):
        starts = [start for _, start in group]
        if starts == [one.start]:
            found.append(name)
        elif len(starts) == 1:
            found.append(f"{name} {moment(starts[0])}")
        else:
            found.append(f"{name} x{len(starts)} {interval(starts[0], starts[-1])}")
    if one.dropped:
        found.append(f"({one.dropped} dropped)")
    return ", ".join(found)
