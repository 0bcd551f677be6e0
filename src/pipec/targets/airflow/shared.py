"""The arguments that every operator takes: most tasks share them, so the Dag's defaults say them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from pipec.targets.airflow.task import Task
from pipec.targets.python.values import Value

_NEUTRAL: dict[str, Value] = {
    "do_xcom_push": True,
    "execution_timeout": None,
    "on_failure_callback": None,
    "on_success_callback": None,
    "max_active_tis_per_dag": None,
}
"""What an operator has when nobody says anything, of arguments that can be set back to it."""

_ORDER = (
    "retries", "retry_delay", "execution_timeout", "max_active_tis_per_dag", "executor", "queue",
    "do_xcom_push", "on_failure_callback", "on_success_callback",
)  # fmt: skip


def defaults_of(tasks: tuple[Task, ...]) -> dict[str, Value]:
    """The arguments that most tasks share, and that the others can set back."""
    found: dict[str, Value] = {}
    for argument in _ORDER:
        given = [repr(task.shared[argument]) for task in tasks if argument in task.shared]
        if not given:
            continue
        (most, times) = Counter(given).most_common(1)[0]
        lacking = len(tasks) - len(given) if argument != "retry_delay" else 0
        if (not lacking or argument in _NEUTRAL) and 1 + len(given) - times + lacking < times:
            found[argument] = next(
                task.shared[argument]
                for task in tasks
                if repr(task.shared.get(argument, _ABSENT)) == most
            )
    return found


_ABSENT: Any = object()


def with_own(task: Task, defaults: dict[str, Value]) -> Task:
    """The task with those shared arguments that differ from the Dag's."""
    own: dict[str, Value] = {}
    for argument in _ORDER:
        value = task.shared.get(argument, _ABSENT)
        if value is _ABSENT:
            if argument in defaults and argument in _NEUTRAL and argument not in task.call.kwargs:
                own[argument] = _NEUTRAL[argument]
        elif argument not in defaults or repr(defaults[argument]) != repr(value):
            own[argument] = value
    return replace(task, call=replace(task.call, kwargs={**task.call.kwargs, **own}))
