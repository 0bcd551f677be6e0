"""Which schedules would work through their past, if they began now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.grid import Cron, Every, interval
from pipec.grid.intervals import existing, number_at
from pipec.ir import Schedule
from pipec.plan.graph import Graph

MOST = timedelta(days=1)
"""How much past nobody needs to be told of."""


def check_past(graphs: Iterable[Graph], now: datetime, report: Report) -> None:
    """Report the schedules of a pipeline of which more than a day lies before `now` already."""
    many = {graph.schedule: it for graph in graphs if (it := _missed(graph.schedule, now))}
    if many:
        first, *others = sorted(many, key=lambda one: -many[one])
        more = "".join(f", {many[one]} of `{one.name}`" for one in others)
        report.add(StartsInThePast(first.span, first.name, many[first], more))


def _missed(schedule: Schedule, now: datetime) -> int:
    """How many of its intervals were due before `now`; 0 if they are no more than a day."""
    grid = schedule.grid
    if schedule.assumed or not isinstance(grid, Every | Cron) or grid.start >= now:
        return 0
    missed = existing(grid, range(number_at(grid, now) + (grid.at == "start")))
    if not missed:
        return 0
    begin, end = interval(grid, 0).start, interval(grid, missed[-1]).end
    return len(missed) if min(end, now) - begin > MOST else 0


@diagnostic
class StartsInThePast(Diagnostic):
    """A schedule that starts in the past works through every interval that it has missed.

    That is what a backfill is. When it is not meant, the runs of a new Dag begin with years of them.
    Only `pipec check` says so, since it depends on the day. Once the Dag is at work, and for a
    backfill that is meant, `ignore: [P324]` in `pipec.yaml` lets it be silent.
    """

    code = "P324"
    title = "Starts in the past"
    severity = "warning"
    message = "`{name}` starts in the past: a new Dag first runs what was missed, {many} of its intervals{others}"
    help = "begin later, if these are not wanted; else write `ignore: [P324]` into `pipec.yaml`"

    name: str
    many: int
    others: str
