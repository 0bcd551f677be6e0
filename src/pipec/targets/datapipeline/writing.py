"""An object of a pipeline on its way into a definition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pipec.definition.from_ours import from_ours
from pipec.definition.ids import id_of
from pipec.definition.names import Chained, Unsaid
from pipec.definition.values import Field, Reference, Value
from pipec.definition.values import text as quoted
from pipec.diagnostic import Report
from pipec.expression.tree import Name
from pipec.facets import Files, Table
from pipec.fields.key import keys
from pipec.ir import Activity, Notification, Schedule
from pipec.links import Found
from pipec.scope import Scope, fields_of
from pipec.source import NOWHERE, Span
from pipec.targets.datapipeline.sides import Given
from pipec.targets.datapipeline.unsaid import UnsaidField
from pipec.values import Text

if TYPE_CHECKING:
    from pipec.targets.datapipeline.book import Book


@dataclass
class Writing:
    """An object of a pipeline that becomes one of a definition."""

    book: Book
    thing: Any
    schedule: Schedule | None
    """That of its instances in the definition."""
    kind: Any = None
    """Its kind; of a part of an object, such as its format, that part."""
    owner: Any = None
    """What its expressions are about, when that is another object: of a precondition, its owner."""
    type: str = ""
    """Its type in the definition."""
    fields: dict[str, Given] = field(default_factory=dict)

    def value(self, key: str) -> Any:
        """What its field `key` holds, be it one of its kind's or of its section's."""
        for one in (self.kind, self.thing):
            declared = keys(one.__class__).get(key) if one is not None else None
            if declared is not None:
                return getattr(one, declared.attribute)
        raise KeyError(key)

    def put(self, name: str, given: Given) -> None:
        """Give it the field `name`; nothing, and an empty list, leave it out."""
        if given:
            self.fields[name] = given

    def text(self, text: Text) -> str:
        """A text as a definition has it."""
        return from_ours(text, self, self.book.report)

    def named(self, name: str) -> Reference:
        """The object of the definition that stands for the named one of the pipeline."""
        return Reference(NOWHERE, self.book.id_of(name, self.schedule))

    def helper(self, type: str, hint: str, fields: Mapping[str, Given]) -> Reference:
        """An object of that type with these fields, beside this one."""
        return self.book.helper(type, f"{self.thing.name}.{hint}", fields, self.thing.span)

    def format(self, kind: Any) -> Reference | None:
        """The object for a format; None when the service has no such format."""
        part = replace(self, kind=kind, fields={})
        type_ = self.book.write_kind(part, "formats")
        return self.helper(type_, "format", part.fields) if type_ else None

    def waited_for(self, precondition: Any, looked: Any) -> Writing:
        """One of its preconditions, which looks at an object: this one or another."""
        return replace(self, owner=looked, kind=precondition.kind, fields={})

    def default(self, key: str) -> Any:
        """What its field `key` holds when nobody writes it; None as well when somebody has to."""
        for one in (self.kind, self.thing):
            declared = keys(one.__class__).get(key) if one is not None else None
            if declared is not None:
                return getattr(type(one), "_defaults", {}).get(declared.attribute)
        raise KeyError(key)

    @property
    def users(self) -> tuple[Activity, ...]:
        """The activities that run on it."""
        every = self.book.pipeline.activities.values()
        return tuple(it for it in every if it.runs_on and it.runs_on.name == self.thing.name)

    @property
    def by_hive(self) -> bool:
        """Whether `hive_copy` reads or writes it, which takes whole items in the format of exports."""
        every = self.book.pipeline.activities.values()
        users = (it for it in every if type(it.kind).__module__.endswith(".hive_copy"))
        refs = (
            ref for it in users for ref in (*(one.ref for one in it.flow.inputs), *it.flow.outputs)
        )
        return any(ref.name == self.thing.name for ref in refs)

    def database(self) -> str | None:
        """The connection in which its statements run."""
        found = self.book.links.connection(self.thing, self.book.pipeline)
        return found.name if found is not None else None

    def unsaid(self, key: str, near: str = "", at: Any = None) -> None:
        """Report that the service cannot say what `key` does, or what stands `at` a place in it."""
        for one in (at, self._written(key), self.thing):
            span = getattr(one, "span", NOWHERE)
            if span != NOWHERE and span.source is not NOWHERE.source:
                break
        self.book.report.add(UnsaidField(span, self.thing.name, key, near or _LEAVE_OUT))

    def _written(self, key: str) -> Any:
        try:
            return self.value(key)
        except KeyError:
            return None

    # What `from_ours` asks of names.

    @property
    def through_node(self) -> bool:
        """Whether the interval is that of the `node` which refers to the object."""
        return self.owner is not None or isinstance(self.thing, Notification)

    def theirs(self, name: Name) -> Chained | Unsaid | None:
        """What a name in one of its texts is in the language of the service."""
        param = self.book.pipeline.params.get(name.parts[0])
        if param is not None:
            return Chained(id_of(param.name, secret=param.secret is not None))
        first = name.parts[0]
        if first in ("start", "end", "run") or (
            first == "node" and isinstance(self.thing, Notification)
        ):
            return None
        return self._field(name)

    def _field(self, name: Name) -> Chained | Unsaid | None:
        """What a field of an object is, which this one is or that is linked with it."""
        book = self.book
        owner = self.owner or self.thing
        scope = Scope(book.pipeline, book.links, owner)
        lead = scope.leads_to(name, lambda *_: owner.span, Report())
        if lead is None:
            return None
        found, depth = lead
        field_, first = ".".join(name.parts[depth:]), name.parts[0]
        if len(name.parts) == 2 and not _is_variable(found, field_):
            if first in ("input", "output"):
                return Chained(_theirs_of(found, field_, f"{first}."))
            if first in ("node", "self"):
                return Chained(_theirs_of(found, field_, "node." if self.owner is not None else ""))
        given = fields_of(found.thing).get(field_)
        known = given.constant if given is not None else None
        if known is None or "'" in known:
            return Unsaid(
                "it knows the one input and the one output of an activity, by these names"
            )
        return Chained(f"'{known}'")


def _is_variable(found: Found, field: str) -> bool:
    """Whether it is a variable of a script: these are no fields there."""
    keyword = type(found.thing.kind).__module__.rpartition(".")[2]
    return keyword in ("hive", "pig") and field in found.thing.vars


def _theirs_of(found: Found, field: str, lead: str) -> str:
    """What gives the field of an object that ours calls `field`, behind what leads to the object."""
    kind = getattr(found.thing, "kind", None)
    if field == "name":
        return f"{lead}name"
    if field == "path" and isinstance(kind, Files):
        pieces = kind.place.pieces
        folder = bool(pieces) and isinstance(pieces[-1], str) and pieces[-1].endswith("/")
        return f"{lead}{'directoryPath' if folder else 'filePath'}"
    if field == "table":
        name = "table" if type(kind).__module__.endswith(".sql") else "tableName"
        whole = isinstance(kind, Table) and "." in kind.table
        return f"({lead}schemaName + '.' + {lead}{name})" if whole else f"{lead}{name}"
    return f"{lead}{id_of(field)}"


def field_of(name: str, given: Given, span: Span) -> Field:
    """A field with one value or several, which stand there in the pipeline."""
    several: Iterable[str | Reference]
    several = [given] if isinstance(given, str | Reference) else list(given or ())
    return Field(quoted(name, span), tuple(_value(one, span) for one in several))


def _value(one: str | Reference, span: Span) -> Value:
    return Reference(span, one.id) if isinstance(one, Reference) else quoted(one, span)


_LEAVE_OUT = "leave it out, or compile this pipeline to Airflow alone"
