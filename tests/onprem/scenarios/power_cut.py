"""A machine loses its power in the middle of a task: another one does the work again, after that."""

from tests.onprem.machine import machine
from tests.scheduled.lab import Lab
from tests.scheduled.plan import assert_as_planned

PROJECT = """
pipeline: power_cut
schedules: {daily: every 1 day from 2026-01-05 1 times}
defaults: {schedule: daily}
resources: {cellar: workers edge cellar}
activities:
  stir:
    shell: |
      exec 9> FOLDER/lock
      flock --nonblock 9 || echo two at a time >> FOLDER/said
      echo "$PLACE" >> FOLDER/said
      [ "$PLACE" = new_cellar ] || sleep 600
    attempts: 2 every 1 minute
    runs_on: cellar
  cork: {shell: 'echo "$PLACE" >> FOLDER/said', after: stir}
"""
DAY = ("2026-01-05", "2026-01-06")


def drive(lab: Lab) -> None:
    said = lab.folder / "said"
    work = lab.load(PROJECT.replace("FOLDER", str(lab.folder)))
    with machine(lab.station, "old_cellar") as old, machine(lab.station, "new_cellar") as new:
        worker = old.edge_worker("cellar", "cellar-1")
        work.start()
        lab.until(said.exists, "the task is at work")
        worker.die()
        new.edge_worker("cellar", "cellar-2")
        found = work.until_ended(*DAY)
    assert_as_planned(found, work.planned(*DAY), attempts={"stir 2026-01-05T00:00": 2})
    first, second = found.one("stir", "2026-01-05").attempts
    assert (first.state, second.state) == ("failed", "success")
    assert first.ended is not None
    assert second.began is not None
    assert first.ended <= second.began
    assert said.read_text().split("\n")[:-1] == ["old_cellar", "new_cellar", "center"]
