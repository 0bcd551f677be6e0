"""Definitions over all that the service knows: valid ones by chance, and the smallest of each field."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from random import Random
from typing import TypeVar

from hypothesis import strategies as st

from pipec.definition.catalogue import catalogue
from pipec.definition.values import DEFAULT, Definition, text
from tests.definition.building import Building, reference

T = TypeVar("T")


def definition(chance: Random | int, types: Collection[str] | None = None) -> Definition:
    """A valid definition with objects of some of the `types`, in which everything is used."""
    random = chance if isinstance(chance, Random) else Random(chance)
    among = sorted(types or catalogue().types)
    roots = [random.choice(among) for _ in range(random.randint(1, 3))]
    made = Building(_Chance(random))
    made.begin(asked_for="Schedule" not in roots and random.random() < 0.2)
    for type_ in roots:
        made.used(type_, made.object(type_))
    return made.definition()


def definitions(types: Collection[str] | None = None) -> st.SearchStrategy[Definition]:
    """The same, drawn by hypothesis."""
    return st.randoms(use_true_random=False).map(lambda it: definition(it, types))


def one_of_each() -> Iterator[Definition]:
    """For each field of each type, a smallest definition in which it is not at its default."""
    for type_ in catalogue().types.values():
        for field in type_.writable:
            yield smallest(type_.name, field.name)


def smallest(type_: str, field: str) -> Definition:
    """A definition with one object that has the field, what that needs, and what uses it."""
    made = Building(_First())
    made.default({"scheduleType": (text("cron"),)})
    if type_ != "Schedule":
        made.fields[DEFAULT]["schedule"] = (reference(made.object("Schedule")),)
    if field == "schedule":
        made.periods = ("12 hours",)  # Another one than that of all.
    made.used(type_, made.object(type_, wanted=(field,)), field)
    return made.definition()


class _Chance:
    """What happens by chance."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def one(self, of: Sequence[T]) -> T:
        return self.random.choice(of)

    def some(self, of: Sequence[T]) -> list[T]:
        return self.random.sample(list(of), self.random.randint(1, min(3, len(of))))

    def often(self, how: float) -> bool:
        return self.random.random() < how


class _First:
    """The first of all there is, and nothing that need not be."""

    def one(self, of: Sequence[T]) -> T:
        return of[0]

    def some(self, of: Sequence[T]) -> list[T]:
        return [of[0]]

    def often(self, how: float) -> bool:
        return False
