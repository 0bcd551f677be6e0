"""The objects of one definition while it is written, each once something needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipec.definition.catalogue import catalogue
from pipec.definition.values import Object, Reference
from pipec.diagnostic import Report
from pipec.expression.tree import Name, walk
from pipec.grid import Cron, Every, Once
from pipec.ir import Connection, Pipeline, Schedule
from pipec.links import Found, Links, texts
from pipec.source import Span
from pipec.targets.datapipeline import schedules
from pipec.targets.datapipeline.common import rows_of
from pipec.targets.datapipeline.connections import write_connection
from pipec.targets.datapipeline.says import of_kind
from pipec.targets.datapipeline.sides import Given
from pipec.targets.datapipeline.unsaid import UnsaidKind, UnsaidSchedule
from pipec.targets.datapipeline.writing import Writing, field_of


@dataclass
class Book:
    """What was written so far. An object that others refer to is written when the first does."""

    pipeline: Pipeline
    links: Links
    report: Report
    objects: dict[str, Object] = field(default_factory=dict)
    ids: dict[tuple[str, str], str] = field(default_factory=dict)
    """The ids of what was written, by its name and the schedule of its instances."""

    def id_of(self, name: str, schedule: Schedule | None) -> str:
        """The id of the object for `name`, as something on `schedule` refers to it."""
        found = self.links.find(self.pipeline, name)
        assert found is not None  # Checked.
        if found.pipeline is not self.pipeline:
            about = f"what another pipeline does: `{name}`"
            self.report.add(UnsaidSchedule(found.thing.span, about, "write both into one file"))
            return name
        on = self._schedule(found, schedule)
        if found.sort == "schedule":
            name = self._alike(found.thing).name
        elif found.sort == "resource" and on is not None:
            on = self._alike(on)
        key = (name, on.name if on is not None else "")
        if key not in self.ids:
            self.ids[key] = self._free(name, key[1])
            self._write(self.pipeline.schedules.get(name, found.thing), self.ids[key], on)
        return self.ids[key]

    def _alike(self, schedule: Schedule) -> Schedule:
        """The first schedule with the same intervals: when their instances are due, objects say."""
        grid = schedule.grid
        if not isinstance(grid, Every):
            return schedule
        every = self.pipeline.schedules.values()
        same = (it for it in every if isinstance(it.grid, Every))
        return next(it for it in same if schedules.fields_of(it.grid) == schedules.fields_of(grid))  # type: ignore[arg-type]

    def _schedule(self, found: Found, reader: Schedule | None) -> Schedule | None:
        """On which schedule its instances are: its own, else that of whoever refers to it."""
        match found.sort:
            case "activity" | "datanode":
                own = self.links.schedule(found)
                other = own is not None and reader is not None and reader is not own
                if own is not None and other and isinstance(own.grid, Once):
                    about = f"that every instance reads the one of `{found.thing.name}`"
                    near = "give them one schedule, or `every` with the same start"
                    self.report.add(UnsaidSchedule(found.thing.span, about, near))
                return own or reader
            case "resource":
                ref = found.thing.schedule
                return self.pipeline.schedules.get(ref.name) if ref is not None else reader
        return None

    def _free(self, name: str, schedule: str) -> str:
        taken = {*self.ids.values(), *self.objects}
        if name not in taken:
            return name
        made, number = f"{name}_{schedule}", 2
        while made in taken or made in self.pipeline.names:
            made, number = f"{name}_{schedule}_{number}", number + 1
        return made

    def _write(self, thing: Any, id_: str, schedule: Schedule | None) -> None:
        out = Writing(self, thing, schedule, getattr(thing, "kind", None))
        match thing:
            case Schedule():
                type_ = self._write_schedule(thing, out)
            case Connection():
                type_ = write_connection(thing, out)
            case _:
                type_ = self.write_kind(out, _SECTIONS.get(type(thing).__name__, "datanodes"))
                if not type_:
                    self.unsaid_kind(thing)
        if type_:
            self.add(id_, type_, out.fields, thing.span)

    def _write_schedule(self, schedule: Schedule, out: Writing) -> str:
        grid = schedule.grid
        if isinstance(grid, Every | Once):
            for name, given in schedules.fields_of(grid).items():
                out.put(name, given)
        elif isinstance(grid, Cron):
            near = "write `every PERIOD from START`"
            self.report.add(UnsaidSchedule(schedule.span, "a `cron` schedule", near))
        if isinstance(grid, Once) and self._end_is_used():
            near = "use `start`, which is the same"
            self.report.add(UnsaidSchedule(schedule.span, "the `end` of what runs once", near))
        return "Schedule"

    def _end_is_used(self) -> bool:
        every = (*self.pipeline.activities.values(), *self.pipeline.datanodes.values())
        return any(
            isinstance(one, Name) and one.parts[0] == "end"
            for thing in every
            for text in texts(thing)
            for splice in text.splices
            for one in walk(splice.expr)
        )

    def write_kind(self, out: Writing, section: str) -> str:
        """Put all fields of an object of a section; its type, empty when the service has none."""
        keyword = type(out.kind).__module__.rpartition(".")[2]
        found = of_kind(section, keyword)
        found = tuple(one for one in found if one.writes(out))
        if not found:
            return ""
        rows = rows_of(found[0])
        out.type = found[0].type
        for row in rows:
            row.write(out)
        self._check_all_said(out, section, {key for row in rows for key in row.ours})
        return found[0].type

    def _check_all_said(self, out: Writing, section: str, said: set[str]) -> None:
        """Report keys of the kind that somebody wrote and no row writes."""
        from pipec.fields.key import keys

        keyword = type(out.kind).__module__.rpartition(".")[2]
        for name, one in keys(out.kind.__class__).items():
            if name in said or name == keyword or name in _HARMLESS:
                continue
            if not one.required and out.value(name) != _default(out.kind, one.attribute):
                out.unsaid(name)

    def unsaid_kind(self, thing: Any) -> None:
        """Report an object of a kind that the service has nothing like."""
        keyword = type(thing.kind).__module__.rpartition(".")[2]
        near = _NEAR.get(keyword, "compile this pipeline to Airflow alone")
        self.report.add(UnsaidKind(thing.span, thing.name, f"a `{keyword}`", near))

    def helper(self, type: str, hint: str, fields: Mapping[str, Given], span: Span) -> Reference:
        """An object of that type with these fields: a new one, unless there is one that is equal."""
        made = tuple(field_of(name, given, span) for name, given in fields.items() if given)
        name, number = hint, 1
        while name in self.objects or name in self.ids.values():
            other = self.objects.get(name)
            if other is not None and (other.type, other.fields) == (type, made):
                return Reference(span, name)
            number += 1
            name = f"{hint}_{number}"
        same = next(
            (it for it in self.objects.values() if (it.type, it.fields) == (type, made)), None
        )
        if same is not None and type in _SHARED:
            return Reference(span, same.id)
        self.objects[name] = Object(span, name, name, type, span, made, span)
        return Reference(span, name)

    def add(self, id_: str, type_: str, fields: Mapping[str, Given], span: Span) -> None:
        """An object with these fields."""
        made = tuple(field_of(name, given, span) for name, given in fields.items())
        self.objects[id_] = Object(span, id_, id_, type_, span, made, span)

    def in_order(self) -> tuple[Object, ...]:
        """All objects: schedules first, then where work runs, data, work, and what belongs to it."""
        facts = catalogue().types

        def rank(one: Object) -> int:
            category = facts[one.type].category if one.type in facts else ""
            return _ORDER.index(category) if category in _ORDER else len(_ORDER)

        return tuple(sorted(self.objects.values(), key=rank))


def _default(kind: Any, attribute: str) -> Any:
    factories = getattr(type(kind), "_factories", {})
    if attribute in factories:
        return factories[attribute]()
    return getattr(type(kind), "_defaults", {}).get(attribute)


_SECTIONS = {"Activity": "activities", "Resource": "resources", "Notification": "notifications"}
_ORDER = (
    "schedule", "resource", "database", "datanode", "activity", "dataformat", "precondition", "action",
)  # fmt: skip
_HARMLESS = {"columns", "region", "logs", "tags", "deploy_mode"}
"""Keys that only make something easier to see, or that say what the service finds out itself."""
_SHARED = (
    "Terminate",
    "CSV",
    "TSV",
    "Custom",
    "RegEx",
    "DynamoDBDataFormat",
    "DynamoDBExportDataFormat",
)
_NEAR = {
    "python": "run it as a `shell`: `python -m module`",
    "spark": "write an `emr` step: `command-runner.jar,spark-submit,...`",
    "hdfs": "keep the data in S3",
    "file": "keep the data in S3",
    "mail": "let an `sns` topic send the mail",
}
