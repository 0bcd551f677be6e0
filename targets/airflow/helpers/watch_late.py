"""The watch for activities that are late."""

import logging
from datetime import datetime, timezone


def watch_late(after, tell, **context):
    """Whether the watch over the activities of this run is over.

    It is when all are done, or when `after` has passed since the run was due: then
    each activity that is not done is told of once, by its functions in `tell`. A run
    that began later than that (to catch up) is not watched.
    """
    run, ti = context["dag_run"], context["ti"]
    limit = (context.get("data_interval_end") or run.run_after) + after
    now = datetime.now(timezone.utc)
    if (run.start_date or now) >= limit:
        return True
    try:
        if hasattr(ti, "get_task_states"):  # Airflow 3
            runs = ti.get_task_states(dag_id=ti.dag_id, run_ids=[ti.run_id])
            states = runs[ti.run_id]
        else:
            states = {other.task_id: other.state for other in run.get_task_instances()}
    except Exception:
        logging.getLogger("airflow.task").exception("The states are not known")
        return now >= limit
    ended = {"success", "failed", "upstream_failed", "skipped", "removed"}
    late = [activity for activity in tell if states.get(activity) not in ended]
    if now >= limit:
        for activity in late:
            for notice in tell[activity]:
                notice({**context, "node_name": activity})
    return not late or now >= limit
