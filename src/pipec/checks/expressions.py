"""Every expression has a type, and one that can be written as text."""

from __future__ import annotations

from typing import Any

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.expression import infer
from pipec.expression.types import Type
from pipec.ir import Pipeline
from pipec.links import Found, Links, texts
from pipec.scope import Scope
from pipec.values import Splice


def check_expressions(pipeline: Pipeline, links: Links, report: Report) -> None:
    """Report each expression of `pipeline` that means nothing."""
    for node in pipeline.datanodes.values():
        # What makes it may be among what has mistakes, and would say when.
        timed = links.schedule(Found("datanode", node, pipeline)) is not None or pipeline.incomplete
        _check(node, Scope(pipeline, links, node, timed=timed), report)
    for activity in pipeline.activities.values():
        _check(activity, Scope(pipeline, links, activity), report)
    for notification in pipeline.notifications.values():
        _check(notification, Scope(pipeline, links, told=True), report)
    for still in (*pipeline.resources.values(), *pipeline.connections.values()):
        _check(still, Scope(pipeline, links, still, timed=False), report)


def _check(value: Any, scope: Scope, report: Report) -> None:
    for text in texts(value):
        for splice in text.splices:
            _check_splice(splice, scope, report)


def _check_splice(splice: Splice, scope: Scope, report: Report) -> None:
    found = infer(splice.expr, scope, splice.at, report)
    if found is not None and not _has_text(found):
        start, end = splice.expr.start, splice.expr.end
        report.add(NoText(splice.at(start, end), found.described))


def _has_text(found: Type) -> bool:
    return found.item is None and found.name not in ("object", "nothing")


@diagnostic
class NoText(Diagnostic):
    """An expression inside a text must have a value that can be written as text.

    Objects have none, but their fields do (`orders.path`); a list has none either.
    """

    code = "P265"
    title = "Value without a text"
    message = "{type} cannot stand inside a text"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes: {orders: s3 s3://shop/orders/}
        activities:
          mail:
            shell: echo ${{ orders }}    # P265 orders
            flow: orders
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes: {orders: s3 s3://shop/orders/}
        activities:
          mail:
            shell: echo ${{ orders.path }}
            flow: orders
        """

    type: str

    def hint(self) -> str:
        """What has a text instead."""
        if "list" in self.type:
            return "a list may stand alone where several values are taken, such as `args`"
        return "name one of its fields, such as `.path` or `.name`"
