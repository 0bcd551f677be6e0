"""The pipeline count_requests.

Made by pipec from count_requests.pipe.yaml: everything on the schedule `daily`.
Change that file and compile it again; changes here are lost.
"""

import base64
import copy
import gzip
import hashlib
import logging
import shlex
import time
import unicodedata
from datetime import datetime, timedelta, timezone
from functools import lru_cache, partial

from airflow.providers.standard.sensors.python import PythonSensor
from airflow.sdk import DAG, BaseOperator, BaseSensorOperator, DeltaTriggerTimetable
from airflow.sdk.exceptions import AirflowException, AirflowFailException


class Tagged:
    """What was launched for `resource`: it is found by its tags and nothing else.

    So it is found, and ended, whatever became of the task that launched it.
    """

    def __init__(self, resource, region=None):
        self.resource = resource
        self.region = region

    @lru_cache(maxsize=None)
    def client(self, service):
        from airflow.providers.amazon.aws.hooks.base_aws import AwsBaseHook

        # Whoever asks often is told to wait; and what takes hours outlives a failure.
        config = {"retries": {"mode": "standard", "max_attempts": 10}}
        hook = AwsBaseHook(client_type=service, region_name=self.region, config=config)
        return hook.get_conn()


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


def notice_texts(context, status, templates):
    """The texts of a notice: templates that also know `node_name` and `node_status`."""
    task, known = context["task"], copy.copy(context)
    known["node_name"] = context.get("node_name", task.task_id)
    known["node_status"] = status
    try:
        return [task.render_template(text + "{{ '' }}", known) for text in templates]
    except Exception:
        log = logging.getLogger("airflow.task")
        log.exception("A notice goes out as it was written: %s", templates)
        return templates


def notify_sns(context, topic, status, subject, message):
    """Publishes that an activity is `status`; whatever goes wrong is only logged."""
    try:
        from airflow.providers.amazon.aws.hooks.sns import SnsHook

        subject, message = notice_texts(context, status, [subject, message])
        # SNS takes one line of printable ASCII, shorter than 100 characters.
        plain = unicodedata.normalize("NFKD", " ".join(subject.split()))
        words = "".join(c for c in plain if " " <= c <= "~").split()
        line = " ".join(words)[:99] or status
        SnsHook(region_name=topic.split(":")[3]).get_conn().publish(
            TopicArn=topic, Subject=line, Message=message[:60000] or line
        )
    except Exception:
        log = logging.getLogger("airflow.task")
        log.exception("The notice to %s was not sent", topic)


def refuse_others(schedule, context, start_of=None):
    """Fails a run for good that is for no interval of `schedule`.

    Somebody started it, for a time of its own: what it would wait for never comes, and
    nothing waits for it. `start_of(time, n)` says where on the grid a time is, if the
    timetable does not.
    """
    run, start = context["dag_run"], context.get("data_interval_start")
    known = start is not None and run.logical_date == start
    if known and (start_of is None or start_of(start, 0) == start):
        return
    raise AirflowFailException(
        f"{run.dag_id} runs {schedule}, and no interval of that begins at "
        f"{run.logical_date}. Clear a run to have it again; those that are missing are "
        f"made by `airflow backfill create --dag-id {run.dag_id}`, in Airflow 2 by "
        f"`airflow dags backfill {run.dag_id}`"
    )


