"""Every activity has a schedule, every datanode one at most, and all that meet fit together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from pipec.diagnostic import Diagnostic, Report, diagnostic, listed
from pipec.grid import (
    PLAIN,
    Cron,
    Cut,
    Every,
    OnDemand,
    Unaligned,
    Wait,
    Window,
    problem,
    waits_past_due,
    ways_to_meet,
)
from pipec.ir import Activity, Pipeline, Schedule
from pipec.links import Found, Links
from pipec.source import Span


def check_schedules(pipeline: Pipeline, links: Links, report: Report) -> None:
    """Report what has no schedule or two, and reads across schedules that do not meet."""
    _check_on_demand(pipeline, report)
    for activity in pipeline.activities.values():
        if activity.schedule is None and activity.name not in pipeline.damaged:
            known = listed(pipeline.schedules)
            report.add(NoSchedule(activity.span, activity.name, known))
    for node in pipeline.datanodes.values():
        _check_datanode(Found("datanode", node, pipeline), links, report)
    for activity in pipeline.activities.values():
        own = links.schedule(Found("activity", activity, pipeline))
        if own is not None:
            for read in _read(activity, pipeline, links):
                _check_meeting(read, own, report, windows=activity.takes_windows)


def _check_on_demand(pipeline: Pipeline, report: Report) -> None:
    if len(pipeline.schedules) > 1:
        for schedule in pipeline.schedules.values():
            if isinstance(schedule.grid, OnDemand):
                report.add(NotAlone(schedule.span, schedule.name))
    if any(not isinstance(one.grid, OnDemand) for one in pipeline.schedules.values()):
        for param in pipeline.params.values():
            if param.at_run:
                report.add(AskedByNobody(param.span, param.name))


def _check_datanode(found: Found, links: Links, report: Report) -> None:
    """All producers of a datanode are on one schedule, which is the datanode's own."""
    node = found.thing
    producers = links.producers.get(found.key, ())
    of_producers: dict[str, Found] = {}
    for producer in producers:
        schedule = links.schedule(producer)
        if schedule is not None:
            of_producers.setdefault(schedule.name, producer)
    if len(of_producers) > 1:
        spelt = " and ".join(f"`{one.thing.name}` ({name})" for name, one in of_producers.items())
        report.add(TwoSchedules(node.span, node.name, spelt))
    elif of_producers and node.schedule is not None:
        (name, producer), *_ = of_producers.items()
        if name != node.schedule.name:
            span = node.schedule.span
            report.add(OtherSchedule(span, node.name, producer.thing.name, name))


class Read(NamedTuple):
    """A read across schedules."""

    span: Span
    name: str
    schedule: Schedule
    """When what is read is made."""
    window: Window = PLAIN
    after: Activity | None = None
    """The activity whose end is waited for, where it is not data that is read."""


def _read(activity: Activity, pipeline: Pipeline, links: Links) -> Iterator[Read]:
    for one in activity.flow.inputs:
        node = links.datanode(pipeline, one.ref)
        schedule = links.schedule(node) if node else None
        if schedule is not None:
            yield Read(one.span, one.ref.name, schedule, one.window)
    for ref in activity.after:
        for found in links.activities(pipeline, ref.name):
            schedule = links.schedule(found)
            if schedule is not None:
                yield Read(ref.span, ref.name, schedule, after=found.thing)


def _check_meeting(read: Read, own: Schedule, report: Report, *, windows: bool) -> None:
    span, name, other, window, _ = read
    if own.assumed or other.assumed:
        return  # The start that the alignment depends on is not known yet.
    if isinstance(other.grid, OnDemand) and window != PLAIN:
        report.add(WindowOnDemand(span, name))
        return
    wrong = problem(own.grid, other.grid, window)
    if isinstance(wrong, Unaligned):
        ways = ways_to_meet(own.grid, other.grid)
        would = " or ".join(
            f"`{one.name}` as `{way}`"
            for one, way in ((other, ways.producer), (own, ways.consumer))
            if way
        )
        help_ = f"it would do to have {would}" if would else "read it on the schedule it is made on"
        report.add(GridsDoNotMeet(span, own.name, name, other.name, wrong.reason, help_))
    elif isinstance(wrong, Cut):
        report.add(WindowCuts(span, name, other.name, f"write `{wrong.instead.on(name)}`"))
    elif wait := waits_past_due(own.grid, other.grid, window):
        instead = _instead(read, wait) if windows else _at_its_end(read, own)
        report.add(WaitsPastDue(span, name, own.name, instead))


