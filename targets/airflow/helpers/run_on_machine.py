"""A command on a machine that was started for it."""

import base64
import gzip
import hashlib
import shlex
import time

from airflow.exceptions import AirflowException
from helpers.on_resource import OnResource


class RunOnMachine(OnResource):
    """Runs a command on the machine of an interval, through AWS Systems Manager.

    It keeps its slot until the command has ended: so the instances that run are
    counted, `execution_timeout` bounds an attempt, and whoever ends the task ends the
    command. What an attempt left running whose process was killed is ended first.
    """

    template_fields = ("interval", "command", "logs")
    active = ("Pending", "InProgress", "Delayed", "Cancelling")

    def __init__(self, command, longest, user="root", logs=None, **kwargs):
        super().__init__(**kwargs)
        self.command = command
        self.longest = longest
        self.user = user
        self.logs = logs
        self.sent = None

    def execute(self, context):
        ti, ssm = context["ti"], self.resource.client("ssm")
        work = f"{ti.dag_id} {ti.task_id} {ti.run_id}"
        comment = f"{ti.task_id[:60]} {hashlib.sha256(work.encode()).hexdigest()[:32]}"
        machine = self.there(context)
        while earlier := self.running(ssm, machine, comment):
            self.log.warning("An earlier attempt is still running: it is ended first")
            for one in earlier:
                ssm.cancel_command(CommandId=one, InstanceIds=[machine])
            time.sleep(5)
        lines = self.lines(f"{self.logs or ''}{ti.task_id}-{ti.try_number}.txt")
        seconds = int(self.longest.total_seconds())
        sent = ssm.send_command(
            InstanceIds=[machine],
            DocumentName="AWS-RunShellScript",
            Comment=comment,
            TimeoutSeconds=600,
            Parameters={"commands": lines, "executionTimeout": [str(seconds)]},
        )
        self.sent = sent["Command"]["CommandId"], machine
        self.log.info("The command %s runs on %s", *self.sent)
        status = "Pending"
        while status in self.active:
            time.sleep(5)
            status, found = self.look(ssm)
            if self.there(context) != machine:
                self.fail(context)
        self.sent = None
        self.log.info("%s", found["StandardOutputContent"])
        if found["StandardErrorContent"]:
            self.log.info("%s", found["StandardErrorContent"])
        if status != "Success":
            code, why = found["ResponseCode"], found["StatusDetails"]
            raise AirflowException(f"The command ended with status {code} ({why})")

    def on_kill(self):
        if self.sent:
            command, machine = self.sent
            ssm = self.resource.client("ssm")
            ssm.cancel_command(CommandId=command, InstanceIds=[machine])

    def running(self, ssm, machine, comment):
        pages = ssm.get_paginator("list_command_invocations")
        return [
            one["CommandId"]
            for page in pages.paginate(InstanceId=machine)
            for one in page["CommandInvocations"]
            if one.get("Comment") == comment and one["Status"] in self.active
        ]

    def look(self, ssm):
        """The status of the command, and what AWS says of it."""
        command, machine = self.sent
        try:
            found = ssm.get_command_invocation(CommandId=command, InstanceId=machine)
            return found["Status"], found
        except ssm.exceptions.InvocationDoesNotExist:
            return "Pending", None

    def lines(self, log):
        """What is sent: the command is packed, as AWS replaces `{{ }}` in its texts."""
        packed = base64.b64encode(gzip.compress(self.command.encode())).decode()
        keep = f"aws s3 cp --only-show-errors $folder/output {shlex.quote(log)}"
        return [
            "cloud-init status --wait > /dev/null 2>&1",
            f"export HOME=$(getent passwd {self.user} | cut -d: -f6)",
            "export AWS_DEFAULT_REGION=$AWS_SSM_REGION_NAME PATH=$PATH:/usr/local/bin",
            "folder=$(mktemp -d -p /var/tmp)",
            f"echo {packed} | base64 -d | gunzip > $folder/command",
            f"chown -R {self.user} $folder",
            f"runuser -u {self.user} -- bash $folder/command > $folder/output 2>&1",
            "status=$?",
            "tail -c 20000 $folder/output",
            *([keep] if self.logs else []),
            "rm -r $folder; exit $status",
        ]
