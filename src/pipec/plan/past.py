"""Which schedules would work through their past, if they began now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.grid import Cron, Every, due, instant_text, interval
from pipec.grid.intervals import existing, number_at
from pipec.plan.graph import Graph

MOST = timedelta(days=1)
"""How much past nobody needs to be told of."""


def check_past(graphs: Iterable[Graph], now: datetime, report: Report) -> None:
    """Report each schedule of which more than a day lies before `now` already."""
    for graph in graphs:
        grid = graph.schedule.grid
        if graph.schedule.assumed or not isinstance(grid, Every | Cron) or grid.start >= now:
            continue
        missed = existing(grid, range(number_at(grid, now) + (grid.at == "start")))
        if not missed:
            continue
        last = interval(grid, missed[-1])
        if min(last.end, now) - interval(grid, missed[0]).start > MOST:
            when = instant_text(due(grid, last))
            many = f"{len(missed)} intervals that were due up to {when}"
            which = many if len(missed) > 1 else f"interval that was due at {when}"
            report.add(StartsInThePast(graph.schedule.span, graph.schedule.name, which))


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
    message = "`{name}` starts in the past: as a new Dag it first runs the {intervals}"
    help = "begin later, if these are not wanted; else write `ignore: [P324]` into `pipec.yaml`"

    name: str
    intervals: str
