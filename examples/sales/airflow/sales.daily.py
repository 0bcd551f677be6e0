"""What the shop sells, by city and product, from hours to months.

Made by pipec from sales.pipe.yaml: everything on the schedule `daily`.
Change that file and compile it again; changes here are lost.
"""

from datetime import datetime, timedelta, timezone

from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.providers.standard.sensors.external_task import ExternalTaskSensor
from airflow.sdk import DAG, DeltaDataIntervalTimetable
from airflow.sdk.exceptions import AirflowException, AirflowFailException
from pendulum import instance


def intervals(starts, start_of=None):
    """The start and the end of each interval that begins at one of `starts`.

    `start_of(time, n)` is the start of the interval that is n after the one at `time`;
    without it they are moments.
    """
    ends = [start_of(one, 1) for one in starts] if start_of else starts
    return [(instance(one), instance(end)) for one, end in zip(starts, ends)]


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


def span_of(intervals, start):
    """When the first starts and the last ends; `start` twice if there is none."""
    return (intervals[0][0], intervals[-1][1]) if intervals else (start, start)


def starts_counted(start_of, time, since, until, first, last=None):
    """The starts, from `first` to `last`, of intervals counted from the one at `time`.

    `start_of(time, n)` is the start of the interval that is n after the one at `time`.
    """
    starts = [start_of(time, n) for n in range(since, until + 1)]
    return [one for one in starts if first <= one and (last is None or one <= last)]


def starts_inside(start_of, since, until, first, last=None):
    """The starts, from `first` to `last`, of the intervals between `since` and `until`.

    `start_of(time, n)` is the start of the interval that is n after the one at `time`.
    """
    start = start_of(since, 0)
    if start < since:
        start = start_of(since, 1)
    starts = []
    while (end := start_of(start, 1)) <= until:
        if first <= start and (last is None or start <= last):
            starts.append(start)
        start = end
    return starts


def step_start(anchor, step, time, n):
    """The start of the interval that is n after the one which holds `time`."""
    passed = (time - anchor).total_seconds() // step.total_seconds()
    return anchor + step * (int(passed) + n)


class WaitForInstances(ExternalTaskSensor):
    """Waits for the instances of a task that start when `starts(start, end)` says.

    `start` and `end` are the interval of this run. Where there are none it does not
    wait: for Airflow 3 an empty list means all instances that ever were. An instance
    that has failed ends it for good; a wait that Airflow loses is tried again.
    """

    some = ()

    def __init__(self, starts, mode="reschedule", **kwargs):
        super().__init__(mode=mode, **kwargs)
        self.starts = starts

    def execute(self, context):
        """Asks for 500 instances at a time, as many as fit into a request."""
        # A run on demand may have no interval, only a time.
        start = context.get("data_interval_start") or context["dag_run"].run_after
        end = context.get("data_interval_end") or start
        self.some = wanted = self.starts(start, end)
        self.parts = [wanted[n : n + 500] for n in range(0, len(wanted), 500)]
        if len(self.parts) > 1:
            self.deferrable = False
        if wanted:
            super().execute(context)

    def execute_complete(self, context, event=None):
        """Is called when Airflow has asked for all of them."""
        return self._for_good(super().execute_complete, context, event)

    def poke(self, context):
        found = []
        for self.some in self.parts:
            found.append(self._for_good(super().poke, context))
        return all(found)

    def _for_good(self, ask, *args):
        try:
            return ask(*args)
        except AirflowException as failed:
            raise AirflowFailException(str(failed)) from failed

    def _get_dttm_filter(self, context):
        return self.some


def start_on_daily(time, n):
    """The start of the interval of `daily` that is n after the one at `time`."""
    return step_start(
        datetime(2026, 3, 2, tzinfo=timezone.utc), timedelta(days=1), time, n
    )


def start_on_hourly(time, n):
    """The start of the interval of `hourly` that is n after the one at `time`."""
    return step_start(
        datetime(2026, 3, 2, tzinfo=timezone.utc), timedelta(hours=1), time, n
    )


def sum_up_daily_starts(start, end):
    """The instances of `sum_up.daily` from -7 to 0, counted from the run's interval."""
    return starts_counted(
        start_on_daily, start, -7, 0, first=datetime(2026, 3, 2, tzinfo=timezone.utc)
    )


