"""An hour that has failed is mended and run again; not once more while the day is being made."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.scheduled.lab import Lab
from tests.scheduled.record import Record
from tests.scheduled.rerunning import rerun

PROJECT = """
pipeline: mended
schedules:
  half: every 12 hours from 2026-01-05 until 2026-01-06
  daily: every 1 day from 2026-01-05 until 2026-01-06
connections: {{warehouse: postgres}}
datanodes:
  visits: sql warehouse.public.visits
  totals: sql warehouse.public.totals
activities:
  load:
    shell: test -e {folder}/mended-${{{{ start:%H }}}}
    flow: -> visits
    schedule: half
    attempts: 1 every 1 minute
  sum:
    shell: until test -e {folder}/go; do sleep 1; done
    flow: visits -> totals
    schedule: daily
  tell: {{shell: echo tell, flow: totals, schedule: daily}}
"""
HOUR = ("load", "--at", "2026-01-05T12:00")


def drive(lab: Lab) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        folder.chmod(0o755)
        (folder / "mended-00").touch()
        text = PROJECT.format(folder=folder)
        (folder / "mended.pipe.yaml").write_text(text, encoding="utf-8")
        mended = lab.load(text)
        mended.start()
        mended.until(_all_failed, "the hour has failed, and the day with it")
        (folder / "mended-12").touch()
        said = rerun(lab, folder, *HOUR)
        assert said.status == 0, said
        everything = {"load 05T12", "load.wait 05T00", "sum 05T00", "tell 05T00"}
        assert said.tasks("cleared") == everything, said

        mended.until(lambda now: _state(now, "sum") == "running", "the day is being made")
        refused = rerun(lab, folder, *HOUR)
        assert refused.status == 1, refused
        assert refused.found == {}, refused
        assert "`sum` of `mended.daily` from 2026-01-05T00:00 is running" in refused.err
        assert "nothing was changed" in refused.err
        assert len(mended.record().one("load", "2026-01-05T12:00").attempts) == 2

        (folder / "go").touch()
        found = mended.until(
            lambda now: now.ended and all(row.state == "success" for row in now),
            "the day is made of the mended hour",
        )
    assert _started(found, "load") == [1, 2]
    assert _started(found, "sum") == [1]
    assert _started(found, "tell") == [1]


def _started(now: Record, task: str) -> list[int]:
    """How often each instance has really been at work."""
    return [
        len([it for it in row.attempts if it.state != "upstream_failed"]) for row in now.of(task)
    ]


def _all_failed(now: Record) -> bool:
    return now.ended and _state(now, "tell") == "upstream_failed"


def _state(now: Record, task: str) -> str:
    return next((row.state for row in now.of(task)), "none")
