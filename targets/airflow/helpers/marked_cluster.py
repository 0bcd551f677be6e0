"""The EMR cluster that was started for an interval."""


def marked_cluster(emr, resource, interval):
    """The id of the cluster with these marks that is not ended; None without one."""
    marks = {"pipec:resource": resource, "pipec:interval": interval}
    states = ["STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING"]
    pages = emr.get_paginator("list_clusters").paginate(ClusterStates=states)
    for found in (cluster["Id"] for page in pages for cluster in page["Clusters"]):
        described = emr.describe_cluster(ClusterId=found)["Cluster"]
        tags = {tag["Key"]: tag["Value"] for tag in described.get("Tags", ())}
        if marks.items() <= tags.items():
            return found
    return None
