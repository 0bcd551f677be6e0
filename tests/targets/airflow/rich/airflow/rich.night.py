"""Everything that the language can say, for the tests of what it becomes: each kind,
each sort of schedule, each way to wait. What it does makes no sense.

Made by pipec from rich.pipe.yaml: everything on the schedule `night`.
Change that file and compile it again; changes here are lost.
"""

import copy
import logging
import os
import unicodedata
from datetime import datetime, timedelta, timezone
from functools import partial

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.sensors.bash import BashSensor
from airflow.providers.standard.sensors.python import PythonSensor
from airflow.sdk import DAG, CronDataIntervalTimetable


def notify_sns(context, topic, status, subject, message):
    """Publishes that an activity is `status`; whatever goes wrong here is only logged.

    Both texts are templates that also know `node_name` and `node_status`.
    """
    log = logging.getLogger("airflow.task")
    try:
        from airflow.providers.amazon.aws.hooks.sns import SnsHook

        task, known = context["task"], copy.copy(context)
        known["node_name"] = context.get("node_name", task.task_id)
        known["node_status"] = status
        texts = [subject, message]
        try:
            texts = [task.render_template(text + "{{ '' }}", known) for text in texts]
        except Exception:
            log.exception("The notice to %s goes out as it was written", topic)
        # SNS takes one line of printable ASCII, shorter than 100 characters.
        plain = unicodedata.normalize("NFKD", " ".join(texts[0].split()))
        words = "".join(c for c in plain if " " <= c <= "~").split()
        line = " ".join(words)[:99] or status
        SnsHook(region_name=topic.split(":")[3]).get_conn().publish(
            TopicArn=topic, Subject=line, Message=texts[1][:60000] or line
        )
    except Exception:
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
    try:
        from airflow.sdk.exceptions import AirflowFailException
    except ImportError:  # Airflow 2 and 3.0
        from airflow.exceptions import AirflowFailException
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


def watch_late(after, tell, **context):
    """Whether the watch over the activities of this run is over.

    It is when all are done, or when `after` has passed since the run was due: then
    each activity that is not done is told of once, by its functions in `tell`. A run
    that began later than that (to catch up) is not watched.
    """
    run, ti = context["dag_run"], context["ti"]
    limit = (context.get("data_interval_end") or run.run_after) + after
    now = datetime.now(timezone.utc)
    if (run.start_date or now) >= limit:
        return True
    try:
        if hasattr(ti, "get_task_states"):  # Airflow 3
            runs = ti.get_task_states(dag_id=ti.dag_id, run_ids=[ti.run_id])
            states = runs[ti.run_id]
        else:
            states = {other.task_id: other.state for other in run.get_task_instances()}
    except Exception:
        logging.getLogger("airflow.task").exception("The states are not known")
        return now >= limit
    ended = {"success", "failed", "upstream_failed", "skipped", "removed"}
    late = [activity for activity in tell if states.get(activity) not in ended]
    if now >= limit:
        for activity in late:
            for notice in tell[activity]:
                notice({**context, "node_name": activity})
    return not late or now >= limit


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
    late_watch = PythonSensor(
        task_id="late.watch",
        python_callable=partial(
            watch_late, timedelta(hours=2), {"by_night": [partial(tell_oncall, "late")]}
        ),
        mode="reschedule",
        poke_interval=timedelta(minutes=1),
        timeout=timedelta(days=1, hours=2),
        retries=2,
        retry_delay=timedelta(minutes=10),
    )

    by_night_shell >> by_night
