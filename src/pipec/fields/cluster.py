"""Fields of a cluster: its release and its nodes, and what is installed and configured on them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from lark import Token
from lark import Tree as Form

from pipec.diagnostic import Diagnostic, diagnostic, did_you_mean, listed
from pipec.fields.aws import instance_type, price_of, spot, type_of_instance
from pipec.fields.collections import list_of
from pipec.fields.forms import read_form, token_span
from pipec.fields.key import FieldType, key
from pipec.fields.place import in_s3
from pipec.fields.read import read_fields
from pipec.fields.reader import Reader
from pipec.fields.scalars import (
    WrongType,
    at_least,
    boolean,
    expect_scalar,
    one_of,
    scalar,
    text,
    what,
)
from pipec.frozen import node
from pipec.source import NOWHERE, Span
from pipec.syntax import Mapping, Scalar, Sequence, Tree
from pipec.values import Text


@node
class Disk:
    """Disks of each node of a group."""

    size: int = key(at_least(1), "Gigabytes.")
    type: str = key(
        one_of("gp3", "gp2", "io1", "io2", "st1", "sc1", "standard"), "The type of EBS volume.",
        default="gp3",
    )  # fmt: skip
    iops: int | None = key(at_least(100), "Operations a second.", default=None)
    count: int = key(at_least(1), "How many of them each node has.", default=1)


@node
class Configuration:
    """A configuration of EMR, as its API takes it."""

    classification: str
    properties: tuple[tuple[str, Text], ...] = ()
    configurations: tuple[Configuration, ...] = ()


def _configurations(tree: Tree, reader: Reader) -> tuple[Configuration, ...] | None:
    """A mapping from classifications to properties, or the list that EMR takes."""
    if isinstance(tree, Mapping):
        found = [_by_name(name.value, value, reader) for name, value in tree]
    elif isinstance(tree, Sequence):
        found = [_as_emr_has_it(one, reader) for one in tree.items]
    else:
        reader.report.add(WrongType(tree.span, "a mapping or a list", what(tree)))
        return None
    return None if None in found else tuple(it for it in found if it)


def _by_name(name: str, tree: Tree, reader: Reader) -> Configuration | None:
    """`spark-defaults: {spark.executor.memory: 2g}`; a mapping in it is a configuration in it."""
    if not isinstance(tree, Mapping):
        reader.report.add(WrongType(tree.span, "a mapping to properties", what(tree)))
        return None
    properties: list[tuple[str, Text]] = []
    inner: list[Configuration] = []
    for key_, value in tree:
        if isinstance(value, Mapping):
            found = _by_name(key_.value, value, reader)
            if found is None:
                return None
            inner.append(found)
        elif (one := _property(value, reader)) is not None:
            properties.append((key_.value, one))
        else:
            return None
    return Configuration(
        classification=name, properties=tuple(properties), configurations=tuple(inner)
    )


def _as_emr_has_it(tree: Tree, reader: Reader) -> Configuration | None:
    """`{classification: ..., properties: ..., configurations: ...}`, in capitals or not."""
    if not isinstance(tree, Mapping):
        reader.report.add(WrongType(tree.span, "a mapping with a `classification`", what(tree)))
        return None
    parts = {name.value.lower(): value for name, value in tree}
    name = parts.get("classification")
    if not isinstance(name, Scalar) or parts.keys() - {*_PARTS}:
        names = f"`classification`, `properties` and `configurations`, found {listed(parts)}"
        reader.report.add(WrongType(tree.span, f"a mapping with {names}", "something else"))
        return None
    properties = parts.get("properties")
    found = (
        _by_name(name.value, properties, reader)
        if properties is not None
        else Configuration(classification=name.value)
    )
    more = parts.get("configurations")
    inner = _configurations(more, reader) if more is not None else ()
    if found is None or inner is None:
        return None
    return replace(found, configurations=(*found.configurations, *inner))


_PARTS = ("classification", "properties", "configurations")


def _property(tree: Tree, reader: Reader) -> Text | None:
    """A value as it is written: EMR takes texts alone, `true` and `1.10` too."""
    found = expect_scalar(tree, "a text", reader)
    return reader.text(found) if found else None


configurations = FieldType("configurations of EMR, by classification", _configurations)


@node
class Nodes:
    """A group of nodes: how many of which type, and what is particular to them."""

    type: str = key(instance_type, "The type of their instances.")
    count: int = key(at_least(1), "How many there are.", default=1)
    spot: str | None = key(
        spot, "Spot instances: `any`, or the most that one may cost.", default=None
    )
    disks: tuple[Disk, ...] = key(
        list_of(FieldType("disk", lambda tree, reader: _disk(tree, reader))),
        "Further disks of each.",
        default=(),
    )
    optimized: bool = key(boolean, "Whether they are optimized for EBS.", default=False)
    configurations: tuple[Configuration, ...] = key(
        configurations, "Configurations of theirs alone.", default=()
    )
    span: Span = NOWHERE


def _disk(tree: Tree, reader: Reader) -> Disk | None:
    """`{size: 500, type: io1, iops: 1000, count: 2}`."""
    if not isinstance(tree, Mapping):
        reader.report.add(WrongType(tree.span, "a mapping with a `size`", what(tree)))
        return None
    found = read_fields(Disk, tree, reader, "a disk")
    return Disk(**found) if found is not None else None


def _nodes(tree: Tree, reader: Reader) -> Nodes | None:
    if isinstance(tree, Mapping):
        found = read_fields(Nodes, tree, reader, "a group of nodes")
        return Nodes(**found, span=tree.span) if found is not None else None
    one = expect_scalar(tree, "a group of nodes, such as `4 x m5.xlarge`", reader)
    plain = reader.plain(one) if one else None
    if plain is None:
        return None
    form = read_form("nodes", plain, reader)
    return _group(form, plain, reader) if form else None


nodes = FieldType("group of nodes, such as `4 x m5.xlarge`", _nodes)


def _group(form: Form[Token], it: Scalar, reader: Reader) -> Nodes | None:
    """The nodes that a short form names."""
    found = [one for one in form.children if one is not None]
    words = [one for one in found if isinstance(one, Token) and one.type == "WORD"]
    is_spot = any(isinstance(one, Token) and one.type == "SPOT" for one in found)
    count = words.pop(0) if form.data == "many" else None
    number = _part(it, count, reader, at_least(1)) if count is not None else 1
    kind = type_of_instance(_cut(it, words[0]), reader)
    price: str | None = "" if is_spot else None
    if len(words) > 1:
        price = price_of(_cut(it, words[1]), reader)
        if price is None:
            return None
    if number is None or kind is None:
        return None
    return Nodes(type=kind, count=number, spot=price, span=it.span)


def _cut(it: Scalar, token: Token) -> Scalar:
    return Scalar(token_span(it, token), str(token), True)


def _part(it: Scalar, token: Token, reader: Reader, type_: FieldType) -> Any:
    return type_.read(_cut(it, token), reader)


@node
class Release:
    """A release of EMR, and the nodes that the short form names beside it."""

    label: str
    core: Nodes | None = None
    task: Nodes | None = None
    span: Span = NOWHERE


def _release(it: Scalar, reader: Reader) -> Release | None:
    form = read_form("release", it, reader)
    if form is None:
        return None
    label, *groups = form.children
    assert isinstance(label, Token)
    if not _LABEL.fullmatch(label):
        reader.report.add(
            NotARelease(token_span(it, label), str(label)[:60], _release_meant(label))
        )
        return None
    found = [_group(one, it, reader) for one in groups if isinstance(one, Form)]
    if None in found:
        return None
    core, task = (*found, None, None)[:2]
    return Release(label=str(label), core=core, task=task, span=token_span(it, label))


release = scalar("release of EMR, such as `emr-7.1.0 with 4 x m5.xlarge`", _release)

_LABEL = re.compile(r"emr-([4-9]|\d\d)\.\d{1,2}\.\d{1,2}")


def _release_meant(label: str) -> str:
    if re.fullmatch(r"(emr-?)?[0-3]\.\d+(\.\d+)?", label):
        return "Amazon starts no clusters of releases before emr-4.0.0: take a newer one"
    if bare := re.fullmatch(r"(?:emr)?-?(\d+\.\d+)(\.\d+)?", label):
        return f"did you mean `emr-{bare[1]}{bare[2] or '.0'}`?"
    return "a release is called like `emr-7.1.0`"


def idles(label: str) -> bool:
    """Whether clusters of this release end themselves when they have had nothing to do."""
    return _version(label) >= (6, 1) or (5, 30) <= _version(label) < (6, 0)


def runs_several(label: str) -> bool:
    """Whether clusters of this release can run several steps at a time."""
    return _version(label) >= (5, 28)


def _version(label: str) -> tuple[int, int]:
    first, second = label.removeprefix("emr-").split(".")[:2]
    return int(first), int(second)


APPLICATIONS = {
    one.lower(): one
    for one in (
        "AmazonCloudWatchAgent", "Delta", "Flink", "Ganglia", "HBase", "HCatalog", "Hadoop", "Hive",
        "Hudi", "Hue", "Iceberg", "JupyterEnterpriseGateway", "JupyterHub", "Livy", "MXNet",
        "Mahout", "Oozie", "Phoenix", "Pig", "Presto", "PrestoSQL", "S3Guard", "Spark", "Sqoop",
        "TensorFlow", "Tez", "Trino", "Zeppelin", "ZooKeeper",
    )
}  # fmt: skip
"""What EMR installs, by its name in lower case."""


def _application(it: Scalar, reader: Reader) -> str | None:
    found = it.value.strip()
    if found.lower() in APPLICATIONS:
        return APPLICATIONS[found.lower()]
    near = did_you_mean(
        found, APPLICATIONS.values(), f"there are {listed(APPLICATIONS.values(), 40)}"
    )
    reader.report.add(UnknownApplication(it.span, found[:60], near))
    return None


application = scalar("application of EMR", _application)


_in_s3 = in_s3("s3://shop/install.sh")


@node
class Bootstrap:
    """A script that every node runs before Hadoop starts, and what it is given."""

    script: Text = key(_in_s3, "The script, in S3.")
    args: tuple[Text, ...] = key(list_of(text), "What it is given.", default=())


def _bootstrap(tree: Tree, reader: Reader) -> Bootstrap | None:
    if isinstance(tree, Mapping):
        found = read_fields(Bootstrap, tree, reader, "a bootstrap action")
        return Bootstrap(**found) if found is not None else None
    one = _in_s3.read(tree, reader)
    return Bootstrap(script=one) if one is not None else None


bootstrap = FieldType("script in S3, or mapping with `script` and `args`", _bootstrap)


@diagnostic
class NotARelease(Diagnostic):
    """A release of EMR is called `emr-7.1.0`: with its three numbers."""

    code = "P269"
    title = "Not a release of EMR"
    message = "`{found}` is no release of EMR"
    help = "{near}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources: {cluster: emr 7.1 with 4 x m5.xlarge}    # P269 7.1
        activities: {count: {shell: ./count, runs_on: cluster}}
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources: {cluster: emr emr-7.1.0 with 4 x m5.xlarge}
        activities: {count: {shell: ./count, runs_on: cluster}}
        """

    found: str
    near: str


@diagnostic
class UnknownApplication(Diagnostic):
    """EMR installs what it knows; anything else is installed by a `bootstrap` script of your own."""

    code = "P268"
    title = "Unknown application"
    message = "EMR has no application `{name}`"
    help = "{near}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources:
          cluster:
            emr: emr-7.1.0
            applications: [hive, sprak]    # P268 sprak
        activities: {count: {shell: ./count, runs_on: cluster}}
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources:
          cluster:
            emr: emr-7.1.0
            applications: [hive, spark]
        activities: {count: {shell: ./count, runs_on: cluster}}
        """

    name: str
    near: str
