"""Asks the timetables of the Airflow that runs this script which runs they would make.

Reads a list of cases from standard input as JSON and writes one list of runs for each to standard
output: start and end of the data interval, and the time from which the run may go.
"""

from __future__ import annotations

import datetime
import json
import sys
from typing import Any

import pendulum
from airflow.timetables.base import TimeRestriction
from airflow.timetables.interval import CronDataIntervalTimetable, DeltaDataIntervalTimetable
from airflow.timetables.simple import OnceTimetable
from airflow.timetables.trigger import CronTriggerTimetable, DeltaTriggerTimetable
from dateutil.relativedelta import relativedelta


def main() -> None:
    json.dump([runs(case) for case in json.load(sys.stdin)], sys.stdout)


def runs(case: dict[str, Any]) -> list[list[str]]:
    """The first runs of a Dag with that timetable, `start_date`, `end_date` and catchup."""
    asked = timetable(case)
    latest = case["end_date"] and pendulum.parse(case["end_date"])
    restriction = TimeRestriction(pendulum.parse(case["start_date"]), latest, catchup=True)
    found: list[list[str]] = []
    last = None
    while len(found) < case["most"]:
        try:
            info = asked.next_dagrun_info(
                last_automated_data_interval=last, restriction=restriction
            )
        except ValueError:
            # Airflow 3.3 gives up where 3.0 and 2.11 make the same run again and again.
            return []
        if info is None:
            break
        last = info.data_interval
        found.append([it.isoformat() for it in (last.start, last.end, info.run_after)])
    return found


def timetable(case: dict[str, Any]) -> Any:
    match case["timetable"], case["arguments"]:
        case "once", _:
            return OnceTimetable()
        case "cron at end", [expression, zone]:
            return CronDataIntervalTimetable(expression, timezone=zone)
        case "cron at start", [expression, zone]:
            return CronTriggerTimetable(expression, timezone=zone)
        case "every at end", [seconds, months, day]:
            return DeltaDataIntervalTimetable(delta(seconds, months, day))
        case "every at start", [seconds, months, day]:
            return DeltaTriggerTimetable(delta(seconds, months, day))
    raise ValueError(case)


def delta(seconds: int, months: int, day: int) -> datetime.timedelta | relativedelta:
    # With `day` the month's length is counted anew each time, so the 31st comes back.
    return relativedelta(months=months, day=day) if months else datetime.timedelta(seconds=seconds)


if __name__ == "__main__":
    main()
