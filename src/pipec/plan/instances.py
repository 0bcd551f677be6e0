"""The instances of a pipeline in a window of time: when each is due, and which others it needs."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from operator import itemgetter
from typing import NamedTuple

from pipec.grid import Grid, Interval, Needs, Window, due, each, inside, reading
from pipec.links import Links
from pipec.plan.graph import Graph
from pipec.plan.window import length


class Instance(NamedTuple):
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

    They are made interval by interval: a year of them needs no more memory than a day. Objects of
    other pipelines are named `pipeline.object`; all are when `qualified` asks for it.
    """
    streams = [
        _of_graph(index, graph, links, begin, end, qualified) for index, graph in enumerate(graphs)
    ]
    for _, _, _, found in heapq.merge(*streams, key=itemgetter(0, 1, 2)):
        yield from found


def _of_graph(
    index: int, graph: Graph, links: Links, begin: datetime, end: datetime, qualified: bool
) -> Iterator[tuple[datetime, timedelta, int, list[Instance]]]:
    """All of a graph, interval by interval, each with what decides where it stands in the plan."""
    pipeline, schedule, grid = graph.pipeline.name, graph.schedule.name, graph.schedule.grid
    own = "" if qualified else pipeline

    def name(of: str, it: str) -> str:
        return it if of == own else f"{of}.{it}"

    # Found once for all that read one schedule through one window.
    readings: dict[tuple[str, str, Window], Callable[[Interval], Needs]] = {}
    for need in (need for node in graph.nodes for need in node.needs):
        other: Grid = links.project[need.pipeline].schedules[need.schedule].grid
        key = need.pipeline, need.schedule, need.window
        readings.setdefault(key, reading(grid, other, need.window))
    place = {key: number for number, key in enumerate(readings)}
    rows = [
        (
            name(pipeline, node.name),
            node.kind,
            [
                (name(need.pipeline, need.name), place[need.pipeline, need.schedule, need.window])
                for need in node.needs
            ],
        )
        for node in graph.nodes
    ]
    # Of equal due times, what is finer comes first: the coarser ones read it.
    coarse = length(grid)
    for interval in each(grid, inside(grid, begin, end)):
        start, end_, when = interval.start, interval.end, due(grid, interval)
        found = [read(interval) for read in readings.values()]
        starts = [[one.start for one in it.intervals] for it in found]
        dropped = [it.dropped for it in found]
        yield (
            when,
            coarse,
            index,
            [
                Instance(
                    node,
                    kind,
                    pipeline,
                    schedule,
                    start,
                    end_,
                    when,
                    tuple([(other, at) for other, number in row for at in starts[number]]),
                    sum([dropped[number] for _, number in row]),
                )
                for node, kind, row in rows
            ],
        )
