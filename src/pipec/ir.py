"""A pipeline with its meaning, references still by name; and the same once it is checked.

Each object has the fields that are common to its section, declared here, and its `kind`, which
holds the fields of its own (see the packages `activities`, `datanodes` ...).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal, NewType, TypeAlias

from pipec.fields.collections import mapping_of, structures
from pipec.fields.datapipeline import for_datapipeline
from pipec.fields.key import EMPTY, key
from pipec.fields.references import flow, reference, references, schedule_name
from pipec.fields.scalars import at_least, one_of, string, text
from pipec.fields.times import attempts, late, length
from pipec.fields.when import notices, when
from pipec.frozen import node
from pipec.grid import Grid, Period
from pipec.source import NOWHERE, Source, Span
from pipec.values import Attempts, Flow, Late, Ref, Secret, Text

Status = Literal["success", "failure", "late"]


@node
class Param:
    """A parameter: its type, and its value if it has one when the pipeline is compiled."""

    name: str
    type: str
    value: Any = None
    """None when nobody gave one, when it comes at run time, and for secrets."""
    at_run: bool = False
    optional: bool = False
    secret: Secret | None = None
    description: str = ""
    default: Any = None
    one_of: tuple[Any, ...] = ()
    span: Span = NOWHERE

    @property
    def absent(self) -> bool:
        """True when it is optional and nobody gave a value."""
        return self.value is None and self.optional and not (self.at_run or self.secret)

    @property
    def missing(self) -> bool:
        """True when a value is needed and nobody gave one."""
        return self.value is None and not (self.at_run or self.optional or self.secret)


@node
class Schedule:
    """When instances exist. `assumed` marks one that rests on a parameter without a value."""

    name: str
    grid: Grid
    assumed: bool = False
    span: Span = NOWHERE


@node
class Connection:
    """How a database is reached. In Airflow: the Connection of the same name."""

    name: str
    engine: str
    given: Mapping[str, Any] = field(default_factory=dict)
    datapipeline: Mapping[str, tuple[Text, ...]] = field(default_factory=dict)
    span: Span = NOWHERE


@node
class Precondition:
    """What must hold before work starts. Several on one object must all hold."""

    name: str
    kind: Any
    timeout: Period = key(
        length, "How long to wait before it counts as failed.", default=Period(1, "day")
    )
    poll: Period = key(length, "How long to wait between two looks.", default=Period(1, "minute"))
    runs_on: Ref | None = key(
        reference("resource"), "Where it is evaluated; else where its object runs.", default=None
    )
    datapipeline: Mapping[str, tuple[Text, ...]] = for_datapipeline()
    span: Span = NOWHERE


@node
class Datanode:
    """Data with a place and, through its schedule, a history of instances."""

    name: str
    kind: Any
    description: str = key(string, "What it is, for people.", default="")
    schedule: Ref | None = key(
        schedule_name,
        "When an instance appears, of data that no activity of the pipeline produces.",
        default=None,
        merges=False,
    )
    when: tuple[Precondition, ...] = key(
        when("datanode"), "What must hold before it is read.", default=(), merges=False
    )
    runs_on: Ref | None = key(
        reference("resource"), "Where its preconditions are evaluated.", default=None
    )
    attempts: Attempts | None = key(
        attempts, "How often a precondition that breaks is tried.", default=None
    )
    notify: Mapping[Status, tuple[Ref, ...]] = key(
        notices, "Whom to tell when its preconditions never hold.", default=EMPTY
    )
    vars: Mapping[str, Text] = key(mapping_of(text), "Values of one's own.", default=EMPTY)
    airflow: Mapping[str, Any] = key(
        structures, "Arguments for Airflow alone.", default=EMPTY, merges=False
    )
    datapipeline: Mapping[str, tuple[Text, ...]] = for_datapipeline()
    span: Span = NOWHERE


@node
class Activity:
    """Work that is done once for every interval of its schedule."""

    name: str
    kind: Any
    description: str = key(string, "What it does, for people.", default="")
    flow: Flow = key(flow, "What it reads and writes.", default=Flow())
    after: tuple[Ref, ...] = key(
        references("activity"), "Activities that come first, without data.", default=()
    )
    schedule: Ref | None = key(schedule_name, "When it runs.", default=None)
    when: tuple[Precondition, ...] = key(
        when("activity"), "What must hold before it starts.", default=(), merges=False
    )
    runs_on: Ref | None = key(reference("resource"), "Where it runs.", default=None)
    attempts: Attempts | None = key(attempts, "How often it is tried.", default=None)
    timeout: Period | None = key(length, "How long one attempt may take.", default=None)
    late: Late | None = key(late, "When it counts as late.", default=None)
    notify: Mapping[Status, tuple[Ref, ...]] = key(
        notices, "Whom to tell of success, failure and lateness.", default=EMPTY
    )
    on_failure: Literal["cascade", "wait"] = key(
        one_of("cascade", "wait"), "What becomes of dependants when it failed.", default="cascade"
    )
    max_active: int = key(at_least(1), "How many instances may run at a time.", default=5)
    vars: Mapping[str, Text] = key(mapping_of(text), "Values of one's own.", default=EMPTY)
    airflow: Mapping[str, Any] = key(
        structures, "Arguments for Airflow alone.", default=EMPTY, merges=False
    )
    datapipeline: Mapping[str, tuple[Text, ...]] = for_datapipeline()
    span: Span = NOWHERE

    @property
    def takes_windows(self) -> bool:
        """True when what it reads may be given a window."""
        return bool(self.kind.windows)


@node
class Resource:
    """A place where work runs."""

    name: str
    kind: Any
    description: str = key(string, "What it is, for people.", default="")
    schedule: Ref | None = key(
        schedule_name,
        "A longer interval than that of the work, in which one serves all of it.",
        default=None,
        merges=False,
    )
    attempts: Attempts | None = key(attempts, "How often starting it is tried.", default=None)
    notify: Mapping[Status, tuple[Ref, ...]] = key(
        notices, "Whom to tell when it could not be started or ended.", default=EMPTY
    )
    vars: Mapping[str, Text] = key(mapping_of(text), "Values of one's own.", default=EMPTY)
    datapipeline: Mapping[str, tuple[Text, ...]] = for_datapipeline()
    span: Span = NOWHERE


@node
class Notification:
    """Whom to tell, and what."""

    name: str
    kind: Any
    description: str = key(string, "What it is for.", default="")
    vars: Mapping[str, Text] = key(mapping_of(text), "Values of one's own.", default=EMPTY)
    datapipeline: Mapping[str, tuple[Text, ...]] = for_datapipeline()
    span: Span = NOWHERE


Object: TypeAlias = Datanode | Activity | Resource | Notification

OBJECTS: dict[str, type] = {
    "notifications": Notification,
    "resources": Resource,
    "datanodes": Datanode,
    "activities": Activity,
}
"""The sections whose objects have kinds, and what they hold in common."""


@node
class Pipeline:
    """Everything that one file says."""

    name: str
    source: Source
    description: str = ""
    owner: str = ""
    tags: tuple[str, ...] = ()
    params: Mapping[str, Param] = field(default_factory=dict)
    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    connections: Mapping[str, Connection] = field(default_factory=dict)
    notifications: Mapping[str, Notification] = field(default_factory=dict)
    resources: Mapping[str, Resource] = field(default_factory=dict)
    datanodes: Mapping[str, Datanode] = field(default_factory=dict)
    activities: Mapping[str, Activity] = field(default_factory=dict)
    default_schedule: Ref | None = None
    broken: frozenset[str] = frozenset()
    """Names of objects that were reported and left out: nobody should miss them as well."""
    damaged: frozenset[str] = frozenset()
    """Names of objects of which a part was reported and left out."""
    names: Mapping[str, Span] = field(default_factory=dict)
    """Every name that the file gives, and where."""
    span: Span = NOWHERE

    @property
    def incomplete(self) -> bool:
        """True when a part of it was reported and left out: what follows from that is not known."""
        return bool(self.broken or self.damaged)


Project: TypeAlias = Mapping[str, Pipeline]
"""The pipelines of a project, by name."""

Checked = NewType("Checked", Pipeline)
"""A pipeline that no check complained about. Only `check` makes one."""
