"""Intervals between the ticks of a cron expression."""

from airflow.timetables.base import TimeRestriction
from airflow.timetables.interval import CronDataIntervalTimetable


def cron_start(cron, zone, time, n):
    """The start of the interval that is n after the one which holds `time`."""
    ticks = CronDataIntervalTimetable(cron, timezone=zone)
    start = ticks.infer_manual_data_interval(run_after=time).end
    for _ in range(n, 0):
        start = ticks.infer_manual_data_interval(run_after=start).start
    for _ in range(n):
        since = TimeRestriction(earliest=start, latest=None, catchup=True)
        info = ticks.next_dagrun_info(
            last_automated_data_interval=None, restriction=since
        )
        start = info.data_interval.end
    return start
