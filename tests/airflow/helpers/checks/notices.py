"""Notices by callbacks of tasks."""

import datetime
from functools import partial

import lab
from helpers.notify_mail import notify_mail
from helpers.notify_sns import notify_sns

try:
    from airflow.sdk import DAG
except ImportError:
    from airflow import DAG
from airflow.providers.standard.operators.bash import BashOperator

TOPIC = "arn:aws:sns:us-east-1:123456789012:oncall"
SUBJECT = "{{ node_name }} is {{ node_status }} Zürich\n\r\t✗ " + "x" * 200


def oncall_failure(context):
    notify_sns(
        context,
        topic=TOPIC,
        status="failed",
        subject=SUBJECT,
        message="{{ data_interval_start.strftime('%Y-%m-%d %H:%M') }} to "
        "{{ data_interval_end.in_timezone('Europe/Zurich').add(days=1).start_of('day') }} "
        "{{ ti.try_number }} {{ '{{' }} é ✗.sh",
    )


def oncall_success(context):
    notify_sns(context, TOPIC, "finished", "{{ node_name }}: {{ no_such }}", "as {{ it_is }}")


def oncall_broken(status, context):
    notify_sns(context, "arn:aws:sns:us-east-1:123456789012:nothing", status, "a", "b")


def staff(status, context):
    to = ["Ada <ada@example.com>", "{{ node_name }}@example.com", "nobody@example.com"]
    notify_mail(context, to, status, SUBJECT, "{{ node_name }} {{ '{{' }}\n.\nüber é ✗ 100 %s")


def unreachable(status, context):
    notify_mail(context, ["a@example.com"], status, "a", "b", "no_such_connection")


AGAIN = {"retries": 1, "retry_delay": datetime.timedelta(seconds=1)}

with DAG("notices", schedule=None, start_date=lab.START) as dag:
    BashOperator(
        task_id="broken",
        bash_command="exit 1",
        on_failure_callback=oncall_failure,
        on_success_callback=oncall_success,
        **AGAIN,
    ) >> BashOperator(task_id="after", bash_command="true", on_failure_callback=oncall_failure)
    BashOperator(task_id="fine", bash_command="true", on_success_callback=oncall_success)
    BashOperator(
        task_id="unheard",
        bash_command="true",
        on_success_callback=[partial(oncall_broken, "finished"), oncall_success],
    )
    BashOperator(
        task_id="mailed",
        bash_command="true",
        on_success_callback=[partial(unreachable, "finished"), partial(staff, "finished")],
    )


def check_notices():
    assert lab.topic("oncall") == TOPIC

    states = lab.states(lab.run(dag))

    assert states == {
        "": "failed",
        "broken": "failed",
        "after": "upstream_failed",
        "fine": "success",
        "unheard": "success",
        "mailed": "success",
    }
    failure = ("broken is failed Zurich " + "x" * 200)[:99]
    success = ("{{ node_name }}: {{ no_such }}", "as {{ it_is }}")
    message = "2026-11-20 00:00 to 2026-11-21 00:00:00+01:00 2 {{ é ✗.sh"
    assert sorted(lab.notices(TOPIC)) == [(failure, message), success, success]
    [(to, mail)] = lab.mails()
    assert to == ["ada@example.com", "mailed@example.com"]
    assert mail["From"] == "Müller's shop <shop@example.com>"
    assert mail["To"] == "Ada <ada@example.com>, mailed@example.com, nobody@example.com"
    assert mail["Subject"] == "mailed is finished Zürich ✗ " + "x" * 200
    assert mail.get_content().splitlines() == ["mailed {{", ".", "über é ✗ 100 %s"]


def check_a_notice_that_fails_is_only_logged():
    notify_sns({}, "no topic", "failed", "", "")
    notify_mail({}, ["nobody"], "failed", "", "")
