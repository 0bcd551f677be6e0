"""Copies that a cluster does one half of; how its steps end is said by the checks."""

import lab
from clusters import CLUSTER, HOUR, Cluster

with lab.sdk():
    from helpers.cluster_copy import ClusterCopy
try:
    from airflow.sdk import DAG
except ImportError:
    from airflow import DAG

SEEN = []


def half(place, cluster_did):
    """The half of the worker: before the cluster's it leaves a file, after it there is one."""
    assert place == f"s3://lake/way/{cluster_did}/"
    SEEN.append(sorted(lab.got(f"way/{cluster_did}/")))
    lab.put(f"way/{cluster_did}/mine")


def copy(name, before):
    return ClusterCopy(
        task_id=name, resource=CLUSTER, interval=HOUR, retries=0, pause=0.1,
        steps=[f"s3-dist-cp --src {name}"], place=f"s3://lake/way/{name}/",
        function=half, arguments={"place": "s3://lake/way/" + name + "/", "cluster_did": name},
        before=before,
    )  # fmt: skip


with DAG("passing.to", schedule=None, start_date=lab.START) as to_cluster:
    copy("to", True)
with DAG("passing.from", schedule=None, start_date=lab.START) as from_cluster:
    copy("from", False)


def ran(dag, hours, outcome):
    """The state of a run, the steps, and what the worker has found; nothing may be left."""
    hour = lab.START + lab.HOUR * hours
    name = dag.dag_id.partition(".")[2]
    lab.put(f"way/{name}/left")
    SEEN.clear()
    with Cluster(f"{hour:%Y-%m-%dT%H:%M:%SZ}", [outcome]) as cluster:
        state = lab.states(lab.run(dag, hour))[name]
        assert not lab.got(f"way/{name}/")
        return state, len(cluster.steps), [*SEEN]


def check_a_worker_does_its_half_before_the_cluster():
    assert ran(to_cluster, 100, "COMPLETED") == ("success", 1, [[]])
    assert ran(to_cluster, 101, "FAILED") == ("failed", 1, [[]])


def check_a_worker_does_its_half_after_the_cluster():
    assert ran(from_cluster, 102, "COMPLETED") == ("success", 1, [[]])
    assert ran(from_cluster, 103, "FAILED") == ("failed", 1, [])
