"""The home of each field is where the import takes it."""

from __future__ import annotations

import pytest

from pipec.definition.catalogue import catalogue
from pipec.diagnostic import Report
from pipec.importing.importer import import_definition
from pipec.targets.datapipeline.homes import homes
from tests.definition.generated import smallest

WITHOUT = {
    # What says nothing in the smallest definition with it.
    ("HttpProxy", "parent"),
    ("ShellCommandActivity", "stage"),
    ("Ec2Resource", "useOnDemandOnLastAttempt"),
    ("EmrCluster", "useOnDemandOnLastAttempt"),
    *((it, "dependsOn") for it in catalogue().of_category("datanode")),
}


@pytest.mark.parametrize("type_", sorted(catalogue().types))
def test_the_import_takes_it_there(type_: str) -> None:
    wrong = [
        (field, said)
        for field, home in homes()[type_].items()
        if (said := disagreement(type_, field, home.key, home.why))
        and (type_, field) not in WITHOUT
    ]
    assert wrong == []


def disagreement(type_: str, field: str, key: str, why: str) -> str:
    """How the import of a definition with that field differs from its home; empty if it does not."""
    definition = smallest(type_, field)
    ids = {it.id for it in definition.objects if it.type == type_ and it.get(field)}
    made = import_definition(definition, Report())
    found = [it for it in made.accounts if it.owner in ids and it.field == field]
    outcomes = {it.outcome for it in found}
    if why:
        return "" if outcomes == {"dropped"} else f"it is {outcomes}, not dropped: {why}"
    if key.startswith("`datapipeline:"):
        told = all("is kept under `datapipeline`" in it.why for it in found)
        return "" if told and f"{field}: " in made.text else f"it is not kept: {found}"
    if outcomes <= {"carried", "approximated", "undecided"}:
        return ""
    return f"it is dropped, and not at home under {key}: {[it.why for it in found]}"
