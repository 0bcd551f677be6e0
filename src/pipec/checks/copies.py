"""A copy is from one datanode to one other, and leaves there what a reader expects."""

from __future__ import annotations

from pipec.checks.instances import OtherInstance, has_instances, reads_others
from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.grid import PLAIN, relation
from pipec.ir import Activity, Pipeline
from pipec.links import Found, Links, mention, mentions_interval
from pipec.values import Flow


def ends(
    activity: Activity, flow: Flow, pipeline: Pipeline, links: Links, report: Report
) -> tuple[Found, Found] | None:
    """From where to where; None when that is not one datanode each, or not known.

    Reported is a copy of several, one onto itself, and one of more instances than it can tell apart.
    """
    if len(flow.inputs) != 1 or len(flow.outputs) != 1:
        if flow.inputs or flow.outputs:
            sizes = len(flow.inputs), len(flow.outputs)
            report.add(NotOneToOne(flow.span, activity.name, *sizes))
        else:
            report.add(NoFlow(activity.span, activity.name))
        return None
    refs = flow.inputs[0].ref, flow.outputs[0]
    source, target = (links.datanode(pipeline, ref) for ref in refs)
    if source is None or target is None:
        return None
    if source.key == target.key:
        report.add(OntoItself(flow.span, refs[0].name))
        return None
    if several(activity, source, pipeline, links) and mention(source.thing.kind.select):
        report.add(OtherInstance(refs[0].span, refs[0].name))
    return source, target


def several(activity: Activity, source: Found, pipeline: Pipeline, links: Links) -> bool:
    """Whether other instances are copied than that of the activity's own interval."""
    return has_instances(source.thing) and reads_others(activity, source, pipeline, links)


def check_rows_left(
    activity: Activity,
    flow: Flow,
    found: tuple[Found, Found],
    replaces: bool,
    pipeline: Pipeline,
    links: Links,
    report: Report,
) -> None:
    """Report rows that a rerun would add once more, and instances that make room for the next one."""
    source, target = found
    names = flow.outputs[0].name, flow.inputs[0].ref.name
    each = mentions_interval(source.thing) or bool(source.thing.kind.at)
    by_interval = bool(target.thing.kind.at)
    more = several(activity, source, pipeline, links)
    if more and by_interval and not _own_rows(activity, pipeline, links):
        report.add(OtherRows(flow.inputs[0].span, *names))
    if replaces and each and not by_interval:
        report.add(KeepsOneInstance(flow.span, *names))


def _own_rows(activity: Activity, pipeline: Pipeline, links: Links) -> bool:
    """Whether all instances that are copied lie in the activity's own interval."""
    (one,) = activity.flow.inputs
    own = links.schedule(Found("activity", activity, pipeline))
    node = links.datanode(pipeline, one.ref)
    made = links.schedule(node) if node else None
    if own is None or made is None:
        return True
    return one.window == PLAIN and relation(own.grid, made.grid) in ("same", "finer")


@diagnostic
class NotOneToOne(Diagnostic):
    """A copy is from one datanode to one other."""

    code = "P280"
    title = "Copy of several"
    message = "`{name}` names {inputs} on the left of `->` and {outputs} on its right"
    help = "a copy is `from -> to`; make one for each"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes: {orders: s3 s3://shop/orders/, stock: s3 s3://shop/stock/, all: s3 s3://shop/all/}
        activities:
          keep:
            copy: orders, stock -> all    # P280 orders, stock -> all
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes: {orders: s3 s3://shop/orders/, stock: s3 s3://shop/stock/, all: s3 s3://shop/all/}
        activities:
          keep_orders: {copy: orders -> all}
          keep_stock: {copy: stock -> all}
        """

    name: str
    inputs: int
    outputs: int


@diagnostic
class NoFlow(Diagnostic):
    """What is loaded, and where it goes, stands under `flow`."""

    code = "P483"
    title = "Copy of nothing"
    message = "nothing says what `{name}` copies, and to where"
    help = "give it a `flow: from -> to`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: redshift}
        datanodes: {orders: s3 s3://shop/orders/ as csv(id bigint), loaded: redshift db.orders}
        activities:
          load: {redshift_copy: append}    # P483 load
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: redshift}
        datanodes: {orders: s3 s3://shop/orders/ as csv(id bigint), loaded: redshift db.orders}
        activities:
          load: {redshift_copy: append, flow: orders -> loaded}
        """

    name: str


@diagnostic
class OntoItself(Diagnostic):
    """A copy of something onto itself does nothing, or loses it."""

    code = "P281"
    title = "Copy onto itself"
    message = "`{name}` would be copied onto itself"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes: {orders: "s3 s3://shop/${{ start:%Y }}/"}
        activities:
          keep:
            copy: orders[-1] -> orders    # P281 orders[-1] -> orders
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes: {orders: "s3 s3://shop/${{ start:%Y }}/", archive: s3 s3://shop/archive/}
        activities:
          keep:
            copy: orders -> archive
        """

    name: str


@diagnostic
class KeepsOneInstance(Diagnostic):
    """`mode: replace` empties a table before each copy.

    When each instance brings other rows, only those of the instance that ran last are left. A
    table that says `at: COLUMN` has the rows of its own interval replaced, and keeps the others.
    """

    code = "P292"
    title = "Only the last instance stays"
    severity = "warning"
    message = "each instance of `{source}` replaces all rows of `{target}`"
    help = "give `{target}` an `at`, to replace the rows of one interval only"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes:
          orders: s3 s3://shop/${{ start:%Y-%m-%d }}.csv as csv(id bigint)
          table: sql db.orders
        activities:
          keep:
            copy: orders -> table    # P292 orders -> table
            mode: replace
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes:
          orders: s3 s3://shop/${{ start:%Y-%m-%d }}.csv as csv(id bigint)
          table: {sql: db.orders, at: ordered_at}
        activities:
          keep:
            copy: orders -> table
            mode: replace
        """

    target: str
    source: str


@diagnostic
class OtherRows(Diagnostic):
    """A copy into a table with `at` replaces the rows of its own interval, so that a rerun changes nothing.

    Rows of other intervals would be added once more by each run.
    """

    code = "P327"
    title = "Rows of other intervals"
    message = (
        "`{target}` has the rows of the activity's interval replaced, and these are rows of others"
    )
    help = "copy `{source}` as it is, on its own schedule; or leave out the `at` of `{target}`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, at: ordered_at, schedule: daily}
          kept: {sql: db.kept, at: ordered_at}
        activities:
          keep: {copy: "orders over 7 days -> kept"}    # P327 orders over 7 days
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, at: ordered_at, schedule: daily}
          kept: {sql: db.kept, at: ordered_at}
        activities:
          keep: {copy: orders -> kept}
        """

    target: str
    source: str
