"""Steps on clusters, as EMR's API takes them. Its stand-in runs none: the checks say how each ended."""

import base64
import contextlib
import datetime
import gzip
import subprocess

import boto3
import lab
from helpers.cluster_command import cluster_command
from helpers.clusters import Clusters

with lab.sdk():
    from helpers.cluster_steps import ClusterSteps
try:
    from airflow.sdk import DAG
except ImportError:
    from airflow import DAG

HOUR = "{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%SZ') }}"
STEPS = [
    "echo 'Zürich' {{ '{{' }} {{ data_interval_start.strftime('%H') }} }}",
    {"Jar": "s3://shop/count.jar", "MainClass": "Count", "Args": [HOUR, "a,b"]},
]
CLUSTER = Clusters("shop.cluster")
ALL = {"resource": CLUSTER, "interval": HOUR, "steps": STEPS, "retries": 0, "pause": 0.1}

with DAG("clusters", schedule=None, start_date=lab.START) as dag:
    ClusterSteps(task_id="count", **ALL)

with DAG("clusters.limited", schedule=None, start_date=lab.START) as limited:
    ClusterSteps(task_id="count", **ALL, execution_timeout=datetime.timedelta(seconds=10))


def emr():
    return boto3.client("emr")


def started(interval, name="shop.cluster"):
    """The id of a cluster with these marks."""
    tags = {"pipec:resource": name, "pipec:interval": interval}
    return emr().run_job_flow(
        Name=f"{name} {interval}",
        ReleaseLabel="emr-7.1.0",
        LogUri="s3://lake/logs/",
        Instances={"MasterInstanceType": "m5.xlarge", "InstanceCount": 1, "KeepJobFlowAliveWhenNoSteps": True},
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )["JobFlowId"]  # fmt: skip


class Cluster:
    """A cluster whose steps end as `outcomes` say, one after the other: what EMR itself would do.

    It says nothing of how EMR runs a step, nor of the times at which its API tells of it.
    """

    def __init__(self, interval, outcomes):
        from moto.emr.models import emr_backends
        from moto.emr.responses import ElasticMapReduceResponse

        self.id = started(interval)
        self.outcomes = list(outcomes)
        self.cancelled = []
        self.fake = emr_backends["123456789012"]["us-east-1"].clusters[self.id]
        ElasticMapReduceResponse.cancel_steps = self._cancelled()  # moto has none.
        self.original = ElasticMapReduceResponse.list_steps
        ElasticMapReduceResponse.list_steps = self._listed(self.original)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        from moto.emr.responses import ElasticMapReduceResponse

        ElasticMapReduceResponse.list_steps = self.original
        emr().terminate_job_flows(JobFlowIds=[self.id])

    def _listed(self, original):
        def list_steps(response):
            result = original(response)
            # Whoever looks finds a step running, and the next time at its end.
            for step in self.fake.steps:
                if step.state == "RUNNING" and self.outcomes:
                    step.state = self.outcomes.pop(0)
                elif step.state not in ("COMPLETED", "FAILED", "CANCELLED"):
                    step.state = "RUNNING"
            return result

        return list_steps

    def _cancelled(self):
        from moto.core.responses import EmptyResult

        def cancel_steps(response):
            assert response._get_param("ClusterId") == self.id
            for step in self.fake.steps:
                if step.id in response._get_param("StepIds"):
                    step.state = "CANCELLED"
                    self.cancelled.append(step.name)
            return EmptyResult()

        return cancel_steps

    @property
    def steps(self):
        """The names, jars and arguments of its steps, in the order in which they came."""
        pages = emr().get_paginator("list_steps").paginate(ClusterId=self.id)
        found = [step for page in pages for step in page["Steps"]]
        return [
            (step["Name"], config["Jar"], config["Args"])
            for step in reversed(found)
            for config in [step["Config"]]
        ]


def check_steps_run_one_after_the_other():
    hour = lab.START + lab.HOUR
    with Cluster(f"{hour:%Y-%m-%dT%H:%M:%SZ}", ["COMPLETED"] * 2) as cluster:
        started("2020-01-01T00:00:00Z")
        run = lab.run(dag, hour)
        assert lab.states(run) == {"": "success", "count": "success"}
        (first, jar, args), (second, *rest) = cluster.steps
        work = f"{dag.dag_id} count {run.run_id}, try "
        assert first.startswith(work), first
        assert first.endswith("step 1 of 2"), first
        assert second.endswith("step 2 of 2"), second
        assert jar == "command-runner.jar"
        assert args[:2] == ["bash", "-c"]
        assert args[2].isascii(), args
        done = subprocess.run(args, capture_output=True, check=True)
        assert done.stdout.decode() == f"Zürich {{{{ {hour:%H} }}}}\n"
        assert rest == ["s3://shop/count.jar", [f"{hour:%Y-%m-%dT%H:%M:%SZ}", "a,b"]]
        assert cluster.fake.steps[1].hadoop_jar_step["MainClass"] == "Count"
        assert {step.action_on_failure for step in cluster.fake.steps} == {"CONTINUE"}
        assert not cluster.cancelled


