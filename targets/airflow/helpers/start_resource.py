"""The start of what work runs on."""

import hashlib
from datetime import datetime, timezone

from airflow.exceptions import AirflowException
from airflow.sdk import BaseSensorOperator


class StartResource(BaseSensorOperator):
    """Starts what work of an interval runs on, unless it is there, and waits for it.

    Between two looks it frees its slot, and keeps nothing in mind: AWS says what there
    is. An attempt launches once. It fails when what it launched has ended, or is not
    ready `ready_within` some time, and is then ended. Where `most` live already, of
    intervals before this one too, it waits for the end of one.

    All attempts but the last one ask for `spot` instances, if there is such a thing.
    When the Dag `stopped_by` is through with the interval, this run gets one of its
    own, with the mark `afterwards`.
    """

    template_fields = ("interval", "afterwards", "request", "spot")

    def __init__(
        self,
        resource,
        request,
        ready_within,
        interval="{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%SZ') }}",
        spot=None,
        most=None,
        stopped_by=None,
        afterwards=None,
        **kwargs,
    ):
        super().__init__(mode="reschedule", **kwargs)
        self.resource = resource
        self.interval = interval
        self.request = request
        self.ready_within = ready_within
        self.spot = spot
        self.most = most
        self.stopped_by = stopped_by
        self.afterwards = afterwards

    def poke(self, context):
        interval = self.interval
        if self.stopped_by and self.is_stopped(context):
            # What was launched for the interval meanwhile would not be ended any more.
            self.resource.end(self.resource.find([interval]))
            interval = self.afterwards
        found = self.resource.find([interval])
        # Two that start it at the same time launch two: both keep the older one.
        self.resource.end(found[1:])
        if not found:
            self.launch(context, interval)
            return False
        (one, *_) = found
        reason = self.resource.not_ready(one)
        if reason and one["since"] + self.ready_within < datetime.now(timezone.utc):
            self.resource.end([one])
            raise AirflowException(
                f"{one['id']} was not ready within {self.ready_within}, and is ended: "
                f"{reason} {one['why'] or ''}"
            )
        self.log.info("%s is %s", one["id"], reason or "ready")
        return not reason

    def launch(self, context, interval):
        ti = context["ti"]
        attempt = f"{ti.dag_id} {ti.task_id} {ti.run_id} {ti.try_number}"
        token = hashlib.sha256(attempt.encode()).hexdigest()
        why = self.resource.why_ended(interval, token)
        if why:
            raise AirflowException(why)
        others = self.resource.find()
        if self.most and len(others) >= self.most:
            if min(one["interval"] for one in others) < interval:
                self.log.info("%s live already: it waits", len(others))
                return
        request = {**self.request}
        if self.spot and ti.try_number <= ti.max_tries:  # The last attempt pays more.
            request.update(self.spot)
        launched = self.resource.launch(interval, token, request)
        self.log.info("It launches %s for %s", launched, interval)

    def is_stopped(self, context):
        """Whether the task that stops it for the interval has begun."""
        start = datetime.strptime(self.interval, "%Y-%m-%dT%H:%M:%SZ")
        which = {"dag_id": self.stopped_by, "task_ids": [f"{self.task_id}.stop"]}
        start = start.replace(tzinfo=timezone.utc)
        ti = context["ti"]
        if hasattr(ti, "get_task_states"):
            runs = ti.get_task_states(logical_dates=[start], **which).values()
            return any(state for run in runs for state in run.values())
        from airflow.models import DagRun  # Airflow 2

        runs = DagRun.find(dag_id=self.stopped_by, execution_date=start)
        states = {
            one.task_id: one.state for run in runs for one in run.get_task_instances()
        }
        return bool(states.get(f"{self.task_id}.stop"))
