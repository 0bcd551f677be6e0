"""What the cell of a kind works with: templates, helpers and the names of linked things."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import field, replace
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.frozen import frozen
from pipec.grid import Grid
from pipec.ir import Activity, Datanode, Pipeline
from pipec.links import Found, Links
from pipec.resolve import Resolver
from pipec.source import NOWHERE, Span
from pipec.targets.airflow.expression import Moment, UnsaidError
from pipec.targets.airflow.template import for_each, spliced, template
from pipec.targets.python.values import Call, Name, Value
from pipec.values import Ref, Secret, Splice, Text

if TYPE_CHECKING:
    from pipec.targets.airflow.machines import Machine
    from pipec.targets.airflow.reads import Reads

STANDARD = "airflow.providers.standard"
SQL = "airflow.providers.common.sql"


@frozen
class Work:
    """One object on its way into a Dag."""

    name: str
    """The id of its task."""
    thing: Any
    pipeline: Pipeline
    """Where the object is written."""
    links: Links
    grid: Grid
    moment: Moment
    report: Report
    owner: Activity | Datanode | None = None
    """Of a precondition: the object that it is a precondition of."""
    span: Span = NOWHERE
    told: bool = False
    constants: dict[str, str] = field(default_factory=dict)
    """Long texts that the file holds as constants of its own, by name."""
    machine: Machine | None = None
    """What it runs on, or what is started, when that is not where the engine runs."""
    local: bool = False
    """Whether everything runs on one machine, with stand-ins for what is elsewhere."""
    stand_ins: Container[str] = ()
    """The connections that lead to a PostgreSQL instead of their own databases."""
    reads: Reads | None = None
    """Of an activity: the instances that it reads."""

    def template(self, text: Text, *extensions: str) -> str:
        """The Jinja template of a text."""
        return template(self.resolved(text), self.moment, extensions)

    def command(self, text: Text, *extensions: str) -> str:
        """The template of a text to which a last line break means nothing: bash, SQL."""
        return template(self.resolved(text), self.moment, extensions, command=True)

    def beginning(self, text: Text) -> str:
        """The template of a text that something follows when it is rendered."""
        return template(self.resolved(text), self.moment, followed=True)

    def resolved(self, text: Text) -> Text:
        """The text with only run-time values left in it, each of which a template can say."""
        resolver = Resolver(self.pipeline, self.links, self.owner or self.thing, told=self.told)
        found = resolver.text(text)
        return replace(found, pieces=tuple(map(self._sayable, found.pieces)))

    def _sayable(self, piece: str | Splice) -> str | Splice:
        if isinstance(piece, Splice):
            try:
                spliced(piece.expr, self.moment)
            except UnsaidError as unsaid:
                self.report.add(NotInTemplate(piece.at(unsaid.expr.start, unsaid.expr.end)))
                return ""
        return piece

    def constant(self, name: str, text: str) -> Name:
        """The name of a constant of the file that holds a long text."""
        for number in range(1, 1000):
            one = name if number == 1 else f"{name}_{number}"
            if self.constants.setdefault(one, text) == text:
                return Name(one)
        raise AssertionError("a thousand constants of one name")

    def structure(self, value: Any) -> Value:
        """The templates in a value of any shape."""
        match value:
            case Text():
                return self.template(value, *ANY_EXTENSION)
            case tuple() | list():
                return [self.structure(one) for one in value]
            case Mapping():
                return {name: self.structure(one) for name, one in value.items()}
        return value  # type: ignore[no-any-return]

    def arguments(self, given: Mapping[str, Any]) -> dict[str, Value]:
        """The templates of arguments that the user names; what Python cannot name is reported."""
        strange = [name for name in given if not _is_argument(name)]
        for name in strange:
            self.report.add(NotAnArgument(self.span, name))
        return {name: self.structure(one) for name, one in given.items() if name not in strange}

    def helper(self, name: str, module: str = "") -> Name:
        """The function or class `name` that is written into the file that needs it."""
        return Name(name, f"helpers.{module or name}")

    def task(self, path: str, **arguments: Value) -> Call:
        """A task of the operator at `path`; arguments that are None are left out."""
        module, _, name = path.rpartition(".")
        return self.made(Name(name, module), **arguments)

    def made(self, operator: Name, **arguments: Value) -> Call:
        """A task of an operator; arguments that are None are left out."""
        given = {key: value for key, value in arguments.items() if value is not None}
        return Call(operator, (), {"task_id": self.name, **given})

    @property
    def inputs(self) -> tuple[Found, ...]:
        """The datanodes that the activity reads, in order."""
        return tuple(self._datanode(one.ref) for one in self.thing.flow.inputs)

    @property
    def outputs(self) -> tuple[Found, ...]:
        """The datanodes that the activity writes, in order."""
        return tuple(self._datanode(ref) for ref in self.thing.flow.outputs)

    def place(self, found: Found, *extensions: str) -> str:
        """The template of the path of a datanode that has one."""
        return self.of(found).template(found.thing.kind.place, *extensions)

    def several(self, found: Found) -> bool:
        """Whether the activity reads other instances of a datanode than that of its own interval."""
        return self.reads is not None and self.reads.several(found)

    def places(self, found: Found, before: str = "") -> str:
        """The template of the paths of all instances of a datanode that are read, a line for each.

        `before` is the template of what stands before each path, over `start` and `end`.
        """
        assert self.reads is not None
        each = self.reads.each(found, places=True)
        assert each.place is not None
        return for_each(each, before + template(each.place, each.moment, followed=True), "\n")

    def of(self, found: Found) -> Work:
        """The same surroundings for the texts of another object."""
        return replace(self, thing=found.thing, pipeline=found.pipeline, owner=None)

    def looked_at(self, ref: Ref | None) -> Found:
        """The datanode that a precondition is about: the one it names, else its own."""
        if ref is not None:
            return self._datanode(ref)
        assert isinstance(self.owner, Datanode)
        return Found("datanode", self.owner, self.pipeline)

    def secret(self, text: Text) -> Secret | None:
        """The secret that is all of a text."""
        (piece, *more) = text.pieces or ("",)
        if more or isinstance(piece, str):
            return None
        name = ".".join(getattr(piece.expr, "parts", ()))
        param = self.pipeline.params.get(name)
        return param.secret if param else None

    def _datanode(self, ref: Ref) -> Found:
        found = self.links.datanode(self.pipeline, ref)
        assert found is not None  # Checked: it names a datanode.
        return found


def constant_name(stem: str, sort: str, ending: str) -> str:
    """The name of the constant that holds a file: `CLEAN_PY`. Imports have no such names.

    `sort` stands before a stem that does not begin with a letter.
    """
    name = re.sub(r"[^A-Z0-9]+", "_", stem.upper())
    return f"{name}_{ending}" if name[:1].isalpha() else f"{sort}_{name}_{ending}"


def _is_argument(name: str) -> bool:
    return name.isidentifier() and not iskeyword(name)


@diagnostic
class NotInAirflow(Diagnostic):
    """This kind has no counterpart in Airflow."""

    code = "P401"
    title = "Airflow has no such thing"
    message = "`{kind}` cannot be written for Airflow"

    kind: str


@diagnostic
class NotAnArgument(Diagnostic):
    """Arguments of an operator are those that its class takes in Python: they have names as there."""

    code = "P407"
    title = "Not an argument of an operator"
    message = "`{name}` cannot be given to an operator"
    help = "leave it out, or write it as Python does"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:    # P407 mail
            operator: shop.operators.Mail
            args: {reply-to: orders@example.com}
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            operator: shop.operators.Mail
            args: {reply_to: orders@example.com}
        """

    name: str


@diagnostic
class NotInTemplate(Diagnostic):
    """Airflow computes what only a run knows inside templates, and those know numbers, texts and datetimes.

    A period or a pattern that comes with the run cannot be used to compute another value there.
    """

    code = "P405"
    title = "Known too late for Airflow"
    message = "in Airflow, this cannot be computed when the run starts"
    help = "give the period or the pattern a value when it is compiled: leave out its `at: run`"
    fails = """
        pipeline: shop
        params: {back: {type: period, at: run}}
        schedules: {now: on demand}
        defaults: {schedule: now}
        activities:
          mail:
            shell: mail --since ${{ start - back }}    # P405 start - back
        """
    fixed = """
        pipeline: shop
        params: {back: {type: period, default: 1 day}}
        schedules: {now: on demand}
        defaults: {schedule: now}
        activities:
          mail:
            shell: mail --since ${{ start - back }}
        """


ANY_EXTENSION = (
    ".sh",
    ".bash",
    ".sql",
    ".hql",
    ".json",
    ".yaml",
    ".yml",
    ".txt",
    ".html",
    ".md",
    ".q",
)
"""The endings that some operator reads as the name of a file of templates."""
