"""Where each field of AWS Data Pipeline is at home: the key that says it, or why none does."""

from __future__ import annotations

from collections.abc import Mapping

from pipec.definition.catalogue import TypeFacts, catalogue
from pipec.frozen import frozen
from pipec.targets.datapipeline import connections, when
from pipec.targets.datapipeline.common import rows_of
from pipec.targets.datapipeline.dropped import ONLY_THERE, why_dropped
from pipec.targets.datapipeline.says import of_type


@frozen
class Home:
    """What becomes of a field: the key that says it, or why nothing does."""

    key: str
    why: str = ""


def homes() -> dict[str, dict[str, Home]]:
    """Of every type, the home of every field that a definition may hold."""
    return {name: _of(facts) for name, facts in catalogue().types.items()}


def _of(facts: TypeFacts) -> dict[str, Home]:
    said = {"parent": "`extends`, `defaults`"} | _said(facts)
    return {one.name: _home(facts, one.name, said.get(one.name, "")) for one in facts.writable}


def _home(facts: TypeFacts, name: str, key: str) -> Home:
    if key:
        return Home(key=key)
    why = why_dropped(facts.name, name, "")
    if why or facts.category not in _KEPT:
        return Home(key="", why=why or ONLY_THERE)
    return Home(key=f"`datapipeline: {{{name}: ...}}`")


_KEPT = ("activity", "datanode", "resource", "database", "action")
"""The categories whose objects keep for the service what nothing else understands."""


def _said(facts: TypeFacts) -> dict[str, str]:
    """The keys that say fields of a type."""
    found: dict[str, list[str]] = {}
    for one in of_type().get(facts.name, ()):
        for row in rows_of(one):
            for name in row.theirs if row.ours else ():
                keys = [f"`{key}`" for key in row.ours]
                found[name] = list(dict.fromkeys([*found.get(name, ()), *keys]))
    table = {name: ", ".join(keys) for name, keys in found.items()}
    if facts.category == "precondition":
        table |= _quoted({**when.SAID[facts.name], **when.COMMON})
    if facts.category == "database":
        table |= _quoted({**connections.SAID[facts.name], **connections.COMMON})
    if facts.category == "datanode":
        table |= _AFTER
    if facts.category == "resource":
        del table["scheduleType"]
    return table | _PARTS.get(facts.name, {})


def _quoted(table: Mapping[str, str]) -> dict[str, str]:
    return {name: f"`{key}`" for name, key in table.items()}


_OWN_DATABASE = {
    "connectionString": "`url` of a connection",
    "username": "`user` of it",
    "*password": "`password` of it",
}
_AFTER = {"dependsOn": "`after` of what reads it"}
_PARTS: dict[str, dict[str, str]] = {
    "Schedule": {
        "period": "`every PERIOD`", "startDateTime": "`from T`", "startAt": "`from ${{ first_run }}`",
        "endDateTime": "`until T`", "occurrences": "`N times`, `once`",
    },
    "SnsAlarm": {},
    "DynamoDBDataFormat": {"column": "`columns` of the datanode"},
    "EmrConfiguration": {
        "classification": "a key of `configurations`",
        "configuration": "a mapping in it",
        "property": "a key in it",
    },
    "Property": {"key": "a key of `configurations`", "value": "its value"},
    "EbsConfiguration": {
        "ebsOptimized": "`optimized` of a group of nodes", "ebsBlockDeviceConfig": "`disks` of it",
    },
    "EbsBlockDeviceConfig": {
        "volumeSpecification": "`disks` of a group of nodes", "volumesPerInstance": "`count` of a disk",
    },
    "VolumeSpecification": {
        "volumeType": "`type` of a disk", "sizeInGB": "`size` of a disk", "iops": "`iops` of a disk",
    },
    "ShellScriptConfig": {
        "scriptUri": "a command under `prepare` or `finish`", "scriptArgument": "its arguments",
    },
    "S3DataNode": {"manifestFilePath": "`s3`, and `manifest: true` with `redshift_copy`"},
    "SqlDataNode": _OWN_DATABASE,
    "MySqlDataNode": _OWN_DATABASE,
}  # fmt: skip
"""What no kind says row by row: parts of other objects."""
