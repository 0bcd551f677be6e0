"""The whole line: from the files of a project to the files of a target."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pipec.checks import check
from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.ir import Checked, Pipeline
from pipec.links import Links
from pipec.lower import Settings, lower
from pipec.parse import parse
from pipec.source import Source


@dataclass(frozen=True)
class Front:
    """What the front end made of a project: its pipelines, their links, those that are clean."""

    pipelines: tuple[Pipeline, ...]
    links: Links
    checked: tuple[Checked, ...]


def read_project(
    sources: Iterable[Source], settings: Callable[[Source], Settings], report: Report
) -> Front:
    """Parse, lower and check all files of a project; each mistake affects its own file only."""
    pipelines = []
    for source in sources:
        tree = parse(source, report)
        if tree is not None and (pipeline := lower(tree, source, settings(source), report)):
            pipelines.append(pipeline)
    project = _by_name(pipelines, report)
    links = Links(project)
    checked = []
    for pipeline in project.values():
        before = report.errors
        if (one := check(pipeline, links, report)) is not None and report.errors == before:
            checked.append(one)
    return Front(tuple(pipelines), links, tuple(checked))


def _by_name(pipelines: list[Pipeline], report: Report) -> dict[str, Pipeline]:
    found: dict[str, Pipeline] = {}
    for pipeline in pipelines:
        if pipeline.name in found:
            first = found[pipeline.name].span
            report.add(PipelineTwice(pipeline.span, pipeline.name, first.source.name, first.line))
        else:
            found[pipeline.name] = pipeline
    return found


@diagnostic
class PipelineTwice(Diagnostic):
    """Each pipeline of a project has a name of its own: its Dags are named after it."""

    code = "P124"
    title = "Pipeline name given twice"
    message = "`{name}` is the name of another pipeline already, in {file}, line {line}"
    help = "give one of them another name"
    fails = """
        pipeline: shop
        activities: {}
        # file: second.pipe.yaml
        pipeline: shop    # P124 shop
        activities: {}
        """
    fixed = """
        pipeline: shop
        activities: {}
        # file: second.pipe.yaml
        pipeline: stock
        activities: {}
        """

    name: str
    file: str
    line: int
