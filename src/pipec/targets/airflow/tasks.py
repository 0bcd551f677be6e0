"""The tasks of a Dag: one for each activity and precondition of a graph, and the watch over them."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import replace
from datetime import timedelta

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.facets import Files
from pipec.grid import OnDemand
from pipec.ir import Activity, Datanode, Status
from pipec.links import Links
from pipec.plan import Graph, Node
from pipec.targets.airflow import lowering
from pipec.targets.airflow.edges import Edges, tasks_before
from pipec.targets.airflow.expression import Moment
from pipec.targets.airflow.late import Watched, stop, watches
from pipec.targets.airflow.machines import Machines
from pipec.targets.airflow.notices import Notices
from pipec.targets.airflow.reads import Reads
from pipec.targets.airflow.task import Task, comment_of, keyword, length, retries
from pipec.targets.airflow.work import NotInAirflow, Work
from pipec.targets.python.values import Call, Value


class Tasks:
    """The tasks of one graph; it collects the notices and constants that they use."""

    def __init__(
        self,
        graph: Graph,
        links: Links,
        moment: Moment,
        max_active_runs: int,
        report: Report,
        *,
        local: bool,
        stand_ins: Container[str],
    ) -> None:
        self.graph, self.links, self.report, self.local = graph, links, report, local
        self.stand_ins = stand_ins
        self.grid, self.moment, self.max_active_runs = graph.schedule.grid, moment, max_active_runs
        self.edges = Edges(graph, links)
        self.notices = Notices({})
        self.before = tasks_before(graph, self.edges)
        self.machines = Machines(
            graph, links, self.edges, self.before, self.notices, max_active_runs
        )
        self.constants: dict[str, str] = {}

    def __iter__(self) -> Iterator[Task]:
        """The tasks, each after those it follows."""
        late: list[Watched] = []
        for node in self.graph.nodes:
            if node.kind in ("datanode", "resource"):
                continue
            before = self.before[node.name]
            yield from self._waits(node, before)
            if self.local:  # Nothing is started for what runs on this machine.
                before = tuple(it for it in before if it not in self.machines.users)
            else:
                yield from self.machines.starts(node, self._work(node))
            task = self._task(node, before)
            if task is not None:
                yield task
            thing = node.thing
            if isinstance(thing, Activity) and thing.late and "late" in thing.notify:
                tell = self.notices.calls(thing, node.home, "late")
                late.append(Watched(node.name, length(thing.late.after), tell))
        if not self.local:
            yield from self.machines.stops(self._work(self.graph.nodes[0]))
        taken = {*self.edges.nodes, *self.edges.waited}
        yield from watches(late, taken, local=self.local)

    def _waits(self, node: Node, before: tuple[str, ...]) -> Iterator[Task]:
        """The sensors right before a node that no other node has had before."""
        for name in before:
            if name in self.edges.waits:
                wait = self.edges.waits.pop(name)
                told = self.notices.callbacks(_speaker(node), node.home, ("failure",))
                yield replace(wait, shared={**wait.shared, **told})

    def _task(self, node: Node, upstream: tuple[str, ...]) -> Task | None:
        table = lowering.activities if node.kind == "activity" else lowering.preconditions
        thing, span = node.thing, node.thing.span
        if thing.kind not in table:
            self.report.add(NotInAirflow(span, keyword(thing.kind)))
            return None
        work = self._work(node)
        if isinstance(thing, Activity):
            reads = Reads(work, self.edges)
            machine = None if self.local else self.machines.of(node)
            work = replace(work, moment=reads.moment(), reads=reads, machine=machine)
        call: Call = table(thing.kind, work)
        speaker = _speaker(node)
        shared: dict[str, Value] = {
            **retries(getattr(speaker, "attempts", None)),
            **self.notices.callbacks(speaker, node.home, _told_of(node)),
            **self._place(node),
        }
        if isinstance(thing, Activity):
            self._check_place(node)
            if thing.timeout is not None:
                shared["execution_timeout"] = length(thing.timeout)
            if not thing.kind.keeps_result:
                shared["do_xcom_push"] = False
            if thing.late is not None and thing.late.stop:
                hook = stop(thing.late, guarded=not isinstance(self.grid, OnDemand))
                call = replace(call, kwargs={**call.kwargs, "pre_execute": hook})
            if thing.on_failure == "wait" and self._has_readers(node):
                self.report.add(WaitInsideDag(span, thing.name))
            if (limit := thing.max_active) < self.max_active_runs:
                shared["max_active_tis_per_dag"] = limit
        else:
            shared["do_xcom_push"] = False
            call = replace(
                call,
                kwargs={
                    **call.kwargs,
                    "mode": "reschedule",
                    "poke_interval": max(length(thing.poll), timedelta(minutes=1)),
                    "timeout": length(thing.timeout),
                },
            )
            if length(thing.poll) < timedelta(minutes=1):
                self.report.add(PollTooShort(span, str(thing.poll)))
        own = getattr(thing, "airflow", None) or {}
        extra = work.arguments(own)
        taken = {*extra, *call.kwargs}
        shared = {name: value for name, value in shared.items() if name not in taken}
        return Task(
            node.name,
            replace(call, kwargs={**call.kwargs, **extra}),
            comment_of(span),
            upstream,
            shared,
        )

    def _work(self, node: Node) -> Work:
        return Work(
            name=node.name,
            thing=node.thing,
            pipeline=node.home,
            links=self.links,
            grid=self.grid,
            moment=self.moment,
            report=self.report,
            owner=node.owner,
            span=node.thing.span,
            constants=self.constants,
            local=self.local,
            stand_ins=self.stand_ins,
        )

    def _has_readers(self, node: Node) -> bool:
        return any(
            need.name == node.name or need.name in {ref.name for ref in node.thing.flow.outputs}
            for other in self.graph.nodes
            if other.kind == "activity" and other is not node
            for need in other.needs
        )

    def _check_place(self, node: Node) -> None:
        """Report work that Airflow does itself, although it names a machine."""
        ref = node.thing.runs_on
        resource = node.home.resources.get(ref.name) if ref is not None else None
        if ref is None or resource is None or not resource.kind.managed:
            return
        sides = self.links.sides(node.thing, node.home)
        if resource.kind.sort not in node.thing.kind.can_run_on(*sides):
            self.report.add(RunsElsewhere(ref.span, node.name, resource.name))

    def _place(self, node: Node) -> dict[str, Value]:
        """The executor and the queue that reach the workers a task runs on."""
        if self.local:
            return {}
        ref = getattr(node.thing, "runs_on", None)
        if ref is None and node.owner is not None and _needs_worker(node):
            ref = node.owner.runs_on
        resource = node.home.resources.get(ref.name) if ref is not None else None
        if resource is None or resource.kind.managed:
            return {}
        pool = resource.kind.workers
        if pool.executor == "edge":
            return {
                "executor": "airflow.providers.edge3.executors.EdgeExecutor",
                "queue": pool.queue,
            }
        return {"queue": pool.queue}


def _speaker(node: Node) -> Activity | Datanode | None:
    """Whose notices and attempts count for a node."""
    return node.thing if isinstance(node.thing, Activity) else node.owner


def _told_of(node: Node) -> tuple[Status, ...]:
    """A precondition that holds is no news."""
    return ("failure", "success") if node.kind == "activity" else ("failure",)


def _needs_worker(node: Node) -> bool:
    """True for preconditions that are evaluated on the machine where the work runs."""
    kind = node.owner.kind if isinstance(node.owner, Datanode) else None
    on_disk = isinstance(kind, Files) and kind.store == "disk"
    return bool(node.thing.kind.where_work_runs) or on_disk


@diagnostic
class WaitInsideDag(Diagnostic):
    """With `on_failure: wait`, dependants should wait until the failed activity was rerun.

    Inside one Dag, Airflow marks them `upstream_failed` at once; they run again when the failed
    task is cleared together with those after it.
    """

    code = "P403"
    title = "Airflow does not wait"
    severity = "warning"
    message = "what comes after `{name}` in the same run does not wait when it failed: it fails, and runs after a rerun"
    help = "clear the failed task with its downstream tasks to go on"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          load:    # P403 load
            shell: echo load
            on_failure: wait
          mail:
            shell: echo mail
            after: load
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          load:
            shell: echo load
          mail:
            shell: echo mail
            after: load
        """

    name: str


