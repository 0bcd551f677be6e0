"""Fields with names that AWS gives: types of instances, regions, ids, prices of spot instances."""

from __future__ import annotations

import re

from pipec.diagnostic import Diagnostic, diagnostic, did_you_mean, listed, nearest
from pipec.fields.collections import mapping_of
from pipec.fields.key import FieldType
from pipec.fields.reader import Reader
from pipec.fields.scalars import scalar, string
from pipec.syntax import Scalar

REGIONS = (
    "af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3",
    "ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3",
    "ap-southeast-4", "ap-southeast-5", "ap-southeast-7", "ca-central-1", "ca-west-1",
    "cn-north-1", "cn-northwest-1", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1",
    "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3", "il-central-1", "me-central-1",
    "me-south-1", "mx-central-1", "sa-east-1", "us-east-1", "us-east-2", "us-gov-east-1",
    "us-gov-west-1", "us-west-1", "us-west-2",
)  # fmt: skip
"""Those that we know; a new one is taken as well if it looks like one and is near none of these."""

SIZES = ("nano", "micro", "small", "medium", "large", "xlarge", "2xlarge", "4xlarge", "metal")
_TYPE = re.compile(
    r"(?P<family>[a-z]+-?\d*[a-z]*(?:-[a-z0-9]+)?)"
    r"\.(?P<size>nano|micro|small|medium|large|[1-9]?\d{0,2}xlarge|metal(?:-\d+xl)?)"
)
MOST = 20
"""Dollars an hour: a spot instance that may cost more is a mistake."""


def type_of_instance(it: Scalar, reader: Reader) -> str | None:
    """The type of an EC2 instance that a text names."""
    found = it.value.strip()
    family = _TYPE.fullmatch(found)
    if family and re.search(r"\d", family["family"]):
        return found
    reader.report.add(NotAnInstanceType(it.span, found[:60], _nearest_type(found)))
    return None


instance_type = scalar("type of instance, such as `m5.large`", type_of_instance)


def is_arm(instance: str) -> bool:
    """Whether instances of this type have processors of the ARM architecture (Graviton)."""
    return bool(re.match(r"a1\.|[a-z]+\d+[a-z]*g[a-z]*[.-]|[a-z]+\d+e-gb\d+\.", instance))


def _nearest_type(found: str) -> str:
    low = found.lower().replace(" ", "").replace("_", ".")
    family, dot, size = low.partition(".")
    if not dot:
        return "a type is a family and a size, such as `m5.large`"
    size = size if _TYPE.fullmatch(f"m5.{size}") else _spelt_like(size)
    one = f"{family}.{size}"
    if size and _TYPE.fullmatch(one) and re.search(r"\d", family):
        return f"did you mean `{one}`?"
    return "a type is a family and a size, such as `m5.large`"


def _spelt_like(size: str) -> str:
    found = nearest(size, SIZES[:-1])
    near = found[:1] == size[:1] and abs(len(found) - len(size)) < 2
    return found if near else ""


def _region(it: Scalar, reader: Reader) -> str | None:
    found = it.value.strip()
    near = nearest(found.lower().replace("_", "-"), REGIONS)
    if found in REGIONS or (not near and re.fullmatch(r"[a-z]{2}(-[a-z]+){1,3}-\d", found)):
        return found
    reader.report.add(NotAnAwsName(it.span, found[:60], "region", near or found[:60]))
    return None


region = scalar("region of AWS", _region)


def named(noun: str, pattern: str, example: str) -> FieldType:
    """A name that AWS gives, or takes, of which the form is known."""

    def parsed(it: Scalar, reader: Reader) -> str | None:
        found = it.value.strip()
        if re.fullmatch(pattern, found):
            return found
        reader.report.add(NotAnAwsName(it.span, found[:60], noun, example))
        return None

    return scalar(noun, parsed)


