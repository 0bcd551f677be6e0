"""Schedules that are due at their start read those that are due at their end, and the reverse."""

from tests.scheduled.lab import Lab
from tests.scheduled.plan import assert_as_planned

PROJECT = """
pipeline: ends
schedules:
  hourly: every 6 hours from 2026-01-05 until 2026-01-08
  hourly_early: every 6 hours from 2026-01-05 until 2026-01-08 at start
  daily: every 1 day from 2026-01-05 until 2026-01-08
  daily_early: every 1 day from 2026-01-05 until 2026-01-08 at start
datanodes:
  visits: s3 s3://shop/visits/${{ start:%Y-%m-%d-%H }}
  prices: s3 s3://shop/prices/${{ start:%Y-%m-%d-%H }}
  stock: s3 s3://shop/stock/${{ start:%Y-%m-%d }}
activities:
  load: {shell: echo load, schedule: hourly, flow: -> visits, stage: false}
  price: {shell: echo price, schedule: hourly_early, flow: "stock -> prices", stage: false}
  shelve: {shell: echo shelve, schedule: daily_early, flow: "visits[-1] -> stock", stage: false}
  count: {shell: echo count, schedule: daily, flow: "visits, prices, stock[-1..0]", stage: false}
"""


def drive(lab: Lab) -> None:
    ends = lab.load(PROJECT)
    ends.start()
    found = ends.until_ended("2026-01-05", "2026-01-08")
    assert_as_planned(found, ends.planned("2026-01-05", "2026-01-08"))
