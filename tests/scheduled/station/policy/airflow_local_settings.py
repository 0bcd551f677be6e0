"""Makes tasks look and try again sooner than Dags say; what they wait for stays the same."""

from datetime import timedelta

RETRY = timedelta(seconds=3)
LOOK = 3
LOOK_FROM_A_SLOT = 20
"""Sensors that come back to a slot more often than that lose their place there."""


def task_policy(task):
    """Airflow calls it for each task of each Dag that it loads."""
    task.retry_delay = min(task.retry_delay, RETRY)
    if hasattr(task, "poke_interval"):
        soon = LOOK if getattr(task, "deferrable", False) else LOOK_FROM_A_SLOT
        task.poke_interval = min(task.poke_interval, soon)
