"""Python scripts that are part of the Dag file."""

import traceback
from functools import partial

import lab
from helpers.call_script import call_script

try:
    from airflow.sdk import DAG
except ImportError:
    from airflow import DAG
from airflow.providers.standard.operators.python import PythonOperator

CLEAN = '''\
"""Cleans {{ a }} day."""
from __future__ import annotations

import boto3
from dataclasses import dataclass


@dataclass
class Day:
    name: str


def clean(day, keep=1, **rest):
    if day == "never":
        raise LookupError(day)  # line 15 \u2028 {% raw %}
    boto3.client("s3").put_object(Bucket="lake", Key=f"cleaned/{Day(day).name}", Body=str((keep, rest)))


if __name__ == "__main__":
    raise SystemExit("not as a script")
'''

with DAG("scripts", schedule=None, start_date=lab.START) as dag:
    PythonOperator(
        task_id="clean",
        python_callable=partial(call_script, CLEAN, "clean.py", "clean"),
        op_kwargs={
            "arguments": {
                "day": "{{ data_interval_start.strftime('%Y-%m-%d') }}",
                "keep": 7,
                "ti": "x",
            }
        },
    )


def check_scripts():
    assert lab.states(lab.run(dag)) == {"": "success", "clean": "success"}
    assert lab.got("cleaned/") == {"2026-11-20": b"(7, {'ti': 'x'})"}


def check_tracebacks_show_the_script():
    error = lab.error(lambda: call_script(CLEAN, "clean.py", "clean", {"day": "never"}))
    shown = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    assert 'File "clean.py", line 15, in clean' in shown
    assert "raise LookupError(day)  # line 15" in shown
