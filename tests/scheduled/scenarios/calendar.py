"""Months from the 31st, days in a zone whose clock changes, due at their start and at their end."""

from zoneinfo import ZoneInfo

from tests.scheduled.lab import Lab
from tests.scheduled.plan import assert_as_planned

PROJECT = """
pipeline: calendar
schedules:
  months: every 1 month from 2025-10-31 until 2026-03-31
  months_before: every 1 month from 2025-10-31 until 2026-03-31 at start
  spring: cron "30 2 * * *" in Europe/Zurich from 2026-03-27 until 2026-04-01
  autumn: cron "0 0 * * *" in Europe/Zurich from 2025-10-24 until 2025-10-29 at start
  hours: cron "0 */6 * * *" in Europe/Zurich from 2025-10-24T22:00Z until 2025-10-26T23:00Z
activities:
  by_month: {shell: "NOTE", schedule: months}
  before_month: {shell: "NOTE", schedule: months_before}
  by_day: {shell: "NOTE", schedule: spring}
  before_day: {shell: "NOTE", schedule: autumn}
  by_hour: {shell: "NOTE", schedule: hours}
"""
NOTE = "echo ${{ start:%Y-%m-%dT%H:%M }} ${{ end:%Y-%m-%dT%H:%M }} >> FOLDER/${{ self.name }}"
WINDOW = "2025-10-01", "2026-05-01"


def drive(lab: Lab) -> None:
    calendar = lab.load(PROJECT.replace("NOTE", NOTE).replace("FOLDER", str(lab.folder)))
    calendar.start()
    found = calendar.until_ended(*WINDOW)
    plan = calendar.planned(*WINDOW)
    assert_as_planned(found, plan)
    for name in {one.name for one in plan}:
        # Work sees the clock of its schedule.
        zone = ZoneInfo("UTC" if "month" in name else "Europe/Zurich")
        noted = (lab.folder / name).read_text().splitlines()
        assert sorted(noted) == sorted(
            f"{one.start.astimezone(zone):%Y-%m-%dT%H:%M} {one.end.astimezone(zone):%Y-%m-%dT%H:%M}"
            for one in plan
            if one.name == name
        )
