"""What becomes of every field of a definition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pipec.definition.values import Definition, Field, Object, Parameter
from pipec.frozen import frozen
from pipec.targets.datapipeline.sides import OUTCOMES, Outcome


@frozen
class Account:
    """What becomes of one field of one object, or of one attribute or value of a parameter."""

    owner: str
    """The id of the object or parameter."""
    field: str
    outcome: Outcome
    why: str
    line: int
    column: int


@dataclass
class Accounts:
    """The accounts of a definition while it is imported."""

    definition: Definition
    said: dict[tuple[str, str], dict[str, list[tuple[Outcome, str]]]] = field(default_factory=dict)

    def add(self, owner: str, name: str, outcome: Outcome, why: str = "", reader: str = "") -> None:
        """Say what becomes of a field for the object `reader`, which may have inherited it."""
        there = self.said.setdefault((owner, name), {}).setdefault(reader, [])
        if (outcome, why) not in there:
            there.append((outcome, why))

    def all(self) -> tuple[Account, ...]:
        """One for each field that the definition has, in the order of the file."""
        return tuple(self._all())

    def _all(self) -> Iterator[Account]:
        for one in self.definition.objects:
            if one.type:
                yield self._account(one.id, "type", one.type_at.line, one.type_at.column)
            yield from self._of_fields(one)
        for parameter in self.definition.parameters:
            yield from self._of_fields(parameter)
        for id_, at in self.definition.valued_at.items():
            yield self._account(id_, "value", at.line, at.column)

    def _of_fields(self, one: Object | Parameter) -> Iterator[Account]:
        seen: dict[str, Field] = {}
        for it in one.fields:
            if it.key.value not in seen:
                span = it.key.span
                yield self._account(one.id, it.key.value, span.line, span.column)
            seen[it.key.value] = it

    def _account(self, owner: str, name: str, line: int, column: int) -> Account:
        said = self.said.get((owner, name), {"": [("dropped", _UNUSED)]})
        found = [_gravest(one) for one in said.values()]
        # What nobody but some of its heirs has a use for is carried over all the same.
        outcome = max((it for it, _ in found), key=_HEIRS.index)
        whys = [why for it, why in found if it == outcome and why]
        return Account(owner, name, outcome, "; ".join(dict.fromkeys(whys)), line, column)


def _gravest(said: list[tuple[Outcome, str]]) -> tuple[Outcome, str]:
    outcome = max((it for it, _ in said), key=OUTCOMES.index)
    return outcome, "; ".join(why for it, why in said if it == outcome and why)


_HEIRS: tuple[Outcome, ...] = ("dropped", "carried", "approximated", "undecided")
_UNUSED = "nothing that was imported uses it"
