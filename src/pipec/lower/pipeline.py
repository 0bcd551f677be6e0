"""The sections of a pipeline file, in the order in which they need each other."""

from __future__ import annotations

from collections.abc import Mapping as Values
from dataclasses import dataclass, field
from typing import Any

from pipec.diagnostic import Diagnostic, Report, diagnostic, did_you_mean, listed
from pipec.fields.collections import list_of
from pipec.fields.read import UnknownKey
from pipec.fields.reader import Files, Reader
from pipec.fields.scalars import WrongType, string, what
from pipec.fields.schedule import read_schedule
from pipec.ir import OBJECTS, Connection, Pipeline, Schedule
from pipec.kinds import keywords
from pipec.lower.connections import read_connection
from pipec.lower.inherit import Written, check_defaults, copies, every_default, inherit, with_defaults
from pipec.lower.objects import SORTS, long_form, name_problem, read_kind
from pipec.lower.params import constants, read_params
from pipec.source import Source, Span
from pipec.syntax import Mapping, Scalar, Tree
from pipec.values import Ref

TOP = (
    "pipeline", "description", "owner", "tags", "params", "environments", "schedules", "defaults",
    "connections", "notifications", "resources", "datanodes", "activities",
)  # fmt: skip


@dataclass(frozen=True)
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
        report.add(WrongType(tree.span, "a pipeline, which starts with `pipeline: NAME`", what(tree)))
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
        self.used: set[tuple[str, str]] = set()
        self.reader = Reader(report=report, files=settings.files)

    def pipeline(self) -> Pipeline | None:
        for name, _ in self.tree:
            if name.value not in TOP:
                near = did_you_mean(name.value, TOP, f"there are {listed(TOP, 20)}")
                self.report.add(UnknownKey(name.span, name.value, "a pipeline", near))
        name = self._name()
        overlay = self._environment()
        outside = {**overlay.pop("params"), **self.settings.values}
        params = read_params(self.tree.get("params"), outside, self.report)
        for param in params.values():
            self._claim(param.name, param.span)
        self.broken |= {key.value for key, _ in self._section("params")} - set(params)
        self.reader = Reader(
            report=self.report,
            constants=constants(params),
            unknown_until_run=frozenset(
                one.name for one in params.values() if one.at_run or one.secret
            ),
            files=self.settings.files,
        )
        schedules = self._schedules(overlay)
        connections = self._connections(overlay)
        defaults = self.tree.get("defaults")
        if defaults is not None and not isinstance(defaults, Mapping):
            self.report.add(WrongType(defaults.span, "a mapping", what(defaults)))
            defaults = None
        objects = {
            section: self._objects(section, common, defaults, overlay)
            for section, common in OBJECTS.items()
        }
        check_defaults(defaults, every_default(self.used, OBJECTS), self.reader)
        if name is None:
            return None
        return Pipeline(
            name=name.value,
            source=self.source,
            description=self._text("description", string) or "",
            owner=self._text("owner", string) or "",
            tags=self._text("tags", list_of(string)) or (),
            params=params,
            schedules=schedules,
            connections=connections,
            default_schedule=self._default_schedule(defaults),
            broken=frozenset(self.broken),
            names=self.names,
            span=name.span,
            **objects,
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

    def _text(self, name: str, type_: Any) -> Any:
        tree = self.tree.get(name)
        return type_.read(tree, self.reader) if tree is not None else None

    def _section(self, name: str) -> Mapping:
        tree = self.tree.get(name)
        if isinstance(tree, Mapping):
            return tree
        if tree is not None and not (isinstance(tree, Scalar) and tree.is_null):
            self.report.add(WrongType(tree.span, f"a mapping of {name}", what(tree)))
        return Mapping(self.tree.span, ())

    def _entries(self, section: str, overlay: dict[str, Any]) -> list[tuple[Scalar, Tree]]:
        """The entries of a section, those of the environment in place of the file's own."""
        replaced = {key.value: (key, tree) for key, tree in overlay.get(section, ())}
        own = [replaced.pop(key.value, (key, tree)) for key, tree in self._section(section)]
        return own + list(replaced.values())

    def _environment(self) -> dict[str, Any]:
        """What the chosen environment replaces: values of parameters, and entries of sections."""
        result: dict[str, Any] = {"params": {}}
        chosen = self.settings.environment
        environments = self._section("environments")
        for key, tree in environments:
            inside = tree if isinstance(tree, Mapping) else Mapping(tree.span, ())
            if not isinstance(tree, Mapping):
                self.report.add(WrongType(tree.span, "a mapping of values", what(tree)))
            sections = ("resources", "connections", "notifications", "schedules")
            declared = {name.value for name, _ in self._section("params")}
            for name, value in inside:
                if name.value in sections and isinstance(value, Mapping):
                    if key.value == chosen:
                        result[name.value] = value.entries
                elif name.value == "params" and isinstance(value, Mapping):
                    self._values(value, key.value == chosen, declared, result)
                else:
                    one = Mapping(name.span, ((name, value),))
                    self._values(one, key.value == chosen, declared, result)
        if chosen and environments.key(chosen) is None:
            known = [key.value for key, _ in environments]
            near = did_you_mean(chosen, known, f"there are {listed(known)}" if known else "it has none")
            self.report.add(UnknownEnvironment(self.tree.span.part(0, 0), chosen, near))
        return result

    def _values(
        self, tree: Mapping, chosen: bool, declared: set[str], result: dict[str, Any]
    ) -> None:
        from pipec.lower.params import ValueForNoParameter

        for name, value in tree:
            if name.value not in declared:
                near = did_you_mean(name.value, declared, f"there are {listed(declared)}")
                self.report.add(ValueForNoParameter(name.span, name.value, near))
            elif chosen:
                result["params"][name.value] = value

    def _claim(self, name: str, span: Span) -> None:
        if name in self.names:
            self.report.add(NameTwice(span, name, self.names[name].line))
        else:
            self.names[name] = span

    def _schedules(self, overlay: dict[str, Any]) -> dict[str, Schedule]:
        found = {}
        for name, tree in self._entries("schedules", overlay):
            if name_problem(name, "schedule", self.reader):
                continue
            self._claim(name.value, name.span)
            grid = read_schedule(tree, self.reader)
            if grid is None:
                self.broken.add(name.value)
                continue
            scalars = [tree] if isinstance(tree, Scalar) else [v for _, v in tree]  # type: ignore[misc, union-attr]
            assumed = any(isinstance(s, Scalar) and self.reader.assumed(s) for s in scalars)
            found[name.value] = Schedule(
                name=name.value, grid=grid, assumed=assumed, span=name.span
            )
        return found

    def _connections(self, overlay: dict[str, Any]) -> dict[str, Connection]:
        found = {}
        for name, tree in self._entries("connections", overlay):
            if name_problem(name, "connection", self.reader):
                continue
            self._claim(name.value, name.span)
            if one := read_connection(name, tree, self.reader):
                found[name.value] = one
            else:
                self.broken.add(name.value)
        return found

    def _objects(
        self, section: str, common: type, defaults: Mapping | None, overlay: dict[str, Any]
    ) -> dict[str, Any]:
        found: dict[str, Any] = {}
        sort = SORTS[section]
        entries = self._entries(section, overlay)
        trees: dict[str, Mapping] = {}
        keys_: dict[str, Scalar] = {}
        for name, tree in entries:
            if name_problem(name, sort, self.reader):
                continue
            self._claim(name.value, name.span)
            long = long_form(section, name, tree, self.reader)
            if long is None:
                self.broken.add(name.value)
            else:
                trees[name.value], keys_[name.value] = long, name
        for name_, tree_ in trees.items():

            for written in copies(keys_[name_], tree_, self.reader):
                one = self._object(section, common, written, trees, defaults)
                if one is None:
                    self.broken.update((written.name, name_))
                elif written.name in found:
                    self.report.add(NameTwice(one.span, written.name, one.span.line))
                else:
                    found[written.name] = one
            if trees[name_].get("matrix") is not None:
                self.names.setdefault(name_, keys_[name_].span)
        return found

    def _object(
        self,
        section: str,
        common: type,
        written: Written,
        trees: dict[str, Mapping],
        defaults: Mapping | None,
    ) -> Any:
        reader = self.reader.having(written.values) if written.values else self.reader
        tree = inherit(written, trees, reader)
        if tree is None:
            return None
        tree = with_defaults(section, common, tree, defaults)
        for name, _ in tree:
            if name.value in keywords(section):
                self.used.add((section, name.value))
        read = read_kind(section, common, tree, reader, f"`{written.name}`")
        if read is None:
            return None
        _, kind, given = read
        if "flow" not in given and (flow := getattr(kind, "own_flow", None)) is not None:
            given["flow"] = flow
        return common(name=written.name, kind=kind, span=written.key.span, **given)

    def _default_schedule(self, defaults: Mapping | None) -> Ref | None:
        schedule = defaults.get("schedule") if defaults is not None else None
        if not isinstance(schedule, Scalar) or schedule.is_null:
            return None
        plain = self.reader.plain(schedule)
        return Ref(plain.value.strip(), schedule.span) if plain else None




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


@diagnostic
class NameTwice(Diagnostic):
    """A name stands for one thing in the whole file, whatever section it is in."""

    code = "P114"
    title = "Name given twice"
    message = "`{name}` is the name of something else already, in line {line}"
    help = "give one of them another name"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes:
          orders: s3 s3://shop/orders/
        activities:
          orders: {shell: echo}    # P114 orders
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes:
          orders: s3 s3://shop/orders/
        activities:
          fetch_orders: {shell: echo}
        """

    name: str
    line: int


@diagnostic
class UnknownEnvironment(Diagnostic):
    """`--env` chooses one of the `environments:` of the file."""

    code = "P115"
    title = "Unknown environment"
    message = "the pipeline has no environment `{name}`"
    help = "{near}"

    name: str
    near: str
