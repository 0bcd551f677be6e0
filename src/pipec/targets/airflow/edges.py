"""What comes right before a task: other tasks of its Dag, and waits for those of other Dags."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from pipec.grid import PLAIN, Grid, Period
from pipec.links import Links
from pipec.plan import Graph, Need, Node
from pipec.targets.airflow.task import Task, comment_of, dag_id, retries
from pipec.targets.airflow.waits import WAIT, Starts
from pipec.targets.python.values import Call, Name
from pipec.values import Attempts

ENDED = ("success", "failed", "upstream_failed", "skipped")
"""The states that a task stays in."""

LOST = Attempts(3, Period(1, "minute"))
"""How often a wait is made that Airflow loses, as 3.0 does when what it waits for comes at once."""


def tasks_before(graph: Graph, edges: Edges) -> dict[str, tuple[str, ...]]:
    """The tasks right before each that stands for a node of the graph.

    In the order of the graph, as the names of waits depend on it. What starts a machine is
    before the first work on it alone, not before what comes after that.
    """
    found = {
        one.name: tuple(dict.fromkeys(edges.before(one)))
        for one in graph.nodes
        if one.kind in ("activity", "precondition")
    }
    started: dict[str, set[str]] = {}
    for name, before in found.items():
        machines = {it for it in before if it in graph.pipeline.resources}
        already = set[str]().union(*(started.get(it, ()) for it in before))
        found[name] = tuple(it for it in before if it not in already)
        started[name] = machines | already
    return found


class Edges:
    """The edges of one graph; it collects the sensors that wait across schedules."""

    def __init__(self, graph: Graph, links: Links) -> None:
        self.pipeline, self.schedule, self.links = graph.pipeline, graph.schedule, links
        self.nodes = {one.name: one for one in graph.nodes}
        self.starts = Starts(graph.schedule.grid, graph.schedule.name)
        self.waits: dict[str, Task] = {}
        """Those that no task of the Dag was put behind yet."""
        self.waited: dict[str, Call] = {}
        self.looks: dict[str, Need] = {}
        """What each of the sensors waits for: a task of another schedule, through a window."""

    def before(self, node: Node) -> Iterator[str]:
        """The tasks that come right before a node, through datanodes and across schedules."""
        for need in node.needs:
            yield from self._through(need, need)

    def intervals(self, need: Need) -> Name:
        """The function that gives the intervals of the instances of a datanode that are needed."""
        return self.starts.macro(self.starts.intervals(need.name, *self._complete(need)))

    def span(self, need: Need) -> Name:
        """The function that gives when the first of these instances starts, and the last one ends."""
        return self.starts.macro(self.starts.span(need.name, *self._complete(need)))

    def _complete(self, need: Need) -> tuple[Need, Grid]:
        """What makes an instance of a datanode complete, and on which grid."""
        leaf = next(self._leaves(need), need)
        grid = self.links.project[need.pipeline].schedules[need.schedule].grid
        return replace(leaf, window=need.window), grid

    def _through(self, need: Need, asked: Need) -> Iterator[str]:
        if need.name in self.links.project[need.pipeline].resources:
            yield need.name  # Each Dag has a task that starts what its work runs on.
            return
        same = need.pipeline == self.pipeline.name and need.schedule == self.schedule.name
        if same and asked.window == PLAIN:
            node = self.nodes[need.name]
            if node.kind != "datanode":
                yield node.name
            else:
                for further in node.needs:
                    yield from self._through(further, asked)
            return
        for leaf in self._leaves(need):
            yield self._wait(replace(leaf, window=asked.window, span=asked.span))

    def _leaves(self, need: Need) -> Iterator[Need]:
        """The tasks of another schedule that make an instance of what is needed complete."""
        pipeline = self.links.project[need.pipeline]
        if need.name in pipeline.activities or need.name not in pipeline.datanodes:
            yield need
            return
        node = pipeline.datanodes[need.name]
        if node.when:
            for precondition in node.when:
                yield replace(need, name=f"{node.name}.{precondition.name}")
            return
        for producer in self.links.producers.get((pipeline.name, node.name), ()):
            yield replace(need, name=producer.thing.name, pipeline=producer.pipeline.name)

    def wait_for_end(self, need: Need, timeout: timedelta) -> Task:
        """The sensor that waits until instances of another schedule have come to any end."""
        name = self._wait(need, ENDED)
        task = self.waits.pop(name)
        return replace(
            task, call=replace(task.call, kwargs={**task.call.kwargs, "timeout": timeout})
        )

    def _wait(self, need: Need, ended: tuple[str, ...] = ()) -> str:
        """The id of the sensor that waits for instances of another schedule."""
        other = self.links.project[need.pipeline]
        producer = other.schedules[need.schedule].grid
        named = need.name if other.name == self.pipeline.name else f"{other.name}.{need.name}"
        own = f"{named}.end" if ended else f"{named}.wait"
        starts = self.starts.of(need, producer)
        thing = other.activities.get(need.name)
        cascade = thing is None or thing.on_failure == "cascade"
        call = Call(
            Name("WaitForInstances", "helpers.wait_for_instances"),
            (),
            {
                "task_id": own,
                "external_dag_id": dag_id(other, need.schedule),
                "external_task_id": need.name,
                "starts": starts,
                **({"allowed_states": [*ended]} if ended else {}),
                **(
                    {"failed_states": ["failed", "upstream_failed"]}
                    if cascade and not ended
                    else {}
                ),
                "deferrable": True,
                "poke_interval": timedelta(minutes=1),
                "timeout": WAIT,
            },
        )
        for number in range(1, 1000):
            name = own if number == 1 else f"{own}_{number}"
            if name in self.nodes:  # A copy of a matrix, whose name has dots as well.
                continue
            task = Task(
                name,
                replace(call, kwargs={**call.kwargs, "task_id": name}),
                comment_of(need.span),
                (),
                {**retries(LOST), "do_xcom_push": False},
            )
            if name not in self.waited:
                self.waits[name] = task
                self.waited[name] = task.call
                self.looks[name] = need
                return name
            if self.waited.get(name) == task.call:
                return name
        raise AssertionError("a thousand waits for one task")
