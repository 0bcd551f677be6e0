"""What follows from the names in a project: who produces, who reads, and when everything is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pipec.diagnostic import listed
from pipec.expression.tree import Name, walk
from pipec.facets import Table
from pipec.frozen import frozen
from pipec.grid import PLAIN, Grid, Window
from pipec.ir import Activity, Connection, Datanode, Pipeline, Project, Resource, Schedule
from pipec.source import Span
from pipec.values import Attempts, Flow, Input, Late, Ref, Text

Key = tuple[str, str]
"""A pipeline's name and the name of one of its objects."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a name stands for: the sort of thing, the thing, and the pipeline it is part of."""

    sort: str
    thing: Any
    pipeline: Pipeline

    @property
    def key(self) -> Key:
        """Its place in the project."""
        return self.pipeline.name, self.thing.name

    def named_in(self, pipeline: Pipeline) -> str:
        """Its name as `pipeline` writes it."""
        own: str = self.thing.name
        return own if self.pipeline is pipeline else f"{self.pipeline.name}.{own}"


@frozen
class Crossing:
    """A read of instances of another schedule, or of other instances of the same one."""

    reader: Key
    """The pipeline and the schedule of the consumer."""
    maker: Key
    """The pipeline and the schedule of the producer."""
    consumer: Grid
    producer: Grid
    window: Window


SORTS = {
    "parameter": "params",
    "schedule": "schedules",
    "connection": "connections",
    "notification": "notifications",
    "resource": "resources",
    "datanode": "datanodes",
    "activity": "activities",
}
"""The sorts of things that have names, and the section each stands in."""


@frozen
class Links:
    """The links of a project; everything is worked out when it is first asked for."""

    project: Project
    unread: frozenset[str] = frozenset()
    """Names of pipelines whose files could not be read: nobody should miss them as well."""
    beside: Mapping[str, str] = field(default_factory=dict)
    """Files that stand next to those of the project, by the name that their pipelines most likely have."""
    _schedules: dict[Key, Schedule | None] = field(default_factory=dict, repr=False)

    def not_read(self, name: str) -> str:
        """How to have the pipeline `name` read, that may be in a file next to those that were."""
        files = [self.beside[name]] if name in self.beside else [*self.beside.values()]
        stand, were = ("stands", "was") if len(files) == 1 else ("stand", "were")
        advice = "give the folder, or put an empty `pipec.yaml` into it"
        where = f"{listed(files, 3)} {stand} beside this file and {were} not read"
        return f"{where}: {advice}" if files else ""

    def find(self, pipeline: Pipeline, name: str) -> Found | None:
        """What `name` stands for when it is written in `pipeline`."""
        found = _own(pipeline, name)
        if found is None and "." in name:
            other, _, rest = name.partition(".")
            if other in self.project:
                found = _own(self.project[other], rest)
        return found

    def activities(self, pipeline: Pipeline, name: str) -> tuple[Found, ...]:
        """The activity `name`; all copies when it is the name of a matrix."""
        one = self.find(pipeline, name)
        if one is not None:
            return (one,) if one.sort == "activity" else ()
        other, _, rest = name.partition(".")
        for home, own in ((pipeline, name), (self.project.get(other), rest)):
            every = home.activities.items() if home is not None else ()
            copies = (one for it, one in every if it.startswith(f"{own}."))
            if home is not None and (found := tuple(Found("activity", it, home) for it in copies)):
                return found
        return ()

    def datanode(self, pipeline: Pipeline, ref: Ref) -> Found | None:
        """The datanode that `ref` names; None when it names nothing or something else."""
        found = self.find(pipeline, ref.name)
        return found if found is not None and found.sort == "datanode" else None

    @cached_property
    def whole(self) -> bool:
        """True when nothing was left out of any pipeline."""
        return not self.unread and not any(one.broken for one in self.project.values())

    @cached_property
    def disputed(self) -> frozenset[str]:
        """The names of connections that two files say to be different databases."""
        engines: dict[str, str] = {}
        return frozenset(
            name
            for pipeline in self.project.values()
            for name, one in pipeline.connections.items()
            if engines.setdefault(name, one.engine) != one.engine
        )

    @cached_property
    def producers(self) -> dict[Key, tuple[Found, ...]]:
        """The activities that write each datanode: only those of its own file may."""
        found: dict[Key, tuple[Found, ...]] = {}
        for pipeline in self.project.values():
            for activity in pipeline.activities.values():
                for ref in activity.flow.outputs:
                    node = self.datanode(pipeline, ref)
                    if node is not None and node.pipeline is pipeline:
                        writer = Found("activity", activity, pipeline)
                        found[node.key] = (*found.get(node.key, ()), writer)
        return found

    @cached_property
    def readers(self) -> dict[Key, tuple[tuple[Found, Input], ...]]:
        """The activities that read each datanode, and the input through which they do."""
        found: dict[Key, tuple[tuple[Found, Input], ...]] = {}
        for pipeline in self.project.values():
            for activity in pipeline.activities.values():
                for one in activity.flow.inputs:
                    if node := self.datanode(pipeline, one.ref):
                        reader = (Found("activity", activity, pipeline), one)
                        found[node.key] = (*found.get(node.key, ()), reader)
        return found

    @cached_property
    def crossings(self) -> dict[Key, tuple[Crossing, ...]]:
        """The reads between two schedules or through a window, by pipeline and schedule of both sides."""
        found: dict[Key, dict[Crossing, None]] = {}
        for key, readers in self.readers.items():
            pipeline = self.project[key[0]]
            made = self.schedule(Found("datanode", pipeline.datanodes[key[1]], pipeline))
            for reader, one in readers:
                own = self.schedule(reader)
                if own is None or made is None or (own is made and one.window == PLAIN):
                    continue
                sides = (reader.pipeline.name, own.name), (pipeline.name, made.name)
                crossing = Crossing(*sides, own.grid, made.grid, one.window)
                for side in sides:
                    found.setdefault(side, {})[crossing] = None
        return {side: tuple(crossings) for side, crossings in found.items()}

    def rests_on(self, pipeline: Pipeline) -> frozenset[str]:
        """The names of the other pipelines that `pipeline` mentions."""
        others = self.project.keys() - {pipeline.name}
        if not others:
            return frozenset()
        named: set[str] = set()
        for section in (pipeline.datanodes, pipeline.activities, pipeline.notifications):
            for one in section.values():
                named.update(ref.name.partition(".")[0] for ref in refs(one))
                for text in texts(one):
                    for splice in text.splices:
                        named.update(
                            it.parts[0] for it in walk(splice.expr) if isinstance(it, Name)
                        )
        return frozenset(named & others)

    def machine(self, activity: Activity, pipeline: Pipeline) -> Resource | None:
        """What is started for an activity, which runs on it."""
        ref = activity.runs_on
        resource = pipeline.resources.get(ref.name) if ref is not None else None
        if resource is None:
            return None
        if resource.kind.sort not in activity.kind.can_run_on(*self.sides(activity, pipeline)):
            return None
        return resource

    def sides(self, activity: Activity, pipeline: Pipeline) -> tuple[list[Any], list[Any]]:
        """The kinds of the datanodes that an activity reads, and of those that it writes."""
        read = [self.datanode(pipeline, one.ref) for one in activity.flow.inputs]
        written = [self.datanode(pipeline, ref) for ref in activity.flow.outputs]
        return (
            [one.thing.kind for one in read if one],
            [one.thing.kind for one in written if one],
        )

    def connection(self, activity: Activity, pipeline: Pipeline) -> Connection | None:
        """The connection that the SQL of an activity goes through; None when nothing says it."""
        if activity.kind.connection is not None:
            return pipeline.connections.get(activity.kind.connection.name)
        for ref in (*activity.flow.outputs, *(one.ref for one in activity.flow.inputs)):
            found = self.datanode(pipeline, ref)
            if found is not None and isinstance(found.thing.kind, Table):
                return found.pipeline.connections.get(found.thing.kind.connection.name)
        return None

    def schedule_of_machine(
        self, resource: Resource, activity: Activity, pipeline: Pipeline
    ) -> Schedule | None:
        """On which schedule there is one for each interval: its own, else that of its work."""
        return self._named(pipeline, resource.schedule or activity.schedule)

    def schedule(self, found: Found) -> Schedule | None:
        """When instances of an activity or a datanode exist; None when it has none."""
        if found.key not in self._schedules:
            self._schedules[found.key] = self._schedule(found)
        return self._schedules[found.key]

    def _schedule(self, found: Found) -> Schedule | None:
        thing, pipeline = found.thing, found.pipeline
        if isinstance(thing, Activity):
            return self._named(pipeline, thing.schedule)
        assert isinstance(thing, Datanode)
        producers = self.producers.get(found.key, ())
        if producers:
            return self.schedule(producers[0])
        if thing.schedule is not None:
            return self._named(pipeline, thing.schedule)
        if mention(thing.kind) or mention(thing.when):
            return self._named(pipeline, pipeline.default_schedule)
        return None

    @staticmethod
    def _named(pipeline: Pipeline, ref: Ref | None) -> Schedule | None:
        return pipeline.schedules.get(ref.name) if ref is not None else None