def sum_up_hourly_starts(start, end):
    """The instances of `sum_up.hourly` within the run's interval."""
    return starts_inside(
        start_on_hourly, start, end, first=datetime(2026, 3, 2, tzinfo=timezone.utc)
    )


def by_day_intervals(start, end):
    """When each instance of `by_day` that a run reads starts and ends."""
    return intervals(sum_up_daily_starts(start, end), start_on_daily)


def by_day_span(start, end):
    """When what a run reads of `by_day` starts and ends."""
    return span_of(by_day_intervals(start, end), start)


def only_on_schedule(context):
    """Refuses runs that are not on the schedule `daily`."""
    return refuse_others("every 1 day from 2026-03-02T00:00Z", context)


# 36 runs at a time: 5 for the work, 31 because a wait may reach over so many.
with DAG(
    dag_id="sales.daily",
    description="What the shop sells, by city and product, from hours to months.",
    schedule=DeltaDataIntervalTimetable(timedelta(days=1)),
    start_date=datetime(2026, 3, 2, tzinfo=timezone.utc),
    catchup=True,
    max_active_runs=36,
    user_defined_macros={"by_day_span": by_day_span},
    default_args={"retries": 2, "do_xcom_push": False, "pre_execute": only_on_schedule},
    tags=["sales"],
    doc_md=__doc__,
):
    # sales.pipe.yaml:55
    sum_up_daily_wait = WaitForInstances(
        task_id="sum_up.daily.wait",
        external_dag_id="sales.daily",
        external_task_id="sum_up.daily",
        starts=sum_up_daily_starts,
        failed_states=["failed", "upstream_failed"],
        deferrable=True,
        poke_interval=timedelta(minutes=1),
        timeout=timedelta(days=7),
        retry_delay=timedelta(minutes=1),
    )

    # sales.pipe.yaml:40
    compare = SQLExecuteQueryOperator(
        task_id="compare",
        conn_id="shop",
        sql="""\
DELETE FROM sales.unusual WHERE day = '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}';
INSERT INTO sales.unusual (day, city, price, usual)
SELECT '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}', city, today, usual
FROM (
  SELECT
    city,
    sum(price) FILTER (WHERE interval_start = '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}') AS today,
    sum(price) FILTER (WHERE interval_start < '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}') / 7 AS usual
  FROM sales.by_day
  WHERE interval_start >= '{{ by_day_span(data_interval_start, data_interval_end)[0].strftime('%Y-%m-%dT%H:%M:%S') }}' AND interval_start < '{{ by_day_span(data_interval_start, data_interval_end)[1].strftime('%Y-%m-%dT%H:%M:%S') }}'
  GROUP BY city
) AS days
WHERE coalesce(today, 0) < usual / 2;
""",  # noqa: E501
        retry_delay=timedelta(minutes=5),
        execution_timeout=timedelta(minutes=30),
        max_active_tis_per_dag=5,
    )

    # sales.pipe.yaml:36
    sum_up_hourly_wait = WaitForInstances(
        task_id="sum_up.hourly.wait",
        external_dag_id="sales.hourly",
        external_task_id="sum_up.hourly",
        starts=sum_up_hourly_starts,
        failed_states=["failed", "upstream_failed"],
        deferrable=True,
        poke_interval=timedelta(minutes=1),
        timeout=timedelta(days=7),
        retry_delay=timedelta(minutes=1),
    )

    # sales.pipe.yaml:31
    sum_up_daily = SQLExecuteQueryOperator(  # noqa: AIR001
        task_id="sum_up.daily",
        conn_id="shop",
        sql="""\
DELETE FROM sales.by_day WHERE interval_start >= '{{ data_interval_start | ts }}' AND interval_start < '{{ data_interval_end | ts }}';
INSERT INTO sales.by_day (interval_start, city, product, receipts, pieces, price, max_price, sum_pieces, count_pieces)
SELECT '{{ data_interval_start | ts }}', city, product, sum(receipts), sum(pieces), sum(price), max(max_price), sum(sum_pieces), sum(count_pieces)
FROM sales.by_hour
WHERE interval_start >= '{{ data_interval_start | ts }}' AND interval_start < '{{ data_interval_end | ts }}'
GROUP BY city, product;
""",  # noqa: E501
        retry_delay=timedelta(minutes=5),
        execution_timeout=timedelta(minutes=30),
        max_active_tis_per_dag=5,
    )

    sum_up_daily_wait >> compare
    sum_up_hourly_wait >> sum_up_daily
