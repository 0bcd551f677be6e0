"""The job that runs the instances of checked pipelines in a window of time."""

from __future__ import annotations

import heapq
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipec.expression.tree import Literal, Name, walk
from pipec.grid import PLAIN, Interval, Needs, OnDemand, containing, due, each, inside, interval
from pipec.grid import needs as needed
from pipec.ir import Activity, Datanode, Notification, Pipeline
from pipec.links import Links, texts
from pipec.local.job import Connection, DagRun, Job, Task
from pipec.plan import Graph
from pipec.values import Secret, Text

VARIABLES = {"env": "{}", "airflow": "AIRFLOW_VAR_{}", "secretsmanager": "PIPEC_SECRET_{}"}
"""The environment variable that holds a secret on this machine, by where it is kept elsewhere."""

WORK = ("activity", "precondition")
"""The nodes that are executed."""

Key = tuple[str, str, datetime]
"""A pipeline, a schedule and the start of an interval: what one run of a Dag is."""


class NoOrderError(Exception):
    """Runs wait for each other; here, where one follows another, they would wait for ever."""


@dataclass(frozen=True)
class Run:
    """What a schedule has in one interval."""

    graph: Graph
    interval: Interval

    @property
    def key(self) -> Key:
        return self.graph.pipeline.name, self.graph.schedule.name, self.interval.start


def stand_ins(pipelines: Iterable[Pipeline]) -> set[str]:
    """The connections that the environment does not lead to databases of one's own."""
    names = {name for pipeline in pipelines for name in pipeline.connections}
    return {name for name in names if f"AIRFLOW_CONN_{name.upper()}" not in os.environ}


def prepare(
    graphs: Sequence[Graph],
    links: Links,
    files: Mapping[str, str],
    window: tuple[datetime, datetime],
    data: Path,
) -> Job:
    """The job for `graphs`, compiled to `files`: what lies in the window and what that is made of.

    The window is two times; of two equal ones, the intervals that contain it.
    """
    # Data that comes by itself needs no run, nor do machines where there is only this one.
    graphs = [graph for graph in graphs if any(one.kind in WORK for one in graph.nodes)]
    chosen = {one.key: one for graph in graphs for one in _inside(graph, *window)}
    by_name = {(graph.pipeline.name, graph.schedule.name): graph for graph in graphs}
    left = list(chosen.values())
    while left:
        for other in _producers(left.pop(), by_name, links):
            if other.key not in chosen:
                chosen[other.key] = other
                left.append(other)
    pipelines = list({graph.pipeline.name: graph.pipeline for graph in graphs}.values())
    secrets = sorted({one for each_ in pipelines for one in _secrets(each_)}, key=str)
    return Job(
        pipeline=", ".join(pipeline.name for pipeline in pipelines),
        files=files,
        runs=tuple(_dag_run(one) for one in _ordered(chosen, by_name, links)),
        connections=tuple(
            {
                one.name: Connection(one.name, one.engine)
                for pipeline in pipelines
                for one in pipeline.connections.values()
            }.values()
        ),
        buckets=tuple(sorted({bucket for pipeline in pipelines for bucket in _buckets(pipeline)})),
        topics=tuple(sorted({topic for pipeline in pipelines for topic in _topics(pipeline)})),
        mails=tuple(sorted({name for pipeline in pipelines for name in _mails(pipeline)})),
        needs=tuple(sorted({_variable(one) for one in secrets})),
        secrets={one.name: _variable(one) for one in secrets if one.store == "secretsmanager"},
        data=str(data.resolve()) if data.is_dir() else "",
    )


def _inside(graph: Graph, begin: datetime, end: datetime) -> Iterator[Run]:
    grid = graph.schedule.grid
    if isinstance(grid, OnDemand):
        yield Run(graph, Interval(begin, begin))
    elif begin != end:
        yield from (Run(graph, one) for one in each(grid, inside(grid, begin, end)))
    elif (number := containing(grid, begin)) is not None:
        yield Run(graph, interval(grid, number))


def _producers(
    run: Run, graphs: Mapping[tuple[str, str], Graph], links: Links, windows: bool = False
) -> Iterator[Run]:
    """The runs that make what this one reads in its own interval; those of windows if asked.

    Through `x[-1]` each run needs the one before it, and all of them the whole of the past.
    """
    own = run.graph.pipeline.name, run.graph.schedule.name
    for node in run.graph.nodes:
        for need in node.needs:
            place = need.pipeline, need.schedule
            if need.name in run.graph.pipeline.resources:
                continue
            if place not in graphs or not (windows or need.window == PLAIN):
                continue
            if place == own and need.window == PLAIN:
                continue
            other = graphs[place]
            found = needed(run.graph.schedule.grid, other.schedule.grid, need.window, run.interval)
            assert isinstance(found, Needs)  # Checked: the schedules meet.
            yield from (Run(other, one) for one in found.intervals)


