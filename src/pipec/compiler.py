"""The whole line: from the files of a project to the files of a target."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pipec.checks import check
from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.frozen import frozen
from pipec.ir import Checked, Pipeline
from pipec.links import Links
from pipec.lower import Settings, lower
from pipec.parse import parse
from pipec.source import Source


@frozen
class Front:
    """What the front end made of a project: its pipelines, their links, those that are clean."""

    pipelines: tuple[Pipeline, ...]
    links: Links
    checked: tuple[Checked, ...]


def read_project(
    sources: Iterable[Source],
    settings: Callable[[Source], Settings],
    report: Report,
    beside: Iterable[str] = (),
) -> Front:
    """Parse, lower and check all files of a project; each mistake affects its own file only.

    `beside` are the pipelines' files that stand next to these and are no part of the project.
    """
    pipelines: dict[str, Pipeline] = {}
    sound = set()
    unread = set()
    for source in sources:
        before = report.errors
        tree = parse(source, report)
        one = lower(tree, source, settings(source), report) if tree is not None else None
        if one is None:
            unread.add(_stem(source.name))
        elif one.name in pipelines:
            first = pipelines[one.name].span
            report.add(PipelineTwice(one.span, one.name, first.source.name, first.line))
        else:
            pipelines[one.name] = one
            if report.errors == before:
                sound.add(one.name)
    links = Links(pipelines, frozenset(unread), {_stem(name): name for name in beside})
    checked = {it.name: it for one in pipelines.values() if (it := check(one, links, report))}
    clean = _rested(checked.keys() & sound, pipelines, links)
    done = tuple(one for name, one in checked.items() if name in clean)
    return Front(tuple(pipelines.values()), links, done)


def _rested(clean: set[str], pipelines: dict[str, Pipeline], links: Links) -> set[str]:
    """Those of the clean pipelines that rest on clean ones only."""
    if len(clean) == len(pipelines):
        return clean
    mentioned = {name: links.rests_on(pipelines[name]) for name in clean}
    while unsound := {name for name in clean if mentioned[name] - clean}:
        clean = clean - unsound
    return clean


def _stem(name: str) -> str:
    """The name that the pipeline of an unreadable file most likely has."""
    return name.replace("\\", "/").rpartition("/")[2].partition(".")[0]


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
