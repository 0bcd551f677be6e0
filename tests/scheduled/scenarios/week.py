"""A past week by catch-up: hours, the days that read them, and the week that reads the days."""

from tests.scheduled.lab import Lab
from tests.scheduled.plan import assert_as_planned

PROJECT = """
pipeline: week
schedules:
  hourly: every STEP from 2026-01-05 until 2026-01-12
  daily: every 1 day from 2026-01-05 until 2026-01-12
  weekly: every 1 week from 2026-01-05 until 2026-01-12
datanodes:
  visits: s3 s3://shop/visits/${{ start:%Y-%m-%d-%H }}
  days: s3 s3://shop/days/${{ start:%Y-%m-%d }}
  weeks: s3 s3://shop/weeks/${{ start:%Y-%m-%d }}
activities:
  load: {shell: echo load, schedule: hourly, flow: -> visits, stage: false}
  count: {shell: echo count, schedule: daily, flow: visits -> days, stage: false}
  mail: {shell: echo mail, schedule: daily, after: count}
  sum: {shell: echo sum, schedule: weekly, flow: days -> weeks, stage: false}
"""
WINDOW = "2026-01-05", "2026-01-12"


def drive(lab: Lab) -> None:
    # Every hour on one version, where it takes its minutes.
    step = "1 hour" if lab.version == "3.3" else "6 hours"
    week = lab.load(PROJECT.replace("STEP", step))
    week.start()
    found = week.until_ended(*WINDOW)
    assert len(found.of("load")) == (168 if lab.version == "3.3" else 28)
    assert_as_planned(found, week.planned(*WINDOW))
    # One wait for each day and one for the week, however many instances they are for.
    assert len(found.of("load.wait")) == 7
    assert len(found.of("count.wait")) == 1
