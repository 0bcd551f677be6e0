"""What tests of the import share: definitions that are imported, and what the pipelines become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipec.cli.missing import report_missing
from pipec.compiler import Front, read_project
from pipec.definition.read import read_definition
from pipec.definition.values import Definition
from pipec.diagnostic import Diagnostic, Report
from pipec.importing.importer import Imported, import_definition
from pipec.lower import Settings
from pipec.lower.params import value_scalar
from pipec.plan import plan
from pipec.source import Source
from pipec.targets import airflow, datapipeline

CORPUS = Path(__file__).parents[1] / "definition" / "corpus"
VALUES = Path(__file__).parent / "values"
NO_JSON = "OnDemandWithLamdaFunctions_ondemand"
PARTS = ("oracle-backup_parameters", "oracle-backup_values")
"""Files that hold the parameters and values of another."""
NAMES = sorted(it.stem for it in CORPUS.glob("*.json") if it.stem not in (*PARTS, NO_JSON))
MOMENTS = {"first_run": "2026-01-01T06:30:05Z", "last_run": "2026-02-01T06:30:05Z"}
"""When what nobody but the service knows was: given as `--set`."""


@dataclass(frozen=True)
class Import:
    """A definition, what was made of it, and what was said."""

    definition: Definition
    imported: Imported
    said: list[Diagnostic]


def imported(name: str, *, values: bool = False) -> Import:
    """A file of the corpus, with the values of the file that goes with it or without."""
    added = [CORPUS / f"{PARTS[0]}.json"] if name.startswith("oracle") else []
    if values and (VALUES / f"{name}.json").exists():
        added.append(VALUES / f"{name}.json")
    report = Report()
    [definition] = read_definition(_source(CORPUS / f"{name}.json"), report, *map(_source, added))
    return Import(definition, import_definition(definition, report), report.sorted())


def _source(path: Path) -> Source:
    return Source(path.name, path.read_text(encoding="utf-8"))


def read(text: str, values: Mapping[str, str] = MOMENTS) -> tuple[Front, Report]:
    """The pipeline in a text, with the values that it has parameters for."""
    report = Report()
    given = {name: value_scalar("--set", it) for name, it in values.items() if f"  {name}:" in text}
    source = Source("imported.pipe.yaml", text)
    return read_project([source], lambda _: Settings("", given), report), report


def files(text: str, target: str, **options: Any) -> tuple[dict[str, str], list[Diagnostic]]:
    """What a pipeline becomes, and all that is said of it."""
    front, report = read(text)
    found: dict[str, str] = {}
    emit = {"airflow": airflow.emit, "datapipeline": datapipeline.emit}[target]
    for one in front.checked:
        report_missing(one, report)
        found |= emit(plan(one, front.links), front.links, report, **options)
    return found, report.sorted()


def errors(found: list[Diagnostic]) -> list[str]:
    """The errors among what was said."""
    return [f"{it.code} {it.text()}: {it.span.text}" for it in found if it.severity == "error"]
