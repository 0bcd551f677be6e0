"""What each kind asks of the object that it is part of."""

from __future__ import annotations

from typing import Any

from pipec.diagnostic import Diagnostic, Report, diagnostic
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
    for activity in pipeline.activities.values():
        if activity.late and not activity.late.stop and not activity.notify.get("late"):
            report.add(LateToNobody(activity.late.span, activity.name))


@diagnostic
class LateToNobody(Diagnostic):
    """Lateness is told to those whom `notify: {late: ...}` names; without them it has no effect."""

    code = "P298"
    title = "Nobody hears of lateness"
    severity = "warning"
    message = "`{name}` can be late, and nobody is told of it"
    help = "write `notify: {{late: NOTIFICATION}}`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: echo mail
            late: after 2 hours    # P298 after 2 hours
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        notifications: {oncall: {sns: "arn:aws:sns:us-east-1:111122223333:shop", message: oh}}
        activities:
          mail:
            shell: echo mail
            late: after 2 hours
            notify: {late: oncall}
        """

    name: str
