"""The type of an object is one that the service has."""

from __future__ import annotations

from pipec.definition.catalogue import catalogue
from pipec.definition.inherit import parents
from pipec.definition.values import DEFAULT, Definition
from pipec.diagnostic import Diagnostic, Report, diagnostic, did_you_mean
from pipec.source import NOWHERE


def check_types(definition: Definition, report: Report) -> None:
    """Report each type that the service does not have, and objects that lack one."""
    types = catalogue().types
    holders = {DEFAULT, *(parent for one in definition.objects for parent in parents(one))}
    for one in definition.objects:
        given = one.type_at != NOWHERE
        if not one.type and not given and one.id and one.id not in holders:
            report.add(MissingType(one.at, one.id[:80]))
        elif one.type and one.type not in types:
            span = one.type_at if given else one.at
            otherwise = "the types are those of the developer guide, such as `ShellCommandActivity`"
            report.add(UnknownType(span, one.type[:80], did_you_mean(one.type, types, otherwise)))


@diagnostic
class UnknownType(Diagnostic):
    """The type of an object is one of those that AWS Data Pipeline has."""

    code = "P527"
    title = "Unknown type"
    message = "the service has no type `{type}`"
    help = "{near}"
    fails = """
        {"objects": [
          {"id": "Orders", "type": "S3Datanode", "filePath": "s3://shop/orders.csv"}    # P527 "S3Datanode"
        ]}
        """
    fixed = """
        {"objects": [
          {"id": "Orders", "type": "S3DataNode", "filePath": "s3://shop/orders.csv"}
        ]}
        """

    type: str
    near: str


@diagnostic
class MissingType(Diagnostic):
    """An object has a type, unless it is `Default` or holds what others inherit from it."""

    code = "P510"
    title = "Missing type"
    message = "`{id}` has no type, and nothing inherits from it"
    help = 'add its `type`, or name it as the `parent` of others: `"parent": {{"ref": "{id}"}}`'
    fails = """
        {"objects": [
          {"id": "Orders", "filePath": "s3://shop/orders.csv"}    # P510 "Orders"
        ]}
        """
    fixed = """
        {"objects": [
          {"id": "Orders", "type": "S3DataNode", "filePath": "s3://shop/orders.csv"}
        ]}
        """

    id: str
