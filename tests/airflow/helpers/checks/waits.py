"""Waits for instances of other schedules."""

import datetime
import unittest.mock
from functools import partial

import lab
from dateutil.relativedelta import relativedelta
from helpers.cron_start import cron_start
from helpers.month_start import month_start
from helpers.starts_inside import starts_inside
from helpers.step_start import step_start
from helpers.wait_for_instances import WaitForInstances

try:
    from airflow.sdk import DAG
except ImportError:
    from airflow import DAG
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.sensors.external_task import ExternalTaskSensor
from airflow.timetables.interval import CronDataIntervalTimetable, DeltaDataIntervalTimetable

DAY = 24 * lab.HOUR
hourly = partial(step_start, lab.START, lab.HOUR)

with DAG("hourly", schedule=DeltaDataIntervalTimetable(lab.HOUR), start_date=lab.START) as producer:
    BashOperator(
        task_id="make",
        bash_command="test {{ data_interval_start.strftime('%H') }} != 05",
    ) >> BashOperator(task_id="publish", bash_command="true")

with DAG("daily", schedule=DeltaDataIntervalTimetable(DAY), start_date=lab.START) as consumer:

    def wait(task_id, since, until, task="make", **options):
        return WaitForInstances(
            task_id=task_id,
            external_dag_id="hourly",
            external_task_id=task,
            starts=lambda start, end: starts_inside(
                hourly, hourly(start, since), hourly(start, until), lab.START
            ),
            failed_states=["failed", "upstream_failed"],
            mode="reschedule",
            poke_interval=1,
            timeout=3,
            retries=1,
            retry_delay=datetime.timedelta(seconds=1),
            **options,
        )

    wait("met", 0, 2) >> BashOperator(task_id="go", bash_command="true")
    wait("none", -9, 0)
    wait("failed", 4, 6) >> BashOperator(task_id="stay", bash_command="true")
    wait("blocked", 4, 6, task="publish")
    wait("unmet", 0, 3)
    wait("deferred_none", -9, 0, deferrable=True)


def check_waits():
    for hour in (0, 1, 4, 5):
        lab.run(producer, lab.START + hour * lab.HOUR)

    found = lab.run(consumer, lab.START, lab.START + DAY)

    assert {ti.try_number for ti in found.get_task_instances() if ti.task_id != "stay"} == {1}
    states = lab.states(found)
    assert states == {
        "": "failed",
        "met": "success",
        "go": "success",
        "none": "success",
        "failed": "failed",
        "stay": "upstream_failed",
        "blocked": "failed",
        "unmet": "failed",
        "deferred_none": "success",
    }, states


def check_many_instances_are_asked_for_in_parts():
    """One request of Airflow 3 holds less than a thousand times, and none may be left out."""
    asked = []

    def ask(self, context):
        asked.append((self.deferrable, self._get_dttm_filter(context)))
        return len(asked) != 2

    wait = WaitForInstances(
        task_id="many",
        external_dag_id="minutely",
        external_task_id="make",
        starts=lambda start, end: list(range(start, end)),
        deferrable=True,
    )
    context = {"data_interval_start": 1, "data_interval_end": 1002}
    with (
        unittest.mock.patch.object(ExternalTaskSensor, "poke", ask),
        unittest.mock.patch.object(ExternalTaskSensor, "execute", return_value=None),
    ):
        wait.execute(context)
        assert wait.poke(context) is False
    whole = list(range(1, 1002))
    assert asked == [(False, whole[:500]), (False, whole[500:1000]), (False, whole[1000:])]


def utc(*when):
    from airflow.utils.timezone import coerce_datetime

    return coerce_datetime(datetime.datetime(*when, tzinfo=datetime.UTC))


def check_starts_of_steps():
    first, last = utc(2026, 3, 1, 20), utc(2026, 3, 2, 2)
    hours = partial(step_start, first, lab.HOUR)
    found = starts_inside(hours, utc(2026, 3, 1), utc(2026, 3, 2), first, last)
    assert found == [first + n * lab.HOUR for n in range(4)]
    found = starts_inside(hours, utc(2026, 3, 2), utc(2026, 3, 3), first, last)
    assert found == [utc(2026, 3, 2) + n * lab.HOUR for n in range(3)]
    assert starts_inside(hours, utc(2026, 3, 3), utc(2026, 3, 4), first, last) == []
    odd = partial(step_start, utc(2015, 4, 12, 17, 33, 2), 15 * lab.HOUR / 60)
    assert odd(utc(2015, 4, 12, 17, 48, 1), 0) == utc(2015, 4, 12, 17, 33, 2)
    assert odd(utc(2015, 4, 12, 17, 48, 2), -1) == utc(2015, 4, 12, 17, 33, 2)
    assert odd(utc(2015, 4, 12, 17, 33, 1), 0) == utc(2015, 4, 12, 17, 18, 2)
    found = starts_inside(
        odd, utc(2015, 4, 12, 17, 33, 3), utc(2015, 4, 12, 18, 33, 1), utc(1, 1, 1)
    )
    assert found == [utc(2015, 4, 12, 17, 48, 2), utc(2015, 4, 12, 18, 3, 2)]


def check_starts_of_months():
    for months in (1, 3, 5):
        anchor = utc(2026, 1, 31, 7)
        grid = [anchor + relativedelta(months=k * months) for k in range(-30, 60)]
        start_of = partial(month_start, anchor, months)
        for k, start in enumerate(grid[5:-5], 5):
            assert start_of(start, 0) == start
            assert start_of(grid[k + 1] - datetime.timedelta(seconds=1), 0) == start
            assert start_of(start, -5) == grid[k - 5]
            assert start_of(start, 5) == grid[k + 5]
    monthly = partial(month_start, utc(2026, 12, 31), 1)
    assert starts_inside(monthly, utc(2027, 2, 28), utc(2027, 5, 31), utc(2027, 1, 1)) == [
        utc(2027, 2, 28),
        utc(2027, 3, 31),
        utc(2027, 4, 30),
    ]


def check_starts_of_ticks():
    """As the scheduler counts them, over both changes to and from daylight saving time."""
    from airflow.timetables.base import TimeRestriction

    for cron in (
        "30 2 * * *",
        "0 * * * *",
        "0 1,3,5 * * *",
        "0 */6 * * *",
        "0 9 * * 1-5",
        "15 0 1 * *",
    ):
        grid, info = [], None
        ticks = CronDataIntervalTimetable(cron, timezone="Europe/Zurich")
        since = TimeRestriction(utc(2026, 3, 27), None, True)
        while info is None or info.data_interval.start < utc(2026, 10, 28):
            info = ticks.next_dagrun_info(
                last_automated_data_interval=info and info.data_interval, restriction=since
            )
            grid.append(info.data_interval.start)
        start_of = partial(cron_start, cron, "Europe/Zurich")
        changes = ("2026-03-29", "2026-10-25")
        near = [k for k in range(2, len(grid) - 2) if str(grid[k].date()) in changes]
        near += range(2, len(grid) - 2, 1 + len(grid) // 20)
        for k in near:
            assert start_of(grid[k], 0) == grid[k], (cron, grid[k])
            assert start_of(grid[k + 1] - datetime.timedelta(seconds=1), 0) == grid[k], (
                cron,
                grid[k],
            )
            assert start_of(grid[k], -2) == grid[k - 2], (cron, grid[k])
            assert start_of(grid[k], 2) == grid[k + 2], (cron, grid[k])
        inside = (
            starts_inside(start_of, grid[3], grid[9], grid[4], grid[7])
            if len(grid) > 9
            else grid[4:8]
        )
        assert inside == grid[4:8]