def _instead(read: Read, wait: Wait) -> str:
    """What would not wait; `after` has no window, but what that activity makes can have one."""
    if wait.instead is None:
        return ""
    if read.after is None:
        return f"`{wait.instead.on(read.name)}` would not wait"
    made = read.after.flow.outputs
    if not made:
        return ""
    home = read.name.rpartition(read.after.name)[0]
    return f"`{wait.instead.on(home + made[0].name)}` in its `flow` would not wait"


def _at_its_end(read: Read, own: Schedule) -> str:
    """Whether it would do to be due at the end: what has no windows can only come later."""
    if not isinstance(own.grid, Every | Cron):
        return ""
    waits = waits_past_due(replace(own.grid, at="end"), read.schedule.grid, read.window)
    return "" if waits else f"`{own.name}` without its `at start` would not wait"


@diagnostic
class NoSchedule(Diagnostic):
    """An activity runs once for every interval of its schedule, so it needs one.

    One under `defaults:` serves all activities that name none themselves.
    """

    code = "P305"
    title = "No schedule"
    message = "nothing says when `{name}` runs"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        activities:
          mail:    # P305 mail
            shell: echo mail
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: echo mail
        """

    name: str
    known: str

    def hint(self) -> str:
        """How to give it one of those that there are, or a new one."""
        if not self.known:
            return "declare `schedules: {daily: every 1 day from 2026-01-01T00:00Z}`, and `defaults: {schedule: daily}`"
        return f"give it a `schedule`, or set one under `defaults:`; the schedules are {self.known}"


@diagnostic
class NotAlone(Diagnostic):
    """A pipeline that runs on demand has no other schedule: nobody knows when they would meet."""

    code = "P306"
    title = "On demand among others"
    message = "`{name}` is on demand, and the pipeline has other schedules as well"
    help = "put what runs on demand into a pipeline of its own"
    fails = """
        pipeline: shop
        schedules:
          daily: every 1 day from 2026-01-01T00:00Z
          asked: on demand    # P306 asked
        """
    fixed = """
        pipeline: shop
        schedules:
          asked: on demand
        """

    name: str


@diagnostic
class AskedByNobody(Diagnostic):
    """A parameter with `at: run` is asked for when somebody starts a run.

    Only a pipeline on demand is started by somebody; others start by themselves.
    """

    code = "P314"
    title = "Nobody to ask"
    message = "`{name}` is asked for when a run starts, and this pipeline starts by itself"
    help = "give it a value, or let the pipeline run `on demand`"
    fails = """
        pipeline: shop
        params:
          customer: {type: string, at: run}    # P314 customer
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        activities:
          mail: {shell: "echo ${{ customer }}", schedule: daily}
        """
    fixed = """
        pipeline: shop
        params:
          customer: {type: string, at: run}
        schedules: {asked: on demand}
        activities:
          mail: {shell: "echo ${{ customer }}", schedule: asked}
        """

    name: str


@diagnostic
class TwoSchedules(Diagnostic):
    """The instances of a datanode are those of its producers, which share one schedule."""

    code = "P307"
    title = "Producers on different schedules"
    message = "`{name}` is made by {producers}"
    help = "give them one schedule, or a datanode each"
    fails = """
        pipeline: shop
        schedules:
          daily: every 1 day from 2026-01-01T00:00Z
          hourly: every 1 hour from 2026-01-01T00:00Z
        datanodes:
          orders: s3 s3://shop/orders/    # P307 orders
        activities:
          load: {shell: echo load, flow: -> orders, schedule: daily}
          fetch: {shell: echo fetch, flow: -> orders, schedule: hourly}
        """
    fixed = """
        pipeline: shop
        schedules:
          daily: every 1 day from 2026-01-01T00:00Z
        datanodes:
          orders: s3 s3://shop/orders/
        activities:
          load: {shell: echo load, flow: -> orders, schedule: daily}
          fetch: {shell: echo fetch, flow: -> orders, schedule: daily}
        """

    name: str
    producers: str


@diagnostic
class OtherSchedule(Diagnostic):
    """The schedule of a datanode that is produced is that of its producers."""

    code = "P308"
    title = "Schedule of its own"
    message = "`{name}` is made by `{producer}` on the schedule `{schedule}`"
    help = "leave its own `schedule` out"
    fails = """
        pipeline: shop
        schedules:
          daily: every 1 day from 2026-01-01T00:00Z
          hourly: every 1 hour from 2026-01-01T00:00Z
        datanodes:
          orders: {s3: s3://shop/orders/, schedule: hourly}    # P308 hourly
        activities:
          load: {shell: echo load, flow: -> orders, schedule: daily}
        """
    fixed = """
        pipeline: shop
        schedules:
          daily: every 1 day from 2026-01-01T00:00Z
        datanodes:
          orders: {s3: s3://shop/orders/}
        activities:
          load: {shell: echo load, flow: -> orders, schedule: daily}
        """

    name: str
    producer: str
    schedule: str


@diagnostic
class GridsDoNotMeet(Diagnostic):
    """A reader needs whole intervals of what it reads: one schedule must divide the other.

    A week is no part of a month, and an hour that starts at half past is no part of one that
    starts at full.
    """

    code = "P309"
    title = "Schedules that do not meet"
    message = "`{own}` cannot read `{name}`, which is made `{other}`: {reason}"
    help = "{way}"
    fails = """
        pipeline: shop
        schedules:
          weekly: every 1 week from 2026-01-05T00:00Z
          monthly: every 1 month from 2026-01-01T00:00Z
        datanodes:
          orders: s3 s3://shop/orders/
        activities:
          load: {shell: echo load, flow: -> orders, schedule: weekly}
          mail:
            shell: echo mail
            flow: orders    # P309 orders
            schedule: monthly
        """
    fixed = """
        pipeline: shop
        schedules:
          daily: every 1 day from 2026-01-01T00:00Z
          monthly: every 1 month from 2026-01-01T00:00Z
        datanodes:
          orders: s3 s3://shop/orders/
        activities:
          load: {shell: echo load, flow: -> orders, schedule: daily}
          mail:
            shell: echo mail
            flow: orders
            schedule: monthly
        """

    own: str
    name: str
    other: str
    reason: str
    way: str


@diagnostic
class WindowCuts(Diagnostic):
    """A window holds whole instances; one that begins or ends inside an instance is no window."""

    code = "P310"
    title = "Window cuts an interval"
    message = "the window ends inside an interval of `{name}`, which is made `{other}`"
    help = "{instead}"
    fails = """
        pipeline: shop
        schedules:
          daily: every 1 day from 2026-01-01T00:00Z
        datanodes:
          orders: s3 s3://shop/orders/
        activities:
          load: {shell: echo load, flow: -> orders, schedule: daily}
          mail:
            shell: echo mail
            flow: orders over 36 hours    # P310 orders over 36 hours
            schedule: daily
        """
    fixed = """
        pipeline: shop
        schedules:
          daily: every 1 day from 2026-01-01T00:00Z
        datanodes:
          orders: s3 s3://shop/orders/
        activities:
          load: {shell: echo load, flow: -> orders, schedule: daily}
          mail:
            shell: echo mail
            flow: orders over 2 days
            schedule: daily
        """

    name: str
    other: str
    instead: str


@diagnostic
class WaitsPastDue(Diagnostic):
    """An instance can be due before what it reads is; then it waits, perhaps for long.

    That may be meant. If not, a window that looks further back does not wait.
    """

    code = "P311"
    title = "Waits past its due time"
    severity = "warning"
    message = "an instance on `{own}` is due before all of `{name}` that it reads"
    help = "{instead}"
    fails = """
        pipeline: shop
        schedules:
          hourly: every 1 hour from 2026-01-01T00:00Z
          daily: every 1 day from 2026-01-01T00:00Z
        datanodes:
          orders: s3 s3://shop/orders/
        activities:
          load: {shell: echo load, flow: -> orders, schedule: daily}
          mail:
            shell: echo mail
            flow: orders    # P311 orders
            schedule: hourly
        """
    fixed = """
        pipeline: shop
        schedules:
          hourly: every 1 hour from 2026-01-01T00:00Z
          daily: every 1 day from 2026-01-01T00:00Z
        datanodes:
          orders: s3 s3://shop/orders/
        activities:
          load: {shell: echo load, flow: -> orders, schedule: daily}
          mail:
            shell: echo mail
            flow: orders[-1]
            schedule: hourly
        """

    name: str
    own: str
    instead: str


@diagnostic
class WindowOnDemand(Diagnostic):
    """Nobody knows when an on-demand run was before this one, so no window can name it."""

    code = "P321"
    title = "Window on demand"
    message = "`{name}` is made on demand: there is no instance before or after a run's own"
    help = "leave the window out"
    fails = """
        pipeline: shop
        schedules: {asked: on demand}
        defaults: {schedule: asked}
        connections: {db: postgres}
        datanodes: {orders: sql db.orders}
        activities:
          load: {shell: load, flow: -> orders}
          mail:
            shell: mail
            flow: orders[-1]    # P321 orders[-1]
        """
    fixed = """
        pipeline: shop
        schedules: {asked: on demand}
        defaults: {schedule: asked}
        connections: {db: postgres}
        datanodes: {orders: sql db.orders}
        activities:
          load: {shell: load, flow: -> orders}
          mail:
            shell: mail
            flow: orders
        """

    name: str
