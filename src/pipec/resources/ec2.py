"""`ec2`: a machine of Amazon that is started when it is needed, and ended after its work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pipec.checks.amazon import NotTogether, check_length, check_place, check_spot
from pipec.diagnostic import Report
from pipec.facets import Place
from pipec.fields import aws
from pipec.fields.collections import list_of
from pipec.fields.key import EMPTY, key
from pipec.fields.place import in_s3
from pipec.fields.scalars import boolean, one_of, string, text
from pipec.fields.times import length
from pipec.frozen import node
from pipec.grid import Period
from pipec.ir import Pipeline, Resource
from pipec.links import Links
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.managed import Managed, managed_tasks, own_limit, tags
from pipec.targets.airflow.remote import machine_task
from pipec.targets.airflow.template import escape
from pipec.targets.airflow.work import Work
from pipec.targets.datapipeline import rows as row
from pipec.targets.datapipeline.says import says
from pipec.targets.python.values import Call, Value
from pipec.values import NO_TEXT, Text

LINUX = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{}"
"""The parameter by which AWS knows its latest Amazon Linux 2023, for x86_64 or arm64."""


@node
class Ec2(Place):
    """A machine of Amazon EC2 that runs commands, sent to it by AWS Systems Manager.

    Its `role` lets it take commands (the policy AmazonSSMManagedInstanceCore does), and reach what
    its work needs: without one, the account's Default Host Management has to. It ends itself
    `at_most` after it was launched, whatever has become of everything else.
    """

    ec2: str = key(aws.instance_type, "The type of the instance, `m5.large`.")
    at_most: Period = key(
        length, "How long it may live, whatever happens.", default=Period(1, "day")
    )
    ready_within: Period = key(
        length, "How long it may take until it is ready for work.", default=Period(20, "minute")
    )
    image: str = key(
        aws.image, "The image; else the latest Amazon Linux 2023 for its processor.", default=""
    )
    role: str = key(aws.role, "The instance profile: what it, and so its work, may do.", default="")
    region: str = key(aws.region, "The region; else that of the engine's connection.", default="")
    zone: str = key(aws.zone, "The availability zone.", default="")
    subnet: str = key(aws.subnet, "The subnet of a VPC.", default="")
    security_groups: tuple[str, ...] = key(
        list_of(aws.group), "Its security groups: ids, or names in a default VPC.", default=()
    )
    public_ip: bool | None = key(
        boolean, "Whether it gets a public address; else as its subnet has it.", default=None
    )
    key_pair: str = key(string, "The key with which people log in.", default="")
    spot: str | None = key(
        aws.spot, "A spot instance: `any`, or the most that it may cost.", default=None
    )
    on_demand_at_last: bool = key(
        boolean, "Whether the last attempt to start it takes no spot instance.", default=False
    )
    user: str = key(aws.user, "Who runs the commands on it.", default="root")
    setup: Text = key(
        text, "Lines of bash that root runs once it is up, before its work.", default=NO_TEXT
    )
    logs: Text | None = key(
        in_s3("s3://shop-logs/"), "Where all that commands print is kept.",
        default=None,
    )  # fmt: skip
    tags: Mapping[str, str] = key(
        aws.tags, "Tags of one's own, for bills and the like.", default=EMPTY
    )
    on_task_failure: Literal["continue", "terminate"] = key(
        one_of("continue", "terminate"), "Whether it lives on when an activity on it has failed.",
        default="continue",
    )  # fmt: skip

    sort = "machine"

    def check(self, resource: Resource, pipeline: Pipeline, links: Links, report: Report) -> None:
        """Report what AWS would not launch."""
        check_length(resource, Period(10, "minute"), None, report)
        check_place(resource, report)
        check_spot(resource, self.spot is not None, report)
        names = [one for one in self.security_groups if not one.startswith("sg-")]
        if names and (self.subnet or self.public_ip is False):
            other = "a `subnet`" if self.subnet else "`public_ip: false`"
            found = f"the security group `{names[0]}`, a name,"
            help_ = "write the ids of the groups, such as `sg-0123456789abcdef0`"
            report.add(NotTogether(resource.span, resource.name, found, other, help_))


says(
    Ec2,
    "Ec2Resource",
    row.instance(),
    row.lifetime("terminateAfter", "at_most", least=10, most=36_500 * 1440, usual=20),
    row.length("initTimeout", "ready_within"),
    row.text("imageId", "image"),
    row.role("resourceRole", "role"),
    row.text("region", "region"),
    row.text("availabilityZone", "zone"),
    row.text("subnetId", "subnet"),
    row.groups(),
    row.flag("associatePublicIpAddress", "public_ip"),
    row.text("keyPair", "key_pair"),
    row.spot_price("spotBidPrice", "spot"),
    row.on_demand_at_last(("spotBidPrice",)),
    row.text("runAsUser", "user", aloud=True),
    row.word(
        "actionOnTaskFailure", "on_task_failure", {"continue": "continue", "terminate": "terminate"}
    ),
)


@airflow.resources.of(Ec2)
def to_airflow(ec2: Ec2, work: Work) -> tuple[Call, Call]:
    """A task that launches an instance once work for it is ready, and one that ends it after the last."""
    options: dict[str, Value] = {"MarketType": "spot"}
    if ec2.spot:
        options["SpotOptions"] = {"MaxPrice": ec2.spot}
    spot: dict[str, Value] = {"InstanceMarketOptions": options} if ec2.spot is not None else {}
    return managed_tasks(work, Managed(_request(ec2, work), spot))


@airflow.commands.of(Ec2)
def run_in_airflow(ec2: Ec2, text: str, work: Work) -> Call:
    """A task that sends the command to the instance, through Systems Manager, and keeps its slot until that ends."""
    return machine_task(work, text)


def _request(ec2: Ec2, work: Work) -> dict[str, Value]:
    """What RunInstances is asked for, but for the tags by which it is found."""
    image = ec2.image or LINUX.format("arm64" if aws.is_arm(ec2.ec2) else "x86_64")
    request: dict[str, Value] = {"ImageId": image, "InstanceType": ec2.ec2}
    ids = [one for one in ec2.security_groups if one.startswith("sg-")]
    names = [one for one in ec2.security_groups if not one.startswith("sg-")]
    if ec2.public_ip is not None and not names:
        network: dict[str, Value] = {
            "DeviceIndex": 0,
            "AssociatePublicIpAddress": ec2.public_ip,
            **({"SubnetId": ec2.subnet} if ec2.subnet else {}),
            **({"Groups": [*ids]} if ids else {}),
        }
        request["NetworkInterfaces"] = [network]
    else:  # In a default VPC, which alone knows groups by name, it has a public address anyway.
        if ec2.subnet:
            request["SubnetId"] = ec2.subnet
        if ids:
            request["SecurityGroupIds"] = [*ids]
        if names:
            request["SecurityGroups"] = [escape(one) for one in names]
    if ec2.zone:
        request["Placement"] = {"AvailabilityZone": ec2.zone}
    if ec2.role:
        kind = "Arn" if ec2.role.startswith("arn:") else "Name"
        request["IamInstanceProfile"] = {kind: ec2.role}
    if ec2.key_pair:
        request["KeyName"] = escape(ec2.key_pair)
    request["InstanceInitiatedShutdownBehavior"] = "terminate"
    lines = ["#!/bin/bash", own_limit(ec2.at_most), work.template(ec2.setup)]
    request["UserData"] = "\n".join(filter(None, lines))
    if ec2.tags:
        request["Tags"] = tags(ec2.tags)
    return request
