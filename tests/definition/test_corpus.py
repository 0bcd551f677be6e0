"""Definitions that were published, read and held against what the service takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipec.definition.read import read_definition
from pipec.definition.write import definition_text
from pipec.diagnostic import Report
from pipec.source import Source
from tests.definition.reading import read

CORPUS = Path(__file__).parent / "corpus"
BROKEN = "OnDemandWithLamdaFunctions_ondemand.json"
BESIDE = {
    "oracle-backup_definition.json": ("oracle-backup_parameters.json", "oracle-backup_values.json")
}
WHOLE = sorted(
    file.name
    for file in CORPUS.glob("*.json")
    if file.name != BROKEN and file.name not in BESIDE["oracle-backup_definition.json"]
)
WRONG = {
    # Its schedule is not there, and a pipeline on demand needs none.
    "json-to-dynamodb_definition.json": ["P526"],
    # Words to be filled in stand where dates do.
    "guide_dp-copydata-redshift-define-pipeline-cli__01.json": ["P532"] * 3,
}


def texts(name: str) -> dict[str, str]:
    return {
        one: (CORPUS / one).read_text(encoding="utf-8") for one in (name, *BESIDE.get(name, ()))
    }


@pytest.mark.parametrize("name", WHOLE)
def test_reads_without_complaint(name: str) -> None:
    sources = [Source(*one) for one in texts(name).items()]
    report = Report()
    [found] = read_definition(sources[0], report, *sources[1:])
    assert report.errors == 0
    assert found.objects
    theirs = json.loads(sources[0].text)
    assert plain(json.loads(definition_text(found))["objects"]) == plain(theirs["objects"])


def plain(objects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The objects as the service keeps them: lists of one are their value, all have a name."""
    return [
        {"name": one["id"]}
        | {
            key: value[0] if isinstance(value, list) and len(value) == 1 else value
            for key, value in one.items()
        }
        for one in objects
    ]


@pytest.mark.parametrize("name", WHOLE)
def test_is_what_the_service_takes(name: str) -> None:
    _, said = read(texts(name))
    assert [one.code for one in said if one.severity == "error"] == WRONG.get(name, [])


def test_what_is_no_json_is_refused_where_it_stands() -> None:
    found, said = read(texts(BROKEN))
    assert found == ()
    assert (said[0].code, said[0].span.line, said[0].span.column) == ("P501", 4, 82)
    assert {one.code for one in said} == {"P501", "P502"}


def test_parameters_and_values_of_other_files_are_added() -> None:
    [found], said = read(texts("oracle-backup_definition.json"))
    assert said == []
    assert len(found.parameters) == len(found.values) == 10
    assert found.parameters[0].span.source.name == "oracle-backup_parameters.json"
