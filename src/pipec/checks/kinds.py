"""What each kind asks of the object that it is part of."""

from __future__ import annotations

from typing import Any

from pipec.diagnostic import Report
from pipec.ir import Pipeline
from pipec.links import Links


def check_kinds(pipeline: Pipeline, links: Links, report: Report) -> None:
    """Let every kind that has a `check` look at its object."""
    for section in (pipeline.datanodes, pipeline.activities):
        for one in section.values():
            if one.name in pipeline.damaged:
                continue  # What is missing may be what was reported.
            if hasattr(one.kind, "check"):
                one.kind.check(one, pipeline, links, report)
            for precondition in one.when:
                if hasattr(precondition.kind, "check"):
                    precondition.kind.check(precondition, one, pipeline, links, report)
    other: Any
    for other in (*pipeline.notifications.values(), *pipeline.resources.values()):
        if hasattr(other.kind, "check"):
            other.kind.check(other, pipeline, links, report)
