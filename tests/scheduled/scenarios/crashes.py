"""Whatever dies in the middle of a run, no machine of it is left, and there is never a second one."""

from tests.scheduled.lab import Lab
from tests.scheduled.record import Record

IN_TIME = True
"""The scheduler is killed, with all that it runs: nobody else's work may be among that."""

PROJECT = """
pipeline: crashes
schedules: {daily: every 1 day from 2026-01-05 until 2026-01-08}
defaults: {schedule: daily, runs_on: box, attempts: 3 every 1 minute, max_active: 1}
resources: {box: "ec2 m5.large, at most 3 hours"}
activities:
  fetch: {shell: echo fetch >> seen}
  work:
    shell: echo began >> seen; [ -e FOLDER/${{ start:%d }} ] || sleep 600; echo done >> seen
    after: fetch
  mail: {shell: echo mail >> seen, after: work}
"""


def drive(lab: Lab) -> None:
    def machines(state: str = "") -> list:
        found = lab.station.ask("machines", "crashes.box")
        return [one for one in found if state in ("", one["state"])]

    def began() -> bool:
        return any("work" in dict(one["commands"]) for one in machines("running"))

    def ended(start: str) -> Record:
        return crashes.until(
            lambda now: any(it.run_state in ("success", "failed") for it in now.of("mail")
                            if it.start.day == int(start[-2:])),
            f"the run of {start} has ended",
        )  # fmt: skip

    crashes = lab.load(PROJECT.replace("FOLDER", str(lab.folder)))

    # All processes die while the machine starts.
    lab.station.ask("behave", {"pending": 3600})
    crashes.start()
    lab.until(lambda: bool(machines("pending")), "a machine is launched")
    lab.station.ask("crash", "scheduler")
    lab.station.ask("behave", {"pending": 0})

    # And again while it works.
    lab.until(began, "work is on its machine")
    (machine,) = machines()
    lab.station.ask("crash", "scheduler")
    (lab.folder / "05").touch()
    found = ended("2026-01-05")
    assert found.one("mail", "2026-01-05").run_state == "success"
    (first,) = [one for one in machines() if one["interval"].startswith("2026-01-05")]
    assert (first["id"], first["state"]) == (machine["id"], "terminated")
    assert first["commands"] == [
        ["fetch", "Success"],
        ["work", "Cancelled"],
        ["work", "Success"],
        ["mail", "Success"],
    ]

    # Somebody marks the run as failed in the middle.
    lab.until(began, "work is on its machine")
    (lab.folder / "07").touch()
    row = crashes.record().one("work", "2026-01-06")
    lab.api.fail(row.dag, row.run)
    found = ended("2026-01-06")
    # (That a run is a success whose last task was skipped by hand is Airflow's own view.)
    states = [found.one(name, "2026-01-06").state for name in ("work", "mail", "box.stop")]
    assert states == ["failed", "skipped", "success"]
    (second,) = [one for one in machines() if one["interval"].startswith("2026-01-06")]
    # The command is cancelled, or its machine is ended before that.
    assert [name for name, _ in second["commands"]] == ["fetch", "work"]

    found = ended("2026-01-07")
    assert found.one("mail", "2026-01-07").run_state == "success"
    assert [one["state"] for one in machines()] == ["terminated"] * 3
