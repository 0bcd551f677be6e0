"""Orders of the day, counted for the morning mail.

Made by pipec from shop.pipe.yaml: everything on the schedule `daily`.
Change that file and compile it again; changes here are lost.
"""

from datetime import datetime, timedelta, timezone

from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.providers.common.sql.sensors.sql import SqlSensor
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, DeltaDataIntervalTimetable


def any_row(value):
    """True: a row is a row, whatever `value` it begins with."""
    return True


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
