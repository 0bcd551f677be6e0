"""What moto leaves out of machines: they take time to start, and do what they are sent.

`put_in_place(FOLDER)` changes moto in this process: an instance is pending for a while, a token launches
one only, a cluster starts, and an agent of Systems Manager executes commands with the `sh` of this
machine, each instance in a folder of its own below FOLDER. It is run by Pythons that have moto.

It proves nothing of the AWS behind the API: what `shutdown` does there, who may do what, how long
anything takes.
"""

import contextlib
import os
import signal
import subprocess
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend, ec2_backends
from moto.ec2.models.instances import InstanceState, StateReason
from moto.emr.models import ElasticMapReduceBackend, emr_backends
from moto.ssm.responses import SimpleSystemManagerResponse

ACCOUNT, REGION = "123456789012", "us-east-1"
BINARIES = {
    # The user's home is the folder of the instance.
    "getent": 'echo "root:x:0:0:root:$MACHINE:/bin/bash"',
    "runuser": 'shift 3; exec "$@"',
    "chown": ":",
    "cloud-init": ":",
}


class Amazon:
    """How AWS behaves, for tests to change; and what they ask of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pending = 0.0
        """Seconds from the launch until it runs."""
        self.online = True
        """Whether agents of Systems Manager get through."""
        self.refused: list[str] = []
        """Errors for the next launches."""
        self.doomed: list[str] = []
        """Reasons for which the next ones that are launched die at once."""
        self.requests: list[dict] = []
        """What was asked for, by launch."""
        self.tokens: dict[str, object] = {}
        self.commands: dict[str, Command] = {}

    def instances(self, state: str = "") -> list:
        """The instances that carry our marks, or those in a state."""
        every = [
            one
            for part in ec2_backends[ACCOUNT][REGION].reservations.values()
            for one in part.instances
        ]
        for one in every:
            self.move_on(one)
        marked = [one for one in every if "pipec:resource" in marks(one)]
        return [one for one in marked if state in ("", one.state)]

    def clusters(self, *states: str) -> list:
        """The clusters, or those in some states."""
        every = list(emr_backends[ACCOUNT][REGION].clusters.values())
        return [one for one in every if not states or one.state in states]

    def living(self) -> list[str]:
        """The ids of all that is not ended."""
        instances = [one.id for one in self.instances() if one.state != "terminated"]
        ended = ("TERMINATING", "TERMINATED", "TERMINATED_WITH_ERRORS")
        return instances + [one.id for one in self.clusters() if one.state not in ended]

    def end(self, instance, reason: str = "Server.SpotInstanceTermination") -> None:
        """AWS takes it back; what runs on it is gone, and nobody says so."""
        instance.terminate()
        instance.state_reason = StateReason(f"{reason}: it is taken back", reason)
        self.kill(instance.id)

    def kill(self, instance: str) -> None:
        for one in self.commands.values():
            if one.instance == instance and one.status == "InProgress":
                one.end("InProgress")

    def move_on(self, one) -> None:
        """What has happened to an instance since it was launched."""
        if one.state == "pending" and time.time() >= one.ready_at:
            one._state = InstanceState("running", 16)
        if one.state == "running" and one.doom:
            self.end(one, one.doom)


class Command:
    """A command on an instance."""

    def __init__(self, amazon: Amazon, instance: str, comment: str, lines: list[str]) -> None:
        self.id, self.instance, self.comment = str(uuid.uuid4()), instance, comment
        home = amazon.folder / instance
        home.mkdir(parents=True, exist_ok=True)
        self.script = amazon.folder / self.id
        self.script.write_text("\n".join(lines), encoding="utf-8")
        self.out = amazon.folder / f"{self.id}.out"
        # Systems Manager gives commands hardly anything: no home, little of a path.
        binaries, path = amazon.folder / "bin", os.environ["PATH"]
        environment = {
            **{name: it for name, it in os.environ.items() if name.startswith("AWS_")},
            "PATH": f"{binaries}:{path}", "MACHINE": str(home), "AWS_SSM_REGION_NAME": REGION,
        }  # fmt: skip
        with self.out.open("wb") as output:
            self.process = subprocess.Popen(
                ["sh", str(self.script)],
                cwd=home,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.fixed = ""

    @property
    def status(self) -> str:
        code = self.process.poll()
        if self.fixed or code is None:
            return self.fixed or "InProgress"
        return "Failed" if code else "Success"

    def end(self, status: str) -> None:
        """As the agent does it: the whole group of processes, at once."""
        if self.process.poll() is None:
            self.fixed = status
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    @property
    def invocation(self) -> dict:
        code = self.process.poll()
        text = self.out.read_text(encoding="utf-8", errors="replace")
        return {
            "CommandId": self.id,
            "InstanceId": self.instance,
            "Comment": self.comment,
            "DocumentName": "AWS-RunShellScript",
            "Status": self.status,
            "StatusDetails": self.status,
            "ResponseCode": -1 if code is None else code,
            # Of a longer one, AWS gives the beginning.
            "StandardOutputContent": text[:24000] if code is not None else "",
            "StandardErrorContent": "",
        }


def marks(instance) -> dict[str, str]:
    return {tag["key"]: tag["value"] for tag in instance.get_tags()}


def put_in_place(folder: Path) -> Amazon:
    """How AWS behaves from now on."""
    amazon = Amazon(folder)
    (folder / "bin").mkdir(parents=True, exist_ok=True)
    for name, line in BINARIES.items():
        file = folder / "bin" / name
        file.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        file.chmod(0o755)
    _instances(amazon)
    _clusters(amazon)
    _commands(amazon)
    return amazon


def _instances(amazon: Amazon) -> None:
    launch, describe = EC2Backend.run_instances, EC2Backend.describe_instances
    terminate = EC2Backend.terminate_instances

    def run_instances(self, *given, **named):
        token = named.get("client_token") or str(uuid.uuid4())
        if token in amazon.tokens:
            found = amazon.tokens[token]
            if found.instances[0].state == "terminated":
                raise EC2ClientError("IdempotentInstanceTerminated", "It has ended already.")
            return found
        if amazon.refused:
            raise EC2ClientError(amazon.refused.pop(0), "We have no such capacity.")
        found = amazon.tokens[token] = launch(self, *given, **named)
        amazon.requests.append(named)
        for one in found.instances:
            one._state = InstanceState("pending", 0)
            one.launched_at = time.time()
            one.ready_at = one.launched_at + amazon.pending
            one.doom = amazon.doomed.pop(0) if amazon.doomed else ""
        return found

    def describe_instances(self, *given, **named):
        amazon.instances()
        return describe(self, *given, **named)

    def terminate_instances(self, instance_ids):
        found = terminate(self, instance_ids)
        for one in instance_ids:
            amazon.kill(one)
        return found

    EC2Backend.run_instances = run_instances
    EC2Backend.describe_instances = describe_instances
    EC2Backend.terminate_instances = terminate_instances


def _clusters(amazon: Amazon) -> None:
    start = ElasticMapReduceBackend.run_job_flow
    describe = ElasticMapReduceBackend.describe_cluster
    every = ElasticMapReduceBackend.list_clusters

    def run_job_flow(self, **given):
        if amazon.refused:
            raise JsonRESTError("ValidationException", amazon.refused.pop(0))
        found = start(self, **given)
        amazon.requests.append(given)
        found.state, found.ready_at = "STARTING", time.time() + amazon.pending
        found.doom = amazon.doomed.pop(0) if amazon.doomed else ""
        return found

    def move_on(self) -> None:
        for one in self.clusters.values():
            if one.state == "STARTING" and time.time() >= getattr(one, "ready_at", 0):
                one.state = "TERMINATED_WITH_ERRORS" if one.doom else "WAITING"
                one.last_state_change_reason = one.doom

    def describe_cluster(self, cluster_id):
        move_on(self)
        return describe(self, cluster_id)

    def list_clusters(self, *given, **named):
        move_on(self)
        return every(self, *given, **named)

    ElasticMapReduceBackend.run_job_flow = run_job_flow
    ElasticMapReduceBackend.describe_cluster = describe_cluster
    ElasticMapReduceBackend.list_clusters = list_clusters


def _commands(amazon: Amazon) -> None:
    def running() -> list[str]:
        return [one.id for one in amazon.instances("running")] if amazon.online else []

    def describe_instance_information(self):
        wanted = {it for one in self._get_param("Filters", []) for it in one["Values"]}
        found = [one for one in running() if one in wanted]
        return ActionResult(
            {
                "InstanceInformationList": [
                    {"InstanceId": it, "PingStatus": "Online"} for it in found
                ]
            }
        )

    def send_command(self):
        (instance,) = self._get_param("InstanceIds")
        if instance not in running():
            raise JsonRESTError("InvalidInstanceId", "Instances not in a valid state for account")
        lines = self._get_param("Parameters")["commands"]
        one = Command(amazon, instance, self._get_param("Comment", ""), lines)
        amazon.commands[one.id] = one
        now = datetime.now(UTC)
        return ActionResult({"Command": {"CommandId": one.id, "RequestedDateTime": now}})

    def get_command_invocation(self):
        return ActionResult(amazon.commands[self._get_param("CommandId")].invocation)

    def list_command_invocations(self):
        instance = self._get_param("InstanceId")
        found = [one for one in amazon.commands.values() if one.instance == instance]
        return ActionResult({"CommandInvocations": [one.invocation for one in found]})

    def cancel_command(self):
        amazon.commands[self._get_param("CommandId")].end("Cancelled")
        return ActionResult({})

    for one in (
        describe_instance_information, send_command, get_command_invocation,
        list_command_invocations, cancel_command,
    ):  # fmt: skip
        setattr(SimpleSystemManagerResponse, one.__name__, one)
