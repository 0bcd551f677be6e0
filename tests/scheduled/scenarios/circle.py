"""Hours read the day before, and days read their hours, one at a time: no deadlock."""

from tests.scheduled.lab import Lab
from tests.scheduled.plan import assert_as_planned

PROJECT = """
pipeline: circle
schedules:
  hourly: every 6 hours from 2026-01-05 until 2026-01-08
  daily: every 1 day from 2026-01-05 until 2026-01-08
defaults: {max_active: 1}
datanodes:
  visits: s3 s3://shop/visits/${{ start:%Y-%m-%d-%H }}
  totals: s3 s3://shop/totals/${{ start:%Y-%m-%d }}
activities:
  load: {shell: echo load, schedule: hourly, flow: "totals[-1] -> visits", stage: false}
  count: {shell: echo count, schedule: daily, flow: visits -> totals, stage: false}
"""


def drive(lab: Lab) -> None:
    circle = lab.load(PROJECT)
    circle.start()
    found = circle.until_ended("2026-01-05", "2026-01-08")
    assert_as_planned(found, circle.planned("2026-01-05", "2026-01-08"))
