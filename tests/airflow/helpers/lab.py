"""One Airflow with stand-ins for AWS, PostgreSQL and mail, in which the checks run Dags."""

import asyncio
import contextlib
import datetime
import email.message
import email.policy
import importlib
import inspect
import json
import os
import sys
import threading
import urllib.parse
from pathlib import Path
from typing import ClassVar

HERE = Path(__file__).resolve().parent
HELPERS = HERE.parents[2] / "targets" / "airflow"
HOUR = datetime.timedelta(hours=1)
START = datetime.datetime(2026, 11, 20, tzinfo=datetime.UTC)


def prepare(home: Path) -> None:
    """Settings of an Airflow whose home is `home`; before anything of Airflow is imported."""
    os.environ.update(
        AIRFLOW_HOME=str(home),
        AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=f"sqlite:///{home}/airflow.db",
        AIRFLOW__CORE__DAGS_FOLDER=str(HERE / "checks"),
        AIRFLOW__CORE__LOAD_EXAMPLES="False",
        AIRFLOW__LOGGING__LOGGING_LEVEL="WARNING",
        AIRFLOW__LOGGING__BASE_LOG_FOLDER=str(home / "logs"),
        AWS_ACCESS_KEY_ID="test",
        AWS_SECRET_ACCESS_KEY="test",
        AWS_DEFAULT_REGION="us-east-1",
        TMPDIR=str(home),
    )
    sys.path[:0] = [str(HELPERS), str(HERE)]


def start_services(home: Path) -> None:
    """A moto server behind `aws_default`, a PostgreSQL behind `warehouse`, a mailbox."""
    import pgserver
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    endpoint = f"http://127.0.0.1:{server.get_host_and_port()[1]}"
    os.environ["AWS_ENDPOINT_URL"] = endpoint
    os.environ["AIRFLOW_CONN_AWS_DEFAULT"] = json.dumps(
        {"conn_type": "aws", "extra": {"endpoint_url": endpoint, "region_name": "us-east-1"}}
    )
    uri = urllib.parse.urlparse(pgserver.get_server(home / "postgres").get_uri())
    host = urllib.parse.parse_qs(uri.query).get("host", [uri.hostname])[0]
    connection = {"conn_type": "postgres", "host": host, "login": uri.username, "port": uri.port}
    os.environ["AIRFLOW_CONN_WAREHOUSE"] = json.dumps({**connection, "schema": uri.path[1:]})
    s3().create_bucket(Bucket="lake")
    start_mailbox()


class Mailbox:
    """What was mailed; nobody called `nobody` gets any."""

    mails: ClassVar[list[tuple[list[str], email.message.EmailMessage]]] = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address.startswith("nobody@"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.mails.append((envelope.rcpt_tos, mail))
        return "250 OK"


def start_mailbox() -> None:
    """A mail server behind `smtp_default`, and behind `anonymous` for senders without a name."""
    from aiosmtpd.smtp import SMTP

    loop = asyncio.new_event_loop()
    started = loop.create_server(lambda: SMTP(Mailbox(), loop=loop), "127.0.0.1", 0)
    port = loop.run_until_complete(started).sockets[0].getsockname()[1]
    threading.Thread(target=loop.run_forever, daemon=True).start()
    extra = {"disable_ssl": True, "disable_tls": True}
    about = {"conn_type": "smtp", "host": "127.0.0.1", "port": port, "extra": extra}
    os.environ["AIRFLOW_CONN_ANONYMOUS"] = json.dumps(about)
    extra["from_email"] = "Müller's shop <shop@example.com>"
    os.environ["AIRFLOW_CONN_SMTP_DEFAULT"] = json.dumps(about)


def mails() -> list[tuple[list[str], email.message.EmailMessage]]:
    """What was mailed since this was asked last: to whom, and the mail."""
    found, Mailbox.mails[:] = list(Mailbox.mails), []
    return found


def s3():
    import boto3

    return boto3.client("s3")


def put(key: str, body: bytes = b"") -> None:
    s3().put_object(Bucket="lake", Key=key, Body=body)


def got(prefix: str) -> dict[str, bytes]:
    """The objects below `prefix`, by what their keys have after it."""
    found = s3().list_objects_v2(Bucket="lake", Prefix=prefix).get("Contents", [])
    keys = [one["Key"] for one in found]
    return {
        key[len(prefix) :]: s3().get_object(Bucket="lake", Key=key)["Body"].read() for key in keys
    }


def sql(*statements: str) -> list:
    """The rows of the last of `statements`."""
    from airflow.providers.common.sql.hooks.sql import DbApiHook

    hook = DbApiHook.get_hook("warehouse")
    for statement in statements[:-1]:
        hook.run(statement)
    return [tuple(row) for row in hook.get_records(statements[-1])]


def error(call) -> Exception:
    """What `call` raises."""
    try:
        call()
    except Exception as found:
        return found
    raise AssertionError("nothing was raised")


def topic(name: str) -> str:
    import boto3

    return boto3.client("sns").create_topic(Name=name)["TopicArn"]


def notices(arn: str) -> list[tuple[str, str]]:
    """(subject, message) of what was published, in order."""
    from moto.sns.models import sns_backends

    account, region = arn.split(":")[4], arn.split(":")[3]
    sent = sns_backends[account][region].topics[arn].sent_notifications
    return [(subject, message) for _, message, subject, *_ in sent]


def run(dag, start=START, end=None, interval=None):
    """A run of `dag` at `start`, for exactly the interval from there to `end`, or another one."""
    from airflow.timetables.base import DataInterval
    from airflow.utils.timezone import coerce_datetime

    try:  # In 3.3 the timetable of a Dag is only a description.
        from airflow.serialization.encoders import coerce_to_core_timetable

        dag.timetable = coerce_to_core_timetable(dag.timetable)
    except ImportError:
        pass
    begin, end = interval or (start, end or start + HOUR)
    interval = DataInterval(coerce_datetime(begin), coerce_datetime(end))
    dag.timetable.infer_manual_data_interval = lambda *, run_after: interval
    new = "logical_date" in inspect.signature(dag.test).parameters
    return dag.test(**{"logical_date" if new else "execution_date": start})


def states(dag_run) -> dict[str, str]:
    """The states of the tasks of a run, and of the run itself under ``""``."""
    tasks = {ti.task_id: ti.state for ti in dag_run.get_task_instances()}
    return {name: str(getattr(s, "value", s)) for name, s in {"": dag_run.state, **tasks}.items()}


def mend() -> None:
    """What `dag.test` needs: on 2.11 a table that nothing imports, on 3.0 a time, not a text."""
    with contextlib.suppress(ImportError):
        importlib.import_module("airflow.providers.fab.auth_manager.models")
    try:
        from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance
    except ImportError:
        return
    original = RuntimeTaskInstance.get_first_reschedule_date

    def parsed(self, context):
        date = original(self, context)
        return datetime.datetime.fromisoformat(date) if isinstance(date, str) else date

    RuntimeTaskInstance.get_first_reschedule_date = parsed