def check_a_step_that_fails_ends_the_activity():
    hour = lab.START + lab.HOUR * 3
    with Cluster(f"{hour:%Y-%m-%dT%H:%M:%SZ}", ["FAILED"]) as cluster:
        assert lab.states(lab.run(dag, hour))["count"] == "failed"
        assert len(cluster.steps) == 1


def check_a_cluster_that_is_gone_is_for_good():
    from airflow.exceptions import AirflowFailException

    told = []
    task = step_task(lost=[told.append])
    found = lab.error(lambda: task.execute(moment(1)))
    assert type(found) is AirflowFailException
    assert "The cluster shop.cluster of 2020-02-02T00:00:00Z is gone" in str(found)
    assert [it["node_name"] for it in told] == ["cluster"]


def step_task(**more):
    return ClusterSteps(
        task_id="load", resource=CLUSTER, interval="2020-02-02T00:00:00Z",
        steps=["one", "two"], pause=0.1, **more,
    )  # fmt: skip


class Instance:
    dag_id, task_id, run_id = "shop", "load", "scheduled__2020-02-02T00:00:00+00:00"

    def __init__(self, try_number):
        self.try_number = try_number


def moment(try_number):
    return {"ti": Instance(try_number)}


def check_the_steps_of_an_attempt_are_found_again():
    """By another process; those of an earlier attempt are ended first, and nothing runs twice."""
    with Cluster("2020-02-02T00:00:00Z", []) as cluster:
        for _ in range(4):
            assert step_task().look(moment(1)) is False
        assert [name for name, *_ in cluster.steps] == [name_of(1, 1)]
        assert not cluster.cancelled
        for _ in range(2):
            assert step_task().look(moment(2)) is False
        assert cluster.cancelled == [name_of(1, 1)]
        assert [name for name, *_ in cluster.steps] == [name_of(1, 1), name_of(2, 1)]
        cluster.outcomes = ["COMPLETED", "COMPLETED"]
        looks = [step_task().look(moment(2)) for _ in range(8)]
        assert looks[-1] is True, looks
        assert [name for name, *_ in cluster.steps][1:] == [name_of(2, 1), name_of(2, 2)]
        assert step_task().look(moment(2)) is True
        assert len(cluster.steps) == 3


def name_of(attempt, step):
    return f"shop load {Instance.run_id}, try {attempt}, step {step} of 2"


def check_an_attempt_has_a_time_limit():
    from airflow.exceptions import AirflowTaskTimeout

    hour = lab.START + lab.HOUR * 4
    with Cluster(f"{hour:%Y-%m-%dT%H:%M:%SZ}", []) as cluster:
        # The test run of 2.11 is no match for it; workers are.
        with contextlib.suppress(AirflowTaskTimeout):
            assert lab.states(lab.run(limited, hour))["count"] == "failed"
        (name, *_), *more = cluster.steps
        assert not more
        assert cluster.cancelled == [name]


def check_the_reason_of_a_failure_is_told():
    with Cluster("2020-02-02T00:00:00Z", []) as cluster:
        task = step_task()
        for _ in range(2):
            task.look(moment(1))
        cluster.outcomes = ["FAILED"]
        found = str(lab.error(lambda: task.look(moment(1))))
        step = cluster.fake.steps[0].id
        assert f"The step {step} is FAILED" in found
        assert f"s3://lake/logs/{cluster.id}/steps/{step}/" in found
        found = task.reason(
            None,
            cluster.id,
            {
                "Id": "s-1",
                "Status": {
                    "State": "FAILED",
                    "StateChangeReason": {"Code": "NONE"},
                    "FailureDetails": {"Reason": "Unknown Error.", "Message": "No rows", "LogFile": "s3://l/x.gz"},
                },
            },
        )  # fmt: skip
        assert found == "The step s-1 is FAILED: Unknown Error. No rows. Its log: s3://l/x.gz"


def check_a_task_that_is_killed_ends_its_step():
    with Cluster("2020-02-02T00:00:00Z", []) as cluster:
        task = step_task()
        task.on_kill()
        task.look(moment(1))
        task.on_kill()
        assert cluster.cancelled == [name_of(1, 1)]


def check_commands_arrive_as_they_are():
    odd = "printf '%s' \"it's\" '{{ x }}' 'ä\u2028🦆' 'a\\nb' \"$HOME\" '\t' '}}'; cat <<'END'\n$x `y`\nEND\n"
    for command in (
        "echo $HOME",
        odd,
        odd + "#" * 20_000,
        "".join(map(chr, range(32, 127))) and odd,
    ):
        sent = cluster_command(command)
        assert sent[:2] == ["bash", "-c"]
        assert sent[2].isascii()
        assert "}}" not in sent[2]
        assert len(sent[2]) < 10_200
        ours, theirs = (
            subprocess.run(it, capture_output=True, check=True).stdout
            for it in (sent, ["bash", "-c", command])
        )
        assert ours == theirs
    assert cluster_command("ls -l")[2] == "ls -l"
    packed = cluster_command("#" * 20_000)[2].split()[2]
    assert gzip.decompress(base64.b64decode(packed)) == b"#" * 20_000
