"""The instances of a pipeline in a window of time: when each is due, and which others it needs."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from pipec.frozen import node
from pipec.grid import Grid, Interval, Needs, due, each, inside, needs
from pipec.links import Links
from pipec.plan.graph import Graph, Node
from pipec.plan.window import length


@node
class Instance:
    """One node in one interval. `needs` names other instances by node and start."""

    name: str
    kind: str
    pipeline: str
    schedule: str
    start: datetime
    end: datetime
    due: datetime
    needs: tuple[tuple[str, datetime], ...] = ()
    dropped: int = 0
    """How many instances its windows name that its producers never have."""


def instances(
    graphs: Iterable[Graph],
    links: Links,
    begin: datetime,
    end: datetime,
    *,
    qualified: bool = False,
) -> Iterator[Instance]:
    """The instances whose interval lies between `begin` and `end`, in the order they are due.

    They are made one by one: a year of them needs no more memory than a day. Objects of other
    pipelines are named `pipeline.object`; all are when `qualified` asks for it.
    """
    streams = [
        _of_graph(index, graph, links, begin, end, qualified) for index, graph in enumerate(graphs)
    ]
    for _, _, _, _, found in heapq.merge(*streams, key=lambda one: one[:4]):
        yield found


def _of_graph(
    index: int, graph: Graph, links: Links, begin: datetime, end: datetime, qualified: bool
) -> Iterator[tuple[datetime, timedelta, int, int, Instance]]:
    grid = graph.schedule.grid
    # Of equal due times, what is finer comes first: the coarser ones read it.
    coarse = length(grid)
    for interval in each(grid, inside(grid, begin, end)):
        when = due(grid, interval)
        for place, one in enumerate(graph.nodes):
            yield (
                when,
                coarse,
                index,
                place,
                _instance(graph, one, interval, when, links, qualified),
            )


def _instance(
    graph: Graph, one: Node, interval: Interval, when: datetime, links: Links, qualified: bool
) -> Instance:
    own = "" if qualified else graph.pipeline.name
    found: list[tuple[str, datetime]] = []
    dropped = 0
    for need in one.needs:
        other = links.project[need.pipeline]
        name = need.name if other.name == own else f"{other.name}.{need.name}"
        grid: Grid = other.schedules[need.schedule].grid
        wanted = needs(graph.schedule.grid, grid, need.window, interval)
        assert isinstance(wanted, Needs)  # Checked: the schedules meet.
        found += [(name, each_.start) for each_ in wanted.intervals]
        dropped += wanted.dropped
    return Instance(
        name=one.name if own else f"{graph.pipeline.name}.{one.name}", kind=one.kind, pipeline=graph.pipeline.name, schedule=graph.schedule.name,
        start=interval.start, end=interval.end, due=when, needs=tuple(found), dropped=dropped,
    )  # fmt: skip
