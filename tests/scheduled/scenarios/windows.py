"""Windows that are empty, that begin before the producer's first instance, that reach past its last."""

from tests.scheduled.lab import Lab
from tests.scheduled.plan import assert_as_planned

PROJECT = """
pipeline: windows
schedules:
  made: every 1 day from 2026-01-05 3 times
  daily: every 1 day from 2026-01-03 until 2026-01-12
  weekly: every 1 week from 2025-12-29 until 2026-01-19
datanodes:
  orders: s3 s3://shop/orders/${{ start:%Y-%m-%d }}
activities:
  load: {shell: echo load, schedule: made, flow: -> orders, stage: false}
  same: {shell: echo same, schedule: daily, flow: orders, stage: false}
  before: {shell: echo before, schedule: daily, flow: "orders[-2..-1]", stage: false}
  three: {shell: echo three, schedule: daily, flow: orders over 3 days, stage: false}
  week: {shell: echo week, schedule: weekly, flow: orders, stage: false}
"""
WINDOW = "2025-12-29", "2026-01-19"


def drive(lab: Lab) -> None:
    windows = lab.load(PROJECT)
    windows.start("daily", "weekly")
    # The producer is paused: what reads nothing of it ends all the same.
    alone = [
        f"{one.name} {one.start:%Y-%m-%dT%H:%M}"
        for one in windows.planned(*WINDOW)
        if one.name in ("same", "before", "three", "week") and not one.needs
    ]
    assert len(alone) == 6 + 5 + 4 + 2
    # As many days as may be in flight at a time wait; those before them have no need to.
    early = [key for key in alone if key[-16:] < "2026-01-05"]
    windows.until(
        lambda now: all(now.states.get(key) == "success" for key in early), "empty windows end"
    )
    windows.start("made")
    found = windows.until_ended(*WINDOW)
    assert_as_planned(found, windows.planned(*WINDOW))
