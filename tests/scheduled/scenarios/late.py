"""Late work is told of once at its limit and goes on, or is ended; what catches up may be late."""

import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.scheduled.lab import Lab
from tests.scheduled.record import Record

IN_TIME = True

DAY, MINUTE, SECOND = (timedelta(**{unit: 1}) for unit in ("days", "minutes", "seconds"))

PROJECT = """
pipeline: tides
schedules:
  daily: every 1 day from FIRST
  early: every 1 day from DUE at start
notifications:
  oncall:
    sns: ONCALL
    subject: ${{ node.name }} is ${{ node.status }}
    message: "The ${{ node.kind }} ${{ node.name }} of ${{ start }} and ${{ end - 1 day:%d.%m. }}"
  boss:
    sns: BOSS
    message: ${{ node.name }}
defaults:
  schedule: daily
  attempts: 3 every 10 minutes
  notify: {late: oncall}
activities:
  quick: {shell: "true", late: after 60 seconds}
  broken: {shell: "false", attempts: 1, late: after 60 seconds}
  slow:
    shell: |
      if [ ${{ end }} = DUE ]; then
        until [ -e FOLDER/go ]; do sleep 1; done
      fi
    late: after 60 seconds
  not_begun: {shell: "true", after: slow, late: after 60 seconds}
  second: {shell: "true", after: slow, late: after 80 seconds, notify: {late: "oncall, boss"}}
  stopped:
    shell: |
      if [ ${{ end }} = DUE ]; then
        trap 'date +%s > FOLDER/terminated' TERM
        sleep 900
      fi
    late: {after: 70 seconds, stop: true}
    notify: {failure: oncall}
  behind:
    shell: "true"
    after: slow
    late: {after: 70 seconds, stop: true}
    notify: {failure: oncall}
  dawn:
    shell: until [ -e FOLDER/go ]; do sleep 1; done
    schedule: early
    late: after 65 seconds
  noon: {shell: "true", after: dawn, schedule: early, late: after 20 hours}
"""
LATE = {"slow", "not_begun", "second", "stopped", "behind", "dawn"}
STOPPED = {"stopped", "behind"}


def drive(lab: Lab) -> None:
    due = datetime.now(UTC).replace(microsecond=0) + MINUTE
    today = due - DAY
    folder = Path(tempfile.mkdtemp(dir=lab.station.home))
    oncall, boss = lab.topic("oncall"), lab.topic("boss")
    words = {"FIRST": text(due - 3 * DAY), "DUE": text(due), "FOLDER": str(folder)}
    project = PROJECT
    for word, written in {**words, "ONCALL": oncall, "BOSS": boss}.items():
        project = project.replace(word, written)
    tides = lab.load(project)
    tides.start()

    # Until a limit comes both watches wait, in no slot, and nobody is told of anything.
    def both_wait(now: Record) -> bool:
        return all(row.state == "deferred" for row in watches(now)) and len(watches(now)) == 2

    def watches(now: Record) -> Record:
        return now.of("late.watch").where(lambda row: row.start in (today, due))

    tides.until(both_wait, "both watches wait")
    time.sleep(max(0, (due + MINUTE - datetime.now(UTC)).total_seconds() - 1))
    assert lab.notices(oncall) == []

    late = {f"{name} is late" for name in LATE}
    lab.until(lambda: late <= {subject for subject, _ in lab.notices(oncall)}, "all is told of")
    found = tides.record()
    assert found.one("slow", today).state == "running", found
    assert found.one("dawn", due).state == "running", found
    (folder / "go").touch()

    found = tides.until(lambda now: now.ended and len(now) == 27, "everything has ended")
    for row in found:
        ended_badly = row.task == "broken" or (row.task in STOPPED and row.start == today)
        assert row.state == ("failed" if ended_badly else "success"), found
        assert len(row.attempts) == 1, row
    terminated = int((folder / "terminated").read_text(encoding="utf-8"))
    assert 0 <= terminated - (due + 70 * SECOND).timestamp() < 10

    def notice(name: str, status: str) -> tuple[str, str]:
        start = due if name == "dawn" else today
        return (
            f"{name} is {status}",
            f"The shell {name} of {text(start)} and {start:%d.%m.}",
        )

    assert sorted(lab.notices(oncall)) == sorted(
        [notice(name, "late") for name in LATE] + [notice(name, "failed") for name in STOPPED]
    )
    assert [message for _, message in lab.notices(boss)] == ["second"]


def text(time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%S}"
