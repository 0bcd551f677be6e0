"""Runs on demand: with the values that are given, with the defaults, for a time and for now."""

from datetime import UTC, datetime, timedelta

from tests.scheduled.lab import Lab

PROJECT = """
pipeline: asked
schedules: {asked: on demand}
defaults: {schedule: asked}
params:
  city: {type: string, at: run, default: Bern}
  many: {type: int, at: run, default: 3}
activities:
  note:
    shell: echo "${{ city }} ${{ many }} ${{ start:%Y-%m-%dT%H:%M:%S }}" > FOLDER/${{ city }}
  mail:
    shell: test -e FOLDER/${{ city }}
    after: note
"""


def drive(lab: Lab) -> None:
    asked = lab.load(PROJECT.replace("FOLDER", str(lab.folder)))
    asked.start()
    before = datetime.now(UTC).replace(microsecond=0)
    asked.trigger("asked", "2026-01-05T06:00:00Z", city="Basel", many=7)
    asked.trigger("asked", many=4)
    found = asked.until(lambda now: now.ended and len(now) == 4, "both runs end")
    assert {row.state for row in found} == {"success"}, str(found)
    assert (lab.folder / "Basel").read_text().split() == ["Basel", "7", "2026-01-05T06:00:00"]
    city, many, start = (lab.folder / "Bern").read_text().split()
    assert (city, many) == ("Bern", "4")
    when = datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert before <= when <= before + timedelta(minutes=10)
    # Nothing runs that nobody asked for.
    assert len(asked.record()) == 4
