"""The end of an activity that is late."""

from datetime import datetime, timedelta, timezone


def stop_late(after, context):
    """Ends the attempt that begins now once `after` has passed since its run was due.

    A run that began later than that (to catch up) may take its time.
    """
    run, task = context["dag_run"], context["ti"].task
    limit, now = context["data_interval_end"] + after, datetime.now(timezone.utc)
    if (run.start_date or now) < limit:
        left = max(limit - now, timedelta(milliseconds=1))  # Zero would be no limit.
        task.execution_timeout = min(left, task.execution_timeout or left)
