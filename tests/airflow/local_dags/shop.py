"""Hours, at their end, that write into a table; a failing one is for the test to ask for."""

from datetime import UTC, datetime, timedelta

from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.timetables.interval import DeltaDataIntervalTimetable

try:
    from airflow.sdk import DAG
except ImportError:
    from airflow import DAG

with DAG(
    "shop",
    schedule=DeltaDataIntervalTimetable(timedelta(hours=1)),
    start_date=datetime(2026, 11, 20, tzinfo=UTC),
    catchup=True,
) as dag:
    SQLExecuteQueryOperator(
        task_id="count",
        conn_id="shop",
        sql="INSERT INTO hours SELECT '{{ data_interval_start | ts }}', '{{ data_interval_end | ts }}', count(*) FROM orders",
    )
