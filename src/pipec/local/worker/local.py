"""What is set otherwise in the tasks of a Dag when they run on this machine, in one process."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any


def make_local(dag: Any, patience: float, retry_delay: float) -> None:
    """Let the tasks of `dag` wait little and run where this process runs."""
    for task in dag.tasks:
        task.executor = None
        task.queue = "default"
        task.pool = "default_pool"
        task.pool_slots = 1
        task.retry_delay = timedelta(seconds=retry_delay)
        task.retry_exponential_backoff = False
        for name in [name for name in vars(task) if re.fullmatch(r"on_\w+_callback", name)]:
            setattr(task, name, fresh(getattr(task, name)))
        if getattr(task, "deferrable", False):
            # A trigger would run until it is done and nothing else meanwhile.
            task.deferrable = False
        if hasattr(task, "poke_interval"):
            task.mode = "reschedule"
            task.poke_interval = 1
            task.exponential_backoff = False
            # What nothing waits for only watches the others, and ends when they have ended.
            if task.downstream_task_ids:
                task.timeout = min(seconds(task.timeout), patience)


def fresh(callbacks: Any) -> Any:
    """The same callbacks, with a copy made for each call.

    A notifier fills in its own text when it is called; elsewhere each task has its own process.
    """
    if not callbacks:
        return callbacks
    several = callbacks if isinstance(callbacks, (list, tuple)) else [callbacks]
    return [copied_for_each_call(one) for one in several]


def copied_for_each_call(callback: Any) -> Callable[[Any], Any]:
    def call(context: Any) -> Any:
        return copy.deepcopy(callback)(context)

    return call


def seconds(value: Any) -> float:
    return value.total_seconds() if isinstance(value, timedelta) else float(value)
