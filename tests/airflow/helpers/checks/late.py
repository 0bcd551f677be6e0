"""The watch for activities that are late, and their end; `tests/scheduled` has both in real time."""

import datetime
import sys
import time
import types
from unittest import mock

import lab
from helpers.notify_sns import notify_sns
from helpers.stop_late import stop_late

try:
    from airflow.sdk import DAG
except ImportError:  # Compiled for 2.11, a file says where that has it.
    from airflow import DAG
    from airflow.sensors.base import BaseSensorOperator

    sdk = types.ModuleType("airflow.sdk")
    sdk.BaseSensorOperator = BaseSensorOperator
    with mock.patch.dict(sys.modules, {"airflow.sdk": sdk}):
        from helpers.watch_late import WatchLate
else:
    from helpers.watch_late import WatchLate
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.sensors.python import PythonSensor

MINUTE = datetime.timedelta(minutes=1)
TOPIC = "arn:aws:sns:us-east-1:123456789012:late"


def oncall_late(context):
    notify_sns(
        context, TOPIC, "late", "{{ node_name }} is {{ node_status }}", "{{ data_interval_end }}"
    )


def watch(task_id, after, activities):
    rules = [(after, activities, [oncall_late])]
    return WatchLate(task_id=task_id, rules=rules, deferrable=False, poke_interval=2)


with DAG("late", schedule=None, start_date=lab.START) as dag:
    # dag.test runs one task at a time: what waits for this one is what is late.
    hold = PythonSensor(
        task_id="hold",
        python_callable=lambda ti: bool(lab.notices(TOPIC)),
        mode="reschedule",
        poke_interval=2,
        timeout=60,
    )
    quick = BashOperator(task_id="quick", bash_command="true")
    broken = BashOperator(task_id="broken", bash_command="false")
    hold >> BashOperator(task_id="slow", bash_command="true")
    hold >> BashOperator(task_id="slow2", bash_command="true")
    late = watch("watch", datetime.timedelta(seconds=12), ["slow", "slow2", "quick", "broken"])
    [quick, broken] >> late
    watch("watch_done", datetime.timedelta(days=9999), ["quick", "broken"])

with DAG("watch_that_breaks", schedule=None, start_date=lab.START) as breaks:
    WatchLate(task_id="watch", rules=None, deferrable=False)
    BashOperator(task_id="work", bash_command="true")


def check_late():
    lab.topic("late")
    now = datetime.datetime.now(datetime.UTC)

    states = lab.states(lab.run(dag, now, now))

    expected = dict.fromkeys(["hold", "quick", "slow", "slow2", "watch", "watch_done"], "success")
    assert states == {**expected, "broken": "failed", "": "failed"}
    assert [subject for subject, _ in lab.notices(TOPIC)] == ["slow is late", "slow2 is late"]


def check_a_broken_watch_leaves_the_run_green():
    states = lab.states(lab.run(breaks))
    assert states == {"": "success", "work": "success", "watch": "failed"}


class Looks:
    """Looks of one watch at a run that was due at midnight, as it and the time go on."""

    def __init__(self, *rules, began=0):
        self.told, self.xcoms, self.states, self.lost = [], {}, {}, False
        began = lab.START + began * MINUTE
        self.run = types.SimpleNamespace(start_date=began, get_task_instances=self.tis)
        tell = [self.broken, lambda context: self.told.append(context["node_name"])]
        self.watch = WatchLate(
            task_id="watch", rules=[(after * MINUTE, names, tell) for after, names in rules]
        )

    def look(self, minute, **states):
        self.states.update(states)
        context = {"ti": self, "dag_run": self.run, "data_interval_end": lab.START}
        clock = mock.Mock(wraps=datetime.datetime)
        clock.now.return_value = lab.START + minute * MINUTE
        with mock.patch.dict(WatchLate.look.__globals__, datetime=clock):
            return self.watch.look(context)

    def broken(self, context):
        raise RuntimeError("the notice was not sent")

    # What a task instance of 2.11 can do.

    def tis(self):
        if self.lost:
            raise RuntimeError("no database")
        return [types.SimpleNamespace(task_id=n, state=s) for n, s in self.states.items()]

    def xcom_pull(self, task_ids, key):
        return self.xcoms.get((task_ids, key))

    def xcom_push(self, key, value):
        self.xcoms["watch", key] = value


