"""What is compiled to a definition, imported, and compiled again is the same definition."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipec.definition.read import read_definition
from pipec.diagnostic import Report
from pipec.importing.importer import import_definition
from pipec.source import Source
from tests.definition.generated import definition
from tests.importing.importing import NAMES, errors, files, imported

HERE = Path(__file__).parent
PAGES = sorted((HERE / "pages").glob("*.pipe.yaml"))


@pytest.mark.parametrize("page", PAGES, ids=lambda it: it.stem.partition(".")[0])
def test_pages_of_ours(page: Path) -> None:
    check(page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_what_was_imported(name: str) -> None:
    check(imported(name, values=True).imported.text)


@pytest.mark.parametrize("seed", range(100))
def test_what_was_imported_of_definitions_by_chance(seed: int) -> None:
    text = import_definition(definition(seed), Report()).text
    made, said = files(text, "datapipeline")
    if made and not errors(said):
        check(text)


def check(text: str) -> None:
    """Hold a pipeline against what an import makes of it."""
    first, said = files(text, "datapipeline")
    assert errors(said) == []
    [(name, once)] = first.items()
    report = Report()
    [back] = read_definition(Source(name, once), report)
    assert errors(report.sorted()) == []
    made = import_definition(back, report, name.removesuffix(".json"))
    second, said = files(made.text, "datapipeline")
    assert errors(said) == []
    assert second[name].splitlines()[3:] == once.splitlines()[3:]
