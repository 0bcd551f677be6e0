"""A graph of the plan as a Dag: its tasks, and the arguments and functions around them."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import replace
from typing import Any

from pipec.diagnostic import Report
from pipec.frozen import frozen
from pipec.grid import Cron, Every, OnDemand, most_runs
from pipec.links import Links
from pipec.plan import Graph
from pipec.targets.airflow import lowering
from pipec.targets.airflow.ask import asked_for
from pipec.targets.airflow.limits import check_limits
from pipec.targets.airflow.shared import defaults_of, with_own
from pipec.targets.airflow.task import GUARD, Task, dag_id, keyword
from pipec.targets.airflow.tasks import Tasks
from pipec.targets.airflow.timetable import (
    INTERVAL_END,
    RUN_TIME,
    first_and_last,
    moment,
    timetable,
)
from pipec.targets.airflow.waits import Function
from pipec.targets.airflow.work import Work
from pipec.targets.python.values import Call, Name, Value


@frozen
class Dag:
    """Everything that stands in one Dag file."""

    id: str
    docstring: str
    limit: str
    """Why it may have so many runs at a time; empty when that is the usual number."""
    call: Call
    tasks: tuple[Task, ...]
    constants: dict[str, str]
    functions: tuple[Function, ...]
    notices: tuple[tuple[str, Call], ...]


def make_dag(
    graph: Graph,
    links: Links,
    report: Report,
    *,
    local: bool = False,
    stand_ins: Container[str] = (),
) -> Dag | None:
    """The Dag of a graph; None when nothing in it is work for Airflow."""
    check_limits(graph.schedule, report)
    made = _Making(graph, links, report, local, stand_ins)
    tasks = tuple(made.tasks)
    return made.dag(tasks) if tasks else None


class _Making:
    def __init__(
        self, graph: Graph, links: Links, report: Report, local: bool, stand_ins: Container[str]
    ) -> None:
        self.graph, self.links, self.report = graph, links, report
        self.pipeline, self.schedule = graph.pipeline, graph.schedule
        self.grid = graph.schedule.grid
        self.moment = moment(self.grid, graph.pipeline)
        self.at_once, self.spanned = _most_active(graph), self._spanned()
        self.max_active_runs = self.at_once + self.spanned
        self.tasks = Tasks(
            graph, links, self.moment, self.max_active_runs, report,
            local=local, stand_ins=stand_ins,
        )  # fmt: skip
        self.starts = self.tasks.edges.starts
        self.constants, self.notices = self.tasks.constants, self.tasks.notices

    def dag(self, tasks: tuple[Task, ...]) -> Dag:
        """The Dag around the tasks, with the arguments that most of them share."""
        defaults = defaults_of(tasks)
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
        guards = [] if isinstance(self.grid, OnDemand) else [self._guard()]
        functions = [*self.starts.functions.values(), *ends, *guards]
        if ends:
            macros["interval_end"] = Name("interval_end")
        macros |= self.starts.macros
        if macros:
            arguments["user_defined_macros"] = macros
        if guards:
            defaults["pre_execute"] = Name(GUARD)
        if defaults:
            arguments["default_args"] = defaults
        arguments["tags"] = [self.pipeline.name, *self.pipeline.tags]
        arguments["doc_md"] = Name("__doc__")
        return Dag(
            id=str(arguments["dag_id"]),
            docstring=self._docstring(),
            limit=self._limit(),
            call=Call(Name("DAG", "airflow.sdk"), (), arguments),
            tasks=tuple(with_own(task, defaults) for task in tasks),
            constants=self.constants,
            functions=tuple(_called_first(functions)),
            notices=notices,
        )

    def _params(self) -> dict[str, Value]:
        params = self.pipeline.params.values()
        return {one.name: asked_for(one) for one in params if one.at_run}

    def _interval_end(self) -> Function:
        own = self.starts.own_start_of()
        value = Call(own, (Name("start"), 1))
        return Function(
            "interval_end", ("start",), "The end of the interval that starts at `start`.", value
        )

    def _guard(self) -> Function:
        """What lets no task run for a time that is not on the schedule.

        Of what is due at its end, a run that somebody starts has another interval than its own
        time; of what is due at its start it has none, so the grid is asked.
        """
        at_end = isinstance(self.grid, Every | Cron) and self.grid.at == "end"
        grid = {} if at_end else {"start_of": self.starts.own_start_of()}
        value = Call(
            Name("refuse_others", "helpers.refuse_others"), (str(self.grid), Name("context")), grid
        )
        return Function(
            GUARD,
            ("context",),
            f"Refuses runs that are not on the schedule `{self.schedule.name}`.",
            value,
        )

    def _docstring(self) -> str:
        name = self.pipeline.source.name
        title = self.pipeline.description or f"The pipeline {self.pipeline.name}."
        return (
            f"{title}\n\nMade by pipec from {name}: everything on the schedule"
            f" `{self.schedule.name}`.\nChange that file and compile it again; changes here are lost.\n"
        )

    def _limit(self) -> str:
        if not self.spanned:
            return ""
        return (
            f"{self.max_active_runs} runs at a time: {self.at_once} for the work,"
            f" {self.spanned} because a wait may reach over so many."
        )

    def _kinds(self) -> dict[str, str]:
        return {
            one.name: keyword(one.thing.kind) for one in self.graph.nodes if one.kind != "datanode"
        }

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

    def _spanned(self) -> int:
        """The most runs of this Dag that one wait, of its own or for it, reaches over.

        Also of waits for earlier runs of the Dag itself: the scheduler begins with the oldest run,
        but one that is cleared is queued again, behind all that are active and wait for it.
        """
        own = (self.pipeline.name, self.schedule.name)
        spans = [0]
        for one in self.links.crossings.get(own, ()):
            if isinstance(one.consumer, Every | Cron) and isinstance(one.producer, Every | Cron):
                span = most_runs(one.consumer, one.producer, one.window)
                spans.append(span.producer if one.maker == own else span.consumer)
        return max(spans)


def _most_active(graph: Graph) -> int:
    """The most instances that one activity may have at a time."""
    activities = [one.thing for one in graph.nodes if one.kind == "activity"]
    return max((one.max_active for one in activities), default=5)


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


def _called_first(functions: list[Function]) -> list[Function]:
    """The functions that others call before those."""
    return sorted(functions, key=lambda one: not one.name.startswith("start_on_"))
