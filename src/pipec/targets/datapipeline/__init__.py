"""The target `datapipeline`: the definition that AWS Data Pipeline takes, one file for each pipeline.

Kinds import their rows from here, on every `pipec check`: what only compiling needs comes when it is called.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipec.diagnostic import Report
    from pipec.links import Links
    from pipec.plan import Graph


def examine(graphs: Iterable[Graph], links: Links, report: Report) -> None:
    """Report what AWS Data Pipeline cannot say about a pipeline, without writing anything."""
    emit(graphs, links, report)


def emit(
    graphs: Iterable[Graph],
    links: Links,
    report: Report,
    *,
    version: str = "",
    local: bool = False,
    stand_ins: Container[str] = (),
) -> dict[str, str]:
    """The definition of a pipeline, by the name of its file; nothing when it holds an error."""
    from pipec.definition.write import definition_text
    from pipec.targets.datapipeline.definition import definition_of

    before = report.errors
    made = definition_of(tuple(graphs), links, report)
    if made is None or report.errors > before:
        return {}
    about = (
        f"Made by pipec from {made.source.name}. Changes here are lost when it is compiled again:"
        " make them there."
    )
    return {f"{made.name}.json": definition_text(made, about)}
