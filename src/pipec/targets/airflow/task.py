"""A task of a Dag, and what names and measures it."""

from __future__ import annotations

from dataclasses import field
from datetime import timedelta
from typing import Any

from pipec.frozen import frozen
from pipec.grid import Period
from pipec.ir import Pipeline
from pipec.source import Span
from pipec.targets.python.values import Call, Value
from pipec.values import Attempts


@frozen
class Task:
    """One task: its call without the shared arguments, and the tasks right before it."""

    id: str
    call: Call
    comment: str
    upstream: tuple[str, ...]
    shared: dict[str, Value] = field(default_factory=dict)
    """Arguments that every operator takes; the most frequent ones become the Dag's defaults."""
    teardown: tuple[str, ...] | None = None
    """Of one that ends something: the tasks that started that, if they are of this Dag."""


def dag_id(pipeline: Pipeline, schedule: str) -> str:
    """`NAME` for the schedule of `defaults`, `NAME.SCHEDULE` for every other.

    It depends on nothing else that the file holds, or its history would run again.
    """
    default = pipeline.default_schedule
    return pipeline.name if default and default.name == schedule else f"{pipeline.name}.{schedule}"


def keyword(kind: Any) -> str:
    """The key that says what an object is: `shell`, `not_empty`."""
    return type(kind).__module__.rpartition(".")[2]


def length(period: Any) -> timedelta:
    """A period of fixed length, as Airflow takes it."""
    return timedelta(seconds=period.seconds)


def comment_of(span: Span) -> str:
    """The place of an object in its file, as the comment above its task says it."""
    return f"{span.source.name}:{span.line}"


GUARD = "only_on_schedule"
"""The function of a Dag file that lets no task run for a time that is not on the schedule."""

ATTEMPTS = Attempts(3, Period(10, "minute"))
"""What an object has that says nothing of attempts."""


def retries(attempts: Attempts | None) -> dict[str, Value]:
    """The arguments for being tried so often."""
    attempts = attempts or ATTEMPTS
    return {"retries": attempts.count - 1, "retry_delay": length(attempts.every)}
