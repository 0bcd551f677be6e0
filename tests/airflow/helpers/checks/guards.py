"""Runs for times that are not on the schedule."""

import datetime
from functools import partial

import lab
from helpers.refuse_others import refuse_others
from helpers.step_start import step_start

try:
    from airflow.sdk import DAG
except ImportError:
    from airflow import DAG
from airflow.providers.standard.operators.bash import BashOperator
from airflow.timetables.interval import DeltaDataIntervalTimetable
from airflow.timetables.trigger import DeltaTriggerTimetable

MINUTE = datetime.timedelta(minutes=1)
told = []


def refusal(*grid, **more):
    """`refuse_others`, listened to: `dag.test` of 3.0 calls no callback that could be told."""
    try:
        refuse_others(*grid, **more)
    except Exception as refused:
        told.append(str(refused))
        raise


for name, timetable, grid in (
    ("at_end", DeltaDataIntervalTimetable(lab.HOUR), {}),
    (
        "at_start",
        DeltaTriggerTimetable(lab.HOUR),
        {"start_of": partial(step_start, lab.START, lab.HOUR)},
    ),
):
    with DAG(
        name,
        schedule=timetable,
        start_date=lab.START,
        default_args={
            "retries": 2,
            "pre_execute": partial(refusal, "every 1 hour", **grid),
        },
    ) as globals()[name]:
        BashOperator(task_id="work", bash_command="true")


def check_runs_on_the_schedule_run():
    at = lab.START + 5 * lab.HOUR
    assert lab.states(lab.run(globals()["at_end"], at))["work"] == "success"
    assert lab.states(lab.run(globals()["at_start"], at, at))["work"] == "success"
    assert not told


def check_other_runs_are_refused():
    """As Airflow makes them: a run that is started by hand has the interval before its time."""
    at = lab.START + 5 * lab.HOUR
    by_hand = lab.run(globals()["at_end"], at + lab.HOUR, interval=(at, at + lab.HOUR))
    assert lab.states(by_hand) == {"": "failed", "work": "failed"}
    assert "airflow backfill create --dag-id at_end" in told[-1], told
    off = at + MINUTE
    assert lab.states(lab.run(globals()["at_start"], off, off))["work"] == "failed"
    assert "no interval of that begins at 2026-11-20 05:01:00" in told[-1], told
    assert len(told) == 2  # It is not tried again.
