"""No more instances of an activity run at a time than it may have, and as many as it may."""

from tests.scheduled.lab import Lab
from tests.scheduled.plan import assert_as_planned

PROJECT = """
pipeline: active
schedules:
  daily: every 1 day from 2026-01-01 8 times
defaults: {schedule: daily}
activities:
  load: {shell: sleep 4, max_active: 2}
  mail: {shell: echo mail}
"""


def drive(lab: Lab) -> None:
    active = lab.load(PROJECT)
    active.start()
    found = active.until_ended("2026-01-01", "2026-01-09")
    assert_as_planned(found, active.planned("2026-01-01", "2026-01-09"))
    runs = list(found.of("load"))
    assert all(row.began and row.ended for row in runs)
    most = max(sum(it.began <= one.began < it.ended for it in runs) for one in runs)
    assert most == 2