def _ordered(
    chosen: Mapping[Key, Run], graphs: Mapping[tuple[str, str], Graph], links: Links
) -> Iterator[Run]:
    """The runs, each after those that it waits for; otherwise in the order they are due."""
    waits = {
        key: {other.key for other in _producers(run, graphs, links, True)} & set(chosen) - {key}
        for key, run in chosen.items()
    }
    released: dict[Key, list[Key]] = {}
    for key, others in waits.items():
        for other in others:
            released.setdefault(other, []).append(key)
    place = {name: index for index, name in enumerate(graphs)}

    def rank(key: Key) -> tuple[datetime, datetime, int, Key]:
        run = chosen[key]
        return due(run.graph.schedule.grid, run.interval), key[2], place[key[:2]], key

    ready = [rank(key) for key, others in waits.items() if not others]
    heapq.heapify(ready)
    count = 0
    while ready:
        key = heapq.heappop(ready)[3]
        count += 1
        yield chosen[key]
        for other in released.get(key, ()):
            waits[other].discard(key)
            if not waits[other]:
                heapq.heappush(ready, rank(other))
    if count < len(chosen):
        names = sorted({_dag(chosen[key]) for key, others in waits.items() if others})
        raise NoOrderError(
            f"runs of {' and '.join(names)} wait for each other, and `run` executes one at a time"
        )


def _dag_run(run: Run) -> DagRun:
    tasks = [Task(node.name, node.name, node.kind) for node in run.graph.nodes if node.kind in WORK]
    start, end = run.interval.start, run.interval.end
    when = due(run.graph.schedule.grid, run.interval)
    return DagRun(_dag(run), start.isoformat(), end.isoformat(), when.isoformat(), tuple(tasks))


def _dag(run: Run) -> str:
    pipeline, schedule = run.graph.pipeline, run.graph.schedule.name
    default = pipeline.default_schedule
    own = default is not None and default.name == schedule
    return pipeline.name if own else f"{pipeline.name}.{schedule}"


def _objects(pipeline: Pipeline) -> tuple[Datanode | Activity | Notification, ...]:
    sections = (pipeline.datanodes, pipeline.activities, pipeline.notifications)
    return tuple(one for section in sections for one in section.values())


def _buckets(pipeline: Pipeline) -> Iterator[str]:
    """The buckets of every place in S3 whose bucket is known before it runs."""
    for text in texts(_objects(pipeline)):
        beginning, whole = _known(text)
        match = re.match(r"s3://([^/\s]+)(/|$)", beginning)
        if match and (match[2] or whole):
            yield match[1]


def _topics(pipeline: Pipeline) -> Iterator[str]:
    for notification in pipeline.notifications.values():
        if isinstance(topic := getattr(notification.kind, "sns", None), Text):
            arn, whole = _known(topic)
            if whole:
                yield arn


def _mails(pipeline: Pipeline) -> Iterator[str]:
    """The connections of all that mails to anybody."""
    kinds = [one.kind for one in _objects(pipeline)]
    yield from (kind.smtp for kind in kinds if getattr(kind, "mail", ()))


def _known(text: Text) -> tuple[str, bool]:
    """The text up to what only the run knows, and whether that is all of it."""
    known = []
    for piece in text.pieces:
        if isinstance(piece, str):
            known.append(piece)
        elif isinstance(piece.expr, Literal) and isinstance(piece.expr.value, str):
            known.append(piece.expr.value)
        else:
            return "".join(known), False
    return "".join(known), True


def _secrets(pipeline: Pipeline) -> Iterator[Secret]:
    """The secrets that work uses. Those of connections are for databases that are not reached."""
    for text in texts(_objects(pipeline)):
        for splice in text.splices:
            for one in walk(splice.expr):
                if isinstance(one, Name) and one.parts[0] in pipeline.params:
                    secret = pipeline.params[one.parts[0]].secret
                    if secret is not None:
                        yield secret


def _variable(secret: Secret) -> str:
    name = secret.name if secret.store == "env" else re.sub(r"\W", "_", secret.name).upper()
    return VARIABLES[secret.store].format(name)
