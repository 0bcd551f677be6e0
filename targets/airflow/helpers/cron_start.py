"""Intervals between the ticks of a cron expression."""

from datetime import timedelta

import airflow.timetables.interval
from airflow.timetables.base import DataInterval, TimeRestriction


def cron_start(cron, zone, time, n):
    """The start of the interval that is n after the one which holds `time`.

    As the scheduler does, this goes from interval to interval only forward: where the
    clock is changed the way back is another.
    """
    # That of `airflow.sdk` only describes a schedule.
    ticks = airflow.timetables.interval.CronDataIntervalTimetable(cron, timezone=zone)
    always = TimeRestriction(earliest=None, latest=None, catchup=True)

    def interval_from(tick):
        before = DataInterval(tick - timedelta(days=1), tick)
        info = ticks.next_dagrun_info(
            last_automated_data_interval=before, restriction=always
        )
        return info.data_interval

    back, starts = timedelta(), []
    while len(starts) <= max(-n, 0):
        interval, starts = interval_from(time - back), []
        while interval.start <= time:
            starts.append(interval.start)
            interval = interval_from(interval.end)
        back = back * 4 + timedelta(hours=1)
    for _ in range(n):
        starts.append(interval.start)
        interval = interval_from(interval.end)
    return starts[min(n, 0) - 1]
