"""The sections of a pipeline file, in the order in which they need each other."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Values
from dataclasses import field
from typing import Any

from pipec.diagnostic import Diagnostic, Report, diagnostic, did_you_mean, listed
from pipec.fields.collections import list_of
from pipec.fields.key import FieldType
from pipec.fields.read import UnknownKey
from pipec.fields.reader import Files, Reader
from pipec.fields.references import schedule_name
from pipec.fields.scalars import WrongType, string, what
from pipec.fields.schedule import read_schedule
from pipec.frozen import frozen
from pipec.ir import OBJECTS, Activity, Connection, Datanode, Param, Pipeline, Schedule
from pipec.lower.connections import read_connection
from pipec.lower.environments import Overlay, read_environments
from pipec.lower.inherit import (
    Written,
    check_defaults,
    copies,
    every_default,
    inherit,
    with_defaults,
)
from pipec.lower.naming import NameTwice, name_problem
from pipec.lower.objects import SORTS, long_form, read_kind
from pipec.lower.params import constants, read_params
from pipec.source import Source, Span
from pipec.syntax import Mapping, Scalar, Tree, is_nothing
from pipec.values import Ref

TOP = (
    "pipeline", "description", "owner", "tags", "params", "environments", "schedules", "defaults",
    "connections", "notifications", "resources", "datanodes", "activities", "rollups",
)  # fmt: skip


@frozen
class Settings:
    """What reaches a pipeline from outside of its file."""

    environment: str = ""
    values: Values[str, Scalar] = field(default_factory=dict)
    """Values of parameters from the command line."""
    files: Files = lambda path: None


def lower(tree: Tree, source: Source, settings: Settings, report: Report) -> Pipeline | None:
    """The pipeline that a file describes; None when it is not even the outline of one.

    Objects with mistakes are reported, left out and remembered in `broken`.
    """
    if not isinstance(tree, Mapping):
        expected = "a pipeline, which starts with `pipeline: NAME`"
        report.add(WrongType(tree.span, expected, what(tree)))
        return None
    return _Lowering(tree, source, settings, report).pipeline()


class _Lowering:
    """One file being lowered; its sections grow as they are read."""

    def __init__(self, tree: Mapping, source: Source, settings: Settings, report: Report) -> None:
        self.tree = tree
        self.source = source
        self.settings = settings
        self.report = report
        self.names: dict[str, Span] = {}
        self.broken: set[str] = set()
        self.damaged: set[str] = set()
        self.used: set[tuple[str, str]] = set()
        self.params: dict[str, Param] = {}
        self.reader = Reader(report=report, files=settings.files)

    def pipeline(self) -> Pipeline | None:
        for key, _ in self.tree:
            if key.value not in TOP:
                near = did_you_mean(key.value, TOP, f"there are {listed(TOP, 20)}")
                self.report.add(UnknownKey(key.span, key.value, "a pipeline", near))
        name = self._name()
        declared = {key.value: None for key, _ in self._section("params")}
        overlay = read_environments(
            self._section("environments"), self.settings.environment, declared, self.report
        )
        self._declare_params(overlay)
        schedules = self._schedules(overlay)
        connections = self._connections(overlay)
        defaults = self._section("defaults")
        default_schedule = self._default_schedule(defaults)
        objects = {
            section: self._objects(
                section, common, [*self._written(section, overlay, schedules)], defaults
            )
            for section, common in OBJECTS.items()
        }
        objects["datanodes"] = _with_what_is_made(objects["datanodes"], objects["activities"])
        if not self.broken:  # Else a field may be meant for what was left out.
            check_defaults(defaults, every_default(self.used, OBJECTS), self.reader)
        if name is None:
            return None
        return Pipeline(
            name=name.value,
            source=self.source,
            description=self._text("description", string) or "",
            owner=self._text("owner", string) or "",
            tags=self._text("tags", list_of(string)) or (),
            params=self.params,
            schedules=schedules,
            connections=connections,
            default_schedule=default_schedule,
            broken=frozenset(self.broken),
            damaged=frozenset(self.damaged),
            names=self.names,
            span=name.span,
            **objects,
        )

    def _declare_params(self, overlay: Overlay) -> None:
        outside = {**overlay.values, **self.settings.values}
        self.params = read_params(self.tree.get("params"), outside, self.report)
        for param in self.params.values():
            self._claim(param.name, param.span)
        self.broken |= {key.value for key, _ in self._section("params")} - set(self.params)
        self.reader = Reader(
            report=self.report,
            constants=constants(self.params),
            unknown_until_run=frozenset(
                one.name for one in self.params.values() if one.at_run or one.secret
            ),
            absent=frozenset(one.name for one in self.params.values() if one.absent),
            broken=frozenset(self.broken),
            files=self.settings.files,
        )

    def _name(self) -> Scalar | None:
        name = self.tree.get("pipeline")
        if name is None:
            self.report.add(NoPipelineName(self.tree.span.part(0, 0)))
        elif not isinstance(name, Scalar) or name.is_null:
            self.report.add(WrongType(name.span, "the name of the pipeline", what(name)))
        elif not name_problem(name, "pipeline", self.reader):
            return name
        return None

    def _text(self, name: str, type_: FieldType) -> Any:
        tree = self.tree.get(name)
        if tree is None or is_nothing(tree):
            return None
        return type_.read(tree, self.reader)

    def _section(self, name: str) -> Mapping:
        """A section; what is no mapping was reported when it was first asked for."""
        tree = self.tree.get(name)
        if isinstance(tree, Mapping):
            return tree
        if tree is not None and not is_nothing(tree):
            self.report.add(WrongType(tree.span, f"a mapping of {name}", what(tree)))
        return Mapping(self.tree.span, ())

    def _claim(self, name: str, span: Span) -> None:
        if name in self.names:
            self.report.add(NameTwice(span, name, self.names[name].line))
        else:
            self.names[name] = span

    def _entries(self, section: str, overlay: Overlay) -> Iterator[tuple[Scalar, Tree]]:
        """The entries of a section whose names can be names."""
        sort = SORTS.get(section) or section.removesuffix("s")
        for name, tree in overlay.over(section, self._section(section)):
            if name_problem(name, sort, self.reader):
                self.broken.add(name.value)
            else:
                self._claim(name.value, name.span)
                yield name, tree

    def _schedules(self, overlay: Overlay) -> dict[str, Schedule]:
        found = {}
        for name, tree in self._entries("schedules", overlay):
            assumed = self.reader.assumed(tree)
            if assumed:
                self.reader.check_syntax(tree)
            grid = read_schedule(tree, self.reader.quietly() if assumed else self.reader)
            if grid is None:
                self.broken.add(name.value)
            else:
                found[name.value] = Schedule(
                    name=name.value, grid=grid, assumed=assumed, span=name.span
                )
        return found

    def _connections(self, overlay: Overlay) -> dict[str, Connection]:
        found = {}
        for name, tree in self._entries("connections", overlay):
            if one := read_connection(name, tree, self.reader):
                found[name.value] = one
            else:
                self.broken.add(name.value)
        return found

    def _written(
        self, section: str, overlay: Overlay, schedules: Values[str, Schedule]
    ) -> Iterator[tuple[Scalar, Mapping]]:
        """The objects of a section in their long form; rollups are activities."""
        for name, tree in self._entries(section, overlay):
            long = long_form(section, name, tree, self.reader)
            if long is None:
                self.broken.add(name.value)
            else:
                yield name, long
        if section != "activities" or self.tree.get("rollups") is None:
            return
        from pipec.lower.rollups import levels

        for name, tree in self._entries("rollups", overlay):
            found = levels(name, tree, schedules, self.reader)
            if found is None:
                self.broken.add(name.value)
            else:
                yield from found

    def _objects(
        self, section: str, common: type, written: list[tuple[Scalar, Mapping]], defaults: Mapping
    ) -> dict[str, Any]:
        found: dict[str, Any] = {}
        trees = {name.value: tree for name, tree in written}
        names = {name.value: name for name, _ in written}
        for own, tree in trees.items():
            for copy in copies(names[own], tree, self.names, self.reader):
                if copy is None:
                    self.broken.add(own)
                    continue
                one = self._object(section, common, copy, trees, defaults)
                if one is None:
                    self.broken.update((copy.name, own))
                elif copy.name in found:
                    self.report.add(NameTwice(one.span, copy.name, one.span.line))
                else:
                    found[copy.name] = one
        return found

    def _object(
        self,
        section: str,
        common: type,
        written: Written,
        trees: dict[str, Mapping],
        defaults: Mapping,
    ) -> Any:
        reader = self.reader.having(written.values) if written.values else self.reader
        tree = inherit(section, written, trees, self.broken, reader)
        if tree is None:
            return None
        tree = with_defaults(section, common, tree, defaults)
        read = read_kind(section, common, tree, reader, f"`{written.name}`")
        if read is None:
            return None
        self.used.add((section, read.keyword))
        if not read.whole:
            self.damaged.add(written.name)
        given = dict(read.common)
        if (flow := getattr(read.kind, "own_flow", None)) is not None:
            if "flow" in given:
                self.report.add(TwoFlows(given["flow"].span, written.name, read.keyword))
            given["flow"] = flow
        return common(name=written.name, kind=read.kind, span=written.key.span, **given)

    def _default_schedule(self, defaults: Mapping) -> Ref | None:
        tree = defaults.get("schedule")
        if tree is None or is_nothing(tree) or self.reader.is_absent(tree):
            return None
        if self.reader.assumed(tree):
            found: Ref | None = schedule_name.read(tree, self.reader.quietly())
            return found
        found = schedule_name.read(tree, self.reader)
        if found is None:
            self.broken.add("defaults.schedule")
        return found


def _with_what_is_made(
    datanodes: dict[str, Datanode], activities: Values[str, Activity]
) -> dict[str, Datanode]:
    """The datanodes, knowing what follows from the activities that make them."""
    # Of two that make the same one, which is reported, the first says what it is.
    makers = [one.kind for one in activities.values() if hasattr(one.kind, "makes")][::-1]
    for _ in makers:  # What one of them makes, another one may read.
        more = {name: it for kind in makers for name, it in kind.makes(datanodes).items()}
        if not more:
            break
        datanodes = {**datanodes, **more}
    return datanodes


@diagnostic
class TwoFlows(Diagnostic):
    """A copy, and a rollup, say themselves what they read and write."""

    code = "P482"
    title = "Two flows"
    message = "`{name}` says under `{keyword}` what it reads and writes"
    help = "leave the `flow` out"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes: {orders: s3 s3://shop/orders/, archive: s3 s3://shop/archive/}
        activities:
          keep: {copy: orders -> archive, flow: orders -> archive}    # P482 orders -> archive
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
    keyword: str


@diagnostic
class NoPipelineName(Diagnostic):
    """A pipeline file starts with the name of its pipeline, which names its Dags as well."""

    code = "P109"
    title = "Pipeline without a name"
    message = "the file does not name its pipeline"
    help = "start it with `pipeline: NAME`"
    fails = """
        activities:    # P109
          mail: {shell: echo}
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail: {shell: echo}
        """
