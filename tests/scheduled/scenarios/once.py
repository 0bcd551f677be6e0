"""What is made once is read by every day."""

from tests.scheduled.lab import Lab
from tests.scheduled.plan import assert_as_planned

PROJECT = """
pipeline: opening
schedules:
  opening: once from 2026-01-07T08:00
  daily: every 1 day from 2026-01-05 3 times
datanodes:
  shelves: s3 s3://shop/shelves
activities:
  build: {shell: echo build, schedule: opening, flow: -> shelves, stage: false}
  count: {shell: echo count, schedule: daily, flow: shelves, stage: false}
"""


def drive(lab: Lab) -> None:
    opening = lab.load(PROJECT)
    opening.start("daily")
    opening.until(
        lambda now: [row.state for row in now.of("build.wait")] == ["deferred"] * 3, "days wait"
    )
    opening.start("opening")
    found = opening.until_ended("2026-01-05", "2026-01-08")
    assert_as_planned(found, opening.planned("2026-01-05", "2026-01-08"))
