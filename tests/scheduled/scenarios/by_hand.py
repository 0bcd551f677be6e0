"""A run that somebody starts for a time of its own is refused; the schedule goes on as planned."""

from tests.scheduled.lab import Lab
from tests.scheduled.plan import assert_as_planned

PROJECT = """
pipeline: by_hand
schedules:
  daily: every 1 day from 2026-01-05 until 2026-01-07
  dawn: every 1 day from 2026-01-05 until 2026-01-07 at start
defaults: {attempts: 3 every 10 minutes}
activities:
  count: {shell: touch FOLDER/count, schedule: daily}
  mail: {shell: touch FOLDER/mail, schedule: daily, after: count}
  ring: {shell: touch FOLDER/ring, schedule: dawn, late: {after: 300 days, stop: true}}
"""
BY_HAND = """
SELECT dag_id, state, run_id FROM dag_run WHERE dag_id = ANY(%s) AND run_type = 'manual'
"""


def drive(lab: Lab) -> None:
    by_hand = lab.load(PROJECT.replace("FOLDER", str(lab.folder)))
    by_hand.start()
    planned = by_hand.planned("2026-01-05", "2026-01-07")
    assert_as_planned(by_hand.until_ended("2026-01-05", "2026-01-07"), planned)
    for name in ("count", "mail", "ring"):
        (lab.folder / name).unlink()

    for schedule in ("daily", "dawn"):
        by_hand.trigger(schedule, "2026-01-05T06:30:00Z")

    def refused() -> bool:
        runs = lab.ask_airflow(BY_HAND, [by_hand.dags])
        return sorted(state for _, state, _ in runs) == ["failed", "failed"]

    lab.until(refused, "both runs have failed")
    assert list(lab.folder.iterdir()) == []
    record = by_hand.record()
    tries = {row.task: len(row.attempts) for row in record if row.run.startswith("manual")}
    assert tries["count"] == tries["ring"] == 1, str(record)
    for row in record:
        if row.run.startswith("manual") and row.task in ("count", "ring"):
            assert "no interval of that begins at 2026-01-05" in by_hand.log(row)
