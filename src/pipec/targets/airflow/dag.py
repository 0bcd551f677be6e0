"""A graph of the plan as a Dag: its tasks, their order, and the arguments they share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.expression import show
from pipec.frozen import frozen
from pipec.grid import PLAIN, Cron, Every, OnDemand, Period, most_runs
from pipec.ir import Activity, Datanode, Param, Pipeline, Status
from pipec.links import Links
from pipec.plan import Graph, Need, Node
from pipec.source import Span
from pipec.targets.airflow import lowering
from pipec.targets.airflow.notices import Notices
from pipec.targets.airflow.timetable import (
    INTERVAL_END,
    RUN_TIME,
    first_and_last,
    moment,
    timetable,
)
from pipec.targets.airflow.waits import WAIT, Function, Starts
from pipec.targets.airflow.work import STANDARD, Work
from pipec.targets.python.values import Call, Name, Value
from pipec.values import Attempts

ATTEMPTS = Attempts(3, Period(10, "minute"))
"""What an object that says nothing of it has."""


@frozen
class Task:
    """One task: its call without the shared arguments, and the tasks right before it."""

    id: str
    call: Call
    comment: str
    upstream: tuple[str, ...]
    shared: dict[str, Value] = field(default_factory=dict)
    """Arguments that every operator takes; the most frequent ones become the Dag's defaults."""


@frozen
class Dag:
    """Everything that stands in one Dag file."""

    id: str
    docstring: str
    call: Call
    tasks: tuple[Task, ...]
    constants: dict[str, str]
    functions: tuple[Function, ...]
    notices: tuple[tuple[str, Call], ...]


def dag_id(pipeline: Pipeline, schedule: str) -> str:
    """`NAME` for the schedule of `defaults`, `NAME.SCHEDULE` for every other.

    It depends on nothing else that the file holds, or its history would run again.
    """
    default = pipeline.default_schedule
    return pipeline.name if default and default.name == schedule else f"{pipeline.name}.{schedule}"


def make_dag(graph: Graph, links: Links, report: Report, *, local: bool = False) -> Dag | None:
    """The Dag of a graph; None when nothing in it is work for Airflow."""
    made = _Making(graph, links, report, local)
    tasks = tuple(made.tasks())
    return made.dag(tasks) if tasks else None


