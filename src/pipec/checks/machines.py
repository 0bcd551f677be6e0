"""What work runs on is there for all of its interval, and is what it needs."""

from __future__ import annotations

from datetime import timedelta

from pipec.diagnostic import Diagnostic, Report, diagnostic, listed
from pipec.grid import Cron, Every, Grid, Period, Unaligned, count, interval, relation
from pipec.grid.intervals import length
from pipec.ir import Activity, Pipeline, Precondition, Resource
from pipec.links import Found, Links


def check_machines(pipeline: Pipeline, links: Links, report: Report) -> None:
    """Report work that needs a cluster and has none, and machines that end before their work."""
    for activity in pipeline.activities.values():
        resource = pipeline.resources.get(activity.runs_on.name) if activity.runs_on else None
        known = activity.runs_on is None or resource is not None
        wanted = activity.kind.must_run_on(*links.sides(activity, pipeline))
        if known and wanted and activity.name not in pipeline.damaged:
            _check_needed(activity, resource, wanted, pipeline, report)
        if resource is not None and resource.kind.managed:
            _check_interval(activity, resource, pipeline, links, report)
    of_data = [one.when for one in pipeline.datanodes.values()]
    for when in (*of_data, *(one.when for one in pipeline.activities.values())):
        for precondition in when:
            _check_precondition(precondition, pipeline, report)


def _check_needed(
    activity: Activity,
    resource: Resource | None,
    wanted: tuple[str, ...],
    pipeline: Pipeline,
    report: Report,
) -> None:
    if resource is not None and resource.kind.sort in wanted:
        return
    fitting = [it.name for it in pipeline.resources.values() if it.kind.sort in wanted]
    span = activity.runs_on.span if activity.runs_on else activity.span
    found = f"and `{resource.name}` is none" if resource else "and nothing says which"
    there = f"there is {listed(fitting)}" if fitting else "declare an `emr` under `resources:`"
    report.add(NeedsCluster(span, activity.name, found, there))


def _check_interval(
    activity: Activity, resource: Resource, pipeline: Pipeline, links: Links, report: Report
) -> None:
    own = links.schedule(Found("activity", activity, pipeline))
    other = pipeline.schedules.get(resource.schedule.name) if resource.schedule else own
    at_most: Period = resource.kind.at_most
    if activity.timeout is not None and activity.timeout.seconds > at_most.seconds:
        words = activity.name, str(activity.timeout), resource.name, str(at_most)
        report.add(OutlivesMachine(activity.span, *words))
    if own is None or other is None or own.assumed or other.assumed or own is other:
        return
    assert resource.schedule is not None
    met = relation(own.grid, other.grid)
    words = resource.name, other.name, activity.name, own.name
    if met == "finer" or isinstance(met, Unaligned) or not isinstance(other.grid, Every | Cron):
        report.add(EndsBefore(resource.schedule.span, *words))
        return
    if not _covers(other.grid, own.grid):
        report.add(NoMachineThen(resource.schedule.span, *words))
    elif timedelta(seconds=at_most.seconds) < length(other.grid):
        words = resource.name, str(at_most), other.name, activity.name
        report.add(EndsWithin(resource.span, *words))


def _covers(long: Grid, short: Grid) -> bool:
    """Whether all intervals of `short` lie within those that `long` has, as the two meet."""
    many, own = count(long), count(short)
    if own == 0:
        return True
    if many == 0 or interval(short, 0).start < interval(long, 0).start:
        return False
    if many is None or own is None:
        return many is None
    return interval(short, own - 1).end <= interval(long, many - 1).end


def _check_precondition(precondition: Precondition, pipeline: Pipeline, report: Report) -> None:
    ref = precondition.runs_on
    resource = pipeline.resources.get(ref.name) if ref is not None else None
    if ref is not None and resource is not None and resource.kind.managed:
        report.add(LooksFromMachine(ref.span, resource.name))


