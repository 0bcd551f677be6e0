"""What is started for the work of a Dag, and ended after it: machines and clusters, one for each interval."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from pipec.frozen import frozen
from pipec.grid import Cron, Every, Period
from pipec.grid.intervals import length
from pipec.ir import Activity, Resource
from pipec.links import Links
from pipec.plan import Graph, Need, Node
from pipec.targets.airflow import lowering
from pipec.targets.airflow.task import Task, comment_of, dag_id, retries
from pipec.targets.airflow.timetable import interval_of_run
from pipec.targets.airflow.waits import WAIT
from pipec.targets.airflow.work import STANDARD, Work
from pipec.targets.python.values import Call, Name, Value
from pipec.values import Attempts

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
    stopped_by: str = ""
    """The Dag that ends it, when that is another one."""
    afterwards: str = ""
    """The template of the mark of one that a run gets for itself, after the end of the other."""
    most: int | None = None
    """How many may live at a time; None when there cannot be too many."""
    lost: tuple[Value, ...] = ()
    """What is called with the context of work that has lost it."""

    @property
    def intervals(self) -> Value | None:
        """The marks of those that work may run on: only one of them is ever there.

        None for that of the interval of the run, which helpers take by themselves.
        """
        return [self.interval, self.afterwards] if self.afterwards else usual(self.interval)


class Machines:
    """The machines of one graph: which work runs on each, and the tasks around that."""

    def __init__(
        self,
        graph: Graph,
        links: Links,
        edges: Edges,
        before: dict[str, tuple[str, ...]],
        notices: Notices,
        max_active_runs: int,
    ) -> None:
        self.graph, self.links, self.edges, self.notices = graph, links, edges, notices
        self.before, self.max_active_runs = before, max_active_runs
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
        yield self._task(resource, call, tuple(dict.fromkeys(upstream)))

    def stops(self, work: Work) -> Iterator[Task]:
        """The tasks that end what was started, each after all its users, however they end.

        What belongs to intervals of another schedule is ended in the Dag of that one; here, only
        what was started for a run of this Dag after that.
        """
        resources: dict[str, Resource | None] = {
            one.name: one.thing for one in self.graph.nodes if one.kind == "resource"
        }
        resources |= {name: self._resource(users[0]) for name, users in self.users.items()}
        for resource in filter(None, resources.values()):
            users = self.users.get(resource.name, [])
            waits = [*self._elsewhere(resource)]
            yield from waits
            upstream = [*(it.name for it in users), *(wait.id for wait in waits)]
            _, call = self._calls(resource, work)
            stop = self._task(resource, call, tuple(upstream))
            yield replace(
                stop,
                shared={**stop.shared, **retries(ENDING)},
                teardown=(resource.name,) if users else (),
            )

    def _resource(self, node: Node) -> Resource | None:
        if not isinstance(node.thing, Activity):
            return None
        return self.links.machine(node.thing, node.home)

    def _machine(self, resource: Resource) -> Machine:
        start, _ = interval_of_run(self.graph.schedule.grid)
        pipeline = self.graph.pipeline
        name = f"{pipeline.name}.{resource.name}"
        lost = tuple(self.notices.calls(resource, pipeline, "failure"))
        most = self._most(resource)
        if not self._is_elsewhere(resource):
            return Machine(resource, name, _mark(start), most=most, lost=lost)
        assert resource.schedule is not None
        schedule = pipeline.schedules[resource.schedule.name]
        need = self._need(schedule.name, resource.name, resource)
        function = self.edges.starts.macro(self.edges.starts.of(need, schedule.grid))
        shared = f"{function.text}({', '.join(interval_of_run(self.graph.schedule.grid))})[0]"
        return Machine(
            resource,
            name,
            _mark(shared),
            stopped_by=dag_id(pipeline, schedule.name),
            afterwards=f"{_mark(start)} {self.graph.schedule.name}",
            most=most,
            lost=lost,
        )

    def _is_elsewhere(self, resource: Resource) -> bool:
        """Whether its intervals are those of another schedule than this graph's."""
        own = self.graph.schedule.name
        return resource.schedule is not None and resource.schedule.name != own

    def _most(self, resource: Resource) -> int | None:
        """How many of it may live at a time: as many as its users may have instances that run.

        So many more are for the runs that these may wait for. Where the Dag has no more runs at a
        time, those are limit enough; but one with an interval of its own outlives them.
        """
        pipeline = self.graph.pipeline
        active = [
            one.max_active
            for one in pipeline.activities.values()
            if self.links.machine(one, pipeline) is resource
        ]
        usual = max(
            (it.thing.max_active for it in self.graph.nodes if it.kind == "activity"), default=5
        )
        most = max(active, default=5) + self.max_active_runs - usual
        return most if resource.schedule is not None or most < self.max_active_runs else None

    def _calls(self, resource: Resource, work: Work) -> tuple[Call, Call]:
        """The call that starts it and the one that ends it."""
        own = replace(
            work, name=resource.name, thing=resource, span=resource.span, machine=self._machine(resource)
        )  # fmt: skip
        start, stop = lowering.resources(resource.kind, own)
        return start, stop

    def _task(self, resource: Resource, call: Call, upstream: tuple[str, ...]) -> Task:
        shared: dict[str, Value] = {
            **retries(resource.attempts),
            **self.notices.callbacks(resource, self.graph.pipeline, ("failure",)),
            "do_xcom_push": False,
        }
        shared = {name: value for name, value in shared.items() if name not in call.kwargs}
        name = call.kwargs["task_id"]
        assert isinstance(name, str)
        return Task(name, call, comment_of(resource.span), upstream, shared)

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
        if resource.schedule is None or self._is_elsewhere(resource):
            return
        pipeline, grid = self.graph.pipeline, self.graph.schedule.grid
        # What is due at its start has all of its interval before it.
        ahead = (
            length(grid) if isinstance(grid, Every | Cron) and grid.at == "start" else timedelta()
        )
        for activity in pipeline.activities.values():
            if self.links.machine(activity, pipeline) is not resource:
                continue
            assert activity.schedule is not None
            if activity.schedule.name != self.graph.schedule.name:
                need = self._need(activity.schedule.name, activity.name, resource)
                yield self.edges.wait_for_end(need, WAIT + ahead)

    def _need(self, schedule: str, name: str, resource: Resource) -> Need:
        return Need(
            pipeline=self.graph.pipeline.name, schedule=schedule, name=name, span=resource.span
        )


ENDING = Attempts(13, Period(5, "minute"))
"""How often it is tried to end something: for an hour. Starting is tried as the user says."""


def usual(mark: str) -> str | None:
    """A mark, unless it is the start of the run's own interval."""
    return mark if mark != _mark("data_interval_start") else None


def stop_of(name: str) -> str:
    """The task that ends the machine of this name."""
    return f"{name}.stop"


def _mark(start: str) -> str:
    return f"{{{{ {start}.strftime('%Y-%m-%dT%H:%M:%SZ') }}}}"
