"""What rows give to a definition and take from one: what fields hold, and an object that is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol, TypeAlias

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
    """An object of a definition that becomes one of a pipeline."""

    def field(self, name: str) -> Field | None:
        """Its field `name`, of its own or inherited, which is then carried over; None without one."""

    def text(self, value: Scalar) -> str:
        """A text as a pipeline has it."""

    def plain(self, value: Scalar) -> str | None:
        """What a text comes to that is known beforehand; None when it is not."""

    def put(self, key: str, made: Made) -> None:
        """Give it the key `key`."""

    def name(self, reference: Reference, section: str) -> str | None:
        """How the object is called in the pipeline that `reference` leads to; None if it leads to no
        object of that section, which is accounted for."""

    def other(self, reference: Reference) -> Reading | None:
        """The object that `reference` leads to; None if it leads nowhere, which is reported."""

    def account(self, name: str, outcome: Outcome, why: str) -> None:
        """Say what becomes of the field `name`, and why, if it is not just carried over."""

    def remark(self, words: str) -> None:
        """A line of comment above the object: something that a person should look at."""
