"""A day, at its start, that waits for hours of another Dag by their logical dates."""

from datetime import UTC, datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.sensors.external_task import ExternalTaskSensor
from airflow.timetables.trigger import DeltaTriggerTimetable

try:
    from airflow.sdk import DAG
except ImportError:
    from airflow import DAG


def hours_before(logical_date, data_interval_start=None, **_):
    return [data_interval_start - timedelta(hours=step) for step in (1, 2)]


with DAG(
    "shop.morning",
    schedule=DeltaTriggerTimetable(timedelta(days=1)),
    start_date=datetime(2026, 11, 20, tzinfo=UTC),
    catchup=True,
) as dag:
    hours = ExternalTaskSensor(
        task_id="send.count",
        external_dag_id="shop",
        external_task_id="count",
        execution_date_fn=hours_before,
        failed_states=["failed", "upstream_failed"],
        deferrable=True,
        poke_interval=60,
    )
    send = BashOperator(
        task_id="send",
        bash_command="echo interval {{ data_interval_start | ts }} {{ data_interval_end | ts }}",
    )
    hours >> send
