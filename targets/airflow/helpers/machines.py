"""The EC2 instances of a resource."""

from helpers.tagged import Tagged


class Machines(Tagged):
    """The EC2 instances of `resource`."""

    noun = "machine"

    def find(self, intervals=None):
        """Those of some intervals, or of all, that are not ended; the oldest first."""
        every = [one for one in self.every(intervals) if not one["ended"]]
        return sorted(every, key=lambda one: (one["since"], one["id"]))

    def why_ended(self, interval, token):
        """What became of the one that was launched with `token`; None if it lives."""
        for one in self.every([interval]):
            if one["ended"] and one["token"] == token:
                return f"{one['id']} has ended: {one['why']}"
        return None

    def every(self, intervals):
        """Those of some intervals, or of all; AWS tells of ended ones for an hour."""
        tags = {"pipec:resource": [self.resource], "pipec:interval": intervals}
        filters = [{"Name": f"tag:{k}", "Values": v} for k, v in tags.items() if v]
        pages = self.client("ec2").get_paginator("describe_instances")
        for page in pages.paginate(Filters=filters):
            for one in (
                it for part in page["Reservations"] for it in part["Instances"]
            ):
                marks = {tag["Key"]: tag["Value"] for tag in one["Tags"]}
                yield {
                    "id": one["InstanceId"],
                    "interval": marks["pipec:interval"],
                    "state": one["State"]["Name"],
                    "ended": one["State"]["Name"] in ("shutting-down", "terminated"),
                    "since": one["LaunchTime"],
                    "token": one.get("ClientToken"),
                    "why": one.get("StateReason", {}).get("Message"),
                }

    def launch(self, interval, token, request):
        """Launches one; AWS makes no second one for a token that it has seen."""
        marks = {
            "Name": f"{self.resource} {interval}",
            "pipec:resource": self.resource,
            "pipec:interval": interval,
        }
        tags = [{"Key": key, "Value": value} for key, value in marks.items()]
        tags += request.pop("Tags", [])
        kinds = ("instance", "volume")
        found = self.client("ec2").run_instances(
            MinCount=1,
            MaxCount=1,
            ClientToken=token,
            TagSpecifications=[{"ResourceType": kind, "Tags": tags} for kind in kinds],
            **request,
        )
        return found["Instances"][0]["InstanceId"]

    def not_ready(self, one):
        """Why it takes no commands yet; None when it does."""
        if one["state"] != "running":
            return f"it is {one['state']}"
        which = [{"Key": "InstanceIds", "Values": [one["id"]]}]
        agents = self.client("ssm").describe_instance_information(Filters=which)
        if any(
            it["PingStatus"] == "Online" for it in agents["InstanceInformationList"]
        ):
            return None
        return "its agent of Systems Manager is not online, does its `role` allow that?"

    def end(self, some):
        ids = [one["id"] for one in some]
        if ids:
            self.client("ec2").terminate_instances(InstanceIds=ids)