class _Making:
    def __init__(self, graph: Graph, links: Links, report: Report, local: bool) -> None:
        self.graph, self.links, self.report, self.local = graph, links, report, local
        self.pipeline, self.schedule = graph.pipeline, graph.schedule
        self.grid = graph.schedule.grid
        self.moment = moment(self.grid, graph.pipeline)
        self.nodes = {one.name: one for one in graph.nodes}
        self.notices = Notices({})
        self.constants: dict[str, str] = {}
        self.starts = Starts(self.grid, graph.schedule.name)
        self.waits: dict[str, Task] = {}
        self.waited: dict[str, Call] = {}

    def tasks(self) -> Iterator[Task]:
        """The tasks, each after those it follows."""
        late: dict[Any, dict[str, Value]] = {}
        for node in self.graph.nodes:
            if node.kind == "datanode":
                continue
            before = dict.fromkeys(self._before(node))
            for name in before:
                if name in self.waits:
                    wait = self.waits.pop(name)
                    told = self.notices.callbacks(_speaker(node), node.home, ("failure",))
                    yield replace(wait, shared={**wait.shared, **told})
            task = self._task(node, tuple(before))
            if task is not None:
                yield task
            thing = node.thing
            if isinstance(thing, Activity) and thing.late and "late" in thing.notify:
                tell = self.notices.calls(thing, node.home, "late")
                late.setdefault(thing.late.after, {})[node.name] = tell
            if isinstance(thing, Activity) and thing.late and thing.late.stop:
                self.report.add(CannotStopLate(thing.late.span, thing.name))
        for number, (after, told) in enumerate(late.items(), start=1):
            yield self._watch(f"late.watch{'' if number == 1 else f'_{number}'}", after, told)

    def _before(self, node: Node) -> Iterator[str]:
        """The tasks that come right before a node, through datanodes and across schedules."""
        for need in node.needs:
            yield from self._through(need, need)

    def _through(self, need: Need, asked: Need) -> Iterator[str]:
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

    def _wait(self, need: Need) -> str:
        """The id of the sensor that waits for instances of another schedule."""
        other = self.links.project[need.pipeline]
        producer = other.schedules[need.schedule].grid
        own = (
            f"{need.name}.wait"
            if other.name == self.pipeline.name
            else f"{other.name}.{need.name}.wait"
        )
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
                **({"failed_states": ["failed", "upstream_failed"]} if cascade else {}),
                "deferrable": True,
                "poke_interval": timedelta(minutes=1),
                "timeout": WAIT,
            },
        )
        for number in range(1, 1000):
            name = own if number == 1 else f"{own}_{number}"
            task = Task(
                name,
                replace(call, kwargs={**call.kwargs, "task_id": name}),
                _comment(need.span),
                (),
                {"retries": 0, "do_xcom_push": False},
            )
            if name not in self.waited:
                self.waits[name] = task
                self.waited[name] = task.call
                return name
            if self.waited.get(name) == task.call:
                return name
        raise AssertionError("a thousand waits for one task")

    def _task(self, node: Node, upstream: tuple[str, ...]) -> Task | None:
        table = lowering.activities if node.kind == "activity" else lowering.preconditions
        thing, span = node.thing, node.thing.span
        if thing.kind not in table:
            self.report.add(NotInAirflow(span, keyword(thing.kind)))
            return None
        work = Work(
            name=node.name,
            thing=thing,
            pipeline=node.home,
            links=self.links,
            grid=self.grid,
            moment=self.moment,
            report=self.report,
            owner=node.owner,
            span=span,
            constants=self.constants,
        )
        call: Call = table(thing.kind, work)
        speaker = _speaker(node)
        shared: dict[str, Value] = {
            **self._attempts(getattr(speaker, "attempts", None)),
            **self.notices.callbacks(speaker, node.home, _told_of(node)),
            **self._place(node),
        }
        if isinstance(thing, Activity):
            if thing.timeout is not None:
                shared["execution_timeout"] = _length(thing.timeout)
            if type(thing.kind).__name__ != "Operator":
                shared["do_xcom_push"] = False
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
                    "poke_interval": max(_length(thing.poll), timedelta(minutes=1)),
                    "timeout": _length(thing.timeout),
                },
            )
            if _length(thing.poll) < timedelta(minutes=1):
                self.report.add(PollTooShort(span, str(thing.poll)))
        own = getattr(thing, "airflow", None) or {}
        extra = {name: work.structure(value) for name, value in own.items()}
        shared = {name: value for name, value in shared.items() if name not in extra}
        return Task(
            node.name,
            replace(call, kwargs={**call.kwargs, **extra}),
            _comment(span),
            upstream,
            shared,
        )

    def _attempts(self, attempts: Attempts | None) -> dict[str, Value]:
        attempts = attempts or ATTEMPTS
        return {"retries": attempts.count - 1, "retry_delay": _length(attempts.every)}

    def _place(self, node: Node) -> dict[str, Value]:
        """The executor and the queue that reach the workers a task runs on."""
        if self.local:
            return {}
        ref = getattr(node.thing, "runs_on", None)
        if ref is None and node.owner is not None and _needs_worker(node):
            ref = node.owner.runs_on
        resource = node.home.resources.get(ref.name) if ref is not None else None
        if resource is None:
            return {}
        pool = resource.kind.workers
        if pool.executor == "edge":
            return {
                "executor": "airflow.providers.edge3.executors.EdgeExecutor",
                "queue": pool.queue,
            }
        return {"queue": pool.queue}

    def _has_readers(self, node: Node) -> bool:
        return any(
            need.name == node.name or need.name in {ref.name for ref in node.thing.flow.outputs}
            for other in self.graph.nodes
            if other.kind == "activity" and other is not node
            for need in other.needs
        )

    def _watch(self, name: str, after: Any, told: dict[str, Value]) -> Task:
        tell: Value = told
        if len(told) > 1 and len({repr(one) for one in told.values()}) == 1:
            tell = Call(Name("dict.fromkeys"), (list(told), next(iter(told.values()))))
        call = Call(
            Name("PythonSensor", f"{STANDARD}.sensors.python"),
            (),
            {
                "task_id": name,
                "python_callable": Call(
                    Name("partial", "functools"),
                    (Name("watch_late", "helpers.watch_late"), _length(after), tell),
                ),
                "mode": "reschedule",
                "poke_interval": timedelta(minutes=1),
                "timeout": _length(after) + timedelta(days=1),
            },
        )
        shared: dict[str, Value] = {**self._attempts(None), "do_xcom_push": False}
        return Task(name, call, "The watch over activities that are late.", (), shared)

    @cached_property
    def max_active_runs(self) -> int:
        """As many as one activity may have, and those that one wait can span."""
        activities = [one.thing for one in self.graph.nodes if one.kind == "activity"]
        return max((one.max_active for one in activities), default=5) + self._spanned()

    def _spanned(self) -> int:
        """The most runs of this Dag that one wait, of its own or for it, reaches over."""
        own = (self.pipeline.name, self.schedule.name)
        spans = [0]
        for one in self.links.crossings.get(own, ()):
            if isinstance(one.consumer, Every | Cron) and isinstance(one.producer, Every | Cron):
                span = most_runs(one.consumer, one.producer, one.window)
                spans.append(span.producer if one.maker == own else span.consumer)
        return max(spans)

    def dag(self, tasks: tuple[Task, ...]) -> Dag:
        """The Dag around the tasks, with the arguments that most of them share."""
        defaults = _defaults(tasks)
        if self.pipeline.owner:
            defaults = {"owner": self.pipeline.owner, **defaults}
        first, last = first_and_last(self.grid)
        runs = self.max_active_runs
        arguments: dict[str, Value] = {"dag_id": dag_id(self.pipeline, self.schedule.name)}
        if self.pipeline.description:
            arguments["description"] = self.pipeline.description
        arguments["schedule"] = timetable(self.grid)
        if first is not None:
            arguments["start_date"] = first
        if last is not None:
            arguments["end_date"] = last
        arguments["catchup"] = not isinstance(self.grid, OnDemand)
        arguments["max_active_runs"] = runs
        if params := self._params():
            arguments["params"] = params
        notices = tuple(self._notices())
        calls = [*(task.call for task in tasks), *(call for _, call in notices)]
        macros: dict[str, Value] = {}
        if _says(calls, RUN_TIME):
            macros["run_time"] = Name("run_time", "helpers.run_time")
        ends = [self._interval_end()] if _says(calls, INTERVAL_END) else []
        functions = [*self.starts.functions.values(), *ends]
        if ends:
            macros["interval_end"] = Name("interval_end")
        if macros:
            arguments["user_defined_macros"] = macros
        if defaults:
            arguments["default_args"] = defaults
        arguments["tags"] = [self.pipeline.name, *self.pipeline.tags]
        arguments["doc_md"] = Name("__doc__")
        return Dag(
            id=str(arguments["dag_id"]),
            docstring=self._docstring(),
            call=Call(Name("DAG", "airflow.sdk"), (), arguments),
            tasks=tuple(_own(task, defaults) for task in tasks),
            constants=self.constants,
            functions=tuple(_called_first(functions)),
            notices=notices,
        )

    def _params(self) -> dict[str, Value]:
        params = self.pipeline.params.values()
        return {one.name: _asked_for(one) for one in params if one.at_run}

    def _interval_end(self) -> Function:
        own = self.starts.own_start_of()
        value = Call(own, (Name("start"), 1))
        return Function(
            "interval_end", ("start",), "The end of the interval that starts at `start`.", value
        )

    def _docstring(self) -> str:
        name = self.pipeline.source.name
        title = self.pipeline.description or f"The pipeline {self.pipeline.name}."
        return (
            f"{title}\n\nMade by pipec from {name}: everything on the schedule"
            f" `{self.schedule.name}`.\nChange that file and compile it again; changes here are lost.\n"
        )

    def _kinds(self) -> dict[str, str]:
        return {one.name: keyword(one.thing.kind) for one in self.graph.nodes if one.kind != "datanode"}

    def _notices(self) -> Iterator[tuple[str, Call]]:
        for function, (home, name) in sorted(self.notices.used.items()):
            notification = home.notifications[name]
            work = Work(
                name=name,
                thing=notification,
                pipeline=home,
                links=self.links,
                grid=self.grid,
                moment=replace(self.moment, kinds=self._kinds()),
                report=self.report,
                told=True,
            )
            yield function, lowering.notifications(notification.kind, work)


