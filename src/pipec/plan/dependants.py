"""What depends on some instances: all that would be wrong if those were made anew."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from pipec.frozen import node
from pipec.grid import Cron, Every, Grid, Interval, Once, Window, due, interval
from pipec.grid.intervals import existing, length, number_at
from pipec.grid.readers import readers
from pipec.links import Links
from pipec.plan.graph import Graph, Node
from pipec.plan.instances import Instance, instances

Key = tuple[str, str, str]
"""A node: its pipeline, its schedule, its name. As `Need.key`."""

Place = tuple[Key, int]
"""An instance: its node, and the number of its interval."""


@node
class Dependant:
    """An instance that has to run again."""

    place: Place
    graph: Graph
    node: Node
    instance: Instance
    because: tuple[Place, ...] = ()
    """The instances that it needs, of those that run again; none where it only was named.

    Those of one node are in order of time.
    """

    @property
    def interval(self) -> Interval:
        """The interval of the instance."""
        return Interval(self.instance.start, self.instance.end)


def dependants(
    graphs: Sequence[Graph],
    links: Links,
    named: Iterable[Place],
    now: datetime,
    *,
    qualified: bool = False,
) -> tuple[Dependant, ...]:
    """The named instances and all that need one of them, however indirectly, each after those.

    Instances that are not due `now` are left out. What is free to come first does so in the order
    of the plan. `graphs` are those of the whole project, and `qualified` names its objects
    `pipeline.object`.
    """
    found = _Closure(graphs, links, now)
    found.reach(named)
    made = _instances(graphs, links, found.because, qualified)
    return tuple(
        Dependant(
            place=place,
            graph=found.homes[place[0]][1],
            node=found.homes[place[0]][3],
            instance=made[place],
            because=tuple(sorted(found.because[place])),
        )
        for place in found.ordered()
    )


def reasons(
    dependants: Iterable[Dependant],
) -> Iterator[tuple[Instance, tuple[tuple[str, datetime], ...]]]:
    """What is executed again, and because of which others: their names and starts, as in a plan.

    Nothing is executed for a datanode: it only is a reason.
    """
    made: dict[Place, Instance] = {}
    for one in dependants:
        made[one.place] = one.instance
        if one.node.kind != "datanode":
            because = (made[it] for it in one.because)
            yield one.instance, tuple((it.name, it.start) for it in because)


def reaching_on(dependants: Sequence[Dependant]) -> dict[str, int]:
    """The activities that depend on what they made before, and how many instances of each run again."""
    needed: dict[Key, set[Key]] = {}
    counts: dict[Key, list[Dependant]] = {}
    for one in dependants:
        counts.setdefault(one.place[0], []).append(one)
        needed.setdefault(one.place[0], set()).update(key for key, _ in one.because)
    found = {}
    for key, those in counts.items():
        if len(those) == 1 or those[0].node.kind != "activity":
            continue
        unread, seen = [key], set[Key]()
        while unread:
            new = needed[unread.pop()] - seen
            seen |= new
            unread += new
        if key in seen:
            found[those[0].instance.name] = len(those)
    return found


def due_until(grid: Grid, now: datetime) -> range:
    """The numbers of the instances that are due at `now`."""
    match grid:
        case Every(at="start") | Cron(at="start"):
            return existing(grid, range(number_at(grid, now) + 1))
        case Every() | Cron():
            return existing(grid, range(number_at(grid, now)))
        case Once(start=start):
            return range(start <= now)
        case _:
            return range(0)


class _Closure:
    """Instances, and for each those of them that it needs; grown until nothing is missing."""

    def __init__(self, graphs: Sequence[Graph], links: Links, now: datetime) -> None:
        self.homes: dict[Key, tuple[int, Graph, int, Node]] = {}
        self.because: dict[Place, dict[Place, None]] = {}
        self._read_by: dict[Key, list[tuple[Key, int]]] = {}
        """Of each node: who reads it, and which of the ways it does so in."""
        ways: dict[tuple[Grid, Grid, Window, range], int] = {}
        for index, graph in enumerate(graphs):
            grid = graph.schedule.grid
            due = due_until(grid, now)
            for position, one in enumerate(graph.nodes):
                key = graph.pipeline.name, graph.schedule.name, one.name
                self.homes[key] = index, graph, position, one
                for need in one.needs:
                    other = links.project[need.pipeline].schedules[need.schedule].grid
                    way = ways.setdefault((grid, other, need.window, due), len(ways))
                    self._read_by.setdefault(need.key, []).append((key, way))
        self._ways = list(ways)
        self._readers: dict[tuple[int, int], Sequence[int]] = {}
        self._due: dict[tuple[int, int], tuple[datetime, timedelta]] = {}

    def reach(self, named: Iterable[Place]) -> None:
        """Add the named instances, and what needs one that is there until nothing more does."""
        unread = list(dict.fromkeys(named))
        self.because |= {place: {} for place in unread}
        while unread:
            place = unread.pop()
            for key, way in self._read_by.get(place[0], ()):
                for number in self._numbers(way, place[1]):
                    reader = key, number
                    if reader not in self.because:
                        self.because[reader] = {}
                        unread.append(reader)
                    self.because[reader][place] = None

    def _numbers(self, way: int, number: int) -> Sequence[int]:
        """The numbers of the instances that need the producer's instance of this number."""
        found = self._readers.get((way, number))
        if found is None:
            consumer, producer, window, due = self._ways[way]
            of = interval(producer, number)
            found = self._readers[way, number] = readers(consumer, producer, window, of, due)
        return found

    def ordered(self) -> Iterator[Place]:
        """The instances, each after those that it needs; otherwise as the plan lists them."""
        waiting = {place: len(needed) for place, needed in self.because.items()}
        needed_by: dict[Place, list[Place]] = {}
        for place, needed in self.because.items():
            for other in needed:
                needed_by.setdefault(other, []).append(place)
        ready = [(self._rank(place), place) for place, many in waiting.items() if not many]
        heapq.heapify(ready)
        many = 0
        while ready:
            _, place = heapq.heappop(ready)
            many += 1
            yield place
            for other in needed_by.get(place, ()):
                waiting[other] -= 1
                if not waiting[other]:
                    heapq.heappush(ready, (self._rank(other), other))
        assert many == len(waiting)  # Checked: no instance needs itself, however indirectly.

    def _rank(self, place: Place) -> tuple[datetime, timedelta, int, int]:
        index, graph, position, _ = self.homes[place[0]]
        run = index, place[1]
        if run not in self._due:
            grid = graph.schedule.grid
            self._due[run] = due(grid, interval(grid, place[1])), length(grid)
        return *self._due[run], index, position


