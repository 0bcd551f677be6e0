"""What rows give to a definition and take from one: what fields hold, and an object that is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol, TypeAlias

from pipec.definition.values import Field, Reference
from pipec.frozen import frozen
from pipec.syntax import Scalar

Given: TypeAlias = "str | Reference | Sequence[str | Reference] | None"
"""What a field of a definition gets; None, and an empty list, leave it out."""

Made: TypeAlias = "str | Mapping[str, Made] | Sequence[Made] | InOneLine | None"
"""What stands behind a key of a pipeline file: a text, a mapping, a list, or nothing."""


@frozen
class InOneLine:
    """A mapping or list that people write in one line."""

    value: Mapping[str, Made] | Sequence[Made]


Outcome = Literal["carried", "approximated", "dropped", "undecided"]
"""What becomes of a field of a definition. Of several, the last one here counts."""

OUTCOMES: tuple[Outcome, ...] = ("carried", "approximated", "dropped", "undecided")


class Reading(Protocol):
    """An object of a definition that becomes one of a pipeline, or a part of one."""

    @property
    def type(self) -> str:
        """Its type."""

    @property
    def section(self) -> str:
        """The section of a pipeline that it goes to; empty for what is a part of others."""

    def has(self, name: str) -> bool:
        """Whether it has the field, of its own or inherited; nothing is said of it."""

    def field(self, name: str) -> Field | None:
        """Its field `name`, which then counts as carried over; None without one, or if it is empty."""

    def text(self, value: Scalar) -> str:
        """A text as a pipeline has it."""

    def plain(self, value: Scalar) -> str | None:
        """What a text comes to that is known beforehand; None when it is not."""

    def put(self, key: str, made: Made) -> None:
        """Give it the key `key`."""

    def account(self, name: str, outcome: Outcome, why: str) -> None:
        """Say what becomes of the field `name`, and why, if it is not just carried over."""

    def remark(self, words: str) -> None:
        """A line of comment above the object: something that a person should look at."""

    def remark_on_schedule(self, words: str) -> None:
        """The same above a schedule."""

    # What others it has to do with.

    def name(self, reference: Reference, section: str) -> str | None:
        """How the object is called that `reference` leads to; None, accounted for, if it is not there."""

    def other(self, reference: Reference) -> Reading | None:
        """The object that `reference` leads to; None, accounted for, if it is not there."""

    def waited_for(self, reference: Reference) -> Reading | None:
        """The same for a precondition: in its expressions, `node` is this object."""

    def type_of(self, name: str) -> str:
        """The type of the first object that a field refers to; empty without one."""

    def leave_rest(self) -> None:
        """Account for the fields that nothing has asked for; some are kept for the service alone."""

    # What an object of its section has to know of the others.

    @property
    def on_demand(self) -> bool:
        """Whether the pipeline runs on demand."""

    @property
    def has_tables(self) -> bool:
        """Whether it reads or writes tables of a database."""

    @property
    def needs_format(self) -> bool:
        """Whether rows are taken to it or from it that are kept in another way elsewhere."""

    def schedule(self) -> str | None:
        """The name of its schedule, if it has to be said."""

    def moment(self, name: str) -> str:
        """The parameter that says a time which the definition does not."""

    def workers(self, group: str) -> str:
        """The resource that stands for a worker group."""

    def field_of_default(self, name: str) -> Field | None:
        """The field as `Default` has it."""

    def own_fields(self) -> tuple[str, ...]:
        """The names of the fields that users made up."""

    def variable(self, name: str) -> str:
        """What such a field is called here."""

    def is_list(self, values: Sequence[Scalar]) -> bool:
        """Whether these values are one parameter that is a list."""

    def like_others(self, name: str) -> str:
        """The type of nodes for a group of a cluster that says none."""

    def connection(self) -> str | None:
        """The connection of a table."""

    def database_of_flow(self) -> str | None:
        """The connection that follows from what it reads and writes."""

    def secret(self, name: str) -> str | None:
        """The secret that a field holds, as an expression."""

    def format(self, format_: Any) -> Made:
        """How rows stand in files, as a datanode says it."""

    def node_at(self, kind: str, place: str) -> str:
        """The datanode at a place, or for a table; empty for this object itself."""
