"""Orders of the day, counted for the morning mail.

Made by pipec from shop.pipe.yaml: everything on the schedule `daily`.
Change that file and compile it again; changes here are lost.
"""

from datetime import datetime, timedelta, timezone

from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.providers.common.sql.sensors.sql import SqlSensor
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, DeltaDataIntervalTimetable
from airflow.sdk.exceptions import AirflowFailException


def any_row(value):
    """True: a row is a row, whatever `value` it begins with."""
    return True


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


def only_on_schedule(context):
    """Refuses runs that are not on the schedule `daily`."""
    return refuse_others("every 1 day from 2026-01-01T00:00Z", context)


with DAG(
    dag_id="shop",
    description="Orders of the day, counted for the morning mail.",
    schedule=DeltaDataIntervalTimetable(timedelta(days=1)),
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=True,
    max_active_runs=5,
    default_args={
        "retries": 2,
        "retry_delay": timedelta(minutes=10),
        "do_xcom_push": False,
        "pre_execute": only_on_schedule,
    },
    tags=["shop"],
    doc_md=__doc__,
):
    # shop.pipe.yaml:18
    orders_not_empty = SqlSensor(
        task_id="orders.not_empty",
        conn_id="db",
        sql=(
            "SELECT 1 FROM public.orders WHERE ordered_at >= '"
            "{{ data_interval_start | ts }}' AND ordered_at < '"
            "{{ data_interval_end | ts }}' LIMIT 1"
        ),
        success=any_row,
        mode="reschedule",
        poke_interval=timedelta(minutes=1),
        timeout=timedelta(days=1),
    )

    # shop.pipe.yaml:22
    count = SQLExecuteQueryOperator(
        task_id="count",
        conn_id="db",
        sql="""\
DELETE FROM public.totals WHERE day = '{{ data_interval_start.strftime('%Y-%m-%d') }}';
INSERT INTO public.totals
SELECT '{{ data_interval_start.strftime('%Y-%m-%d') }}', count(*) FROM public.orders
WHERE ordered_at >= '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}' AND ordered_at < '{{ data_interval_end.strftime('%Y-%m-%dT%H:%M:%S') }}';
""",  # noqa: E501
    )

    # shop.pipe.yaml:29
    mail = BashOperator(
        task_id="mail",
        bash_command=(
            "./mail_totals --day {{ data_interval_start.strftime('%Y-%m-%d') }}"
        ),
        skip_on_exit_code=None,
    )

    orders_not_empty >> count >> mail