def check_a_watch_tells_once_at_each_limit():
    looks = Looks((60, ["a", "b"]), (120, ["c"]))
    assert looks.look(30, a="running") == (["a", "b", "c"], 1800)
    assert looks.told == []
    assert looks.look(61, b="success") == (["c"], 59 * 60)
    assert looks.told == ["a"]
    assert looks.look(90) == (["c"], 1800)
    assert looks.told == ["a"]
    assert looks.look(121, c="up_for_retry") is None
    assert looks.told == ["a", "c"]


def check_a_watch_is_over_when_all_is_done():
    ends = ["success", "failed", "upstream_failed", "skipped", "removed"]
    looks = Looks((60, ends))
    assert looks.look(30, **{state: state for state in ends}) is None
    assert looks.look(90) is None
    assert looks.told == []


def check_a_run_that_catches_up_is_not_watched():
    rules = (60, ["a"]), (120, ["b"])
    looks = Looks(*rules, began=90)
    assert looks.look(90) == (["b"], 1800)
    assert Looks(*rules, began=120).look(120) is None
    assert looks.told == []


def check_a_watch_that_fails_tells_nobody_twice():
    looks = Looks((60, ["a"]), (120, ["b"]))
    assert looks.look(61) == (["b"], 59 * 60)
    looks.lost = True
    lab.error(lambda: looks.look(121))
    looks.lost = False
    assert looks.look(122) is None
    assert looks.told == ["a", "b"]


def check_a_watch_looks_again_when_something_fails():
    naps = []
    watch = WatchLate(task_id="watch", rules=[])
    with mock.patch.dict(WatchLate.watch.__globals__, time=mock.Mock(sleep=naps.append)):
        watch.look = mock.Mock(side_effect=[RuntimeError("no database"), None])
        watch.watch({})
        assert (watch.look.call_count, naps) == (2, [60])
        watch.look = mock.Mock(return_value=None)
        failure = {"error": "Trigger failure", "traceback": ["no database"]}
        watch.resume_execution("__fail__", failure, {})
        assert (watch.look.call_count, naps) == (1, [60, 60])
        for wake in ({"error": "Trigger timeout"}, {"event": {"status": "success"}}, None):
            watch.resume_execution("execute", wake, {})
        assert (watch.look.call_count, naps) == (4, [60, 60])


def check_what_was_stopped_as_late_is_told_of():
    looks = Looks((60, ["a", "b"]))
    looks.xcoms["b", "late"] = True
    assert looks.look(61, a="failed", b="failed") is None
    assert looks.told == ["b"]


class Attempt:
    """An attempt, as `stop_late` sees it begin."""

    def __init__(self, ago, timeout=None, began=None):
        due = datetime.datetime.now(datetime.UTC) - ago
        self.task, self.xcoms, self.killed = self, {}, 0
        self.execution_timeout = timeout
        self.dag_run = types.SimpleNamespace(start_date=began or due)
        context = {"dag_run": self.dag_run, "ti": self, "data_interval_end": due}
        stop_late(2 * lab.HOUR, context)

    def on_kill(self):
        self.killed += 1

    def xcom_push(self, key, value):
        self.xcoms[key] = value


def check_an_attempt_lasts_until_it_is_late():
    """`tests/scheduled` has it in a real run, where an attempt can be timed."""
    assert lab.HOUR - MINUTE < Attempt(lab.HOUR).execution_timeout <= lab.HOUR
    assert Attempt(lab.HOUR, timeout=MINUTE).execution_timeout == MINUTE
    assert Attempt(lab.HOUR, timeout=3 * lab.HOUR).execution_timeout <= lab.HOUR
    now = datetime.datetime.now(datetime.UTC)
    assert Attempt(3 * lab.HOUR, began=now).execution_timeout is None
    error = lab.error(lambda: Attempt(3 * lab.HOUR))
    assert type(error).__name__ == "AirflowFailException", error


def check_an_attempt_that_is_ended_for_being_late_is_the_last():
    attempt = Attempt(2 * lab.HOUR - datetime.timedelta(seconds=2))
    attempt.on_kill()  # Somebody has marked it as failed.
    assert (attempt.killed, attempt.xcoms) == (1, {})
    time.sleep(2)
    error = lab.error(attempt.on_kill)
    assert type(error).__name__ == "AirflowFailException", error
    assert (attempt.killed, attempt.xcoms) == (2, {"late": True})
