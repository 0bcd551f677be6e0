"""Failures of every kind, and a precondition that comes true while it waits."""

from datetime import UTC, datetime, timedelta

from airflow.providers.amazon.aws.hooks.s3 import S3Hook
from airflow.providers.amazon.aws.notifications.sns import SnsNotifier
from airflow.providers.amazon.aws.sensors.s3 import S3KeySensor
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.providers.standard.sensors.bash import BashSensor
from airflow.timetables.interval import DeltaDataIntervalTimetable

try:
    from airflow.sdk import DAG
except ImportError:
    from airflow import DAG


def put(bucket, key):
    S3Hook().load_string("ready", key, bucket, replace=True)


oncall = SnsNotifier(
    target_arn="arn:aws:sns:eu-west-1:111122223333:oncall",
    region_name="eu-west-1",
    subject="{{ ti.task_id }} is failed",
    message="{{ ti.task_id }} for {{ data_interval_start | ts }} to {{ data_interval_end | ts }}",
)

with DAG(
    "failures",
    schedule=DeltaDataIntervalTimetable(timedelta(hours=1)),
    start_date=datetime(2026, 11, 20, tzinfo=UTC),
    catchup=True,
    default_args={
        "retries": 2,
        "retry_delay": timedelta(minutes=10),
        "on_failure_callback": oncall,
    },
) as dag:
    flaky = BashOperator(
        task_id="flaky",
        bash_command='cd "$PIPEC_TEST_FOLDER"; echo x >> tries; test $(wc -l < tries) -ge 3',
        queue="gpu",
        pool="small",
    )
    BashOperator(task_id="after_flaky", bash_command="true") << flaky

    always = BashOperator(task_id="always", bash_command="echo it never works; exit 3")
    BashOperator(task_id="after_always", bash_command="true") << always

    BashOperator(
        task_id="slow",
        bash_command="sleep 60",
        execution_timeout=timedelta(seconds=1),
        retries=1,
    )

    ready = S3KeySensor(
        task_id="ready.exists",
        bucket_key="s3://shop/ready",
        deferrable=True,
        poke_interval=60,
        timeout=3600,
    )
    BashOperator(task_id="after_ready", bash_command="true") << ready
    PythonOperator(task_id="make_ready", python_callable=put, op_args=["shop", "ready"])

    never = BashSensor(task_id="never.script", bash_command="false", poke_interval=60, timeout=3600)
    BashOperator(task_id="after_never", bash_command="true") << never
