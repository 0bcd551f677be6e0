"""Where a place is asked for, it is clear of which instance it is."""

from __future__ import annotations

from collections.abc import Iterator

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.expression.tree import Name, walk
from pipec.grid import PLAIN, Once, OnDemand
from pipec.ir import Activity, Datanode, Pipeline
from pipec.links import Found, Links, mention, mentions_interval, texts
from pipec.scope import Scope
from pipec.source import Span


def check_instances(pipeline: Pipeline, links: Links, report: Report) -> None:
    """Report each place of a datanode on another schedule, or of one read through a window.

    Such a place has another interval than the activity, or several.
    """
    for activity in pipeline.activities.values():
        own = links.schedule(Found("activity", activity, pipeline))
        for span, found, is_input in _asked(activity, pipeline, links):
            schedule = links.schedule(found)
            if own is None or not _has_instances(found.thing):
                continue
            if getattr(found.thing.kind, "at", "") and isinstance(own.grid, Once | OnDemand):
                report.add(EmptyInterval(span, found.thing.name, own.name))
                continue
            if schedule is None:
                continue
            windows = [
                one.window
                for one in activity.flow.inputs
                if is_input
                and (node := links.datanode(pipeline, one.ref))
                and node.key == found.key
            ]
            same = schedule is own or schedule.grid == own.grid
            if not same or any(window != PLAIN for window in windows):
                report.add(OtherInstance(span, found.thing.name))


def _has_instances(node: Datanode) -> bool:
    """True when each instance of a datanode is another place, or other rows of a table."""
    kind = node.kind
    return bool(
        mentions_interval(node) or getattr(kind, "at", "") or mention(getattr(kind, "select", None))
    )


def _asked(
    activity: Activity, pipeline: Pipeline, links: Links
) -> Iterator[tuple[Span, Found, bool]]:
    """The datanodes whose place the activity uses, where it does, and if it is to read them."""
    scope = Scope(pipeline, links, activity)
    for text in texts(activity):
        for splice in text.splices:
            for one in walk(splice.expr):
                if isinstance(one, Name) and len(one.parts) > 1 and one.parts[-1] != "name":
                    lead = scope.leads_to(one, splice.at, Report())
                    if lead is not None and lead[0].sort == "datanode":
                        span = splice.at(one.start, one.end)
                        yield span, lead[0], "output" not in one.parts[0]
    kind = activity.kind
    keyword = type(kind).__name__
    staged = keyword in ("Shell", "Script") and kind.stage is not False
    if staged or keyword == "Copy":
        inputs = [(one.ref, True) for one in activity.flow.inputs]
        for ref, is_input in (*inputs, *((ref, False) for ref in activity.flow.outputs)):
            node = links.datanode(pipeline, ref)
            files = node is not None and type(node.thing.kind).__name__ in ("S3", "File")
            if node is not None and (files or keyword == "Copy"):
                yield ref.span, node, is_input


@diagnostic
class OtherInstance(Diagnostic):
    """A place with `start` or `end` in it is another one for each instance; so are the rows of a
    table with `at`.

    An activity can use the place, or copy the rows, of the instance that has its own interval. What
    it reads from another schedule, or through a window, is one or more other instances; these cannot
    be named yet. Let an activity on the schedule of the data bring it into a table, or leave
    the staging out with `stage: false`.
    """

    code = "P312"
    title = "Other instances"
    message = "the instances of `{name}` that are read are not the activity's own, so it has not one place or one set of rows"
    help = "use it on its own schedule and without a window; a command that finds the data itself may say `stage: false`"
    fails = """
        pipeline: shop
        schedules:
          hourly: every 1 hour from 2026-01-01T00:00Z
          daily: every 1 day from 2026-01-01T00:00Z
        datanodes:
          orders: {s3: "s3://shop/orders/${{ start:%Y-%m-%d-%H }}/", schedule: hourly}
        activities:
          count:
            shell: cat $INPUT1_STAGING_DIR/*
            schedule: daily
            flow: orders    # P312 orders
        """
    fixed = """
        pipeline: shop
        schedules:
          hourly: every 1 hour from 2026-01-01T00:00Z
        datanodes:
          orders: {s3: "s3://shop/orders/${{ start:%Y-%m-%d-%H }}/", schedule: hourly}
        activities:
          count:
            shell: cat $INPUT1_STAGING_DIR/*
            schedule: hourly
            flow: orders
        """

    name: str


@diagnostic
class EmptyInterval(Diagnostic):
    """On a schedule that is `once` or `on demand`, start and end are the same moment.

    A table with `at` holds the rows of an interval, and of a moment there are none: a copy would
    find nothing, and replace nothing.
    """

    code = "P320"
    title = "Rows of an empty interval"
    message = "`{own}` has intervals without length, so no row of `{name}` lies in one"
    help = "leave `at` out, or read it with a `select` of its own"
    fails = """
        pipeline: shop
        schedules: {asked: on demand}
        defaults: {schedule: asked}
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, at: ordered_at}
          archive: s3 s3://shop/archive/ as csv
        activities:
          keep:
            copy: orders -> archive    # P320 orders
        """
    fixed = """
        pipeline: shop
        schedules: {asked: on demand}
        defaults: {schedule: asked}
        connections: {db: postgres}
        datanodes:
          orders: sql db.orders
          archive: s3 s3://shop/archive/ as csv
        activities:
          keep:
            copy: orders -> archive
        """

    name: str
    own: str