_ID = r"-[0-9a-f]{8}(?:[0-9a-f]{9})?"
image = named("image", rf"ami{_ID}|resolve:ssm:\S+", "ami-0123456789abcdef0")
subnet = named("subnet", rf"subnet{_ID}", "subnet-0123456789abcdef0")
security_group = named("security group", rf"sg{_ID}", "sg-0123456789abcdef0")
group = named(
    "id or name of a security group", rf"sg{_ID}|(?!sg-)[^,]{{1,255}}", "sg-0123456789abcdef0"
)
"""By its id, or in a default VPC by its name."""
zone = named("availability zone", r"[a-z]{2}(?:-[a-z]+){1,3}-\d[a-z]", "us-east-1a")
role = named(
    "instance profile",
    r"[\w+=,.@-]{1,128}|arn:aws[\w-]*:iam::\d{12}:instance-profile/[\w+=,.@/-]+",
    "an instance profile such as etl-machine",
)
service = named(
    "role", r"[\w+=,.@-]{1,64}|arn:aws[\w-]*:iam::\d{12}:role/[\w+=,.@/-]+", "EMR_DefaultRole"
)
tags = mapping_of(
    FieldType("text", string.read),
    names=r"(?!aws:)[\w +=.:/@-]{1,128}",
    advice="a tag has letters, digits, blanks and `_.:/=+-@`, and does not begin with `aws:`",
)
user = named("name of a user", r"[a-z_][a-z0-9_-]{0,31}", "ec2-user")


def price_of(it: Scalar, reader: Reader) -> str | None:
    """The most that a spot instance may cost an hour; empty for `any` price up to the usual one."""
    found = it.value.strip().removeprefix("$")
    if found == "any":
        return ""
    if re.fullmatch(r"\d{1,6}(\.\d{1,6})?", found) and 0 < float(found) < MOST:
        return found
    reader.report.add(NotASpotPrice(it.span, it.value.strip()[:60]))
    return None


spot = scalar("`any` or a price in dollars an hour", price_of)


@diagnostic
class NotAnInstanceType(Diagnostic):
    """A type of an EC2 instance is a family and a size, with a point in between: `m5.large`."""

    code = "P252"
    title = "Not a type of instance"
    message = "`{found}` is no type of an instance"
    help = "{near}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources: {box: ec2 m5.lage}    # P252 m5.lage
        activities: {mail: {shell: ./mail, runs_on: box}}
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources: {box: ec2 m5.large}
        activities: {mail: {shell: ./mail, runs_on: box}}
        """

    found: str
    near: str


@diagnostic
class NotAnAwsName(Diagnostic):
    """What AWS names has a form by which it is known: `subnet-`, `sg-`, `ami-` and so on.

    A machine takes an instance profile, which holds a role; a role itself is something else.
    """

    code = "P253"
    title = "Not a name in AWS"
    message = "`{found}` is no {noun}"
    help = "did you mean {example}?"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources:
          box:
            ec2: m5.large
            region: us_west_1    # P253 us_west_1
        activities: {mail: {shell: ./mail, runs_on: box}}
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources:
          box:
            ec2: m5.large
            region: us-west-1
        activities: {mail: {shell: ./mail, runs_on: box}}
        """

    found: str
    noun: str
    example: str

    def hint(self) -> str:
        """What such a name looks like; a region is named that may have been meant."""
        if self.noun == "region":
            return did_you_mean(
                self.example, REGIONS, f"regions are called like {listed(REGIONS, 6)}"
            )
        return f"it looks like `{self.example}`" if " " not in self.example else self.example


@diagnostic
class NotASpotPrice(Diagnostic):
    """Spot instances cost less, and AWS takes them back when it needs them.

    `any` pays what they cost, up to the usual price; a price is a limit below that, in dollars an
    hour, more than 0 and less than 20.
    """

    code = "P267"
    title = "Not a price of a spot instance"
    message = "`{found}` is no price between 0 and 20 dollars an hour"
    help = "write `any`, or a price such as `0.05`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources:
          box: {ec2: m5.large, spot: 120}    # P267 120
        activities: {mail: {shell: ./mail, runs_on: box}}
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources:
          box: {ec2: m5.large, spot: 0.12}
        activities: {mail: {shell: ./mail, runs_on: box}}
        """

    found: str
