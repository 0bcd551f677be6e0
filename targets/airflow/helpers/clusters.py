"""The EMR clusters of a resource."""

from datetime import datetime, timedelta, timezone

from helpers.tagged import Tagged


class Clusters(Tagged):
    """The EMR clusters of `resource`."""

    noun = "cluster"

    def find(self, intervals=None):
        """Those of some intervals, or of all, that are not ended; the oldest first."""
        states = ["STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING"]
        every = self.every(intervals, ClusterStates=states)
        return sorted(every, key=lambda one: (one["since"], one["id"]))

    def why_ended(self, interval, token):
        """What became of the one that was launched with `token`; None if it lives."""
        ended = ["TERMINATING", "TERMINATED", "TERMINATED_WITH_ERRORS"]
        since = datetime.now(timezone.utc) - timedelta(days=1)
        for one in self.every([interval], ClusterStates=ended, CreatedAfter=since):
            if one["token"] == token:
                return f"{one['id']} has ended: {one['why']}"
        return None

    def every(self, intervals, **which):
        """Those of some intervals, or of all. Their names say which ones to look at."""
        emr = self.client("emr")
        names = [f"{self.resource} {one}" for one in intervals or ()]
        pages = emr.get_paginator("list_clusters").paginate(**which)
        for found in (one for page in pages for one in page["Clusters"]):
            named = found["Name"].startswith(f"{self.resource} ")
            if not named or (names and found["Name"] not in names):
                continue
            one = emr.describe_cluster(ClusterId=found["Id"])["Cluster"]
            marks = {tag["Key"]: tag["Value"] for tag in one.get("Tags", ())}
            if marks.get("pipec:resource") != self.resource:
                continue
            yield {
                "id": one["Id"],
                "interval": marks["pipec:interval"],
                "state": one["Status"]["State"],
                "since": one["Status"]["Timeline"]["CreationDateTime"],
                "token": marks.get("pipec:attempt"),
                "why": one["Status"].get("StateChangeReason", {}).get("Message"),
            }

    def launch(self, interval, token, request):
        """Launches one. Of two that are launched at once all know which one to keep."""
        marks = {
            "pipec:resource": self.resource,
            "pipec:interval": interval,
            "pipec:attempt": token,
        }
        tags = [{"Key": key, "Value": value} for key, value in marks.items()]
        tags += request.pop("Tags", [])
        name = f"{self.resource} {interval}"
        return self.client("emr").run_job_flow(Name=name, Tags=tags, **request)[
            "JobFlowId"
        ]

    def not_ready(self, one):
        """Why it takes no steps yet; None when it does."""
        if one["state"] in ("RUNNING", "WAITING"):
            return None
        return f"it is {one['state']}"

    def end(self, some):
        ids = [one["id"] for one in some]
        for start in range(0, len(ids), 10):  # EMR takes ten at a time.
            self.client("emr").terminate_job_flows(JobFlowIds=ids[start : start + 10])
