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
                Name("CronDataIntervalTimetable", INTERVAL), (grid.expression,), {"timezone": grid.zone}
            )
        case Cron():
            return Call(Name("CronTriggerTimetable", TRIGGER), (grid.expression,), {"timezone": grid.zone})


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
    params = {one.name: one.type for one in pipeline.params.values() if one.at_run}
    start, end = "data_interval_start", "data_interval_end"
    due = start if getattr(grid, "at", "end") == "start" else end
    if isinstance(grid, Once | OnDemand):
        return Moment(start, start, start, params)
    if needs_macro(grid):
        end = f"interval_end({start})"
    elif grid.at == "start" and isinstance(grid, Every):
        if grid.period.months:
            end = f"{start}.add(months={grid.period.months})"
        else:
            end = f"{start}.add({grid.period.unit}s={grid.period.count})"
    if isinstance(grid, Cron) and grid.zone != "UTC":
        zone = f".in_timezone({grid.zone!r})"
        return Moment(start + zone, end + zone, due + zone, params)
    return Moment(start, end, due, params)


def needs_macro(grid: Grid) -> bool:
    """True when the end of an interval cannot be said inside a template."""
    if not isinstance(grid, Every | Cron) or grid.at == "end":
        return False
    return isinstance(grid, Cron) or bool(grid.period.months and grid.start.day > 28)
