"""The log that code scanners read, against the standard's own schema.

`sarif-2.1.0.schema.json` is the schema of the OASIS standard SARIF 2.1.0, unchanged.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pipec.diagnostic import Diagnostic
from pipec.render import FORMATS
from pipec.render.explain import explain
from pipec.source import NOWHERE
from tests.render.shop import LateMail, Unknown, UnknownOrder

SCHEMA = json.loads(Path(__file__).with_name("sarif-2.1.0.schema.json").read_text("utf-8"))


def log(*found: Diagnostic) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(FORMATS["sarif"](found))
    jsonschema.Draft4Validator(SCHEMA).validate(document)
    [run] = document["runs"]
    assert isinstance(run, dict)
    return run


def test_rules_are_described_once_and_found_by_their_place(
    unknown: Unknown, late: LateMail
) -> None:
    run = log(late, unknown("a: ordrs", "ordrs"), unknown("b: ordrs", "ordrs"))
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["P998", "P999"]
    assert rules[0] == {
        "id": "P998",
        "name": "UnknownOrder",
        "shortDescription": {"text": "Unknown order"},
        "fullDescription": {
            "text": "An activity waits for an order that does not exist.\n\n"
            "`after:` names what comes before."
        },
        "help": {"text": explain(UnknownOrder)},
        "defaultConfiguration": {"level": "error"},
    }
    assert [
        (result["ruleId"], result["ruleIndex"], result["level"]) for result in run["results"]
    ] == [("P999", 1, "warning"), ("P998", 0, "error"), ("P998", 0, "error")]


def test_columns_count_characters_and_the_end_is_the_one_after(unknown: Unknown) -> None:
    run = log(unknown("a: 🎉 ordrs", "ordrs"))
    assert run["columnKind"] == "unicodeCodePoints"
    [place] = run["results"][0]["locations"]
    assert place["physicalLocation"]["region"] == {
        "startLine": 1,
        "startColumn": 6,
        "endLine": 1,
        "endColumn": 11,
    }


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("shop.pipe.yaml", "shop.pipe.yaml"),
        ("a b/c:d%.pipe.yaml", "a%20b/c%3Ad%25.pipe.yaml"),
        ("/srv/表.pipe.yaml", "file:///srv/%E8%A1%A8.pipe.yaml"),
        ("a\\b.pipe.yaml", "a/b.pipe.yaml"),
        ("\udcff.pipe.yaml", "%FF.pipe.yaml"),
    ],
)
def test_names_of_files_are_references(unknown: Unknown, name: str, uri: str) -> None:
    found = unknown("a: ordrs", "ordrs", file=name)
    [place] = log(found)["results"][0]["locations"]
    assert place["physicalLocation"]["artifactLocation"] == {"uri": uri}


def test_what_no_file_says_has_no_place() -> None:
    assert "locations" not in log(UnknownOrder(NOWHERE, "ordrs"))["results"][0]


def test_nothing_found_is_a_run_without_results() -> None:
    assert log()["results"] == []
