"""What a name in one of the two languages of expressions is in the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeAlias

from pipec.expression.tree import Expr, Literal, Name
from pipec.expression.types import DATETIME, STRING, Type, Value, type_of
from pipec.frozen import frozen

Chain: TypeAlias = "tuple[str, ...]"
"""A name of theirs, such as `("node", "@scheduledStartTime")` or `("*myPassword",)`."""


@frozen
class Meant:
    """What a name of theirs is in our language."""

    expr: Expr
    """A name, or a value that is known."""
    type: Type | None
    """None when nobody knows: then nothing is said of how it is used."""


@frozen
class Chained:
    """What a name of ours is in their language: `input.directoryPath`."""

    text: str
    type: Type = STRING


@frozen
class Unsaid:
    """That a name is nothing in the other language, and why."""

    why: str


class NamesToOurs(Protocol):
    """What the names in the fields of one object of a definition are."""

    @property
    def told(self) -> bool:
        """Whether the object is an action: then `node` is what its message is about."""

    def ours(self, chain: Chain) -> Meant | Unsaid | None:
        """What `chain` is in our language; None for what is not a field of anybody's."""


class NamesToTheirs(Protocol):
    """What the names in the texts of one object of a pipeline are."""

    @property
    def through_node(self) -> bool:
        """Whether the object is an action or a precondition: the interval is that of its `node`."""

    def theirs(self, name: Name) -> Chained | Unsaid | None:
        """What `name` is in their language; None for what is no parameter and nobody's field."""


def named(name: str, type: Type | None = STRING) -> Meant:
    """That a name of theirs is this name of ours: `named("input.path")`."""
    return Meant(Name(tuple(name.split("."))), type)


def known(value: Value) -> Meant:
    """That a name of theirs stands for a value that is known."""
    return Meant(Literal(value, type_of(value)), type_of(value))


def ours(chain: Chain, names: NamesToOurs) -> Meant | Unsaid:
    """What `chain` is in our language."""
    found = names.ours(chain)
    if found is not None:
        return found
    *lead, field = chain
    text = ".".join(chain)
    if field in _INTERVAL and lead in ([], ["node"]):
        return named(_INTERVAL[field], DATETIME)
    if names.told and text in _OF_NODE:
        return named(_OF_NODE[text])
    if field in _INTERVAL:
        return Unsaid(f"`{field}` is asked of the object itself or of `node`, and nothing else")
    if field in _OF_RUN:
        near = f"; nearest is {_OF_RUN[field]}" if _OF_RUN[field] else ""
        return Unsaid(f"`{text}` is known to AWS Data Pipeline only, while it runs{near}")
    if field.startswith("@"):
        return Unsaid(f"`{text}` is known to AWS Data Pipeline only, while it runs")
    return Unsaid(f"nothing is called `{text}`")


def theirs(name: Name, names: NamesToTheirs) -> Chained | Unsaid:
    """What `name` is in their language."""
    found = names.theirs(name)
    if found is not None:
        return found
    text = ".".join(name.parts)
    if text in _FIELDS:
        node = "node." if names.through_node else ""
        return Chained(f"{node}{_FIELDS[text]}", DATETIME)
    if names.through_node and text in _NODE_FIELDS:
        return Chained(_NODE_FIELDS[text])
    return Unsaid(_INSTEAD.get(text, "write what it stands for, or give it as a parameter"))


_INTERVAL = {"@scheduledStartTime": "start", "@scheduledEndTime": "end"}
_FIELDS = {ours: theirs for theirs, ours in _INTERVAL.items()}

_OF_NODE = {
    "node.name": "node.name",
    "node.@status": "node.status",
    "node.errorMessage": "node.error",
}
_NODE_FIELDS = {ours: theirs for theirs, ours in _OF_NODE.items()}

_OF_RUN: Mapping[str, str] = {
    "@actualStartTime": "`run.due`, when the instance may start",
    "@actualEndTime": "",
    "@status": "`node.status`, in a notification",
    "@failureReason": "`node.error`, in a notification",
    "errorMessage": "`node.error`, in a notification",
    "errorId": "`node.error`, in a notification",
    "errorStackTrace": "`node.log`, in a notification",
    "emrStepLog": "`node.log`, in a notification",
    "hadoopJobLog": "`node.log`, in a notification",
    "@id": "`run.id`, or `self.name`, which is the same in every run",
    "@pipelineId": "the name of the pipeline, as text",
    "hostname": "`$(hostname)`, in a shell",
    "currentRetryCount": "`run.attempt`",
    "lastRetryTime": "",
    "reportProgressTime": "",
    "cancellationReason": "",
}
"""The fields that the service fills in at run time, and what of ours comes near."""

_INSTEAD = {
    "run.id": "`${{ start }}` tells one run of an object from another",
    "run.attempt": "what is tried again runs as it did the first time",
    "run.due": "`${{ end }}`, or `${{ start }}` for a schedule `at start`, is when it is due",
    "node.kind": "write a notification for each kind",
    "node.log": "the logs are in the `datapipeline: {pipelineLogUri: ...}` of the pipeline",
}
