"""The end of an activity that is late."""

from datetime import datetime, timedelta, timezone

from airflow.exceptions import AirflowFailException


def stop_late(after, context, first=None):
    """Lets this attempt last until `after` has passed since the run was due.

    At that time it is ended, and the activity has failed for good. A run that began
    later (to catch up) may take its time. `first` is called before all that.
    """
    if first:
        first(context)
    run, ti = context["dag_run"], context["ti"]
    task = ti.task
    limit = (context.get("data_interval_end") or run.run_after) + after
    now = datetime.now(timezone.utc)
    if (run.start_date or now) >= limit:
        return

    def fail():
        # The watch may look only when this is done, and is to tell of it all the same.
        ti.xcom_push(key="late", value=True)
        raise AirflowFailException(f"It is not done {after} after it was due")

    def kill_late(kill=task.on_kill):
        kill()
        if datetime.now(timezone.utc) >= limit:
            fail()

    if limit - now < timedelta(seconds=1):
        fail()
    task.execution_timeout = min(limit - now, task.execution_timeout or limit - now)
    task.on_kill = kill_late  # Airflow calls it when the time is up.
