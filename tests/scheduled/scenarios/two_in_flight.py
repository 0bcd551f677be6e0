"""Two days in flight at the same time: the second goes on while the first waits for an hour."""

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
  load:
    shell: |
      if [ "${{ start:%dT%H }}" = 05T12 ]; then
        until [ -e FOLDER/go ]; do sleep 1; done
      fi
    schedule: hourly
    flow: -> visits
    stage: false
  mail:
    shell: echo mail
    schedule: daily
    flow: visits
    stage: false
    max_active: 1
"""


def drive(lab: Lab) -> None:
    flights = lab.load(PROJECT.replace("FOLDER", str(lab.folder)))
    flights.start()
    # An instance that waits is none that is active: of those `mail` has one at most.
    found = flights.until(
        lambda now: now.states.get("mail 2026-01-06T00:00") == "success", "the second day ends"
    )
    assert found.states["load 2026-01-05T12:00"] == "running"
    assert found.states["load.wait 2026-01-05T00:00"] == "deferred"
    (lab.folder / "go").touch()
    found = flights.until_ended("2026-01-05", "2026-01-07")
    assert_as_planned(found, flights.planned("2026-01-05", "2026-01-07"))
