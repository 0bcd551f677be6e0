"""Everything that the language can say, for the tests of what it becomes: each kind,
each sort of schedule, each way to wait. What it does makes no sense.

Made by pipec from rich.pipe.yaml: everything on the schedule `night`.
Change that file and compile it again; changes here are lost.
"""

import copy
import logging
import os
import time
import unicodedata
from datetime import datetime, timedelta, timezone
from functools import partial

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.sensors.bash import BashSensor
from airflow.sdk import DAG, BaseSensorOperator, CronDataIntervalTimetable
from airflow.sdk.exceptions import AirflowFailException


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


class SecretBash(BashOperator):
    """Runs a command with secrets, read as it starts, in its environment.

    `secrets` maps an environment variable to the store of its value and the name there.
    """

    def __init__(self, secrets, **kwargs):
        super().__init__(**kwargs)
        self.secrets = secrets

    def get_env(self, context):
        """The environment of the command; its log shows no secret."""
        env = super().get_env(context)
        for variable, (store, name) in self.secrets.items():
            env[variable] = self._read(store, name)
            self._mask(env[variable])
        return env

    def _read(self, store, name):
        if store == "env":
            return os.environ[name]
        if store == "secretsmanager":
            from airflow.providers.amazon.aws.hooks import secrets_manager

            return secrets_manager.SecretsManagerHook().get_secret(name)
        try:
            from airflow.sdk import Variable
        except ImportError:  # Airflow 2
            from airflow.models import Variable
        return Variable.get(name)

    def _mask(self, value):
        try:
            from airflow.sdk.log import mask_secret
        except ImportError:  # Airflow 2 and 3.0
            from airflow.utils.log.secrets_masker import mask_secret
        mask_secret(value)


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


def only_on_schedule(context):
    """Refuses runs that are not on the schedule `night`."""
    return refuse_others(
        'cron "30 2 * * *" in Europe/Zurich from 2026-01-31T00:00Z', context
    )


def tell_oncall(status, context):
    """Tells `oncall`."""
    notify_sns(
        context,
        topic="arn:aws:sns:eu-west-1:111122223333:alerts",
        status=status,
        subject=(
            "{{ node_name }} ("
            "{{ {'by_night.shell': 'shell', 'by_night': 'shell'}.get(node_name, "
            "'wait') }}) is {{ node_status }}"
        ),
        message="""\
{{ node_name }} for {{ data_interval_start.in_timezone('Europe/Zurich').strftime('%Y-%m-%dT%H:%M:%S') }} to {{ data_interval_end.in_timezone('Europe/Zurich').strftime('%Y-%m-%dT%H:%M:%S') }}, due {{ data_interval_end.in_timezone('Europe/Zurich').strftime('%d.%m. %H:%M') }}
{{ (exception | default('')) }}
{{ ti.log_url }}
""",  # noqa: E501
    )


with DAG(
    dag_id="rich.night",
    description=(
        "Everything that the language can say, for the tests of what it becomes: each "
        "kind, each sort of schedule, each way to wait. What it does makes no sense."
    ),
    schedule=CronDataIntervalTimetable("30 2 * * *", timezone="Europe/Zurich"),
    start_date=datetime(2026, 1, 31, tzinfo=timezone.utc),
    catchup=True,
    max_active_runs=5,
    default_args={
        "owner": "ada",
        "do_xcom_push": False,
        "pre_execute": only_on_schedule,
    },
    tags=["rich", "tests", '50 % "quoted"'],
    doc_md=__doc__,
):
    # rich.pipe.yaml:89
    by_night_shell = BashSensor(
        task_id="by_night.shell",
        bash_command="test -e /srv/open",
        mode="reschedule",
        poke_interval=timedelta(minutes=1),
        timeout=timedelta(days=1),
        retries=3,
        retry_delay=timedelta(minutes=1, seconds=30),
        queue="night_shift",
        on_failure_callback=partial(tell_oncall, "failed"),
    )

    # rich.pipe.yaml:89
    by_night = SecretBash(
        task_id="by_night",
        bash_command="echo $KEY",
        secrets={"KEY": ("env", "RICH_KEY")},
        append_env=True,
        skip_on_exit_code=None,
        retries=3,
        retry_delay=timedelta(minutes=1, seconds=30),
        execution_timeout=timedelta(minutes=45),
        on_failure_callback=partial(tell_oncall, "failed"),
    )

    # The watch over activities that are late.
    late_watch = WatchLate(
        task_id="late.watch",
        rules=[(timedelta(hours=2), ["by_night"], [partial(tell_oncall, "late")])],
        retries=2,
        retry_delay=timedelta(minutes=10),
    )

    by_night_shell >> by_night
