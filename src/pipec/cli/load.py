"""The pipelines of the PATHs: found, read, lowered and checked, with what was complained about."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

from pipec.cli.arguments import Arguments, Misuse, choice
from pipec.cli.concern import Concern
from pipec.cli.project import Project, read
from pipec.cli.settings import Settings, settings
from pipec.compiler import Front, read_project
from pipec.diagnostic import Diagnostic, Report
from pipec.ir import Checked, Pipeline
from pipec.lower import Settings as Outside
from pipec.lower.params import ValueForNoParameter, value_scalar
from pipec.plan import Graph, plan
from pipec.source import Source
from pipec.syntax import Scalar

VALUE_FROM = "--set"


@dataclass(frozen=True)
class Loaded:
    """A project whose pipelines were read. What is reported from now on goes to `report`."""

    project: Project
    settings: Settings
    front: Front
    concern: Concern
    report: Report
    scripts: set[str]
    """The files beside the pipelines that were asked for, be they there or not."""

    @property
    def pipelines(self) -> tuple[Pipeline, ...]:
        """The pipelines that were asked for, those with mistakes too."""
        return tuple(one for one in self.front.pipelines if self._asked(one))

    def graphs(self) -> Iterator[tuple[Checked, tuple[Graph, ...]]]:
        """The graphs of each pipeline that was asked for and is clean, with all that it rests on."""
        clean = {one.name for one in self.front.checked}
        for one in self.front.checked:
            if self._asked(one) and self.concern.of(one.name) <= clean:
                yield one, plan(one, self.front.links)

    def _asked(self, pipeline: Pipeline) -> bool:
        return pipeline.source.name in self.project.asked


def load(arguments: Arguments, projects: tuple[Project, ...]) -> tuple[Loaded, ...]:
    """The projects, each with its pipelines."""
    values = _values(arguments.every("--set"))
    found = tuple(_load(one, values, arguments) for one in projects)
    _check_values(values, found)
    _check_environment(arguments.one("--env"), found)
    return found


def _load(project: Project, values: dict[str, Scalar], arguments: Arguments) -> Loaded:
    report = Report(list(project.report.found))
    chosen = settings(project, arguments, report)
    read_ones = (read(project, name, report) for name in project.files)
    sources = [one for one in read_ones if one is not None]
    scripts: set[str] = set()

    def outside(source: Source) -> Outside:
        # A pipeline without environments is the same in all of them.
        environment = chosen.environment if "environments" in source.text else ""
        return Outside(environment, values, _Beside(project, source, scripts))

    front = read_project(sources, outside, report, project.beside)
    # A value is for those that declare it; whether there is one at all is looked at for all together.
    report.found[:] = [it for it in report.found if not _for_no_parameter(it)]
    return Loaded(project, chosen, front, Concern(project, front), report, scripts)


@dataclass(frozen=True)
class _Beside:
    """The files beside a pipeline, by their path from there; none outside of the project."""

    project: Project
    source: Source
    asked: set[str]

    def __call__(self, path: str) -> str | None:
        place = os.path.join(os.path.dirname(self.project.path(self.source.name)), path)
        self.asked.add(place)
        try:
            inside = os.path.realpath(place).startswith(
                os.path.join(os.path.realpath(self.project.folder), "")
            )
            if not inside or not os.path.isfile(place):
                return None
            with open(place, "rb") as file:
                text = file.read().decode("utf-8-sig")
                return text.replace("\r\n", "\n")  # As YAML does: every checkout, the same bytes.
        except (OSError, ValueError):
            return None


def _values(words: tuple[str, ...]) -> dict[str, Scalar]:
    found = {}
    for word in words:
        name, given, value = word.partition("=")
        if not given or not name:
            raise Misuse(f"`--set {word}` gives no value: write --set NAME=VALUE")
        found[name] = value_scalar(VALUE_FROM, value)
    return found


def _for_no_parameter(found: Diagnostic) -> bool:
    return isinstance(found, ValueForNoParameter) and found.span.source.name == VALUE_FROM


def _check_values(values: dict[str, Scalar], found: tuple[Loaded, ...]) -> None:
    """A value that reaches no parameter is a slip of the pen, unless a file could not be read."""
    known: set[str] = set()
    for one in found:
        known.update(*(it.params for it in one.pipelines), *(it.broken for it in one.pipelines))
        if len(one.pipelines) < len(one.project.asked):
            return
    for name in values:
        if name not in known:
            params = sorted({param for one in found for it in one.pipelines for param in it.params})
            near = choice(name, params) if params else "they have none"
            raise Misuse(f"`--set {name}=...`: no pipeline has a parameter `{name}`; {near}")


def _check_environment(name: str, found: tuple[Loaded, ...]) -> None:
    pipelines = [it for one in found for it in one.pipelines]
    if name and pipelines and not any("environments" in it.source.text for it in pipelines):
        raise Misuse(f"`--env {name}`: no pipeline has `environments:`")
