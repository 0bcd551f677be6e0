"""What tests of the target share: Dag files of a project that stands in the test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import dedent

from pipec.compiler import Front
from pipec.diagnostic import Report
from pipec.local.prepare import stand_ins
from pipec.plan import Graph, plan
from pipec.targets.airflow import emit
from pipec.targets.airflow.version import Version
from tests.reading import files, read


@dataclass(frozen=True)
class Compiled:
    """A project, its graphs, and the Dag files that it becomes."""

    front: Front
    graphs: tuple[Graph, ...]
    files: dict[str, str]


def compiled(
    project: str | Mapping[str, str], version: Version = "3.3", *, local: bool = False
) -> Compiled:
    """What a project becomes: its files by name, or all of them in one text (see `files`)."""
    report = Report()
    front, said = read(files(dedent(project)) if isinstance(project, str) else project)
    assert not [one for one in said if one.severity == "error"], said
    graphs = tuple(graph for one in front.checked for graph in plan(one, front.links))
    names = stand_ins(front.checked) if local else ()
    made = emit(graphs, front.links, report, version=version, local=local, stand_ins=names)
    assert not report.errors, report.sorted()
    return Compiled(front, graphs, made)


def dag_files(project: str | Mapping[str, str], version: Version = "3.3") -> dict[str, str]:
    """The Dag files of a project, by name."""
    return compiled(project, version).files


def complaints(project: str) -> list[tuple[str, str]]:
    """Code and underlined words of what Airflow cannot say about a project."""
    report = Report()
    front, said = read(files(dedent(project)))
    assert not said, said
    for one in front.checked:
        emit(plan(one, front.links), front.links, report)
    return [(one.code, one.span.text) for one in report.sorted()]
