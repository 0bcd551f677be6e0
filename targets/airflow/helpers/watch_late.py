"""The watch for activities that are late."""

import copy
import time
from datetime import datetime, timedelta, timezone

from airflow.sdk import BaseSensorOperator


class WatchLate(BaseSensorOperator):
    """Tells of the activities of this run that are late, and changes nothing else.

    A rule is how long after the run was due, which activities, and what is called with
    each that is not done by then. A run that began later (to catch up) is left alone.
    Between its looks the watch is deferred: it takes no slot and no process.
    """

    ended = ("success", "failed", "upstream_failed", "skipped", "removed")

    def __init__(self, rules, deferrable=True, **kwargs):
        # Where late work holds all slots, the first one free is for telling of it.
        super().__init__(mode="reschedule", priority_weight=1000, **kwargs)
        self.rules = rules
        self.deferrable = deferrable
        self.as_teardown()  # A run does not fail because the watch over it has.

    def execute(self, context):
        """Looks. Where nothing can be deferred it has no memory, and takes one rule."""
        if self.deferrable:
            self.watch(context)
        else:
            super().execute(context)

    def resume_execution(self, next_method, next_kwargs, context):
        """Looks again: a limit has passed, all is done, or the trigger has failed."""
        if (next_kwargs or {}).get("traceback"):
            self.log.warning("The trigger failed: %s", next_kwargs["traceback"])
            time.sleep(60)
        self.watch(context)

    def poke(self, context):
        return self.look(context) is None

    def watch(self, context):
        """Looks, then waits for the next limit, or until nothing more can be late."""
        try:
            ahead = self.look(context)
        except Exception:
            self.log.exception("What is done is not known; it looks again in a minute")
            time.sleep(60)
            ahead = self.look(context)
        if ahead is None:
            return
        from airflow.providers.standard.triggers.external_task import WorkflowTrigger

        activities, seconds = ahead
        run, ti = context["dag_run"], context["ti"]
        which = {"run_ids": [ti.run_id]}
        if not hasattr(ti, "get_task_states"):  # Airflow 2
            which = {"execution_dates": [run.execution_date]}
        trigger = WorkflowTrigger(
            external_dag_id=ti.dag_id,
            external_task_ids=activities[:100],  # As many as fit into a request.
            allowed_states=list(self.ended),
            poke_interval=self.poke_interval,
            **which,
        )
        timeout = timedelta(seconds=seconds)
        self.defer(trigger=trigger, method_name="execute", timeout=timeout)

    def look(self, context):
        """Tells of what is late now; what may be next, and the seconds until then.

        None when nothing may be. The time of the look is kept, or it would tell again.
        """
        run, ti = context["dag_run"], context["ti"]
        due = context.get("data_interval_end") or run.run_after
        now = datetime.now(timezone.utc)
        seen = ti.xcom_pull(task_ids=self.task_id, key="seen")
        since = datetime.fromisoformat(seen) if seen else run.start_date or now
        rules = [rule for rule in self.rules if due + rule[0] > since]
        if not rules:
            return None
        states = self.states(context)
        if any(due + after <= now for after, _, _ in rules):
            ti.xcom_push(key="seen", value=now.isoformat())
        ahead = []
        for after, names, notices in rules:
            wait = (due + after - now).total_seconds()
            late = [name for name in names if states.get(name) not in self.ended]
            if wait > 0:
                ahead += [(wait, name) for name in late]
            else:
                for name in late:
                    self.tell(context, name, notices)
        if not ahead:
            return None
        return [name for _, name in ahead], min(wait for wait, _ in ahead)

    def states(self, context):
        """The states of the activities; one that was ended for being late has none."""
        run, ti = context["dag_run"], context["ti"]
        if hasattr(ti, "get_task_states"):
            runs = ti.get_task_states(dag_id=ti.dag_id, run_ids=[ti.run_id])
            states = runs[ti.run_id]
        else:  # Airflow 2
            states = {one.task_id: one.state for one in run.get_task_instances()}
        return {
            name: states.get(name)
            for _, names, _ in self.rules
            for name in names
            if states.get(name) != "failed"
            or not ti.xcom_pull(task_ids=name, key="late")
        }

    def tell(self, context, activity, notices):
        about = copy.copy(context)
        about["node_name"] = activity
        for notice in notices:
            try:
                notice(about)
            except Exception:
                self.log.exception("A notice was not sent")
