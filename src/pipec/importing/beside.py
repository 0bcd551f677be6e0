"""What has to be in a pipeline for an object, and was no object of the definition."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipec.importing.naming import words
from pipec.syntax import Scalar
from pipec.targets.datapipeline.connections import read_connection

if TYPE_CHECKING:
    from pipec.importing.reading import Object

PATHS = ("directoryPath", "filePath")
_NODES = {"s3": "S3DataNode", "dynamodb": "DynamoDBDataNode"}


def workers_for(one: Object, group: str) -> str:
    """The resource that stands for a worker group."""
    queue = re.sub(r"[^\w.-]+", "-", group) or "workers"
    resources = one.all.made.setdefault("resources", {})
    for name, made in resources.items():
        if made.get("workers") == f"edge {queue}":
            return name
    name = one.all.free(words(group) or "workers")
    resources[name] = {"workers": f"edge {queue}"}
    one.account(
        "workerGroup",
        "approximated",
        f"machines of one's own run an Edge worker for the queue `{queue}`",
    )
    return name


def node_at(one: Object, kind: str, place: str) -> str:
    """The datanode at a place, or for a table: empty for this object itself; a new one if there is none."""
    place = _in_full(one, place)
    if one.type == _NODES[kind] and _is_at(one, place):
        return ""
    for id_, section in one.all.sections.items():
        if section == "datanodes":
            node = one.beside(id_)
            if node.type == _NODES[kind] and _is_at(node, place):
                return node.name_
    nodes = one.all.made.setdefault("datanodes", {})
    for name, made in nodes.items():
        if made == {kind: place}:
            return name
    last = re.sub(r"\$\{\{.*?\}\}", "", place).strip("/").rpartition("/")[2]
    name = one.all.free(words(last) if words(last)[:1].isalpha() else "place")
    nodes[name] = {kind: place}
    return name


def _in_full(one: Object, place: str) -> str:
    """The place, where `node`, which refers to the precondition, stands for this object."""
    for name in (*PATHS, "tableName"):
        found = one.resolved.get(name)
        if found is not None and found.values and isinstance(found.values[0], Scalar):
            own = one.silently().text(found.values[0])
            for field_ in ("path", "table"):
                place = place.replace(f"${{{{ node.{field_} }}}}", own)
    return re.sub(r"(?<![:/])//+", "/", place)


def _is_at(one: Object, place: str) -> bool:
    quiet = one.silently()
    for name in PATHS if one.type == "S3DataNode" else ("tableName",):
        found = one.resolved.get(name)
        if found is not None and found.values and isinstance(found.values[0], Scalar):
            text = quiet.text(found.values[0])
            if place in (text, f"{text}/"):
                return True
    return False


def connection_for(one: Object) -> str | None:
    """The connection of a table: that of its database, or one that the table itself describes."""
    found = one.field("database")
    if found is not None and found.references:
        return one.name(found.references[0], "connections")
    if one.resolved.get("connectionString") is None:
        return None
    part = one.beside(one.id)
    read_connection(part, mysql=one.type == "MySqlDataNode")
    for name in ("connectionString", "username", "*password"):
        one.account(name, "approximated", "a connection says it, by its name")
    one.taken |= part.taken
    made = part.made
    connections = one.all.made.setdefault("connections", {})
    for name, there in connections.items():
        if there == made:
            return name
    url = re.sub(r"\$\{\{.*?\}\}|[?;].*", "", str(made.get("url", "")))
    last = words(url.rpartition("/")[2])
    name = one.all.free(last if last[:1].isalpha() else next(iter(made)))
    connections[name] = made
    return name


def secret_for(one: Object, name: str) -> str | None:
    """The secret parameter that a field names, or one that is made up for what stands there."""
    found = one.field(name)
    if found is None or not isinstance(found.values[0], Scalar):
        return None
    alone = re.fullmatch(r"\s*#\{\s*([\w*]+)\s*\}\s*", found.text)
    if alone and alone[1] in one.all.params.names:
        one.all.params.used.add(alone[1])
        return f"${{{{ {one.all.params.names[alone[1]]} }}}}"
    secret = one.all.free(f"{one.name_}_password")
    one.all.params.invented[secret] = one.name_
    why = f"it is no text any more: the Variable `{secret}` of Airflow holds it"
    one.account(name, "approximated", why)
    return f"${{{{ {secret} }}}}"
