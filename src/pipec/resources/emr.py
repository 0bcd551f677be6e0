"""`emr`: a cluster of Amazon EMR that is started when it is needed, and ended after its work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Literal

from pipec.checks.amazon import NotTogether, check_length, check_place, check_spot
from pipec.checks.credentials import KEPT, check_named
from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.facets import Place
from pipec.fields import aws
from pipec.fields.cluster import (
    Bootstrap,
    Configuration,
    Nodes,
    Release,
    application,
    bootstrap,
    configurations,
    idles,
    nodes,
    release,
    runs_several,
)
from pipec.fields.collections import list_of
from pipec.fields.key import EMPTY, key
from pipec.fields.place import in_s3
from pipec.fields.scalars import at_least, boolean, one_of, string
from pipec.fields.times import length
from pipec.frozen import node
from pipec.grid import Period
from pipec.ir import Pipeline, Resource
from pipec.links import Links
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.managed import Managed, managed_tasks, own_limit, tags
from pipec.targets.airflow.steps import steps_task
from pipec.targets.airflow.template import escape
from pipec.targets.airflow.work import Work
from pipec.targets.datapipeline import rows as row
from pipec.targets.datapipeline.says import says
from pipec.targets.python.values import Call, Value
from pipec.values import Text

TYPE = "m5.xlarge"
"""The type of a first node of which nothing is said."""


@node
class Emr(Place):
    """A cluster of Amazon EMR: a first node (the master), core nodes, and task nodes.

    The short form `emr RELEASE with 4 x m5.xlarge and 2 spot x m5.xlarge for 0.10` names the core and
    the task nodes; the first node is of the same type as the core. Without others it does all
    work itself.
    """

    emr: Release = key(release, "The release, and core and task nodes beside it.")
    at_most: Period = key(
        length, "How long it may live, whatever happens.", default=Period(1, "day")
    )
    ready_within: Period = key(
        length, "How long it may take until it is ready for work.", default=Period(1, "hour")
    )
    applications: tuple[str, ...] = key(
        list_of(application), "What is installed; else what its work needs.", default=()
    )
    master: Nodes | None = key(nodes, "The first node.", default=None)
    core: Nodes | None = key(nodes, "The nodes that hold data.", default=None)
    task: Nodes | None = key(nodes, "Nodes that only compute.", default=None)
    configurations: tuple[Configuration, ...] = key(
        configurations, "Its configurations.", default=()
    )
    bootstrap: tuple[Bootstrap, ...] = key(
        list_of(bootstrap), "Scripts that each node runs before Hadoop starts.", default=()
    )
    steps_at_a_time: int = key(at_least(1), "How many steps may run at a time.", default=1)
    role: str = key(
        aws.role, "The instance profile: what its nodes may do.", default="EMR_EC2_DefaultRole"
    )
    service_role: str = key(aws.service, "The role of EMR itself.", default="EMR_DefaultRole")
    region: str = key(aws.region, "The region; else that of the engine's connection.", default="")
    zone: str = key(aws.zone, "The availability zone.", default="")
    subnet: str = key(aws.subnet, "The subnet of a VPC.", default="")
    master_security_group: str = key(
        aws.security_group, "The security group of the first node that EMR manages.", default=""
    )
    core_security_group: str = key(aws.security_group, "That of all other nodes.", default="")
    service_security_group: str = key(
        aws.security_group, "That by which EMR reaches nodes of a private subnet.", default=""
    )
    more_master_security_groups: tuple[str, ...] = key(
        list_of(aws.security_group), "Further ones of the first node.", default=()
    )
    more_core_security_groups: tuple[str, ...] = key(
        list_of(aws.security_group), "Further ones of all other nodes.", default=()
    )
    key_pair: str = key(string, "The key with which people log in.", default="")
    on_demand_at_last: bool = key(
        boolean, "Whether the last attempt to start it takes no spot instances.", default=False
    )
    logs: Text | None = key(in_s3("s3://shop-logs/"), "Where its logs are kept.", default=None)
    tags: Mapping[str, str] = key(
        aws.tags, "Tags of one's own, for bills and the like.", default=EMPTY
    )
    on_task_failure: Literal["continue", "terminate"] = key(
        one_of("continue", "terminate"), "Whether it lives on when an activity on it has failed.",
        default="continue",
    )  # fmt: skip

    sort = "cluster"

    def check(self, resource: Resource, pipeline: Pipeline, links: Links, report: Report) -> None:
        """Report what EMR would not start."""
        check_length(resource, Period(15, "minute"), Period(7, "day"), report)
        check_place(resource, report)
        groups = _groups(self).values()
        check_spot(resource, any(one.spot is not None for one in groups), report)
        every = (self.configurations, *(one.configurations for one in groups))
        help_ = f"write `{KEPT}` and the ARN of a secret in Secrets Manager"
        check_named((it for one in every for it in _properties(one)), help_, report)
        if self.subnet and self.zone:
            help_ = "leave the `zone` out: the subnet lies in one"
            report.add(NotTogether(resource.span, resource.name, "a `zone`", "a `subnet`", help_))
        for name, beside in (("core", self.emr.core), ("task", self.emr.task)):
            if beside is not None and getattr(self, name) is not None:
                help_ = f"leave out `{name}:`, or what stands behind the release"
                found = f"{name} nodes beside its release"
                report.add(NotTogether(resource.span, resource.name, found, f"`{name}:`", help_))
        if bool(self.master_security_group) != bool(self.core_security_group):
            given, other = "master_security_group", "core_security_group"
            if self.core_security_group:
                given, other = other, given
            found, help_ = f"`{given}`", "EMR takes both, or makes them itself"
            report.add(NotTogether(resource.span, resource.name, found, f"no `{other}`", help_))
        if self.steps_at_a_time > 1 and not runs_several(self.emr.label):
            found, help_ = "`steps_at_a_time`", "take a release from emr-5.28.0 on"
            report.add(NotTogether(resource.span, resource.name, found, self.emr.label, help_))
        if self.task is not None and not (self.core or self.emr.core):
            help_ = "give it `core` nodes as well"
            report.add(NotTogether(resource.span, resource.name, "`task:`", "no `core`", help_))
        for activity in pipeline.activities.values():
            if activity.runs_on and activity.runs_on.name == resource.name:
                missing = [it for it in activity.kind.applications if it not in self.applications]
                if self.applications and missing:
                    report.add(
                        NotInstalled(activity.span, activity.name, missing[0], resource.name)
                    )
        if self.master is not None and self.master.count != 1:
            help_ = "write its type alone"
            other = f"{self.master.count} nodes in it"
            report.add(NotTogether(resource.span, resource.name, "a `master`", other, help_))


says(Emr, "EmrCluster", *row.cluster())


@airflow.resources.of(Emr)
def to_airflow(emr: Emr, work: Work) -> tuple[Call, Call]:
    """A task that starts a cluster once work for it is ready, and one that ends it after the last."""
    every = _groups(emr)
    if not any(one.spot is not None for one in every.values()):
        return managed_tasks(work, Managed(_request(emr, every, work)))
    dear = {role: replace(one, spot=None) for role, one in every.items()}
    spot = {"Instances": _instances(emr, every, work)}
    return managed_tasks(work, Managed(_request(emr, dear, work), spot))


@airflow.commands.of(Emr)
def run_in_airflow(emr: Emr, text: str, work: Work) -> Call:
    """A task that runs it with bash on the first node, as a step."""
    return steps_task(work, [text])


def _groups(emr: Emr) -> dict[str, Nodes]:
    """The nodes by their role."""
    core, task = emr.core or emr.emr.core, emr.task or emr.emr.task
    master = emr.master or Nodes(type=core.type if core else TYPE)
    found = {"MASTER": master, "CORE": core, "TASK": task}
    return {role: one for role, one in found.items() if one is not None}


def _properties(some: Iterable[Configuration]) -> Iterator[tuple[str, Text]]:
    """All properties of some configurations, and of those within them."""
    for one in some:
        yield from one.properties
        yield from _properties(one.configurations)


def _request(emr: Emr, groups: Mapping[str, Nodes], work: Work) -> dict[str, Value]:
    """What RunJobFlow is asked for, but for the marks by which it is found."""
    request: dict[str, Value] = {
        "ReleaseLabel": emr.emr.label,
        "Applications": [{"Name": one} for one in _applications(emr, work)],
        "Instances": _instances(emr, groups, work),
        "JobFlowRole": emr.role,
        "ServiceRole": emr.service_role,
        "VisibleToAllUsers": True,
    }
    if emr.logs is not None:
        request["LogUri"] = work.template(emr.logs)
    if emr.configurations:
        request["Configurations"] = [_configuration(one, work) for one in emr.configurations]
    if emr.bootstrap:
        request["BootstrapActions"] = [
            _action(number, one, work) for number, one in enumerate(emr.bootstrap, 1)
        ]
    if emr.steps_at_a_time > 1:
        request["StepConcurrencyLevel"] = emr.steps_at_a_time
    if idles(emr.emr.label):
        request["AutoTerminationPolicy"] = {"IdleTimeout": emr.at_most.seconds}
    request["Steps"] = [_limit(emr)]
    if emr.tags:
        request["Tags"] = tags(emr.tags)
    return request


def _instances(emr: Emr, groups: Mapping[str, Nodes], work: Work) -> dict[str, Value]:
    """The nodes, and where they are."""
    instances: dict[str, Value] = {
        "InstanceGroups": [_group(role, one, work) for role, one in groups.items()],
        "KeepJobFlowAliveWhenNoSteps": True,
    }
    named: dict[str, Value] = {
        "Ec2SubnetId": emr.subnet,
        "Placement": {"AvailabilityZone": emr.zone} if emr.zone else None,
        "Ec2KeyName": escape(emr.key_pair),
        "EmrManagedMasterSecurityGroup": emr.master_security_group,
        "EmrManagedSlaveSecurityGroup": emr.core_security_group,
        "ServiceAccessSecurityGroup": emr.service_security_group,
        "AdditionalMasterSecurityGroups": [*emr.more_master_security_groups],
        "AdditionalSlaveSecurityGroups": [*emr.more_core_security_groups],
    }
    return instances | {name: value for name, value in named.items() if value}


def _limit(emr: Emr) -> dict[str, Value]:
    """The first step, by which the first node ends itself and with it the cluster.

    A cluster that cannot be limited ends at once; EMR refuses that where steps run side by side.
    """
    command = f"sudo {own_limit(emr.at_most)}"
    return {
        "Name": f"It ends after {emr.at_most}, whatever happens",
        "ActionOnFailure": "TERMINATE_CLUSTER" if emr.steps_at_a_time == 1 else "CONTINUE",
        "HadoopJarStep": {"Jar": "command-runner.jar", "Args": ["bash", "-c", command]},
    }


def _group(role: str, one: Nodes, work: Work) -> dict[str, Value]:
    found: dict[str, Value] = {
        "InstanceRole": role,
        "InstanceType": one.type,
        "InstanceCount": one.count,
    }
    if one.spot is not None:
        found["Market"] = "SPOT"
    if one.spot:
        found["BidPrice"] = one.spot
    if one.disks or one.optimized:
        devices = [
            {
                "VolumeSpecification": {
                    "VolumeType": disk.type,
                    "SizeInGB": disk.size,
                    **({"Iops": disk.iops} if disk.iops else {}),
                },
                "VolumesPerInstance": disk.count,
            }
            for disk in one.disks
        ]
        found["EbsConfiguration"] = {
            **({"EbsBlockDeviceConfigs": devices} if devices else {}),
            **({"EbsOptimized": True} if one.optimized else {}),
        }
    if one.configurations:
        found["Configurations"] = [_configuration(it, work) for it in one.configurations]
    return found


def _configuration(one: Configuration, work: Work) -> dict[str, Value]:
    found: dict[str, Value] = {"Classification": escape(one.classification)}
    if one.properties:
        found["Properties"] = {escape(name): work.template(value) for name, value in one.properties}
    if one.configurations:
        found["Configurations"] = [_configuration(it, work) for it in one.configurations]
    return found


def _action(number: int, one: Bootstrap, work: Work) -> dict[str, Value]:
    action: dict[str, Value] = {"Path": work.template(one.script)}
    if one.args:
        action["Args"] = [work.template(it) for it in one.args]
    return {"Name": f"bootstrap {number}", "ScriptBootstrapAction": action}


def _applications(emr: Emr, work: Work) -> Iterable[str]:
    """What is asked for; else Hadoop, and what the activities on it need."""
    if emr.applications:
        return emr.applications
    name = work.thing.name
    users = [
        it for it in work.pipeline.activities.values() if it.runs_on and it.runs_on.name == name
    ]
    return dict.fromkeys(["Hadoop", *(one for it in users for one in it.kind.applications)])


@diagnostic
class NotInstalled(Diagnostic):
    """What an activity needs is one of the `applications` of its cluster, if these are named.

    Where none are named, those that its activities need are installed.
    """

    code = "P419"
    title = "Not on the cluster"
    message = "`{name}` needs {application}, and `{resource}` is started without it"
    help = "add it to the `applications` of `{resource}`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources: {cluster: {emr: emr-7.1.0, applications: [hadoop, spark]}}
        activities:
          count:    # P419 count
            hive: INSERT OVERWRITE TABLE totals SELECT city, count(*) FROM orders GROUP BY city
            runs_on: cluster
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources: {cluster: {emr: emr-7.1.0, applications: [hadoop, hive, spark]}}
        activities:
          count:
            hive: INSERT OVERWRITE TABLE totals SELECT city, count(*) FROM orders GROUP BY city
            runs_on: cluster
        """

    name: str
    application: str
    resource: str
