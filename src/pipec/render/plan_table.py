"""A plan as a table for people: one instance in a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from pipec.plan import Instance
from pipec.render.columns import columns
from pipec.render.moment import interval, moment

HEADINGS = ("due", "name", "kind", "schedule", "interval", "needs")


def plan_table(instances: Iterable[Instance]) -> Iterator[str]:
    """The lines of the table; nothing when there are no instances."""
    yield from columns(HEADINGS, (_row(one) for one in instances))


def _row(one: Instance) -> tuple[str, ...]:
    what = f"{needed(one.needs, one.start)} {never_there(one.dropped)}".strip()
    return (
        moment(one.due), one.name, one.kind, one.schedule, interval(one.start, one.end), what
    )  # fmt: skip


def never_there(many: int) -> str:
    """What is said of instances that a window names and no schedule has; empty for none."""
    return f"({many} more {'does' if many == 1 else 'do'} not exist)" if many else ""


def needed(needs: Iterable[tuple[str, datetime]], at: datetime) -> str:
    """The needs of an instance that starts `at`, such as `load, check x24 2026-03-01T00:00 .. 23:00`.

    Only the name stands there for the one instance that starts at the same time.
    """
    found = []
    for name, group in groupby(needs, key=itemgetter(0)):
        starts = [start for _, start in group]
        if starts == [at]:
            found.append(name)
        elif len(starts) == 1:
            found.append(f"{name} {moment(starts[0])}")
        else:
            found.append(f"{name} x{len(starts)} {interval(starts[0], starts[-1])}")
    return ", ".join(found)
