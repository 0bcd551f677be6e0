"""Parameters that nobody gave a value."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.ir import Param, Pipeline

if TYPE_CHECKING:
    from pipec.cli.load import Loaded
    from pipec.plan import Graph


def dated_graphs(loaded: Iterable[Loaded]) -> list[tuple[Graph, ...]]:
    """The graphs of each clean pipeline; those that lack a value to say when they start are reported."""
    found = []
    for one in loaded:
        for pipeline, graphs in one.graphs():
            if any(graph.schedule.assumed for graph in graphs):
                report_missing(pipeline, one.report)
            found.append(graphs)
    return found


def report_missing(pipeline: Pipeline, report: Report) -> bool:
    """Whether parameters of the pipeline lack a value; all that do are reported, as one."""
    missing = [one for one in pipeline.params.values() if one.missing]
    if missing:
        names = tuple(one.name for one in missing)
        named = ", ".join(_declared(one, first=one is missing[0]) for one in missing)
        report.add(MissingValue(missing[0].span, named, names, _environments(pipeline)))
    return bool(missing)


def _declared(one: Param, *, first: bool) -> str:
    return (
        f"`{one.name}` ({one.type})"
        if first
        else f"`{one.name}` ({one.type}, line {one.span.line})"
    )


def _environments(pipeline: Pipeline) -> bool:
    return re.search(r"^environments\s*:", pipeline.source.text, re.MULTILINE) is not None


@diagnostic
class MissingValue(Diagnostic):
    """What a pipeline compiles to depends on parameters, and some have no value.

    `params: {lake: s3}` declares a parameter without one. `pipec check` does not need it; `pipec
    compile` does. Values come from, the first first: `--set NAME=VALUE`, the environment that
    `--env` chooses among the `environments:` of the file, and the parameter's own `default:`. One
    that may stay without a value is declared `optional: true`; one that is asked for when an
    on-demand run starts has `at: run`.
    """

    code = "P125"
    title = "Missing value"
    message = "no value is given for {named}"

    named: str
    names: tuple[str, ...]
    environments: bool

    def hint(self) -> str:
        """The options that give every value."""
        options = " ".join(f"--set {name}=..." for name in self.names)
        other = (
            "choose an environment with `--env`" if self.environments else "declare a `default:`"
        )
        return f"add {options}, or {other}"
