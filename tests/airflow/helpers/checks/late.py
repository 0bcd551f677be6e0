"""The watch for activities that are late."""

import datetime
from functools import partial

import lab
from helpers.notify_sns import notify_sns
from helpers.stop_late import stop_late
from helpers.watch_late import watch_late

try:
    from airflow.sdk import DAG
except ImportError:
    from airflow import DAG
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.sensors.python import PythonSensor

MINUTE = datetime.timedelta(minutes=1)
TOPIC = "arn:aws:sns:us-east-1:123456789012:late"


def oncall_late(context):
    notify_sns(
        context, TOPIC, "late", "{{ node_name }} is {{ node_status }}", "{{ data_interval_end }}"
    )


def watch(task_id, after, activities):
    return PythonSensor(
        task_id=task_id,
        python_callable=partial(watch_late, after, {key: [oncall_late] for key in activities}),
        mode="reschedule",
        poke_interval=2,
        timeout=60,
        soft_fail=True,
    )


with DAG("late", schedule=None, start_date=lab.START) as dag:
    # dag.test runs one task at a time: what waits for this one is what is late.
    hold = PythonSensor(
        task_id="hold",
        python_callable=lambda ti: bool(lab.notices(TOPIC)),
        mode="reschedule",
        poke_interval=2,
        timeout=60,
    )
    BashOperator(task_id="quick", bash_command="true")
    BashOperator(task_id="broken", bash_command="false")
    hold >> BashOperator(task_id="slow", bash_command="true")
    hold >> BashOperator(task_id="slow2", bash_command="true")
    after = datetime.timedelta(seconds=12)
    watch("watch", after, ["slow", "slow2", "quick", "broken"])
    watch("watch_done", datetime.timedelta(days=9999), ["quick", "broken"])

with DAG("watch_that_breaks", schedule=None, start_date=lab.START) as breaks:

    def explode(**context):
        raise RuntimeError("no watch")

    PythonSensor(task_id="watch", python_callable=explode, mode="reschedule").as_teardown()
    BashOperator(task_id="work", bash_command="true")


def check_late():
    lab.topic("late")
    now = datetime.datetime.now(datetime.UTC)

    states = lab.states(lab.run(dag, now, now))

    expected = dict.fromkeys(["hold", "quick", "slow", "slow2", "watch", "watch_done"], "success")
    assert states == {**expected, "broken": "failed", "": "failed"}
    assert [subject for subject, _ in lab.notices(TOPIC)] == ["slow is late", "slow2 is late"]


def check_when_a_watch_is_over():
    now = datetime.datetime.now(datetime.UTC)
    told = []

    def watched(due, began, work):
        states = {"run": {"done": "success", "work": work}}
        ti = {"dag_id": "d", "run_id": "run", "get_task_states": lambda self, **_: states}
        context = {"ti": type("Ti", (), ti)(), "dag_run": type("Run", (), {"start_date": began})}
        tell = {name: [lambda context: told.append(context["node_name"])] for name in states["run"]}
        return watch_late(lab.HOUR, tell, **context, data_interval_end=due)

    assert watched(now, now, "success") is True
    assert watched(now, now, None) is False
    # At 10:30 a run that was due at 9 finds nothing to tell if it began then, to catch up.
    assert watched(now - 1.5 * lab.HOUR, now, "running") is True
    assert told == []
    assert watched(now - 1.5 * lab.HOUR, now - lab.HOUR, "running") is True
    assert told == ["work"]


def check_a_broken_watch_leaves_the_run_green():
    states = lab.states(lab.run(breaks))
    assert states == {"": "success", "work": "success", "watch": "failed"}


def check_stop_late():
    """In a real run, where an attempt can be timed; `dag.test` of 2.11 does not survive that."""
    now = datetime.datetime.now(datetime.UTC)

    def attempt(due, timeout=None, began=None):
        task = type("Task", (), {"execution_timeout": timeout})
        run, ti = type("Run", (), {"start_date": began or due}), type("Ti", (), {"task": task})
        stop_late(2 * lab.HOUR, {"dag_run": run, "ti": ti, "data_interval_end": due})
        return task.execution_timeout

    assert lab.HOUR - MINUTE < attempt(now - lab.HOUR) <= lab.HOUR
    assert attempt(now - lab.HOUR, timeout=MINUTE) == MINUTE
    assert attempt(now - lab.HOUR, timeout=3 * lab.HOUR) <= lab.HOUR
    assert attempt(now - 3 * lab.HOUR, began=now) is None
    error = lab.error(lambda: attempt(now - 3 * lab.HOUR))
    assert type(error).__name__ == "AirflowFailException", error
