"""The tasks that start and end what is started for work, and the limit that it sets itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import timedelta

from pipec.diagnostic import Diagnostic, diagnostic
from pipec.frozen import frozen
from pipec.grid import Period
from pipec.targets.airflow.machines import stop_of, usual
from pipec.targets.airflow.task import length
from pipec.targets.airflow.template import escape
from pipec.targets.airflow.work import Work
from pipec.targets.python.values import Call, Value


@frozen
class Managed:
    """What AWS is asked for when something is started."""

    request: Mapping[str, Value]
    spot: Mapping[str, Value] = field(default_factory=dict)
    """What is asked for instead, or as well, where spot instances are wanted."""


def managed_tasks(work: Work, managed: Managed) -> tuple[Call, Call]:
    """The task that starts what a resource stands for, and the one that ends it."""
    machine = work.machine
    assert machine is not None
    kind = machine.resource.kind
    if kind.on_task_failure == "terminate":
        work.report.add(LivesOn(machine.resource.span, work.name))
    both = kind.on_demand_at_last
    resource = machines(work)
    start = work.made(
        work.helper("StartResource", "start_resource"),
        resource=resource,
        interval=usual(machine.interval),
        stopped_by=machine.stopped_by or None,
        afterwards=machine.afterwards or None,
        request={**managed.request, **({} if both else managed.spot)},
        spot=({**managed.spot} if both else {}) or None,
        ready_within=length(kind.ready_within),
        most=machine.most,
    )
    stop = replace(work, name=stop_of(work.name)).made(
        work.helper("StopResource", "stop_resource"),
        resource=resource,
        interval=usual(machine.afterwards or machine.interval),
    )
    return start, stop


def machines(work: Work) -> Call:
    """The object of the Dag file that knows the machines, or the clusters, of a resource."""
    machine = work.machine
    assert machine is not None
    name = "Machines" if machine.resource.kind.sort == "machine" else "Clusters"
    region = machine.resource.kind.region
    place: tuple[Value, ...] = (machine.name, region) if region else (machine.name,)
    return Call(work.helper(name, name.lower()), place)


def own_limit(at_most: Period) -> str:
    """The line of bash by which a machine ends itself, counted from when it was launched.

    It is up for a while when it comes to this line; a minute more is for what was before that.
    """
    minutes = timedelta(seconds=at_most.seconds) // timedelta(minutes=1) - 2
    return f"shutdown -P +$(({minutes} - $(cut -d. -f1 /proc/uptime) / 60))"


def tags(given: Mapping[str, str]) -> list[Value]:
    """Tags of the user's own, as the API of AWS takes them."""
    return [{"Key": name, "Value": escape(value)} for name, value in given.items()]


@diagnostic
class LivesOn(Diagnostic):
    """In Airflow, what work runs on is ended after all of its work, however that ends.

    When one activity has failed, those that do not need it still run on it.
    """

    code = "P418"
    title = "Lives on after a failure"
    severity = "warning"
    message = "`{name}` is not ended as soon as one activity fails: what does not need that one still runs on it"
    help = "write `on_task_failure: continue`, which is what Airflow does"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources: {box: {ec2: m5.large, on_task_failure: terminate}}    # P418 box
        activities: {mail: {shell: ./mail, runs_on: box}}
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources: {box: {ec2: m5.large, on_task_failure: continue}}
        activities: {mail: {shell: ./mail, runs_on: box}}
        """

    name: str
