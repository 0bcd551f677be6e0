"""The steps of an activity on a cluster."""

import time

from airflow.exceptions import AirflowException
from helpers.cluster_command import cluster_command
from helpers.on_resource import OnResource


class ClusterSteps(OnResource):
    """Runs `steps`, one after the other, on the EMR cluster of an interval.

    Each is a command of bash, or a HadoopJarStep of the API. One that fails ends this
    attempt, and leaves the cluster as it is. A step is known by its name: what an
    attempt left running whose process was killed is ended first. It keeps its slot: so
    the instances that run are counted, `execution_timeout` bounds an attempt, and
    whoever ends the task ends its step.
    """

    template_fields = ("interval", "steps")

    def __init__(self, steps, pause=20, **kwargs):
        super().__init__(**kwargs)
        self.steps = steps
        self.pause = pause
        self.running = None

    def execute(self, context):
        self.finish(context)

    def finish(self, context):
        """Looks again and again until the last step is complete."""
        while not self.look(context):
            time.sleep(self.pause)

    def look(self, context):
        """Whether the last step is complete; adds the next one when one is."""
        emr, cluster = self.resource.client("emr"), self.there(context)
        ti = context["ti"]
        # EMR takes names of 256 characters.
        work = f"{ti.dag_id} {ti.task_id} {ti.run_id}, try "[-220:]
        own = f"{work}{ti.try_number}, step "
        pages = emr.get_paginator("list_steps").paginate(ClusterId=cluster)
        steps = {step["Name"]: step for page in pages for step in page["Steps"]}
        earlier = [
            step["Id"]
            for name, step in steps.items()
            if name.startswith(work) and not name.startswith(own) and self.active(step)
        ]
        if earlier:
            self.log.warning("An earlier attempt is still running: it is ended first")
            emr.cancel_steps(ClusterId=cluster, StepIds=earlier)
            return False
        for number, step in enumerate(self.steps, 1):
            name = f"{own}{number} of {len(self.steps)}"
            if name not in steps:
                self.add(emr, cluster, name, step)
                return False
            found = steps[name]
            self.running = cluster, found["Id"]
            if self.active(found):
                return False
            if found["Status"]["State"] != "COMPLETED":
                self.running = None
                raise AirflowException(self.reason(emr, cluster, found))
        self.running = None
        return True

    def on_kill(self):
        """Ends the step that is running."""
        if self.running:
            cluster, step = self.running
            emr = self.resource.client("emr")
            emr.cancel_steps(ClusterId=cluster, StepIds=[step])

    def active(self, step):
        return step["Status"]["State"] in ("PENDING", "CANCEL_PENDING", "RUNNING")

    def add(self, emr, cluster, name, step):
        if isinstance(step, str):
            step = {"Jar": "command-runner.jar", "Args": cluster_command(step)}
        step = {"Name": name, "ActionOnFailure": "CONTINUE", "HadoopJarStep": step}
        (added,) = emr.add_job_flow_steps(JobFlowId=cluster, Steps=[step])["StepIds"]
        self.running = cluster, added
        self.log.info("%s on the cluster %s: %s", added, cluster, name)

    def reason(self, emr, cluster, step):
        """What EMR says of a step that is not complete, and where it wrote more."""
        status = step["Status"]
        change, failure = status.get("StateChangeReason"), status.get("FailureDetails")
        found = {**(change or {}), **(failure or {})}
        said = " ".join(filter(None, (found.get("Reason"), found.get("Message"))))
        log = found.get("LogFile")
        if not log:
            logs = emr.describe_cluster(ClusterId=cluster)["Cluster"].get("LogUri")
            log = logs and f"{logs.rstrip('/')}/{cluster}/steps/{step['Id']}/"
        return (
            f"The step {step['Id']} is {status['State']}: {said or 'nothing is said'}. "
            f"Its log: {log or 'the cluster keeps none in S3'}"
        )
