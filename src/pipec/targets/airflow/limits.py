"""Which schedules Airflow cannot keep, and what would do instead."""

from __future__ import annotations

from dataclasses import replace

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.grid import Cron, Every, instant_text, strays
from pipec.ir import Schedule

SHORTEST = 60
"""Seconds. The scheduler looks for due runs every few seconds, and a run takes several to start."""


def check_limits(schedule: Schedule, report: Report) -> None:
    """Report a schedule that Airflow would not keep instance by instance."""
    grid = schedule.grid
    if isinstance(grid, Every) and 0 < grid.period.seconds < SHORTEST:
        report.add(PeriodTooShort(schedule.span, schedule.name, str(grid.period)))
    if isinstance(grid, Cron) and grid.at == "end" and (lost := strays(grid)):
        instead = str(replace(grid, at="start"))
        report.add(CronStrays(schedule.span, schedule.name, instant_text(lost.start), instead))


@diagnostic
class PeriodTooShort(Diagnostic):
    """Airflow starts a run seconds after it is due, and a task takes seconds to start as well.

    Intervals shorter than a minute pile up instead of being worked through.
    """

    code = "P410"
    title = "Period too short for Airflow"
    message = "Airflow cannot keep up with `{name}`, which comes every {period}"
    help = "a minute is the shortest period"
    fails = """
        pipeline: shop
        schedules:
          ticks: every 10 seconds from 2026-01-01T00:00Z    # P410 ticks
        defaults: {schedule: ticks}
        activities: {mail: {shell: echo mail}}
        """
    fixed = """
        pipeline: shop
        schedules:
          ticks: every 1 minute from 2026-01-01T00:00Z
        defaults: {schedule: ticks}
        activities: {mail: {shell: echo mail}}
        """

    name: str
    period: str


@diagnostic
class CronStrays(Diagnostic):
    """Where clocks are set forward or back, Airflow's interval timetable loses some crons' way.

    It then skips intervals, repeats some, or stands still. That happens to few expressions, such
    as `*/10 2 * * *` in a zone whose clocks change in that hour. At the start of the interval,
    another timetable is used that does not; UTC has no such changes.
    """

    code = "P411"
    title = "Cron that Airflow loses"
    message = (
        "Airflow would skip or repeat intervals of `{name}` from {when} on, when clocks are changed"
    )
    help = "write `{instead}`, or use UTC"
    fails = """
        pipeline: shop
        schedules:
          night: cron "*/10 2 * * *" in Europe/Zurich from 2026-01-01    # P411 night
        defaults: {schedule: night}
        activities: {mail: {shell: echo mail}}
        """
    fixed = """
        pipeline: shop
        schedules:
          night: cron "*/10 2 * * *" from 2026-01-01
        defaults: {schedule: night}
        activities: {mail: {shell: echo mail}}
        """

    name: str
    when: str
    instead: str
