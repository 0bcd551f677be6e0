"""One graph per schedule: what has instances there, and what an instance needs."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Literal

from pipec.frozen import node
from pipec.grid import PLAIN, Window
from pipec.ir import Activity, Checked, Datanode, Pipeline, Schedule
from pipec.links import Found, Links
from pipec.source import Span


@node
class Need:
    """An edge: the instances of another node that an instance waits for."""

    pipeline: str
    schedule: str
    name: str
    window: Window = PLAIN
    span: Span

    @property
    def key(self) -> tuple[str, str, str]:
        """The node that is needed: its pipeline, its schedule, its name."""
        return self.pipeline, self.schedule, self.name


@node
class Node:
    """Something with an instance in every interval of the schedule."""

    name: str
    kind: Literal["datanode", "activity", "precondition", "resource"]
    thing: Any
    """The object of the pipeline."""
    owner: Activity | Datanode | None = None
    """Of a precondition: the object that it is a precondition of."""
    home: Pipeline
    """The pipeline that the object is written in."""
    needs: tuple[Need, ...] = ()


@node
class Graph:
    """Everything on one schedule, each node after those of the graph that it needs."""

    pipeline: Checked
    schedule: Schedule
    nodes: tuple[Node, ...]

    def __getitem__(self, name: str) -> Node:
        return next(one for one in self.nodes if one.name == name)


def plan(pipeline: Checked, links: Links) -> tuple[Graph, ...]:
    """The graphs of a pipeline, in the order of its schedules; schedules nobody uses have none."""
    by_schedule: dict[str, dict[str, Node]] = {name: {} for name in pipeline.schedules}
    for one in _nodes(pipeline, links):
        schedule, found = one
        by_schedule[schedule].setdefault(found.name, found)
    return tuple(
        Graph(pipeline=pipeline, schedule=pipeline.schedules[name], nodes=_ordered(name, nodes))
        for name, nodes in by_schedule.items()
        if nodes
    )


def _nodes(pipeline: Checked, links: Links) -> Iterator[tuple[str, Node]]:
    """Every node with the name of its schedule, in the order of the file."""
    for datanode in pipeline.datanodes.values():
        found = Found("datanode", datanode, pipeline)
        schedule = links.schedule(found)
        if schedule is None:
            continue
        producers = tuple(
            _need(links, producer, PLAIN, datanode.span)
            for producer in links.producers.get(found.key, ())
        )
        to = partial(_to, pipeline, schedule.name)
        gates = []
        for one in _preconditions(datanode.name, datanode, pipeline, to, producers):
            yield schedule.name, one
            gates.append(to(one.name, one.thing.span))
        yield schedule.name, Node(
            name=datanode.name, kind="datanode", thing=datanode, home=pipeline,
            needs=tuple(gates) or producers,
        )  # fmt: skip
    for activity in pipeline.activities.values():
        yield from _activity(activity, pipeline, links)


def _activity(activity: Activity, pipeline: Checked, links: Links) -> Iterator[tuple[str, Node]]:
    schedule = links.schedule(Found("activity", activity, pipeline))
    assert schedule is not None  # Checked: every activity has one.
    to = partial(_to, pipeline, schedule.name)
    needs: list[Need] = []
    for one in activity.flow.inputs:
        found = links.datanode(pipeline, one.ref)
        assert found is not None
        if links.schedule(found) is not None:
            needs.append(_need(links, found, one.window, one.span))
            continue
        # Without a schedule, its preconditions are checked for each reader.
        for made in _preconditions(one.ref.name, found.thing, found.pipeline, to):
            yield schedule.name, made
            needs.append(to(made.name, one.span))
    for ref in activity.after:
        for found in links.activities(pipeline, ref.name):
            needs.append(_need(links, found, PLAIN, ref.span))
    for made in _preconditions(activity.name, activity, pipeline, to):
        yield schedule.name, made
        needs.append(to(made.name, made.thing.span))
    if (machine := links.machine(activity, pipeline)) is not None:
        home = links.schedule_of_machine(machine, activity, pipeline)
        assert home is not None
        yield home.name, Node(name=machine.name, kind="resource", thing=machine, home=pipeline)
        needs.append(_to(pipeline, home.name, machine.name, activity.span))
    yield schedule.name, Node(
        name=activity.name, kind="activity", thing=activity, home=pipeline,
        needs=tuple(dict.fromkeys(needs)),
    )  # fmt: skip


def _preconditions(
    name: str,
    owner: Activity | Datanode,
    home: Pipeline,
    to: Callable[[str, Span], Need],
    needs: tuple[Need, ...] = (),
) -> Iterator[Node]:
    """The preconditions of an object; those that come first are needed by its others.

    `to` gives the edge to another node of the graph.
    """
    first = tuple(to(f"{name}.{it.name}", it.span) for it in owner.when if it.kind.comes_first)
    for precondition in owner.when:
        yield Node(
            name=f"{name}.{precondition.name}",
            kind="precondition",
            thing=precondition,
            owner=owner,
            home=home,
            needs=needs if precondition.kind.comes_first else first or needs,
        )


def _need(links: Links, found: Found, window: Window, span: Span) -> Need:
    schedule = links.schedule(found)
    assert schedule is not None
    return Need(
        pipeline=found.pipeline.name, schedule=schedule.name, name=found.thing.name,
        window=window, span=span,
    )  # fmt: skip


def _to(pipeline: Pipeline, schedule: str, name: str, span: Span) -> Need:
    return Need(pipeline=pipeline.name, schedule=schedule, name=name, span=span)


def _ordered(schedule: str, nodes: dict[str, Node]) -> tuple[Node, ...]:
    """The nodes, each after those it needs at the same time; otherwise as in the file."""
    place = {name: index for index, name in enumerate(nodes)}
    waiting: dict[str, int] = {}
    released: dict[str, list[str]] = {}
    for name, one in nodes.items():
        inner = {
            need.name
            for need in one.needs
            if need.schedule == schedule and need.name in nodes and need.window == PLAIN
        }
        waiting[name] = len(inner)
        for other in inner:
            released.setdefault(other, []).append(name)
    ready = [place[name] for name, count in waiting.items() if not count]
    names = list(nodes)
    result = []
    heapq.heapify(ready)
    while ready:
        name = names[heapq.heappop(ready)]
        result.append(nodes[name])
        for other in released.get(name, ()):
            waiting[other] -= 1
            if not waiting[other]:
                heapq.heappush(ready, place[other])
    assert len(result) == len(nodes)  # Checked: there is no cycle.
    return tuple(result)
