"""What Amazon would launch: how long it may live, and what is said together."""

from __future__ import annotations

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.grid import Period
from pipec.ir import Resource


def check_length(resource: Resource, least: Period, longest: Period | None, report: Report) -> None:
    """Report an `at_most` in which no work gets done, or one that Amazon cannot keep."""
    at_most: Period = resource.kind.at_most
    if at_most.seconds < least.seconds:
        why = f"it takes minutes until one is up: {least} is the least"
        report.add(WrongLifetime(resource.span, resource.name, str(at_most), why))
    elif longest is not None and at_most.seconds > longest.seconds:
        why = f"{longest} is the longest after which EMR ends a cluster by itself"
        report.add(WrongLifetime(resource.span, resource.name, str(at_most), why))
    elif (ready := resource.kind.ready_within).seconds >= at_most.seconds:
        why = f"it may take {ready} until it is ready for work: give it a longer `at_most`"
        report.add(WrongLifetime(resource.span, resource.name, str(at_most), why))


def check_spot(resource: Resource, is_spot: bool, report: Report) -> None:
    """Report a way out of a spot market in which nothing is bought."""
    if resource.kind.on_demand_at_last and not is_spot:
        found, help_ = "`on_demand_at_last`", "buy spot instances, or leave it out"
        report.add(NotTogether(resource.span, resource.name, found, "no `spot`", help_))


def check_place(resource: Resource, report: Report) -> None:
    """Report a zone that is not in the region."""
    kind = resource.kind
    if kind.zone and kind.region and not kind.zone.startswith(kind.region):
        found, other = f"the zone `{kind.zone}`", f"the region `{kind.region}`"
        help_ = f"a zone of that region is called like `{kind.region}a`"
        report.add(NotTogether(resource.span, resource.name, found, other, help_))


@diagnostic
class WrongLifetime(Diagnostic):
    """A machine ends itself after `at_most`, whatever happens: that is what never lets one be forgotten.

    It is counted from the launch. A cluster of EMR has seven days at most.
    """

    code = "P317"
    title = "Lifetime that cannot be"
    message = "`{name}` lives {found} at most"
    help = "{why}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources:
          cluster: emr emr-7.1.0 with 4 x m5.xlarge, at most 2 weeks    # P317 cluster
        activities: {count: {shell: ./count, runs_on: cluster}}
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources:
          cluster: emr emr-7.1.0 with 4 x m5.xlarge, at most 6 hours
        activities: {count: {shell: ./count, runs_on: cluster}}
        """

    name: str
    found: str
    why: str


@diagnostic
class NotTogether(Diagnostic):
    """Some of what is said of a machine or a cluster rules out something else.

    A zone lies in one region, and a subnet in one zone. Only default VPCs know security groups by
    their names.
    """

    code = "P318"
    title = "Not both"
    message = "`{name}` cannot have {found} together with {other}"
    help = "{help_}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources:
          box:    # P318 box
            ec2: m5.large
            region: eu-west-1
            zone: us-east-1c
        activities: {mail: {shell: ./mail, runs_on: box}}
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources:
          box:
            ec2: m5.large
            region: eu-west-1
            zone: eu-west-1c
        activities: {mail: {shell: ./mail, runs_on: box}}
        """

    name: str
    found: str
    other: str
    help_: str
