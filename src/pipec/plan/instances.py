"""The instances of a pipeline in a window of time: when each is due, and which others it needs."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from operator import itemgetter
from typing import NamedTuple

from pipec.grid import Grid, Interval, Needs, Window, due, each, inside, reading
from pipec.grid.intervals import length
from pipec.links import Links
from pipec.plan.graph import Graph

_Through = tuple[str, str, Window]
"""A schedule that is read, by pipeline and name, and the window it is read through."""


class Instance(NamedTuple):
    """One node in one interval.

    `needs` names other instances by node and start: each once, those of one node in order of time.
    """

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

    # Found once for all that read one schedule through the same windows.
    readings: dict[_Through, Callable[[Interval], Needs]] = {}
    ways: dict[tuple[_Through, ...], int] = {}
    rows = []
    for node in graph.nodes:
        through: dict[str, tuple[_Through, ...]] = {}
        for need in node.needs:
            other: Grid = links.project[need.pipeline].schedules[need.schedule].grid
            key = need.pipeline, need.schedule, need.window
            readings.setdefault(key, reading(grid, other, need.window))
            needed = name(need.pipeline, need.name)
            through[needed] = (*through.get(needed, ()), key)
        places = [(it, ways.setdefault(way, len(ways))) for it, way in through.items()]
        rows.append((name(pipeline, node.name), node.kind, places))
    # Of equal due times, what is finer comes first: the coarser ones read it.
    coarse = length(grid)
    for interval in each(grid, inside(grid, begin, end)):
        start, end_, when = interval.start, interval.end, due(grid, interval)
        found = {key: read(interval) for key, read in readings.items()}
        starts = [
            sorted({one.start for key in way for one in found[key].intervals}) for way in ways
        ]
        dropped = [sum([found[key].dropped for key in way]) for way in ways]
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
