"""What is started for the work of a Dag, and ended after it: machines and clusters, one for each interval."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from pipec.frozen import frozen
from pipec.ir import Activity, Resource
from pipec.links import Links
from pipec.plan import Graph, Need, Node
from pipec.targets.airflow import lowering
from pipec.targets.airflow.task import Task, comment_of, retries
from pipec.targets.airflow.timetable import interval_of_run
from pipec.targets.airflow.work import STANDARD, Work
from pipec.targets.python.values import Call, Name, Value

if TYPE_CHECKING:
    from pipec.targets.airflow.edges import Edges
    from pipec.targets.airflow.notices import Notices


@frozen
class Machine:
    """A machine or a cluster that work runs on: what is written of it, and the marks it is found by.

    It is marked with its name, and with the start of its interval. Nothing else says which one it
    is, so that it is found again whatever became of the task that started it.
    """

    resource: Resource
    name: str
    """Its name in the whole project: `shop.box`."""
    interval: str
    """The template of the start of its interval, in UTC."""

    @property
    def marks(self) -> dict[str, Value]:
        """The arguments by which a function of the Dag file finds it."""
        return {"resource": self.name, "interval": self.interval}


class Machines:
    """The machines of one graph: which work runs on each, and the tasks around that."""

    def __init__(
        self,
        graph: Graph,
        links: Links,
        edges: Edges,
        before: dict[str, tuple[str, ...]],
        notices: Notices,
    ) -> None:
        self.graph, self.links, self.edges, self.notices = graph, links, edges, notices
        self.before = before
        self.users: dict[str, list[Node]] = {}
        """The nodes of this graph that run on each, in their order."""
        for node in graph.nodes:
            if (used := self._resource(node)) is not None:
                self.users.setdefault(used.name, []).append(node)

    def of(self, node: Node) -> Machine | None:
        """What a node runs on; None when nothing is started for it."""
        resource = self._resource(node)
        return self._machine(resource) if resource is not None else None

    def starts(self, node: Node, work: Work) -> Iterator[Task]:
        """The task that starts what a node runs on, and what it waits for, if it is the first user."""
        resource = self._resource(node)
        if resource is None or self.users[resource.name][0] is not node:
            return
        ready = self._ready(resource)
        upstream = []
        for user, before in ready:
            if len(ready) == 1 or len(before) == 1:
                upstream += before
                continue
            name = f"{user.name}.ready"
            operator = Name("EmptyOperator", f"{STANDARD}.operators.empty")
            call = Call(operator, (), {"task_id": name})
            yield Task(name, call, comment_of(user.thing.span), tuple(before), {})
            upstream.append(name)
        call, _ = self._calls(resource, work)
        if len(ready) > 1:
            call = replace(call, kwargs={**call.kwargs, "trigger_rule": "one_success"})
        yield self._task(resource, call, tuple(dict.fromkeys(upstream)), setup=True)

    def stops(self, work: Work) -> Iterator[Task]:
        """The tasks that end what belongs to the intervals of this graph, each after all its users."""
        for node in self.graph.nodes:
            if node.kind != "resource":
                continue
            resource: Resource = node.thing
            own = self.users.get(resource.name, [])
            waits = [*self._elsewhere(resource)]
            yield from waits
            last = [it for it in own if not any(it.name in self._before(other) for other in own)]
            upstream = ([resource.name] if own else []) + [it.name for it in last]
            _, call = self._calls(resource, work)
            call = replace(call, kwargs={**call.kwargs, "task_id": f"{resource.name}.stop"})
            upstream += [wait.id for wait in waits]
            stop = self._task(resource, call, tuple(upstream), setup=False)
            yield replace(stop, teardown_of=resource.name) if own else stop

    def _resource(self, node: Node) -> Resource | None:
        if not isinstance(node.thing, Activity):
            return None
        return self.links.machine(node.thing, node.home)

    def _machine(self, resource: Resource) -> Machine:
        start, _ = interval_of_run(self.graph.schedule.grid)
        pipeline = self.graph.pipeline
        if resource.schedule is not None and resource.schedule.name != self.graph.schedule.name:
            schedule = pipeline.schedules[resource.schedule.name]
            need = self._need(schedule.name, resource.name, resource)
            function = self.edges.starts.macro(self.edges.starts.of(need, schedule.grid))
            start = f"{function.text}({', '.join(interval_of_run(self.graph.schedule.grid))})[0]"
        interval = f"{{{{ {start}.strftime('%Y-%m-%dT%H:%M:%SZ') }}}}"
        return Machine(resource, f"{pipeline.name}.{resource.name}", interval)

    def _calls(self, resource: Resource, work: Work) -> tuple[Call, Call]:
        """The call that starts it and the one that ends it."""
        own = replace(
            work, name=resource.name, thing=resource, span=resource.span, machine=self._machine(resource)
        )  # fmt: skip
        start, stop = lowering.resources(resource.kind, own)
        return start, stop

    def _task(
        self, resource: Resource, call: Call, upstream: tuple[str, ...], *, setup: bool
    ) -> Task:
        shared: dict[str, Value] = {
            **retries(resource.attempts),
            **self.notices.callbacks(resource, self.graph.pipeline, ("failure",)),
            "do_xcom_push": False,
        }
        shared = {name: value for name, value in shared.items() if name not in call.kwargs}
        name = call.kwargs["task_id"]
        assert isinstance(name, str)
        return Task(name, call, comment_of(resource.span), upstream, shared, setup=setup)

    def _ready(self, resource: Resource) -> list[tuple[Node, list[str]]]:
        """What each user that can be the first one waits for; nothing if one of them waits for nothing.

        A user that comes after another is never the first, nor is one that waits for more than another.
        """
        users = self.users[resource.name]
        names = {user.name for user in users}
        found: list[tuple[Node, list[str]]] = []
        for user in users:
            if names & self._before(user):
                continue
            found.append((user, [it for it in self.before[user.name] if it != resource.name]))
        least = [
            (user, before)
            for place, (user, before) in enumerate(found)
            if not any(
                set(other) < set(before) or (set(other) == set(before) and index < place)
                for index, (_, other) in enumerate(found)
            )
        ]
        return [] if any(not before for _, before in least) else least

    def _before(self, node: Node) -> set[str]:
        """All tasks of this graph that come before a node, however indirectly."""
        found: set[str] = set()
        unread = [node.name]
        while unread:
            new = {*self.before.get(unread.pop(), ())} - found
            found |= new
            unread += new
        return found

    def _elsewhere(self, resource: Resource) -> Iterator[Task]:
        """The waits for the work of other schedules that runs on it, however that ends."""
        if resource.schedule is None:
            return
        pipeline = self.graph.pipeline
        for activity in pipeline.activities.values():
            if self.links.machine(activity, pipeline) is not resource:
                continue
            assert activity.schedule is not None
            if activity.schedule.name != self.graph.schedule.name:
                need = self._need(activity.schedule.name, activity.name, resource)
                yield self.edges.wait_for_end(need, timedelta(days=7))

    def _need(self, schedule: str, name: str, resource: Resource) -> Need:
        return Need(
            pipeline=self.graph.pipeline.name, schedule=schedule, name=name, span=resource.span
        )
