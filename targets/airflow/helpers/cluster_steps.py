"""The steps of an activity on a cluster."""

import time
from datetime import datetime, timedelta, timezone

from airflow.exceptions import (
    AirflowException,
    AirflowFailException,
    AirflowRescheduleException,
)
from airflow.sdk import BaseSensorOperator
from helpers.cluster_command import cluster_command
from helpers.marked_cluster import marked_cluster


class ClusterSteps(BaseSensorOperator):
    """Runs `steps`, one after the other, on the EMR cluster that is marked like this.

    Each is a command of bash, or a HadoopJarStep of the API. One that fails ends this
    attempt, and leaves the cluster as it is. A step is known by its name: whichever
    process looks finds the steps of its attempt again, and first ends those of earlier
    ones. `timeout` is that of one attempt.
    """

    template_fields = ("interval", "steps")

    def __init__(
        self,
        resource,
        interval,
        steps,
        region=None,
        timeout=timedelta(days=365),
        aws_conn_id="aws_default",
        **kwargs,
    ):
        super().__init__(timeout=timeout, **kwargs)
        self.resource = resource
        self.interval = interval
        self.steps = steps
        self.region = region
        self.aws_conn_id = aws_conn_id
        self.emr = None
        self.running = []

    def execute(self, context):
        """Looks again and again; where it may, it frees its slot in between."""
        while not self.poke(context):
            if self.reschedule:
                pause = timedelta(seconds=self.poke_interval)
                raise AirflowRescheduleException(datetime.now(timezone.utc) + pause)
            time.sleep(self.poke_interval)

    def poke(self, context):
        """Whether the last step is complete; adds the next one when one is."""
        emr = self._connected()
        cluster = marked_cluster(emr, self.resource, self.interval)
        if cluster is None:
            start = self.resource.rpartition(".")[2]
            raise AirflowFailException(
                f"There is no cluster {self.resource} of {self.interval} any more. "
                f"Clear `{start}`, which starts one, and this task with it"
            )
        ti = context["ti"]
        # EMR takes names of 256 characters.
        work = f"{ti.dag_id} {ti.task_id} {ti.run_id}, try "[-220:]
        own = f"{work}{ti.try_number}, step "
        pages = emr.get_paginator("list_steps").paginate(ClusterId=cluster)
        steps = {step["Name"]: step for page in pages for step in page["Steps"]}
        earlier = [
            step["Id"]
            for name, step in steps.items()
            if name.startswith(work) and not name.startswith(own) and self._active(step)
        ]
        if earlier:
            self.log.warning("An earlier attempt is still running: it is ended first")
            emr.cancel_steps(ClusterId=cluster, StepIds=earlier)
            return False
        for number, step in enumerate(self.steps, 1):
            name = f"{own}{number} of {len(self.steps)}"
            if name not in steps:
                self._add(emr, cluster, name, step)
                return False
            found = steps[name]
            if self._active(found):
                self.running = [(cluster, found["Id"])]
                first = steps[f"{own}1 of {len(self.steps)}"]["Status"]["Timeline"]
                self._check_time(first["CreationDateTime"])
                return False
            if found["Status"]["State"] != "COMPLETED":
                raise AirflowException(self._reason(emr, cluster, found))
        return True

    def on_kill(self):
        """Ends the step that is running."""
        for cluster, step in self.running:
            self._connected().cancel_steps(ClusterId=cluster, StepIds=[step])

    def _connected(self):
        if self.emr is None:
            from airflow.providers.amazon.aws.hooks.emr import EmrHook

            # Whoever asks EMR often is told to wait.
            config = {"retries": {"mode": "standard", "max_attempts": 10}}
            hook = EmrHook(self.aws_conn_id, region_name=self.region, config=config)
            self.emr = hook.conn
        return self.emr

    def _active(self, step):
        return step["Status"]["State"] in ("PENDING", "CANCEL_PENDING", "RUNNING")

    def _add(self, emr, cluster, name, step):
        if isinstance(step, str):
            step = {"Jar": "command-runner.jar", "Args": cluster_command(step)}
        step = {"Name": name, "ActionOnFailure": "CONTINUE", "HadoopJarStep": step}
        (added,) = emr.add_job_flow_steps(JobFlowId=cluster, Steps=[step])["StepIds"]
        self.running = [(cluster, added)]
        self.log.info("%s on the cluster %s: %s", added, cluster, name)

    def _check_time(self, began):
        limit = timedelta(seconds=self.timeout)
        if datetime.now(timezone.utc) - began > limit:
            self.on_kill()
            raise AirflowException(f"It is not done after {limit}, and was ended")

    def _reason(self, emr, cluster, step):
        """What EMR says of a step that is not complete, and where it wrote more."""
        status = step["Status"]
        found = {
            **status.get("StateChangeReason", {}),
            **status.get("FailureDetails", {}),
        }
        said = " ".join(filter(None, (found.get("Reason"), found.get("Message"))))
        log = found.get("LogFile")
        if not log:
            logs = emr.describe_cluster(ClusterId=cluster)["Cluster"].get("LogUri")
            log = logs and f"{logs.rstrip('/')}/{cluster}/steps/{step['Id']}/"
        words = (
            f"The step {step['Id']} is {status['State']}: {said or 'nothing is said'}"
        )
        return f"{words}. Its log: {log or 'the cluster keeps none in S3'}"
