"""A Dag whose upstream is paused waits, and goes on when that one does."""

from tests.scheduled.lab import Lab
from tests.scheduled.plan import assert_as_planned

PROJECT = """
pipeline: paused
schedules:
  hourly: every 12 hours from 2026-01-05 until 2026-01-06
  daily: every 1 day from 2026-01-05 until 2026-01-06
datanodes:
  visits: s3 s3://shop/visits/${{ start:%Y-%m-%d-%H }}
activities:
  load: {shell: echo load, schedule: hourly, flow: -> visits, stage: false}
  count: {shell: echo count, schedule: daily, flow: visits, stage: false}
"""


def drive(lab: Lab) -> None:
    paused = lab.load(PROJECT)
    paused.start("daily")
    waiting = {"load.wait 2026-01-05T00:00": "deferred", "count 2026-01-05T00:00": "none"}
    paused.until(lambda now: now.states == waiting, "the day waits")
    assert lab.slots_held(paused.dags) == 0
    paused.start("hourly")
    found = paused.until_ended("2026-01-05", "2026-01-06")
    assert_as_planned(found, paused.planned("2026-01-05", "2026-01-06"))