@diagnostic
class RunsElsewhere(Diagnostic):
    """A machine is started for commands, a cluster for what runs on clusters.

    Airflow copies data, asks databases and calls Python functions on its own workers.
    """

    code = "P412"
    title = "Not on the machine"
    severity = "warning"
    message = "Airflow runs `{name}` on its own workers, and does not start `{resource}` for it"
    help = "leave its `runs_on` out, or name workers of your own"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources: {box: ec2 m5.large}
        datanodes: {orders: s3 s3://shop/orders/, archive: s3 s3://shop/archive/}
        activities:
          keep:
            copy: orders -> archive
            runs_on: box    # P412 box
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes: {orders: s3 s3://shop/orders/, archive: s3 s3://shop/archive/}
        activities:
          keep: {copy: orders -> archive}
        """

    name: str
    resource: str


@diagnostic
class PollTooShort(Diagnostic):
    """Airflow looks at most once a minute: sensors that come back faster lose their place.

    (Sensors in reschedule mode with an interval of a few seconds failed by themselves in
    experiments; with 20 seconds and more they did not.)
    """

    code = "P404"
    title = "Poll too short for Airflow"
    severity = "warning"
    message = "Airflow looks once a minute, not every {poll}"
    help = "write `poll: 1 minute` or more"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes:
          orders: {s3: s3://shop/orders/, when: {exists: , poll: 10 seconds}}    # P404 {exists: , poll: 10 seconds}
        activities:
          mail: {shell: echo mail, flow: orders}
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes:
          orders: {s3: s3://shop/orders/, when: {exists: , poll: 1 minute}}
        activities:
          mail: {shell: echo mail, flow: orders}
        """

    poll: str
