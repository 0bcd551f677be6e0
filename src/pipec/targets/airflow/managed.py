"""The tasks that start and end what is started for work, and the limit that it sets itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import timedelta

from pipec.frozen import frozen
from pipec.grid import Period
from pipec.targets.airflow.task import length
from pipec.targets.airflow.work import Work
from pipec.targets.python.values import Call, Value


@frozen
class Managed:
    """What AWS is asked for when something is started."""

    request: Mapping[str, Value]
    request_at_last: Mapping[str, Value] = field(default_factory=dict)
    """What is asked for in the last attempt, if that may be something else."""


def managed_tasks(work: Work, managed: Managed) -> tuple[Call, Call]:
    """The task that starts what a resource stands for, and the one that ends it."""
    machine = work.machine
    assert machine is not None
    kind = machine.resource.kind
    at_last = managed.request_at_last if kind.on_demand_at_last else {}
    resource = machines(work)
    start = work.made(
        work.helper("StartResource", "start_resource"),
        resource=resource,
        interval=machine.interval,
        stopped_by=machine.stopped_by or None,
        afterwards=machine.afterwards or None,
        request={**managed.request},
        request_at_last={**at_last} or None,
        ready_within=length(kind.ready_within),
        most=machine.most,
    )
    stop = replace(work, name=f"{work.name}.stop").made(
        work.helper("StopResource", "stop_resource"),
        resource=resource,
        interval=machine.afterwards or machine.interval,
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
