"""An hour fails for good, with `on_failure: wait`: its day waits, holds no slot, and runs once the hour does."""

from tests.scheduled.lab import Lab
from tests.scheduled.plan import assert_as_planned

PROJECT = """
pipeline: waits
schedules:
  hourly: every 6 hours from 2026-01-05 until 2026-01-07
  daily: every 1 day from 2026-01-05 until 2026-01-07
notifications:
  oncall:
    sns: TOPIC
    subject: ${{ node.name }} is ${{ node.status }}
    message: ${{ node.name }} from ${{ start:%Y-%m-%dT%H:%M }} to ${{ end:%Y-%m-%dT%H:%M }}
datanodes:
  visits: s3 s3://shop/visits/${{ start:%Y-%m-%d-%H }}
activities:
  load:
    shell: '[ "${{ start:%dT%H }}" != 05T12 -o -e FOLDER/mended ]'
    schedule: hourly
    flow: -> visits
    stage: false
    attempts: 2 every 1 minute
    on_failure: wait
    notify: {failure: oncall}
  count: {shell: echo count, schedule: daily, flow: visits, stage: false, notify: {failure: oncall}}
  mail: {shell: echo mail, schedule: daily, after: count}
"""
FAILED = "load 2026-01-05T12:00"


def drive(lab: Lab) -> None:
    topic = lab.topic("waits")
    waits = lab.load(PROJECT.replace("TOPIC", topic).replace("FOLDER", str(lab.folder)))
    waits.start()
    found = waits.until(
        lambda now: (
            now.states.get(FAILED) == "failed"
            and now.states.get("mail 2026-01-06T00:00") == "success"
            and now.states.get("load.wait 2026-01-05T00:00") == "deferred"
        ),
        "the other day ends",
    )
    assert len(found.one("load", "2026-01-05T12:00").attempts) == 2
    assert found.one("count", "2026-01-05").state == "none"
    notice = (
        "load is failed",
        "load from 2026-01-05T12:00 to 2026-01-05T18:00",
    )
    lab.until(lambda: lab.notices(topic) != [], "the notice comes")
    assert lab.notices(topic) == [notice]
    # While it waits it holds no slot, and nothing of the Dag runs.
    assert lab.slots_held(waits.dags) == 0

    (lab.folder / "mended").touch()
    waits.clear("load", "2026-01-05T12:00")
    found = waits.until_ended("2026-01-05", "2026-01-07")
    again = {"load 2026-01-05T12:00": 3}
    assert_as_planned(found, waits.planned("2026-01-05", "2026-01-07"), attempts=again)
    assert lab.notices(topic) == [notice]
