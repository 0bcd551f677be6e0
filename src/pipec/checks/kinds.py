"""What each kind asks of the object that it is part of."""

from __future__ import annotations

from pipec.diagnostic import Report
from pipec.ir import Pipeline
from pipec.links import Links


def check_kinds(pipeline: Pipeline, links: Links, report: Report) -> None:
    """Let every kind that has a `check` look at its object."""
    for section in (pipeline.datanodes, pipeline.activities):
        for one in section.values():
            if hasattr(one.kind, "check"):
                one.kind.check(one, pipeline, links, report)
            for precondition in one.when:
                if hasattr(precondition.kind, "check"):
                    precondition.kind.check(precondition, one, pipeline, links, report)
    for section in (pipeline.notifications, pipeline.resources):
        for one in section.values():
            if hasattr(one.kind, "check"):
                one.kind.check(one, pipeline, links, report)
