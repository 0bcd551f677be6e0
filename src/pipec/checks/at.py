"""The column that says to which interval a row belongs can tell intervals apart."""

from __future__ import annotations

from pipec.diagnostic import Diagnostic, Report, diagnostic, did_you_mean, listed
from pipec.fields.columns import TYPES
from pipec.grid import whole_days
from pipec.ir import Datanode, Pipeline
from pipec.links import Found, Links


def check_at(node: Datanode, pipeline: Pipeline, links: Links, report: Report) -> None:
    """Report an `at` that is no column, and one that cannot tell intervals apart."""
    kind = node.kind
    if not kind.at or not kind.columns:
        return
    column = next((one for one in kind.columns if one.name == kind.at), None)
    if column is None:
        has = [one.name for one in kind.columns]
        near = did_you_mean(kind.at, has, f"it has {listed(has)}")
        report.add(AtIsNoColumn(node.span, node.name, kind.at[:60], near))
        return
    if TYPES[column.type] not in ("date", "instant", "text"):
        times = [one.name for one in kind.columns if TYPES[one.type] in ("date", "instant")]
        near = f"it has {listed(times)}" if times else "it is a column of dates or moments"
        report.add(AtIsNoTime(node.span, kind.at, column.type, near))
        return
    if column.type != "date":
        return
    found = Found("datanode", node, pipeline)
    own = links.schedule(found)
    # Without a schedule of its own, its instances are those of whoever reads it.
    others = (links.schedule(one) for one, _ in links.readers.get(found.key, ()))
    for schedule in (own,) if own else others:
        if schedule is not None and not whole_days(schedule.grid):
            report.add(AtIsTooCoarse(node.span, node.name, kind.at, schedule.name))
            return


@diagnostic
class AtIsNoColumn(Diagnostic):
    """`at` names the column that says to which interval a row belongs."""

    code = "P290"
    title = "`at` is no column"
    message = "`{name}` declares no column `{at}`"
    help = "{near}"
    fails = """
        pipeline: shop
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, at: orderd_at, columns: "id bigint, ordered_at timestamp"}    # P290 orders
        """
    fixed = """
        pipeline: shop
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, at: ordered_at, columns: "id bigint, ordered_at timestamp"}
        """

    name: str
    at: str
    near: str


@diagnostic
class AtIsNoTime(Diagnostic):
    """Rows belong to an interval by a moment: a column of dates, of moments, or of their texts."""

    code = "P481"
    title = "`at` is no time"
    message = "`{at}` is {type}, which says nothing of an interval"
    help = "{near}"
    fails = """
        pipeline: shop
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, at: id, columns: "id bigint, ordered_at timestamp"}    # P481 orders
        """
    fixed = """
        pipeline: shop
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, at: ordered_at, columns: "id bigint, ordered_at timestamp"}
        """

    at: str
    type: str
    near: str


@diagnostic
class AtIsTooCoarse(Diagnostic):
    """A date belongs to a whole day: it cannot say in which hour of it a row lies.

    All rows of a day would belong to the interval that midnight lies in, and none to the others.
    Intervals that a date can tell apart begin at midnight, on the clock of their schedule's zone.
    """

    code = "P291"
    title = "`at` is too coarse"
    message = "`{at}` is a date, and not all instances of `{name}` begin and end at midnight (`{schedule}`)"
    help = "use a column of the type timestamp, or a schedule whose days begin at midnight"
    fails = """
        pipeline: shop
        schedules: {hourly: every 1 hour from 2026-01-01T00:00Z}
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, at: day, columns: "id bigint, day date", schedule: hourly}    # P291 orders
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, at: day, columns: "id bigint, day date", schedule: daily}
        """

    name: str
    at: str
    schedule: str
