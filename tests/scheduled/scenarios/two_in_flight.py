"""Two days of a pipeline run at the same time, each with its own hours."""

from tests.scheduled.lab import Lab
from tests.scheduled.plan import assert_as_planned

PROJECT = """
pipeline: flights
schedules:
  hourly: every 12 hours from 2026-01-05 until 2026-01-07
  daily: every 1 day from 2026-01-05 until 2026-01-07
datanodes:
  visits: s3 s3://shop/visits/${{ start:%Y-%m-%d-%H }}
activities:
  load: {shell: echo load, schedule: hourly, flow: -> visits, stage: false}
  mail: {shell: echo mail, schedule: daily, flow: visits, stage: false}
"""


def drive(lab: Lab) -> None:
    flights = lab.load(PROJECT)
    flights.start()
    found = flights.until_ended("2026-01-05", "2026-01-07")
    assert_as_planned(found, flights.planned("2026-01-05", "2026-01-07"))
