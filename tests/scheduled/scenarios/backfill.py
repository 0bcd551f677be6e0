"""The runs of a backfill are the planned ones, and those that the scheduler adds are the others."""

from tests.scheduled.lab import Lab
from tests.scheduled.plan import assert_as_planned

PROJECT = """
pipeline: backfill
schedules:
  hourly: every 6 hours from 2026-01-05 until 2026-01-08
  daily: every 1 day from 2026-01-05 until 2026-01-08
datanodes:
  visits: s3 s3://shop/visits/${{ start:%Y-%m-%d-%H }}
activities:
  load: {shell: echo load, schedule: hourly, flow: -> visits, stage: false}
  count: {shell: echo count, schedule: daily, flow: visits, stage: false}
"""


def drive(lab: Lab) -> None:
    if lab.version == "2.11":
        return  # A backfill is a process of its own there, that runs tasks without the scheduler.
    backfill = lab.load(PROJECT)
    lab.api.backfill(backfill.dag("daily"), "2026-01-06T00:00:00Z", "2026-01-07T00:00:00Z")
    lab.api.backfill(backfill.dag("hourly"), "2026-01-06T00:00:00Z", "2026-01-07T18:00:00Z")
    backfill.start()
    found = backfill.until_ended("2026-01-05", "2026-01-08")
    runs = {row.run.partition("__")[0] for row in found if row.start.day > 5}
    assert runs == {"backfill"}, runs
    assert_as_planned(found, backfill.planned("2026-01-05", "2026-01-08"))
