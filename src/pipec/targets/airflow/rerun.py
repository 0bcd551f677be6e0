"""The tasks that Airflow has for instances that run again, and what they have to wait for anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from pipec.grid import Cron, Every, Grid, Needs, due, needs
from pipec.grid.intervals import number_at
from pipec.ir import Activity
from pipec.links import Links
from pipec.plan import Graph, Need
from pipec.plan.dependants import Dependant, Place
from pipec.targets.airflow.edges import Edges, tasks_before
from pipec.targets.airflow.machines import stop_of
from pipec.targets.airflow.task import dag_id


class Cell(NamedTuple):
    """A task in the run of one interval: by the start of the interval, not by the id of the run."""

    dag: str
    task: str
    start: datetime


class Todo(NamedTuple):
    """A task that has to run again; or what goes with one.

    That is a wait for it, which has to look again, and what starts and ends its machine.
    """

    cell: Cell
    place: Place | None
    """The instance that the task is; None for what goes with one."""
    after: tuple[Cell, ...]
    """Those that run again, right before it."""
    looks: tuple[Cell, ...] = ()
    """Of a wait: all that it looks at, of what is due."""
    is_around: bool = False
    """Whether it starts or ends a machine: Airflow clears that with any work on it."""


def tasks_again(
    graphs: Sequence[Graph], links: Links, dependants: Iterable[Dependant], now: datetime
) -> tuple[Todo, ...]:
    """The tasks of the dependants, and the sensors of their Dags that wait for one of them.

    The order is that of the dependants; each wait stands before the first that is behind it. A
    watch for what is late is none of these: that a rerun is later than it was due says nothing.
    """
    every = {one.place: one for one in dependants}
    dags = {_home(one): before(one, links) for one in graphs}
    made: dict[Cell, Todo] = {}
    for place, one in every.items():
        if one.node.kind == "datanode":
            continue
        dag = dags[_home(one.graph)]
        start = one.instance.start
        after = []
        for task in dag.before[one.node.name]:
            cell = Cell(dag.id, task, start)
            if (need := dag.looks.get(task)) is None:
                if ((*_home(one.graph), task), place[1]) in every:
                    after.append(cell)
                continue
            if cell not in made:
                looked = dict(_looked(need, one, links, dags, now))
                again = tuple(looked[it] for it in looked if it in every)
                if not again:
                    continue
                made[cell] = Todo(cell, None, again, tuple(looked.values()))
            after.append(cell)
        cell = Cell(dag.id, one.node.name, start)
        made[cell] = Todo(cell, place, tuple(after))
        for task in _machine(one, links):
            around = Cell(dag.id, task, start)
            made.setdefault(around, Todo(around, None, (cell,), is_around=True))
    return tuple(made.values())


def _machine(one: Dependant, links: Links) -> tuple[str, ...]:
    """The tasks that start and end what an instance runs on, if that is started for it."""
    activity = one.node.thing
    if not isinstance(activity, Activity):
        return ()
    machine = links.machine(activity, one.node.home)
    return (machine.name, stop_of(machine.name)) if machine is not None else ()


class Before(NamedTuple):
    """The tasks of a Dag that stand for nodes of its graph, and what they come after."""

    id: str
    before: Mapping[str, tuple[str, ...]]
    """The tasks right before each."""
    looks: Mapping[str, Need]
    """What each of its sensors waits for: a task of another schedule, through a window."""


def before(graph: Graph, links: Links) -> Before:
    """The same as is written into the Dag."""
    edges = Edges(graph, links)
    tasks = tasks_before(graph, edges)
    return Before(dag_id(graph.pipeline, graph.schedule.name), tasks, edges.looks)


def _home(graph: Graph) -> tuple[str, str]:
    return graph.pipeline.name, graph.schedule.name


def _looked(
    need: Need, one: Dependant, links: Links, dags: Mapping[tuple[str, str], Before], now: datetime
) -> Iterator[tuple[Place, Cell]]:
    """The instances due that a wait for `need` looks at, in the interval of `one`, and their tasks."""
    grid: Grid = links.project[need.pipeline].schedules[need.schedule].grid
    found = needs(one.graph.schedule.grid, grid, need.window, one.interval)
    assert isinstance(found, Needs)  # Checked: the schedules meet.
    dag = dags[need.pipeline, need.schedule].id
    for interval in found.intervals:
        if due(grid, interval) <= now:
            number = number_at(grid, interval.start) if isinstance(grid, Every | Cron) else 0
            yield (need.key, number), Cell(dag, need.name, interval.start)