class OnResource(BaseOperator):
    """Work on what was started for an interval, as long as that lives.

    What is `lost` with it is told to functions that take the context of the task.
    """

    def __init__(
        self,
        resource,
        interval="{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%SZ') }}",
        lost=(),
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.resource = resource
        self.interval = interval
        self.lost = lost

    def there(self, context):
        """The id of what was started for this interval."""
        intervals = self.interval
        if isinstance(intervals, str):
            intervals = [intervals]
        for one in self.resource.find(intervals):
            return one["id"]
        return self.fail(context)

    def fail(self, context):
        """Ends the task for good: what was there is lost."""
        name, noun = self.resource.resource, self.resource.noun
        about = copy.copy(context)
        about["node_name"] = name.rpartition(".")[2]
        for tell in self.lost:
            tell(about)
        raise AirflowFailException(
            f"The {noun} {name} of {self.interval} is gone: somebody or AWS has ended "
            "it, or it has itself when its time was over. Clear this task, and another "
            "one is started before it"
        )


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


def s3_has(uri, size=0):
    """Whether the object `uri`, or one below its slash, has `size` bytes or more."""
    from airflow.providers.amazon.aws.hooks.s3 import S3Hook

    s3 = S3Hook()
    bucket, _, key = uri.partition("://")[2].partition("/")
    if key and not key.endswith("/"):
        found = s3.head_object(key, bucket)
        return found is not None and found["ContentLength"] >= size
    pages = (
        s3.get_conn()
        .get_paginator("list_objects_v2")
        .paginate(Bucket=bucket, Prefix=key)
    )
    return any(
        found["Size"] >= size and not found["Key"].endswith("/")
        for page in pages
        for found in page.get("Contents", ())
    )


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


def step_start(anchor, step, time, n):
    """The start of the interval that is n after the one which holds `time`."""
    passed = (time - anchor).total_seconds() // step.total_seconds()
    return anchor + step * (int(passed) + n)


class StopResource(BaseOperator):
    """Ends all that has the marks of a resource and an interval.

    That does not depend on what became of the tasks that started and used it: also
    what a task launched that has failed, was killed, or was marked by hand, is ended.
    """

    template_fields = ("interval",)

    def __init__(
        self,
        resource,
        interval="{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%SZ') }}",
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.resource = resource
        self.interval = interval

    def as_teardown(self, **kwargs):
        """By itself, a teardown does not run when what it follows up has failed."""
        super().as_teardown(**kwargs)
        self.trigger_rule = "all_done"
        return self

    def execute(self, context):
        """Looks until it has twice found nothing: AWS may show a new one only later."""
        looks = 0
        for _ in range(60):
            found = self.resource.find([self.interval])
            if found:
                self.log.info("It ends %s", [one["id"] for one in found])
                self.resource.end(found)
            looks = 0 if found else looks + 1
            if looks == 2:
                return
            time.sleep(10)
        raise AirflowException(f"They do not end: {found}")


def start_on_daily(time, n):
    """The start of the interval of `daily` that is n after the one at `time`."""
    return step_start(
        datetime(2026, 12, 1, 4, 0, tzinfo=timezone.utc), timedelta(days=1), time, n
    )


def only_on_schedule(context):
    """Refuses runs that are not on the schedule `daily`."""
    return refuse_others(
        "every 1 day from 2026-12-01T04:00Z at start", context, start_of=start_on_daily
    )


def tell_tell_us(status, context):
    """Tells `tell_us`."""
    notify_sns(
        context,
        topic="arn:aws:sns:eu-west-1:111122223333:pipelines",
        status=status,
        subject="{{ node_name }} has failed",
        message=(
            "The run of {{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}: "
            "{{ (exception | default('')) }}"
        ),
    )


with DAG(
    dag_id="count_requests",
    schedule=DeltaTriggerTimetable(timedelta(days=1)),
    start_date=datetime(2026, 12, 1, 4, 0, tzinfo=timezone.utc),
    catchup=True,
    max_active_runs=5,
    default_args={
        "retries": 2,
        "retry_delay": timedelta(minutes=10),
        "do_xcom_push": False,
        "pre_execute": only_on_schedule,
    },
    tags=["count_requests"],
    doc_md=__doc__,
):
    # count_requests.pipe.yaml:32
    logs_data_node_exists = PythonSensor(
        task_id="logs_data_node.exists",
        python_callable=s3_has,
        op_kwargs={
            "uri": (
                "s3://shop-logs/web/"
                "{{ data_interval_start.subtract(days=1)"
                ".strftime('%Y-%m-%d') }}/_SUCCESS"
            )
        },
        mode="reschedule",
        poke_interval=timedelta(minutes=10),
        timeout=timedelta(hours=3),
    )

    # count_requests.pipe.yaml:25
    machine = StartResource(
        task_id="machine",
        resource=Machines("count_requests.machine"),
        request={
            "ImageId": (
                "resolve:ssm:/aws/service/ami-amazon-linux-latest/"
                "al2023-ami-kernel-default-x86_64"
            ),
            "InstanceType": "m5.large",
            "InstanceInitiatedShutdownBehavior": "terminate",
            "UserData": """\
#!/bin/bash
shutdown -P +$((118 - $(cut -d. -f1 /proc/uptime) / 60))""",
        },
        ready_within=timedelta(minutes=20),
    )

    # count_requests.pipe.yaml:37
    count = RunOnMachine(
        task_id="count",
        resource=Machines("count_requests.machine"),
        command="""\
set -e
stage=/var/tmp/count_requests.machine.count.{{ data_interval_start.strftime('%Y%m%dT%H%M%S') }}
trap 'rm -rf "$stage"' EXIT
rm -rf "$stage"
export INPUT1_STAGING_DIR="$stage/INPUT1_STAGING_DIR"
export OUTPUT1_STAGING_DIR="$stage/OUTPUT1_STAGING_DIR"
mkdir -p "$INPUT1_STAGING_DIR" "$OUTPUT1_STAGING_DIR"
aws s3 cp --only-show-errors --recursive 's3://shop-logs/web/{{ data_interval_start.subtract(days=1).strftime('%Y-%m-%d') }}/' "$INPUT1_STAGING_DIR"/
cd ~
cat > "$stage/command" <<'END_OF_COMMAND'
cat ${INPUT1_STAGING_DIR}/*.log | awk '{print $7}' | sort | uniq -c | sort -rn > ${OUTPUT1_STAGING_DIR}/requests.txt
END_OF_COMMAND
bash "$stage/command"
aws s3 cp --only-show-errors --recursive "$OUTPUT1_STAGING_DIR" 's3://shop-lake/requests/{{ data_interval_start.strftime('%Y/%m/%d') }}/'""",  # noqa: E501
        longest=timedelta(hours=2),
        on_failure_callback=partial(tell_tell_us, "failed"),
    )

    # count_requests.pipe.yaml:42
    publish = RunOnMachine(
        task_id="publish",
        resource=Machines("count_requests.machine"),
        command="""\
cd ~
aws s3 cp s3://shop-lake/requests/{{ data_interval_start.strftime('%Y/%m/%d') }}/requests.txt s3://shop-site/requests.txt""",  # noqa: E501
        longest=timedelta(hours=2),
        on_failure_callback=partial(tell_tell_us, "failed"),
    )

    # count_requests.pipe.yaml:25
    machine_stop = StopResource(
        task_id="machine.stop",
        resource=Machines("count_requests.machine"),
        retries=12,
        retry_delay=timedelta(minutes=5),
    )

    logs_data_node_exists >> machine
    [logs_data_node_exists, machine] >> count >> publish
    [count, publish] >> machine_stop
    machine_stop.as_teardown(setups=machine)
