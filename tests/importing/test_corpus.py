"""Published definitions become pipelines that check clean, compile, and mean the same."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from pipec.definition.read import read_definition
from pipec.diagnostic import Report
from pipec.importing.report import Done, counts, report_text
from pipec.source import Source
from tests.importing.importing import (
    CORPUS,
    NAMES,
    NO_JSON,
    errors,
    files,
    imported,
    read,
)
from tests.importing.untold import untold

every = pytest.mark.parametrize("name", NAMES)


@every
def test_it_is_what_a_person_would_write(name: str, snapshot: SnapshotAssertion) -> None:
    assert imported(name).imported.text == snapshot


@every
def test_its_report(name: str, snapshot: SnapshotAssertion) -> None:
    made = imported(name).imported
    assert report_text([Done(f"{name}.json", made, f"{made.name}.pipe.yaml")]) == snapshot


@every
def test_every_field_is_accounted_for(name: str) -> None:
    one = imported(name)
    definition = one.definition
    fields = sum(
        len({it.key.value for it in thing.fields}) + bool(thing.type)
        for thing in definition.objects
    )
    fields += sum(len({it.key.value for it in thing.fields}) for thing in definition.parameters)
    fields += len(definition.values)
    assert sum(counts(one.imported.accounts).values()) == fields
    assert all(it.why for it in one.imported.accounts if it.outcome != "carried")


@every
def test_it_checks_clean_without_values(name: str) -> None:
    _, report = read(imported(name).imported.text, {})
    assert errors(report.sorted()) == []


@every
@pytest.mark.parametrize("version", ["3.3", "3.0", "2.11"])
def test_it_compiles_to_airflow(name: str, version: str) -> None:
    made, said = files(imported(name, values=True).imported.text, "airflow", version=version)
    assert errors(said) == []
    assert made


@every
def test_compiled_back_it_differs_in_what_the_report_says(name: str) -> None:
    one = imported(name, values=True)
    made, said = files(one.imported.text, "datapipeline")
    assert errors(said) == []
    assert untold(one.definition, one.imported, *made.values()) == []


def test_what_is_no_json_is_refused_where_it_ends_to_be() -> None:
    report = Report()
    text = (CORPUS / f"{NO_JSON}.json").read_text(encoding="utf-8")
    assert read_definition(Source("ondemand.json", text), report) == ()
    found = report.found[0]
    assert (found.code, found.span.line, found.span.column) == ("P501", 4, 82)