@diagnostic
class NeedsCluster(Diagnostic):
    """Hive, Pig, Spark and Hadoop run on a cluster: an `emr` resource that `runs_on` names."""

    code = "P254"
    title = "Work without a cluster"
    message = "`{name}` runs on a cluster, {found}"
    help = "{there}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources: {cluster: emr emr-7.1.0 with 4 x m5.xlarge}
        activities:
          count:    # P254 count
            hive: INSERT OVERWRITE TABLE totals SELECT city, count(*) FROM orders GROUP BY city
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources: {cluster: emr emr-7.1.0 with 4 x m5.xlarge}
        activities:
          count:
            hive: INSERT OVERWRITE TABLE totals SELECT city, count(*) FROM orders GROUP BY city
            runs_on: cluster
        """

    name: str
    found: str
    there: str


@diagnostic
class EndsBefore(Diagnostic):
    """A machine with a `schedule` serves all work whose interval lies in its own.

    So its intervals are longer than those of the work, and begin and end where one of these does.
    """

    code = "P315"
    title = "Machine that ends before its work"
    message = (
        "an interval of `{activity}` (`{own}`) does not lie in one of `{resource}` (`{other}`)"
    )
    help = "give `{resource}` a longer schedule, or none: then it has that of its work"
    fails = """
        pipeline: shop
        schedules:
          hourly: every 1 hour from 2026-01-01T00:00Z
          daily: every 1 day from 2026-01-01T00:00Z
        defaults: {schedule: daily}
        resources:
          box: {ec2: m5.large, schedule: hourly}    # P315 hourly
        activities:
          mail: {shell: ./mail, runs_on: box}
        """
    fixed = """
        pipeline: shop
        schedules:
          hourly: every 1 hour from 2026-01-01T00:00Z
          daily: every 1 day from 2026-01-01T00:00Z
        defaults: {schedule: hourly}
        resources:
          box: {ec2: m5.large, schedule: daily}
        activities:
          mail: {shell: ./mail, runs_on: box}
        """

    resource: str
    other: str
    activity: str
    own: str


@diagnostic
class NoMachineThen(Diagnostic):
    """A machine with a `schedule` is there in the intervals of that: before the first one there is none."""

    code = "P319"
    title = "No machine then"
    message = (
        "`{activity}` (`{own}`) has intervals before the first or after the last one of `{resource}`"
        " (`{other}`)"
    )
    help = "let `{other}` begin as early as `{own}`, and end as late"
    fails = """
        pipeline: shop
        schedules:
          hourly: every 1 hour from 2026-01-01T00:00Z
          daily: every 1 day from 2026-02-01T00:00Z
        defaults: {schedule: hourly}
        resources:
          box: {ec2: m5.large, schedule: daily}    # P319 daily
        activities:
          mail: {shell: ./mail, runs_on: box}
        """
    fixed = """
        pipeline: shop
        schedules:
          hourly: every 1 hour from 2026-01-01T00:00Z
          daily: every 1 day from 2026-01-01T00:00Z
        defaults: {schedule: hourly}
        resources:
          box: {ec2: m5.large, schedule: daily}
        activities:
          mail: {shell: ./mail, runs_on: box}
        """

    resource: str
    other: str
    activity: str
    own: str


@diagnostic
class EndsWithin(Diagnostic):
    """A machine that serves an interval ends itself `at_most` after it was launched.

    Another one is launched for what comes after that; what runs at that moment is lost.
    """

    code = "P416"
    title = "Machine that ends within its interval"
    severity = "warning"
    message = "`{resource}` ends itself after {at_most}, within its interval (`{other}`)"
    help = "give it an `at_most` in which all of `{activity}` is done"
    fails = """
        pipeline: shop
        schedules:
          hourly: every 1 hour from 2026-01-01T00:00Z
          daily: every 1 day from 2026-01-01T00:00Z
        defaults: {schedule: hourly}
        resources:
          box: {ec2: m5.large, at_most: 2 hours, schedule: daily}    # P416 box
        activities:
          mail: {shell: ./mail, runs_on: box}
        """
    fixed = """
        pipeline: shop
        schedules:
          hourly: every 1 hour from 2026-01-01T00:00Z
          daily: every 1 day from 2026-01-01T00:00Z
        defaults: {schedule: hourly}
        resources:
          box: {ec2: m5.large, at_most: 26 hours, schedule: daily}
        activities:
          mail: {shell: ./mail, runs_on: box}
        """

    resource: str
    at_most: str
    other: str
    activity: str


@diagnostic
class OutlivesMachine(Diagnostic):
    """A machine ends itself `at_most` after it was launched, with all that runs on it."""

    code = "P417"
    title = "Work that outlives its machine"
    severity = "warning"
    message = "`{activity}` may take {timeout}, and `{resource}` ends itself after {at_most}"
    help = "give `{resource}` a longer `at_most`, or `{activity}` a shorter `timeout`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources: {box: "ec2 m5.large, at most 1 hour"}
        activities:
          mail: {shell: ./mail, runs_on: box, timeout: 3 hours}    # P417 mail
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources: {box: "ec2 m5.large, at most 4 hours"}
        activities:
          mail: {shell: ./mail, runs_on: box, timeout: 3 hours}
        """

    activity: str
    timeout: str
    resource: str
    at_most: str


@diagnostic
class LooksFromMachine(Diagnostic):
    """A precondition holds before work starts, and a machine is started for work alone.

    It can be evaluated by the engine, or on workers of one's own.
    """

    code = "P316"
    title = "Precondition on a machine"
    message = "`{resource}` is started only when all preconditions hold"
    help = "leave `runs_on` out, or name workers"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources: {box: ec2 m5.large}
        activities:
          mail:
            shell: ./mail
            runs_on: box
            when: {shell: ./ready, runs_on: box}    # P316 box
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources: {box: ec2 m5.large}
        activities:
          mail:
            shell: ./mail
            runs_on: box
            when: {shell: ./ready}
        """

    resource: str
