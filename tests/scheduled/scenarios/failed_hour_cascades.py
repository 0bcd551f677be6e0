"""An hour fails for good: its day fails at once, and both run again, once, when they are cleared."""

from tests.scheduled.lab import Lab
from tests.scheduled.plan import assert_as_planned

PROJECT = """
pipeline: cascades
schedules:
  hourly: every 6 hours from 2026-01-05 until 2026-01-07
  daily: every 1 day from 2026-01-05 until 2026-01-07
notifications:
  oncall: {sns: TOPIC, subject: "${{ node.name }}", message: "${{ node.name }} of ${{ start:%d.%m. %H:%M }}"}
datanodes:
  visits: s3 s3://shop/visits/${{ start:%Y-%m-%d-%H }}
activities:
  load:
    shell: '[ "${{ start:%dT%H }}" != 05T12 -o -e FOLDER/mended ]'
    schedule: hourly
    flow: -> visits
    stage: false
    attempts: 1 every 1 minute
    notify: {failure: oncall}
  count: {shell: echo count, schedule: daily, flow: visits, stage: false}
  mail: {shell: echo mail, schedule: daily, after: count}
"""


def drive(lab: Lab) -> None:
    topic = lab.topic("cascades")
    cascades = lab.load(PROJECT.replace("TOPIC", topic).replace("FOLDER", str(lab.folder)))
    cascades.start()
    found = cascades.until_ended("2026-01-05", "2026-01-07")
    first = {name: found.one(name, "2026-01-05").state for name in ("load.wait", "count", "mail")}
    assert first == {"load.wait": "failed", "count": "upstream_failed", "mail": "upstream_failed"}
    assert found.one("load", "2026-01-05T12:00").state == "failed"
    assert found.one("mail", "2026-01-06").state == "success"
    assert lab.notices(topic) == [("load", "load of 05.01. 12:00")]

    (lab.folder / "mended").touch()
    cascades.clear("load", "2026-01-05T12:00")
    cascades.clear("load.wait", "2026-01-05", downstream=True)
    found = cascades.until_ended("2026-01-05", "2026-01-07")
    plan = cascades.planned("2026-01-05", "2026-01-07")
    assert_as_planned(found, plan, attempts={"load 2026-01-05T12:00": 2})
    assert len(found.one("load.wait", "2026-01-05").attempts) == 2
    assert len(lab.notices(topic)) == 1
