"""The end of an activity that is late."""

from datetime import datetime, timedelta, timezone


def stop_late(after, context):
    """Lets this attempt last until `after` has passed since the run was due.

    From then on the activity fails for good. A run that began later than that (to
    catch up) may take its time.
    """
    run, task = context["dag_run"], context["ti"].task
    limit = (context.get("data_interval_end") or run.run_after) + after
    now = datetime.now(timezone.utc)
    if (run.start_date or now) >= limit:
        return
    if limit - now > timedelta(seconds=1):
        task.execution_timeout = min(limit - now, task.execution_timeout or limit - now)
        return
    try:
        from airflow.sdk.exceptions import AirflowFailException
    except ImportError:  # Airflow 2 and 3.0
        from airflow.exceptions import AirflowFailException
    raise AirflowFailException(f"It is late by more than {after}")
