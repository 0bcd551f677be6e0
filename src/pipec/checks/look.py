"""A precondition that looks at data is about a datanode where it can look."""

from __future__ import annotations

from typing import Any

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.facets import Table
from pipec.ir import Datanode, Pipeline, Precondition
from pipec.links import Links
from pipec.values import Ref


def check_look(
    own: Precondition,
    ref: Ref | None,
    owner: Any,
    pipeline: Pipeline,
    links: Links,
    report: Report,
    on_files: str = "",
) -> None:
    """Report a precondition of an activity that names no datanode; `on_files` only looks at files."""
    if ref is None and not isinstance(owner, Datanode):
        report.add(LooksAtNothing(own.span, own.name))
        return
    if ref is None:
        looked_at = owner
    else:
        found = links.datanode(pipeline, ref)
        looked_at = found.thing if found else None
    if on_files and looked_at is not None and isinstance(looked_at.kind, Table):
        report.add(NoFile(own.span, on_files, looked_at.name))


@diagnostic
class LooksAtNothing(Diagnostic):
    """`exists` and `not_empty` look at a datanode: the one they stand on, or the one they name."""

    code = "P284"
    title = "Nothing to look at"
    message = "`{name}` stands on an activity and names no datanode"
    help = "write `{name}: DATANODE`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes: {orders: s3 s3://shop/orders/}
        activities:
          mail:
            shell: echo mail
            when: exists    # P284 exists
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes: {orders: s3 s3://shop/orders/}
        activities:
          mail:
            shell: echo mail
            when: {exists: orders}
        """

    name: str


@diagnostic
class NoFile(Diagnostic):
    """`exists` looks for a file or a folder; a table is looked into with `not_empty` or `query`."""

    code = "P285"
    title = "Not a file"
    message = "`{kind}` looks for files, and `{name}` is a table"
    help = "write `not_empty`, or a `query`"
    fails = """
        pipeline: shop
        connections: {db: postgres}
        datanodes: {orders: {sql: db.orders, when: exists}}    # P285 exists
        """
    fixed = """
        pipeline: shop
        connections: {db: postgres}
        datanodes: {orders: {sql: db.orders, when: not_empty}}
        """

    kind: str
    name: str
