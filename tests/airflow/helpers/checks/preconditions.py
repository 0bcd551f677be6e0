"""Preconditions as sensors."""

import os

import lab
from helpers.path_has import path_has
from helpers.s3_has import s3_has

try:
    from airflow.sdk import DAG
except ImportError:
    from airflow import DAG
from airflow.providers.amazon.aws.sensors.s3 import S3KeySensor
from airflow.providers.common.sql.sensors.sql import SqlSensor
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.sensors.bash import BashSensor
from airflow.providers.standard.sensors.python import PythonSensor

SHORT = {"mode": "reschedule", "poke_interval": 1, "timeout": 1}

with DAG("preconditions", schedule=None, start_date=lab.START) as dag:
    day = "{{ data_interval_start.strftime('%Y-%m-%d') }}"
    ready = [
        PythonSensor(
            task_id="key",
            python_callable=s3_has,
            op_kwargs={"uri": f"s3://lake/p/{day}/a[1]*?"},
            **SHORT,
        ),
        S3KeySensor(task_id="s3_key", bucket_name="lake", bucket_key=f"p/{day}/a[1]*?", **SHORT),
        S3KeySensor(
            task_id="s3_folder", bucket_key=f"s3://lake/p/{day}/*", wildcard_match=True, **SHORT
        ),
        SqlSensor(
            task_id="null",
            conn_id="warehouse",
            sql="SELECT NULL WHERE '5%' LIKE '%'",
            success=lambda _: True,
            **SHORT,
        ),
        SqlSensor(
            task_id="rows",
            conn_id="warehouse",
            sql="SELECT 1 WHERE EXISTS (SELECT 1 FROM pg_class)",
            **SHORT,
        ),
        BashSensor(task_id="shell", bash_command=f"test {day} = 2026-11-20", **SHORT),
    ]
    late = [
        PythonSensor(
            task_id="no_key",
            python_callable=s3_has,
            op_kwargs={"uri": "s3://lake/p/nothing"},
            **SHORT,
        ),
        SqlSensor(
            task_id="no_rows",
            conn_id="warehouse",
            sql="SELECT 1 WHERE false",
            success=lambda _: True,
            **SHORT,
        ),
        BashSensor(task_id="no_shell", bash_command="false", **SHORT),
    ]
    ready >> BashOperator(task_id="go", bash_command="true")
    late >> BashOperator(task_id="stay", bash_command="true")


def check_preconditions():
    lab.put("p/2026-11-20/a[1]*?", b"")

    states = lab.states(lab.run(dag))

    expected = {"": "failed", "go": "success", "stay": "upstream_failed"}
    expected.update(dict.fromkeys((task.task_id for task in ready), "success"))
    expected.update(dict.fromkeys((task.task_id for task in late), "failed"))
    assert states == expected, states


def check_s3_has():
    lab.put("has/marker/", b"")
    lab.put("has/empty/deep/x", b"")
    lab.put("has/full/x", b"")
    lab.put("has/full/y", b"1")
    lab.put("has/file", b"12")
    lab.put("has/void", b"")

    assert s3_has("s3://lake/has/file")
    assert s3_has("s3://lake/has/file", size=1)
    assert s3_has("s3://lake/has/void")
    assert not s3_has("s3://lake/has/void", size=1)
    assert not s3_has("s3://lake/has/fil")
    assert not s3_has("s3://lake/has/full")
    assert not s3_has("s3://lake/has/marker/")
    assert s3_has("s3://lake/has/empty/")
    assert not s3_has("s3://lake/has/empty/", size=1)
    assert s3_has("s3://lake/has/full/", size=1)
    assert s3_has("s3://lake")
    assert s3_has("s3://lake/")


def check_path_has():
    top = os.path.join(os.environ["AIRFLOW_HOME"], "disk")
    os.makedirs(f"{top}/empty/deep")
    os.makedirs(f"{top}/full/deep")
    for name, text in {"file": "1", "void": "", "full/deep/void": ""}.items():
        with open(f"{top}/{name}", "w") as file:
            file.write(text)

    assert path_has(f"{top}/file", size=1)
    assert path_has(f"{top}/void")
    assert not path_has(f"{top}/void", size=1)
    assert not path_has(f"{top}/none")
    assert not path_has(f"{top}/empty")
    assert path_has(f"{top}/full")
    assert not path_has(f"{top}/full", size=1)
    assert path_has(top, size=1)
