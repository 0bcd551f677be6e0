"""A run on demand, with everything that can be asked for.

Made by pipec from rich_now.pipe.yaml: everything on the schedule `now`.
Change that file and compile it again; changes here are lost.
"""

from datetime import timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, Param
from pendulum import instance


def run_time(dag_run):
    """The time that a run is for: the one it was given, else when it was asked for."""
    return instance(dag_run.logical_date or dag_run.run_after)


with DAG(
    dag_id="rich_now",
    description="A run on demand, with everything that can be asked for.",
    schedule=None,
    catchup=False,
    max_active_runs=5,
    params={
        "day": Param(
            "2026-01-31T00:00:00+00:00",
            type="string",
            format="date-time",
            description="Which day.",
        ),
        "region": Param(type="string", enum=["eu", "us"]),
        "ratio": Param(None, type=["number", "null"]),
        "ids": Param([1, 2], type="array", items={"type": "integer"}),
        "items": Param(3, type="integer"),
    },
    user_defined_macros={"run_time": run_time},
    tags=["rich_now"],
    doc_md=__doc__,
):
    # rich_now.pipe.yaml:15
    show = BashOperator(
        task_id="show",
        bash_command=(
            "echo "
            "{{ run_time(dag_run)"
            ".instance(macros.datetime.fromisoformat(params.day | replace('Z', "
            "'+00:00'))).strftime('%Y-%m-%d') }} {{ params.region }} "
            "{{ ('' if params.ratio is none else (params.ratio | float)) }} "
            "{{ (params['items'] + 1) }} "
            "{{ run_time(dag_run).subtract(days=1).strftime('%Y-%m-%dT%H:%M:%S') }}"
        ),
        skip_on_exit_code=None,
        retries=2,
        retry_delay=timedelta(minutes=10),
        do_xcom_push=False,
    )