def _instances(
    graphs: Sequence[Graph], links: Links, wanted: Iterable[Place], qualified: bool
) -> dict[Place, Instance]:
    """The instances as the plan has them."""
    by_graph: dict[tuple[str, str], dict[int, set[str]]] = {}
    for (pipeline, schedule, name), number in wanted:
        by_graph.setdefault((pipeline, schedule), {}).setdefault(number, set()).add(name)
    made: dict[Place, Instance] = {}
    for graph in graphs:
        home = graph.pipeline.name, graph.schedule.name
        numbers = by_graph.get(home, {})
        for one, number in _planned(graph, links, sorted(numbers), qualified):
            name = one.name.removeprefix(f"{home[0]}.") if qualified else one.name
            if name in numbers.get(number, ()):
                made[(*home, name), number] = one
    return made


def _planned(
    graph: Graph, links: Links, numbers: list[int], qualified: bool
) -> Iterator[tuple[Instance, int]]:
    """All instances of the graph in the intervals of those numbers, with their numbers."""
    grid = graph.schedule.grid
    for first, last in _runs(numbers):
        begin, end = interval(grid, first).start, interval(grid, last).end
        number, start = first, begin
        for one in instances([graph], links, begin, end, qualified=qualified):
            if one.start != start:
                number, start = number + 1, one.start
            yield one, number


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of those that follow each other without a gap."""
    first = 0
    for place, number in enumerate(numbers):
        if place + 1 == len(numbers) or numbers[place + 1] != number + 1:
            yield numbers[first], number
            first = place + 1
