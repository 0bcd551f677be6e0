"""A schedule as Airflow's timetable, and the names that the times of a run then have."""

from __future__ import annotations

from datetime import datetime, timedelta

from pipec.grid import Cron, Every, Grid, Once, OnDemand, count, interval
from pipec.ir import Pipeline
from pipec.targets.airflow.expression import Moment
from pipec.targets.python.values import Call, Name, Value

INTERVAL = "airflow.timetables.interval"
TRIGGER = "airflow.timetables.trigger"


def timetable(grid: Grid) -> Value:
    """The value of `schedule=`: always an explicit class, since its default differs by version."""
    match grid:
        case OnDemand():
            return None
        case Once():
            return Call(Name("OnceTimetable", "airflow.timetables.simple"))
        case Every(at="end"):
            return Call(Name("DeltaDataIntervalTimetable", INTERVAL), (step(grid),))
        case Every():
            return Call(Name("DeltaTriggerTimetable", TRIGGER), (step(grid),))
        case Cron(at="end"):
            return Call(
                Name("CronDataIntervalTimetable", INTERVAL),
                (grid.expression,),
                {"timezone": grid.zone},
            )
        case Cron():
            return Call(
                Name("CronTriggerTimetable", TRIGGER), (grid.expression,), {"timezone": grid.zone}
            )


def step(grid: Every) -> Value:
    """The period. Months name the day they are anchored at, or Airflow drifts to shorter ones."""
    if grid.period.months:
        relativedelta = Name("relativedelta", "dateutil.relativedelta")
        return Call(relativedelta, (), {"months": grid.period.months, "day": grid.start.day})
    return timedelta(seconds=grid.period.seconds)


def first_and_last(grid: Grid) -> tuple[datetime | None, datetime | None]:
    """The start of the first interval, and that of the last one if there is a last one."""
    if isinstance(grid, OnDemand):
        return None, None
    if isinstance(grid, Once):
        return grid.start, None
    many = count(grid)
    return grid.start, interval(grid, many - 1).start if many else None


def moment(grid: Grid, pipeline: Pipeline) -> Moment:
    """The names of the times of a run.

    At the start, Airflow's interval has no length: its end is computed from the grid.
    """
    asked = [one for one in pipeline.params.values() if one.at_run]
    start, end, due = _times(grid)
    return Moment(
        start,
        end,
        due,
        params={one.name: one.type for one in asked},
        optional=frozenset(one.name for one in asked if one.optional),
    )


def _times(grid: Grid) -> tuple[str, str, str]:
    (start, end), zone = interval_of_run(grid), in_zone(grid)
    at_start = isinstance(grid, Every | Cron) and grid.at == "start"
    return start + zone, end + zone, (start if at_start else end) + zone


def interval_of_run(grid: Grid) -> tuple[str, str]:
    """The start and the end of the interval of a run, in UTC."""
    start, end = "data_interval_start", "data_interval_end"
    match grid:
        case OnDemand():
            return RUN_TIME, RUN_TIME
        case Once():
            return start, start
        case Every(at="start", period=period):
            if period.months and grid.start.day > 28:
                return start, f"{start}.instance({INTERVAL_END})"
            step = f"months={period.months}" if period.months else f"{period.unit}s={period.count}"
            return start, f"{start}.add({step})"
        case Cron(at="start"):
            return start, INTERVAL_END
        case Cron() | Every():
            return start, end


def in_zone(grid: Grid) -> str:
    """What lets an instant of UTC be shown by the clock of a schedule."""
    zone = getattr(grid, "zone", "UTC")
    return "" if zone == "UTC" else f".in_timezone({zone!r})"


INTERVAL_END = "interval_end(data_interval_start)"
"""The end of an interval that no expression computes, by a function of the Dag file."""

RUN_TIME = "run_time(dag_run)"
"""The time of a run on demand, which in Airflow 3 may have no interval."""