def _asked_for(param: Param) -> Call:
    """What a run on demand asks for, in the words of JSON Schema."""
    name = _JSON_TYPES.get(param.type.partition("(")[0], "string")
    given: dict[str, Value] = {"type": [name, "null"] if param.optional else name}
    if param.type == "datetime":
        given["format"] = "date-time"
    if name == "array":
        given["items"] = {"type": _JSON_TYPES.get(param.type[5:-1], "string")}
    if param.description:
        given["description"] = param.description
    if param.one_of:
        allowed: list[Value] = [_in_json(one) for one in param.one_of]
        if name == "array":
            given["items"] = {"enum": allowed}
        else:
            given["enum"] = [*allowed, None] if param.optional else allowed
    absent = param.default is None
    default: tuple[Value, ...] = () if absent else (_in_json(param.default),)
    if absent and param.optional:
        default = (None,)
    return Call(Name("Param", "airflow.sdk"), default, given)


def _in_json(value: Any) -> Value:
    if isinstance(value, tuple):
        return [_in_json(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return show(value) if isinstance(value, Period) else value


def _says(value: Any, words: str) -> bool:
    """True when `words` stand in a text anywhere in a value."""
    match value:
        case str():
            return words in value
        case Call():
            return _says([*value.args, *value.kwargs.values()], words)
        case list() | tuple():
            return any(_says(one, words) for one in value)
        case dict():
            return any(_says(one, words) for one in value.values())
    return False


_JSON_TYPES = {"int": "integer", "double": "number", "bool": "boolean", "list": "array"}

_NEUTRAL: dict[str, Value] = {
    "do_xcom_push": True,
    "execution_timeout": None,
    "on_failure_callback": None,
    "on_success_callback": None,
    "max_active_tis_per_dag": None,
}
"""What an operator has when nobody says anything, of arguments that can be set back to it."""

_ORDER = (
    "retries", "retry_delay", "execution_timeout", "max_active_tis_per_dag", "executor", "queue",
    "do_xcom_push", "on_failure_callback", "on_success_callback",
)  # fmt: skip


def _defaults(tasks: tuple[Task, ...]) -> dict[str, Value]:
    """The arguments that most tasks share, and that the others can set back."""
    found: dict[str, Value] = {}
    for argument in _ORDER:
        given = [repr(task.shared[argument]) for task in tasks if argument in task.shared]
        if not given:
            continue
        (most, times) = Counter(given).most_common(1)[0]
        lacking = len(tasks) - len(given) if argument != "retry_delay" else 0
        if (not lacking or argument in _NEUTRAL) and 1 + len(given) - times + lacking < times:
            found[argument] = next(
                task.shared[argument]
                for task in tasks
                if repr(task.shared.get(argument, _ABSENT)) == most
            )
    return found


_ABSENT: Any = object()


def _own(task: Task, defaults: dict[str, Value]) -> Task:
    """The task with those shared arguments that differ from the Dag's."""
    own: dict[str, Value] = {}
    for argument in _ORDER:
        value = task.shared.get(argument, _ABSENT)
        if value is _ABSENT:
            if argument in defaults and argument in _NEUTRAL and argument not in task.call.kwargs:
                own[argument] = _NEUTRAL[argument]
        elif argument not in defaults or repr(defaults[argument]) != repr(value):
            own[argument] = value
    return replace(task, call=replace(task.call, kwargs={**task.call.kwargs, **own}))


def _called_first(functions: list[Function]) -> list[Function]:
    """The functions that others call before those."""
    return sorted(functions, key=lambda one: not one.name.startswith("start_on_"))


def keyword(kind: Any) -> str:
    """The key that says what an object is: `shell`, `not_empty`."""
    return type(kind).__module__.rpartition(".")[2]


def _speaker(node: Node) -> Activity | Datanode | None:
    """Whose notices and attempts count for a node."""
    return node.thing if isinstance(node.thing, Activity) else node.owner


def _told_of(node: Node) -> tuple[Status, ...]:
    """A precondition that holds is no news."""
    return ("failure", "success") if node.kind == "activity" else ("failure",)


def _needs_worker(node: Node) -> bool:
    """True for preconditions that are evaluated on the machine where the work runs."""
    kind = type(node.thing.kind).__name__
    owner = node.owner
    on_disk = isinstance(owner, Datanode) and type(owner.kind).__name__ == "File"
    return kind in ("Script", "Shell") or on_disk


def _length(period: Any) -> timedelta:
    """A period as a length; for limits, a month has 30 days."""
    return timedelta(seconds=period.seconds or period.months * 30 * 86_400)


def _comment(span: Span) -> str:
    return f"{span.source.name}:{span.line}"


@diagnostic
class NotInAirflow(Diagnostic):
    """This kind has no counterpart in Airflow."""

    code = "P401"
    title = "Airflow has no such thing"
    message = "`{kind}` cannot be written for Airflow"

    kind: str


@diagnostic
class CannotStopLate(Diagnostic):
    """In Airflow, an activity that is late is reported; it cannot be ended from outside of its run.

    A `timeout` ends an attempt that takes too long.
    """

    code = "P402"
    title = "Cannot end what is late"
    message = "Airflow cannot end `{name}` when it is late"
    help = "leave `stop` out; a `timeout` ends an attempt that takes too long"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: echo mail
            late: {after: 2 hours, stop: true}    # P402 {after: 2 hours, stop: true}
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: echo mail
            late: after 2 hours
        """

    name: str


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
