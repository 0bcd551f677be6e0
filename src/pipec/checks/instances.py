"""Where instances are asked for, it is clear which these are."""

from __future__ import annotations

from collections.abc import Iterator

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.expression.tree import Name, walk
from pipec.facets import Files
from pipec.grid import PLAIN, Once, OnDemand
from pipec.ir import Activity, Datanode, Pipeline
from pipec.links import Found, Links, mention, mentions_interval, texts
from pipec.scope import Scope, read_field
from pipec.source import Span


def check_instances(pipeline: Pipeline, links: Links, report: Report) -> None:
    """Report each use of the one place of a datanode of which other instances are read, or several."""
    for activity in pipeline.activities.values():
        own = links.schedule(Found("activity", activity, pipeline))
        if own is None:
            continue
        for span, found, is_input in _asked(activity, pipeline, links):
            if not has_instances(found.thing):
                continue
            elsewhere = reads_others if is_input else _on_another
            if found.thing.kind.at and isinstance(own.grid, Once | OnDemand):
                report.add(EmptyInterval(span, found.thing.name, own.name))
            elif not _copied(activity, is_input) and elsewhere(activity, found, pipeline, links):
                report.add(OtherInstance(span, found.thing.name))
        for span, found, field in _asked_of_several(activity, pipeline, links):
            if links.schedule(found) is None:
                if field != "paths" and not found.pipeline.incomplete:
                    name = found.named_in(pipeline)
                    report.add(NoInstances(span, name, _own_field(found.thing)))
            elif sum(one.ref.name == found.named_in(pipeline) for one in activity.flow.inputs) > 1:
                report.add(ReadTwice(span, found.thing.name))


def _own_field(node: Datanode) -> str:
    """What an expression can ask of a datanode without instances: where it is."""
    return next(iter(node.kind.fields), "name")


def reads_others(activity: Activity, found: Found, pipeline: Pipeline, links: Links) -> bool:
    """Whether an activity reads instances of a datanode that have not its own interval."""
    windows = [
        one.window
        for one in activity.flow.inputs
        if (node := links.datanode(pipeline, one.ref)) and node.key == found.key
    ]
    return _on_another(activity, found, pipeline, links) or any(it != PLAIN for it in windows)


def has_instances(node: Datanode) -> bool:
    """True when each instance of a datanode is another place, or other rows of a table."""
    kind = node.kind
    return bool(mentions_interval(node) or kind.at or mention(kind.select))


def _on_another(activity: Activity, found: Found, pipeline: Pipeline, links: Links) -> bool:
    own = links.schedule(Found("activity", activity, pipeline))
    other = links.schedule(found)
    if own is None or other is None or own is other:
        return False
    return own.grid != other.grid


def _names(
    activity: Activity, pipeline: Pipeline, links: Links
) -> Iterator[tuple[Span, Name, tuple[Found, int]]]:
    """The names in the texts of an activity that lead to datanodes, where, and how far."""
    scope = Scope(pipeline, links, activity)
    for text in texts(activity):
        for splice in text.splices:
            for one in walk(splice.expr):
                if isinstance(one, Name) and len(one.parts) > 1:
                    lead = scope.leads_to(one, splice.at, Report())
                    if lead is not None and lead[0].sort == "datanode":
                        yield splice.at(one.start, one.end), one, lead


def _asked_of_several(
    activity: Activity, pipeline: Pipeline, links: Links
) -> Iterator[tuple[Span, Found, str]]:
    """What the activity asks of all instances of a datanode that it reads, and where."""
    for span, name, lead in _names(activity, pipeline, links):
        if field := read_field(name, lead):
            yield span, lead[0], field


def _asked(
    activity: Activity, pipeline: Pipeline, links: Links
) -> Iterator[tuple[Span, Found, bool]]:
    """The datanodes whose one place the activity uses, where it does, and if it is to read them."""
    for span, name, lead in _names(activity, pipeline, links):
        if name.parts[-1] != "name" and not read_field(name, lead):
            yield span, lead[0], "output" not in name.parts[0]
    kind = activity.kind
    if kind.stages or kind.copies:
        inputs = [(one.ref, True) for one in activity.flow.inputs if kind.copies]
        for ref, is_input in (*inputs, *((ref, False) for ref in activity.flow.outputs)):
            node = links.datanode(pipeline, ref)
            if node is not None and (kind.copies or isinstance(node.thing.kind, Files)):
                yield ref.span, node, is_input


def _copied(activity: Activity, is_input: bool) -> bool:
    """A copy takes all instances that it reads."""
    return is_input and bool(activity.kind.copies)


@diagnostic
class OtherInstance(Diagnostic):
    """A place with `start` or `end` in it is another one for each instance; so are the rows of a
    table with `at`.

    The one place, `path`, is that of the instance with the activity's own interval. What an activity
    reads from another schedule, or through a window, is other instances, none, one or many of them:
    `inputs.orders.paths` are the places of all, `inputs.orders.starts` their dates. What it writes
    is always of its own interval.
    """

    code = "P312"
    title = "Other instances"
    message = "the instances of `{name}` are not those of the activity, so it has not one place or one set of rows here"
    help = "`inputs.{name}.paths` are the places of all instances that are read"
    fails = """
        pipeline: shop
        schedules:
          hourly: every 1 hour from 2026-01-01T00:00Z
          daily: every 1 day from 2026-01-01T00:00Z
        datanodes:
          orders: {s3: "s3://shop/orders/${{ start:%Y-%m-%d-%H }}/", schedule: hourly}
        activities:
          count:
            shell: cat ${{ input.path }}    # P312 input.path
            schedule: daily
            flow: orders
        """
    fixed = """
        pipeline: shop
        schedules:
          hourly: every 1 hour from 2026-01-01T00:00Z
          daily: every 1 day from 2026-01-01T00:00Z
        datanodes:
          orders: {s3: "s3://shop/orders/${{ start:%Y-%m-%d-%H }}/", schedule: hourly}
        activities:
          count:
            shell: cat ${{ inputs.orders.paths }}
            schedule: daily
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


@diagnostic
class NoInstances(Diagnostic):
    """Data without a schedule is there, and is read as it is: there is no instance to name."""

    code = "P322"
    title = "Data without instances"
    message = "`{name}` has no schedule, so it has no instances"
    help = "where it is says `inputs.{name}.{field}`; give it a `schedule` if a part of it comes every so often"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes: {prices: s3 s3://shop/prices/}
        activities:
          mail:
            shell: mail ${{ inputs.prices.starts }}    # P322 inputs.prices.starts
            flow: prices
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes: {prices: "s3 s3://shop/prices/${{ start:%Y-%m-%d }}/"}
        activities:
          mail:
            shell: mail ${{ inputs.prices.starts }}
            flow: prices
        """

    name: str
    field: str


@diagnostic
class ReadTwice(Diagnostic):
    """An activity may read a datanode twice, through two windows: then its name stands for both."""

    code = "P323"
    title = "Read twice"
    message = "`{name}` is read more than once, and this does not say through which window"
    help = "read it once, through a window that holds all; or let two activities read it"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes: {orders: "s3 s3://shop/orders/${{ start:%Y-%m-%d }}/"}
        activities:
          mail:
            shell: mail ${{ inputs.orders.paths }}    # P323 inputs.orders.paths
            flow: orders, orders[-7]
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes: {orders: "s3 s3://shop/orders/${{ start:%Y-%m-%d }}/"}
        activities:
          mail:
            shell: mail ${{ inputs.orders.paths }}
            flow: orders[-7..0]
        """

    name: str
