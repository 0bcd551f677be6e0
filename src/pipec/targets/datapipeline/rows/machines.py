"""Rows of machines: security groups, prices, and the parts of a cluster."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pipec.targets.datapipeline.lengths import period_text, read_period
from pipec.targets.datapipeline.rows.plain import Row, flag, scalar, scalars
from pipec.targets.datapipeline.rows.work import without_commas
from pipec.targets.datapipeline.sides import InOneLine, Made, Reading

if TYPE_CHECKING:
    from pipec.targets.datapipeline.writing import Writing

ROLES = ("DataPipelineDefaultRole", "DataPipelineDefaultResourceRole")
"""What the service calls the roles that it makes itself; nothing else can use them."""


def groups() -> Row:
    """Security groups, by their ids or by their names."""

    def write(out: Writing) -> None:
        given: tuple[str, ...] = out.value("security_groups")
        out.put("securityGroupIds", [one for one in given if one.startswith("sg-")])
        out.put("securityGroups", [one for one in given if not one.startswith("sg-")])

    def read(it: Reading) -> None:
        found = [*scalars(it, "securityGroupIds"), *scalars(it, "securityGroups")]
        if found:
            made: list[Made] = [it.text(one) for one in found]
            # A parameter that is a list stands for the whole list.
            it.put("security_groups", made[0] if it.is_list(found) else InOneLine(made))

    return Row(("securityGroupIds", "securityGroups"), ("security_groups",), write, read)


def role(theirs: str, ours: str, default: str = "") -> Row:
    """A role by its name; those of the service itself are left out."""

    def write(out: Writing) -> None:
        if out.value(ours) != default:
            out.put(theirs, out.value(ours))

    def read(it: Reading) -> None:
        found = scalar(it, theirs)
        if found is None:
            return
        if found.value in ROLES:
            it.account(
                theirs,
                "dropped",
                f"`{found.value}` is a role of AWS Data Pipeline; here the usual one is taken",
            )
        else:
            it.put(ours, it.text(found))

    return Row((theirs,), (ours,), write, read)


def lifetime(theirs: str, ours: str, *, least: int, most: int, usual: int) -> Row:
    """How long a machine may live, so many minutes; a bare number counts hours.

    `usual` is how long it may take until it is ready, which has to be less.
    """

    def write(out: Writing) -> None:
        out.put(theirs, period_text(out.value(ours)))  # Without it, one lives on for ever.

    def read(it: Reading) -> None:
        found = scalar(it, theirs)
        if found is None:
            return
        written = read_period(found, it, "hour")
        count, _, unit = written.partition(" ")
        minutes = int(count) * _MINUTES.get(unit.removesuffix("s"), 0) if count.isdecimal() else 0
        if minutes and not least <= minutes <= most:
            nearest = f"{least} minutes" if minutes < least else f"{most // 1440} days"
            it.account(
                theirs,
                "approximated",
                f"here it lives for {nearest}: {written} is beyond what can be",
            )
            written, minutes = nearest, least if minutes < least else most
        it.put(ours, written)
        if minutes and minutes <= usual and it.field("initTimeout") is None:
            ready = max(minutes - 5, 5)
            it.put("ready_within", f"{ready} minutes")

    return Row((theirs,), (ours,), write, read)


_MINUTES = {"minute": 1, "hour": 60, "day": 1440, "week": 10080}


def on_demand_at_last(prices: tuple[str, ...]) -> Row:
    """Whether the last attempt takes no spot instances, if any of the `prices` is said."""
    said = flag("useOnDemandOnLastAttempt", "on_demand_at_last")

    def read(it: Reading) -> None:
        if any(it.has(one) for one in prices):
            said.read(it)
        elif it.field("useOnDemandOnLastAttempt") is not None:
            it.account("useOnDemandOnLastAttempt", "dropped", "it asks for no spot instances")

    return Row(said.theirs, said.ours, said.write, read)


def spot_price(theirs: str, ours: str) -> Row:
    """The most that a spot instance may cost."""

    def write(out: Writing) -> None:
        out.put(theirs, _price(out, ours, out.value(ours)))

    def read(it: Reading) -> None:
        if (found := scalar(it, theirs)) is not None:
            it.put(ours, it.text(found))

    return Row((theirs,), (ours,), write, read)


def _price(out: Writing, key: str, price: str | None) -> str | None:
    if price == "":
        out.unsaid(key, "name the most that it may cost: `spot: 0.10`")
    return price or None


def instance() -> Row:
    """The type of a machine, which the service need not be told."""

    def write(out: Writing) -> None:
        out.put("instanceType", out.value("ec2"))

    def read(it: Reading) -> None:
        found = scalar(it, "instanceType")
        if found is None:
            it.remark("No type was said: AWS Data Pipeline took a small one.")
        it.put("ec2", it.text(found) if found is not None else "m1.small")

    return Row(("instanceType",), ("ec2",), write, read)


RELEASE = "emr-5.36.0"
"""The last release that still has what old ones had, for clusters with an image of before."""


def release() -> Row:
    """The release of a cluster; releases before 4.0 were called images, and are not started any more."""

    def write(out: Writing) -> None:
        out.put("releaseLabel", out.value("emr").label)

    def read(it: Reading) -> None:
        label, image = scalar(it, "releaseLabel"), scalar(it, "amiVersion")
        if label is not None:
            it.put("emr", it.text(label))
            return
        it.put("emr", RELEASE)
        if image is not None:
            why = f"Amazon starts no clusters with an AMI of before 4.0: `{RELEASE}` is taken"
            it.account("amiVersion", "undecided", why)
            it.remark(f"Was AMI {it.text(image)}: see whether all runs on {RELEASE}.")
        else:
            it.remark(f"No release was said: see whether all runs on {RELEASE}.")

    return Row(("releaseLabel", "amiVersion"), ("emr",), write, read)


def nodes(theirs: str, ours: str) -> Row:
    """A group of nodes of a cluster."""
    names = {part: f"{theirs}Instance{part}" for part in ("Type", "Count", "BidPrice")}
    disks, configuration = f"{theirs}EbsConfiguration", f"{theirs}GroupConfiguration"

    def write(out: Writing) -> None:
        group = out.value(ours) or getattr(out.value("emr"), ours, None)
        if group is None:
            return
        out.put(names["Type"], group.type)
        if ours != "master":
            out.put(names["Count"], str(group.count))
        out.put(names["BidPrice"], _price(out, ours, group.spot))
        if group.disks or group.optimized:
            out.put(disks, _disks(group, ours, out))
        made = [_configuration(one, ours, out) for one in group.configurations]
        if len(made) > 1:
            out.unsaid(ours, "it takes one configuration for a group of nodes")
        out.put(configuration, made)

    def read(it: Reading) -> None:
        kind, count, price = (scalar(it, one) for one in names.values())
        ebs, settings = it.field(disks), it.field(configuration)
        if not any((kind, count, price, ebs, settings)):
            return
        type_ = it.text(kind) if kind is not None else it.like_others(names["Type"])
        for name in (*names.values(), disks, configuration) if kind is None else ():
            if it.has(name):
                it.account(name, "approximated", "nodes of the type of the first are taken")
        made: dict[str, Made] = {"type": type_}
        if ours != "master" and count is not None:
            made["count"] = it.text(count)
        if price is not None:
            made["spot"] = it.text(price)
        if ebs is not None and ebs.references:
            made |= _read_disks(it, ebs.references[0])
        if settings is not None:
            found = [_read_configuration(it, one) for one in settings.references]
            if merged := {k: v for one in found for k, v in one.items()}:
                made["configurations"] = merged
        it.put(ours, _short(made))

    return Row((*names.values(), disks, configuration), (ours,), write, read)


def _short(made: dict[str, Made]) -> Made:
    """`4 x m5.xlarge` for a group that is nothing but that."""
    if made.keys() - {"type", "count", "spot"}:
        return made
    if made.get("count") is None and "spot" not in made:
        return made["type"]
    spot = "spot " if "spot" in made else ""
    price = f" for {made['spot']}" if spot else ""
    return f"{made.get('count', '1')} {spot}x {made['type']}{price}"


def _disks(group: Any, ours: str, out: Writing) -> Any:
    devices = []
    for one in group.disks:
        volume = {"volumeType": one.type, "sizeInGB": str(one.size), "iops": str(one.iops or "")}
        config = {
            "volumesPerInstance": str(one.count) if one.count != 1 else None,
            "volumeSpecification": out.helper("VolumeSpecification", f"{ours}_volume", volume),
        }
        devices.append(out.helper("EbsBlockDeviceConfig", f"{ours}_disk", config))
    given = {"ebsOptimized": "true" if group.optimized else None, "ebsBlockDeviceConfig": devices}
    return out.helper("EbsConfiguration", f"{ours}_disks", given)


def _read_disks(it: Reading, reference: Any) -> dict[str, Made]:
    made: dict[str, Made] = {}
    config = it.other(reference)
    if config is None:
        return made
    if (optimized := scalar(config, "ebsOptimized")) is not None and config.text(
        optimized
    ) == "true":
        made["optimized"] = "true"
    disks: list[Made] = []
    devices = config.field("ebsBlockDeviceConfig")
    for one in devices.references if devices is not None else ():
        device = config.other(one)
        field = device.field("volumeSpecification") if device is not None else None
        volume = (
            device.other(field.references[0]) if device and field and field.references else None
        )
        if device is None or volume is None:
            continue
        disk: dict[str, Made] = {}
        for theirs, ours, from_ in (
            ("sizeInGB", "size", volume), ("volumeType", "type", volume), ("iops", "iops", volume),
            ("volumesPerInstance", "count", device),
        ):  # fmt: skip
            if (found := scalar(from_, theirs)) is not None:
                disk[ours] = from_.text(found)
        if "size" in disk:
            disks.append(InOneLine(disk))
    if disks:
        made["disks"] = disks
    return made


def _configuration(one: Any, hint: str, out: Writing) -> Any:
    properties = [
        out.helper(
            "Property", f"{one.classification}.{name}", {"key": name, "value": out.text(value)}
        )
        for name, value in one.properties
    ]
    inner = [_configuration(it, hint, out) for it in one.configurations]
    given = {"classification": one.classification, "property": properties, "configuration": inner}
    return out.helper("EmrConfiguration", one.classification, given)


def _read_configuration(
    it: Reading, reference: Any, around: tuple[str, ...] = ()
) -> dict[str, Made]:
    if reference.id in around:
        it.account("configuration", "undecided", "a configuration cannot be inside itself")
        return {}
    config = it.other(reference)
    name = scalar(config, "classification") if config is not None else None
    if config is None or name is None:
        return {}
    made: dict[str, Made] = {}
    field = config.field("property")
    for one in field.references if field is not None else ():
        pair = config.other(one)
        key, value = (scalar(pair, part) if pair else None for part in ("key", "value"))
        if pair is not None and key is not None:
            made[pair.text(key)] = pair.text(value) if value is not None else ""
    inner = config.field("configuration")
    for one in inner.references if inner is not None else ():
        made |= _read_configuration(config, one, (*around, reference.id))
    return {config.text(name): made}


def configurations() -> Row:
    """The configurations of a cluster."""

    def write(out: Writing) -> None:
        given = out.value("configurations")
        out.put("configuration", [_configuration(one, "", out) for one in given])

    def read(it: Reading) -> None:
        made: dict[str, Made] = {}
        field = it.field("configuration")
        for one in field.references if field is not None else ():
            for name, properties in _read_configuration(it, one).items():
                there = made.get(name)
                if there is not None:
                    it.account(
                        "configuration",
                        "approximated",
                        f"there is one `{name}` with the properties of all",
                    )
                made[name] = (
                    {**there, **properties}
                    if isinstance(there, dict) and isinstance(properties, dict)
                    else properties
                )
        if made:
            it.put("configurations", made)

    return Row(("configuration",), ("configurations",), write, read)


def bootstrap() -> Row:
    """Scripts that each node runs first: `s3://...,argument,argument`."""

    def write(out: Writing) -> None:
        out.put("bootstrapAction", [
            ",".join(out.text(without_commas(it)) for it in (one.script, *one.args))
            for one in out.value("bootstrap")
        ])  # fmt: skip

    def read(it: Reading) -> None:
        made: list[Made] = []
        for one in scalars(it, "bootstrapAction"):
            script, *args = (
                re.sub(r"\\{1,2},", ",", part) for part in re.split(r"(?<!\\),", it.text(one))
            )
            made.append({"script": script, "args": InOneLine(args)} if args else script)
        if made:
            it.put("bootstrap", made)

    return Row(("bootstrapAction",), ("bootstrap",), write, read)


def applications() -> Row:
    """What is installed on a cluster."""
    from pipec.fields.cluster import APPLICATIONS

    def write(out: Writing) -> None:
        given = out.value("applications")
        used = dict.fromkeys(it for one in out.users for it in one.kind.applications)
        # Hive and Pig are there unless something else is asked for.
        out.put("applications", given or ([*used] if used.keys() - {"Hive", "Pig"} else None))

    def read(it: Reading) -> None:
        found = [it.text(one) for one in scalars(it, "applications")]
        words = [word.strip() for one in found for word in one.split(",") if word.strip()]
        known = [APPLICATIONS[one.lower()] for one in words if one.lower() in APPLICATIONS]
        for one in words:
            if one.lower() not in APPLICATIONS:
                it.account("applications", "undecided", f"EMR installs no `{one}`")
        if known:
            it.put("applications", InOneLine(known))

    return Row(("applications",), ("applications",), write, read)


def cluster() -> tuple[Row, ...]:
    """The rows of a cluster."""
    from pipec.targets.datapipeline.rows.plain import length, text, texts, word

    return (
        release(),
        applications(),
        nodes("master", "master"),
        nodes("core", "core"),
        nodes("task", "task"),
        configurations(),
        bootstrap(),
        lifetime("terminateAfter", "at_most", least=15, most=7 * 1440, usual=60),
        length("initTimeout", "ready_within"),
        role("resourceRole", "role", "EMR_EC2_DefaultRole"),
        role("role", "service_role", "EMR_DefaultRole"),
        text("region", "region"),
        text("availabilityZone", "zone"),
        text("subnetId", "subnet"),
        text("emrManagedMasterSecurityGroupId", "master_security_group"),
        text("emrManagedSlaveSecurityGroupId", "core_security_group"),
        text("serviceAccessSecurityGroupId", "service_security_group"),
        texts("additionalMasterSecurityGroupIds", "more_master_security_groups"),
        texts("additionalSlaveSecurityGroupIds", "more_core_security_groups"),
        text("keyPair", "key_pair"),
        text("emrLogUri", "logs"),
        on_demand_at_last(tuple(f"{one}InstanceBidPrice" for one in ("master", "core", "task"))),
        word(
            "actionOnTaskFailure",
            "on_task_failure",
            {"continue": "continue", "terminate": "terminate"},
        ),
    )
