"""Whatever the service takes is imported, and every field of it is accounted for."""

from __future__ import annotations

import pytest

from pipec.definition.catalogue import catalogue
from pipec.definition.values import Definition
from pipec.diagnostic import Report
from pipec.importing.importer import import_definition
from tests.definition.generated import definition, smallest
from tests.importing.importing import errors, files
from tests.importing.untold import untold

SEEDS = range(150)
REPEATED = "precondition"
"""Two preconditions that look at the same are one here: a definition by chance may have both."""


@pytest.mark.parametrize("type_", sorted(catalogue().types))
def test_every_field_of_every_type_is_carried_over_or_told(type_: str) -> None:
    for field in catalogue().types[type_].writable:
        check(smallest(type_, field.name))


@pytest.mark.parametrize("seed", SEEDS)
def test_definitions_by_chance_are_carried_over_or_told(seed: int) -> None:
    check(definition(seed))


def check(one: Definition) -> None:
    """Everything is accounted for; compiled back, what differs was told."""
    made = import_definition(one, Report())
    every = [
        (it.id, name.key.value) for it in (*one.objects, *one.parameters) for name in it.fields
    ]
    every += [(it.id, "type") for it in one.objects if it.type]
    every += [(it, "value") for it in one.valued_at]
    assert sorted({*every}) == sorted((it.owner, it.field) for it in made.accounts)
    compiled, said = files(made.text, "datapipeline")
    if compiled and not errors(said):
        found = untold(one, made, *compiled.values())
        assert [it for it in found if f"`{REPEATED}`" not in it] == []
