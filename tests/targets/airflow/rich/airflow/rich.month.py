"""Everything that the language can say, for the tests of what it becomes: each kind,
each sort of schedule, each way to wait. What it does makes no sense.

Made by pipec from rich.pipe.yaml: everything on the schedule `month`.
Change that file and compile it again; changes here are lost.
"""

import copy
import logging
import time
import unicodedata
from datetime import datetime, timedelta, timezone
from functools import partial

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.sensors.external_task import ExternalTaskSensor
from airflow.sdk import DAG, BaseSensorOperator, DeltaTriggerTimetable
from airflow.sdk.exceptions import AirflowException, AirflowFailException
from dateutil.relativedelta import relativedelta


def month_start(anchor, months, time, n):
    """The start of the interval that is n after the one which holds `time`.

    Months are counted from `anchor`, never from a step in between: 31 January,
    28 February, 31 March.
    """
    passed = (time.year - anchor.year) * 12 + time.month - anchor.month
    passed -= anchor + relativedelta(months=passed) > time
    return anchor + relativedelta(months=(passed // months + n) * months)


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


def starts_inside(start_of, since, until, first, last=None):
    """The starts, from `first` to `last`, of the intervals between `since` and `until`.

    `start_of(time, n)` is the start of the interval that is n after the one at `time`.
    """
    start = start_of(since, 0)
    if start < since:
        start = start_of(since, 1)
    starts = []
    while (end := start_of(start, 1)) <= until:
        if first <= start and (last is None or start <= last):
            starts.append(start)
        start = end
    return starts


def step_start(anchor, step, time, n):
    """The start of the interval that is n after the one which holds `time`."""
    passed = (time - anchor).total_seconds() // step.total_seconds()
    return anchor + step * (int(passed) + n)


class WaitForInstances(ExternalTaskSensor):
    """Waits for the instances of a task that start when `starts(start, end)` says.

    `start` and `end` are the interval of this run. Where there are none it does not
    wait: for Airflow 3 an empty list means all instances that ever were. An instance
    that has failed ends it for good; a wait that Airflow loses is tried again.
    """

    some = ()

    def __init__(self, starts, mode="reschedule", **kwargs):
        super().__init__(mode=mode, **kwargs)
        self.starts = starts

    def execute(self, context):
        """Asks for 500 instances at a time, as many as fit into a request."""
        # A run on demand may have no interval, only a time.
        start = context.get("data_interval_start") or context["dag_run"].run_after
        end = context.get("data_interval_end") or start
        self.some = wanted = self.starts(start, end)
        self.parts = [wanted[n : n + 500] for n in range(0, len(wanted), 500)]
        if len(self.parts) > 1:
            self.deferrable = False
        if wanted:
            super().execute(context)

    def execute_complete(self, context, event=None):
        """Is called when Airflow has asked for all of them."""
        return self._for_good(super().execute_complete, context, event)

    def poke(self, context):
        found = []
        for self.some in self.parts:
            found.append(self._for_good(super().poke, context))
        return all(found)

    def _for_good(self, ask, *args):
        try:
            return ask(*args)
        except AirflowException as failed:
            raise AirflowFailException(str(failed)) from failed

    def _get_dttm_filter(self, context):
        return self.some


class WatchLate(BaseSensorOperator):
    """Tells of the activities of this run that are late, and changes nothing else.

    A rule is how long after the run was due, which activities, and what is called with
    each that is not done by then. A run that began later (to catch up) is left alone.
    Between its looks the watch is deferred: it takes no slot and no process.
    """

    ended = ("success", "failed", "upstream_failed", "skipped", "removed")

    def __init__(self, rules, deferrable=True, **kwargs):
        # Where late work holds all slots, the first one free is for telling of it.
        super().__init__(mode="reschedule", priority_weight=1000, **kwargs)
        self.rules = rules
        self.deferrable = deferrable
        self.as_teardown()  # A run does not fail because the watch over it has.

    def execute(self, context):
        """Looks. Where nothing can be deferred it has no memory, and takes one rule."""
        if self.deferrable:
            self.watch(context)
        else:
            super().execute(context)

    def resume_execution(self, next_method, next_kwargs, context):
        """Looks again: a limit has passed, all is done, or the trigger has failed."""
        if (next_kwargs or {}).get("traceback"):
            self.log.warning("The trigger failed: %s", next_kwargs["traceback"])
            time.sleep(60)
        self.watch(context)

    def poke(self, context):
        return self.look(context) is None

    def watch(self, context):
        """Looks, then waits for the next limit, or until nothing more can be late."""
        try:
            ahead = self.look(context)
        except Exception:
            self.log.exception("What is done is not known; it looks again in a minute")
            time.sleep(60)
            ahead = self.look(context)
        if ahead is None:
            return
        from airflow.providers.standard.triggers.external_task import WorkflowTrigger

        activities, seconds = ahead
        run, ti = context["dag_run"], context["ti"]
        which = {"run_ids": [ti.run_id]}
        if not hasattr(ti, "get_task_states"):  # Airflow 2
            which = {"execution_dates": [run.execution_date]}
        trigger = WorkflowTrigger(
            external_dag_id=ti.dag_id,
            external_task_ids=activities[:100],  # As many as fit into a request.
            allowed_states=list(self.ended),
            poke_interval=self.poke_interval,
            **which,
        )
        timeout = timedelta(seconds=seconds)
        self.defer(trigger=trigger, method_name="execute", timeout=timeout)

    def look(self, context):
        """Tells of what is late now; what may be next, and the seconds until then.

        None when nothing may be. The time of the look is kept, or it would tell again.
        """
        run, ti = context["dag_run"], context["ti"]
        due = context.get("data_interval_end") or run.run_after
        now = datetime.now(timezone.utc)
        seen = ti.xcom_pull(task_ids=self.task_id, key="seen")
        since = datetime.fromisoformat(seen) if seen else run.start_date or now
        rules = [rule for rule in self.rules if due + rule[0] > since]
        if not rules:
            return None
        states = self.states(context)
        if any(due + after <= now for after, _, _ in rules):
            ti.xcom_push(key="seen", value=now.isoformat())
        ahead = []
        for after, names, notices in rules:
            wait = (due + after - now).total_seconds()
            late = [name for name in names if states.get(name) not in self.ended]
            if wait > 0:
                ahead += [(wait, name) for name in late]
            else:
                for name in late:
                    self.tell(context, name, notices)
        if not ahead:
            return None
        return [name for _, name in ahead], min(wait for wait, _ in ahead)

    def states(self, context):
        """The states of the activities; one that was ended for being late has none."""
        run, ti = context["dag_run"], context["ti"]
        if hasattr(ti, "get_task_states"):
            runs = ti.get_task_states(dag_id=ti.dag_id, run_ids=[ti.run_id])
            states = runs[ti.run_id]
        else:  # Airflow 2
            states = {one.task_id: one.state for one in run.get_task_instances()}
        return {
            name: states.get(name)
            for _, names, _ in self.rules
            for name in names
            if states.get(name) != "failed"
            or not ti.xcom_pull(task_ids=name, key="late")
        }

    def tell(self, context, activity, notices):
        about = copy.copy(context)
        about["node_name"] = activity
        for notice in notices:
            try:
                notice(about)
            except Exception:
                self.log.exception("A notice was not sent")


def start_on_daily(time, n):
    """The start of the interval of `daily` that is n after the one at `time`."""
    return step_start(
        datetime(2026, 1, 31, 0, 7, tzinfo=timezone.utc), timedelta(days=1), time, n
    )


def start_on_month(time, n):
    """The start of the interval of `month` that is n after the one at `time`."""
    return month_start(datetime(2026, 1, 31, 0, 7, tzinfo=timezone.utc), 1, time, n)


def sum_day_starts(start, end):
    """The instances of `sum_day` within the run's interval."""
    return starts_inside(
        start_on_daily,
        start,
        start_on_month(start, 1),
        first=datetime(2026, 1, 31, 0, 7, tzinfo=timezone.utc),
    )


def interval_end(start):
    """The end of the interval that starts at `start`."""
    return start_on_month(start, 1)


def only_on_schedule(context):
    """Refuses runs that are not on the schedule `month`."""
    return refuse_others(
        "every 1 month from 2026-01-31T00:07Z at start",
        context,
        start_of=start_on_month,
    )


def tell_oncall(status, context):
    """Tells `oncall`."""
    notify_sns(
        context,
        topic="arn:aws:sns:eu-west-1:111122223333:alerts",
        status=status,
        subject=(
            "{{ node_name }} ({{ {'by_month': 'shell'}.get(node_name, 'wait') }}) is "
            "{{ node_status }}"
        ),
        message="""\
{{ node_name }} for {{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }} to {{ data_interval_start.instance(interval_end(data_interval_start)).strftime('%Y-%m-%dT%H:%M:%S') }}, due {{ data_interval_start.strftime('%d.%m. %H:%M') }}
{{ (exception | default('')) }}
{{ ti.log_url }}
""",  # noqa: E501
    )


# 6 runs at a time: 5 for the work, 1 because a wait may reach over so many.
with DAG(
    dag_id="rich.month",
    description=(
        "Everything that the language can say, for the tests of what it becomes: each "
        "kind, each sort of schedule, each way to wait. What it does makes no sense."
    ),
    schedule=DeltaTriggerTimetable(relativedelta(months=1, day=31)),
    start_date=datetime(2026, 1, 31, 0, 7, tzinfo=timezone.utc),
    catchup=True,
    max_active_runs=6,
    user_defined_macros={"interval_end": interval_end},
    default_args={
        "owner": "ada",
        "do_xcom_push": False,
        "pre_execute": only_on_schedule,
    },
    tags=["rich", "tests", '50 % "quoted"'],
    doc_md=__doc__,
):
    # rich.pipe.yaml:91
    sum_day_wait = WaitForInstances(
        task_id="sum_day.wait",
        external_dag_id="rich.daily",
        external_task_id="sum_day",
        starts=sum_day_starts,
        failed_states=["failed", "upstream_failed"],
        deferrable=True,
        poke_interval=timedelta(minutes=1),
        timeout=timedelta(days=7),
        retries=2,
        retry_delay=timedelta(minutes=1),
        on_failure_callback=partial(tell_oncall, "failed"),
    )

    # rich.pipe.yaml:91
    by_month = BashOperator(
        task_id="by_month",
        bash_command=(
            "echo "
            "{{ data_interval_start.instance(interval_end(data_interval_start))"
            ".strftime('%d') }}"
        ),
        skip_on_exit_code=None,
        retries=3,
        retry_delay=timedelta(minutes=1, seconds=30),
        execution_timeout=timedelta(minutes=45),
        max_active_tis_per_dag=5,
        on_failure_callback=partial(tell_oncall, "failed"),
    )

    # The watch over activities that are late.
    late_watch = WatchLate(
        task_id="late.watch",
        rules=[(timedelta(hours=2), ["by_month"], [partial(tell_oncall, "late")])],
        retries=2,
        retry_delay=timedelta(minutes=10),
    )

    sum_day_wait >> by_month
