"""Everything that the language can say, for the tests of what it becomes: each kind,
each sort of schedule, each way to wait. What it does makes no sense.

Made by pipec from rich.pipe.yaml: everything on the schedule `import`.
Change that file and compile it again; changes here are lost.
"""

import copy
import logging
import unicodedata
from datetime import datetime, timedelta, timezone
from functools import partial

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.sensors.python import PythonSensor
from airflow.sdk import DAG
from airflow.timetables.simple import OnceTimetable


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


def start_on_import(time, n):
    """The only time of `import`."""
    return datetime(2026, 1, 31, tzinfo=timezone.utc)


def only_on_schedule(context):
    """Refuses runs that are not on the schedule `import`."""
    return refuse_others(
        "once from 2026-01-31T00:00Z", context, start_of=start_on_import
    )


def tell_oncall(status, context):
    """Tells `oncall`."""
    notify_sns(
        context,
        topic="arn:aws:sns:eu-west-1:111122223333:alerts",
        status=status,
        subject=(
            "{{ node_name }} ({{ {'first': 'operator'}.get(node_name, 'wait') }}) is "
            "{{ node_status }}"
        ),
        message="""\
{{ node_name }} for {{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }} to {{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}, due {{ data_interval_start.strftime('%d.%m. %H:%M') }}
{{ (exception | default('')) }}
{{ ti.log_url }}
""",  # noqa: E501
    )


with DAG(
    dag_id="rich.import",
    description=(
        "Everything that the language can say, for the tests of what it becomes: each "
        "kind, each sort of schedule, each way to wait. What it does makes no sense."
    ),
    schedule=OnceTimetable(),
    start_date=datetime(2026, 1, 31, tzinfo=timezone.utc),
    catchup=True,
    max_active_runs=5,
    default_args={"owner": "ada", "pre_execute": only_on_schedule},
    tags=["rich", "tests", '50 % "quoted"'],
    doc_md=__doc__,
):
    # rich.pipe.yaml:92
    first = BashOperator(
        task_id="first",
        bash_command=(
            "echo {{ '{{' }} ds }} "
            "{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}"
        ),
        env={"A": "b.sh{{ '' }}"},
        pool="narrow",
        weight_rule="absolute",
        retries=3,
        retry_delay=timedelta(minutes=1, seconds=30),
        execution_timeout=timedelta(minutes=45),
        on_failure_callback=partial(tell_oncall, "failed"),
    )

    # The watch over activities that are late.
    late_watch = PythonSensor(
        task_id="late.watch",
        python_callable=partial(
            watch_late, timedelta(hours=2), {"first": [partial(tell_oncall, "late")]}
        ),
        mode="reschedule",
        poke_interval=timedelta(minutes=1),
        timeout=timedelta(days=1, hours=2),
        retries=2,
        retry_delay=timedelta(minutes=10),
        do_xcom_push=False,
    )