def _own(pipeline: Pipeline, name: str) -> Found | None:
    for sort, section in SORTS.items():
        things = getattr(pipeline, section)
        if name in things:
            return Found(sort, things[name], pipeline)
    return None


def mentions_interval(node: Datanode) -> bool:
    """True when the place of a datanode depends on `start` or `end`."""
    return mention(node.kind.fields)


def mention(value: Any) -> bool:
    """True when a text in the value mentions `start` or `end`."""
    return any(
        isinstance(one, Name) and one.parts[0] in ("start", "end")
        for text in texts(value)
        for splice in text.splices
        for one in walk(splice.expr)
    )


def texts(value: Any) -> list[Text]:
    """Every text in a value: in its fields, its lists and its mappings, in their order."""
    found: list[Text] = []
    _collect(value, found)
    return found


def _collect(value: Any, found: list[Text]) -> None:
    match value:
        case Text():
            found.append(value)
        case str() | int() | float() | None | Ref() | Flow() | Span() | Attempts() | Late():
            pass  # Most fields; none of these holds a text.
        case tuple() | list():
            for one in value:
                _collect(one, found)
        case dict():
            for one in value.values():
                _collect(one, found)
        case _:
            for name in getattr(value, "__dataclass_fields__", ()):
                _collect(getattr(value, name), found)


def refs(value: Any) -> list[Ref]:
    """Every reference in a value: in its fields, its lists and its mappings."""
    match value:
        case Ref():
            return [value]
        case str() | int() | float() | None | Text() | Span():
            return []
        case tuple() | list():
            return [ref for one in value for ref in refs(one)]
        case dict():
            return [ref for one in value.values() for ref in refs(one)]
    names = getattr(value, "__dataclass_fields__", ())
    return [ref for name in names for ref in refs(getattr(value, name))]
