"""A day in a zone is made of 23 hours when the clock goes forward."""

from tests.scheduled.lab import Lab
from tests.scheduled.plan import assert_as_planned

PROJECT = """
pipeline: daylight
schedules:
  hourly: every 1 hour from 2026-03-28T23:00Z 23 times
  daily: cron "0 0 * * *" in Europe/Zurich from 2026-03-28T23:00Z until 2026-03-29T22:00Z
datanodes:
  visits: s3 s3://shop/visits/${{ start:%Y-%m-%d-%H }}
activities:
  load: {shell: echo load, schedule: hourly, flow: -> visits, stage: false}
  count: {shell: echo count, schedule: daily, flow: visits, stage: false}
"""


def drive(lab: Lab) -> None:
    daylight = lab.load(PROJECT)
    daylight.start()
    found = daylight.until_ended("2026-03-28", "2026-03-30")
    (day,) = [one for one in daylight.planned("2026-03-28", "2026-03-30") if one.name == "count"]
    assert len(day.needs) == 23
    assert_as_planned(found, daylight.planned("2026-03-28", "2026-03-30"))
