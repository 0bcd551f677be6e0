"""A precondition that looks at data is about a datanode where it can look."""

from __future__ import annotations

from typing import Any

from pipec.diagnostic import Diagnostic, Report, diagnostic, listed
from pipec.ir import Datanode, Pipeline, Precondition
from pipec.links import Links
from pipec.values import Ref


def check_look(
    word: str,
    own: Precondition,
    ref: Ref | None,
    owner: Any,
    pipeline: Pipeline,
    links: Links,
    report: Report,
) -> None:
    """Report a precondition `word` that looks at nothing, or at data that it cannot look at."""
    if ref is None and not isinstance(owner, Datanode):
        report.add(LooksAtNothing(own.span, word))
        return
    found = links.datanode(pipeline, ref) if ref is not None else None
    node = owner if ref is None else found.thing if found else None
    if node is not None and word not in node.kind.looks:
        words = word, node.name, node.kind.noun, listed(node.kind.looks)
        report.add(LooksElsewhere(own.span, *words))


@diagnostic
class LooksAtNothing(Diagnostic):
    """Most preconditions look at a datanode: the one that they stand on, or the one that they name."""

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
class LooksElsewhere(Diagnostic):
    """Each precondition looks at data of some kinds.

    `exists` looks for files. `table_exists` looks for a table, of a database or of DynamoDB, and
    `has_items` into one of DynamoDB. `not_empty` looks for data of any kind.
    """

    code = "P285"
    title = "Not to be looked at so"
    message = "`{kind}` does not look at `{name}`, which is {what}"
    help = "write {ways}"
    fails = """
        pipeline: shop
        connections: {db: postgres}
        datanodes: {orders: {sql: db.orders, when: exists}}    # P285 exists
        """
    fixed = """
        pipeline: shop
        connections: {db: postgres}
        datanodes: {orders: {sql: db.orders, when: table_exists}}
        """

    kind: str
    name: str
    what: str
    ways: str

    def hint(self) -> str:
        """The preconditions that can look at it."""
        return f"write one of {self.ways}" if self.ways else "let a `shell` look at it where it is"
