"""What is generated is what the service takes, says all that it knows, and is read back the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings

from pipec.definition.catalogue import catalogue
from pipec.definition.check import check_definition
from pipec.definition.checks.facts import is_own
from pipec.definition.inherit import Resolved, resolved
from pipec.definition.read import read_definition
from pipec.definition.values import DEFAULT, Definition, Reference
from pipec.definition.write import definition_text
from pipec.diagnostic import Report
from pipec.source import Source
from tests.definition.content import MATCHED
from tests.definition.generated import definition, definitions, one_of_each, smallest
from tests.definition.meaning import differences

SEEDS = range(500)


def said(one: Definition) -> list[str]:
    """What the service has against a definition, after it was written and read."""
    report = Report()
    written = definition_text(one)
    [again] = read_definition(Source("shop.json", written), report)
    assert again == one
    assert definition_text(again) == written
    check_definition(again, report)
    return [f"{it.code} {it.text()}\n{written}" for it in report.found if it.severity == "error"]


def waits_for(one: Definition) -> dict[str, set[str]]:
    """What each object waits for, in what it refers to and by what it reads."""
    found: dict[str, set[str]] = {}
    for it in resolved(one):
        if it.object.type:
            known = catalogue().types[it.object.type].fields
            for name, field in it.fields.items():
                for to in field.references if name in known and name != "parent" else ():
                    first, second = it.object.id, to.id
                    if name == "output":
                        first, second = second, first
                    found.setdefault(first, set()).add(second)
    return found


def in_a_circle(graph: dict[str, set[str]]) -> bool:
    while True:
        ends = {it for to in graph.values() for it in to if it not in graph}
        if not ends:
            return bool(graph)
        left = {id: to - ends for id, to in graph.items()}
        graph = {id: to for id, to in left.items() if to}


@pytest.mark.parametrize("first", SEEDS[::50])
def test_the_service_takes_what_is_generated(first: int) -> None:
    for seed in range(first, first + 50):
        one = definition(seed)
        assert said(one) == []
        assert not in_a_circle(waits_for(one))
        assert differences(one, one, {}) == []
        assert not unused(one)


# Whatever fails here is as easily seen unshrunk, and shrinking takes minutes.
@settings(max_examples=50, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(definitions())
def test_the_service_takes_what_hypothesis_draws(one: Definition) -> None:
    assert said(one) == []


def unused(one: Definition) -> set[str]:
    """The objects that no activity leads to, or that lead to no other that is used."""
    used = {it.id for it in one.objects if _category(it.type) == "activity" or it.id == DEFAULT}
    grown = True
    while grown:
        before = len(used)
        for it in one.objects:
            if it.id in used:
                used |= {ref.id for field in it.fields for ref in field.references}
        grown = len(used) > before
    return {it.id for it in one.objects} - used


def _category(type_: str) -> str:
    return catalogue().types[type_].category if type_ else ""


def pairs(given: Iterable[Definition]) -> set[tuple[str, str]]:
    return {
        (it.type, field.key.value)
        for one in given
        for it in one.objects
        for field in it.fields
        if it.type
    }


EVERY = {(it.name, field.name) for it in catalogue().types.values() for field in it.writable}


def test_every_field_is_generated() -> None:
    found = pairs(map(definition, SEEDS))
    assert EVERY - found == set()


def test_all_else_is_generated() -> None:
    made = [definition(seed) for seed in SEEDS]
    attributes = {it.key.value for one in made for of in one.parameters for it in of.fields}
    assert attributes == set(catalogue().parameter)
    assert {len(one.values) < len(one.parameters) for one in made} == {True, False}
    assert any(of.secret for one in made for of in one.parameters)
    assert max(len(one.objects) for one in made) > 20
    words = {it.get("scheduleType").text.lower() for one in made if (it := one.get(DEFAULT))}  # type: ignore[union-attr]
    assert words == {"cron", "timeseries", "ondemand"}


def test_types_can_be_asked_for() -> None:
    for seed in range(20):
        one = definition(seed, ["HiveCopyActivity"])
        assert "HiveCopyActivity" in {it.type for it in one.objects}


def test_the_same_seed_gives_the_same() -> None:
    assert definition(7) == definition(7)
    assert definition(7) != definition(8)


def test_one_of_each() -> None:
    made = list(one_of_each())
    assert len(made) == len(EVERY)
    assert pairs(made) == EVERY
    for one in made:
        assert said(one) == []
        assert unused(one) == set(), definition_text(one)
        assert len(one.objects) <= 12, definition_text(one)
        assert not in_a_circle(waits_for(one))


@pytest.mark.parametrize(("type_", "field"), sorted(EVERY))
def test_the_smallest_says_what_is_not_so_anyhow(type_: str, field: str) -> None:
    one = smallest(type_, field)
    known = catalogue().types[type_].fields[field]
    [*_, it] = [of.get(field) for of in one.objects if of.type == type_ and of.get(field)]
    assert it is not None
    if known.default:
        assert it.text.lower() != known.default.lower()
    if known.slot == "reference":
        assert isinstance(it.values[0], Reference)


def test_each_field_is_told_apart_from_none() -> None:
    for type_, field in sorted(EVERY):
        one = smallest(type_, field)
        bare = tuple(
            replace(it, fields=tuple(of for of in it.fields if of.key.value != field))
            if it.type == type_
            else it
            for it in one.objects
        )
        assert differences(one, replace(one, objects=bare), {}), (type_, field)


def renamed(one: Definition) -> tuple[Definition, dict[str, str]]:
    """The same with other ids and in another order; and the new ids of all that runs."""
    ids = {it.id: it.id if it.id == DEFAULT else f"New {it.id}" for it in one.objects}
    objects = tuple(
        replace(
            it,
            id=ids[it.id],
            name="all the same",
            fields=tuple(
                replace(
                    of,
                    values=tuple(
                        replace(to, id=ids[to.id]) if isinstance(to, Reference) else to
                        for to in of.values
                    ),
                )
                for of in reversed(it.fields)
            ),
        )
        for it in reversed(one.objects)
    )
    runs = {it.id: ids[it.id] for it in one.objects if _category(it.type) in MATCHED}
    return replace(one, objects=objects), runs


def flat(one: Definition) -> Definition:
    """The same with all that is inherited written out, as far as it means something."""

    def meant(it: Resolved, name: str) -> bool:
        everywhere = it.origins[name].id == DEFAULT and _category(it.object.type) not in MATCHED
        known = name in catalogue().types[it.object.type].fields
        return name != "parent" and (known or (is_own(name) and not everywhere))

    objects = tuple(
        replace(it.object, fields=tuple(of for name, of in it.fields.items() if meant(it, name)))
        for it in resolved(one)
        if it.object.type
    )
    return replace(one, objects=objects)


@pytest.mark.parametrize("first", SEEDS[::100])
def test_what_is_written_otherwise_means_the_same(first: int) -> None:
    for seed in range(first, first + 25):
        one = definition(seed)
        other, names = renamed(one)
        assert differences(one, other, names) == []
        assert differences(one, flat(one), {}) == []
