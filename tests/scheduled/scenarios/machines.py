"""Work on machines: five scripts share one, files and all; a day's machine serves its hours."""

from tests.scheduled.lab import Lab

PROJECT = """
pipeline: machines
schedules:
  daily: every 1 day from 2026-01-05 until 2026-01-07
  halves: every 12 hours from 2026-01-05 until 2026-01-07
defaults: {schedule: daily, attempts: 2 every 1 minute}
resources:
  box: ec2 m5.large, at most 3 hours
  long: {ec2: m5.large, at_most: 26 hours, schedule: daily}
activities:
  fetch: {shell: "echo '${{ start:%d }} é {{ \\"it\\" }} {% raw %} 50% $(id -un >&2)' > orders", runs_on: box}
  clean: {shell: "sed -i s/é/e/ orders; [ -e tried ] || { touch tried; exit 1; }", after: fetch, runs_on: box}
  count: {shell: wc -l < orders > count, after: clean, runs_on: box}
  check: {shell: "[ ${{ start:%d }} = 05 -o -e FOLDER/mended ]", after: clean, runs_on: box}
  mail: {shell: cat orders count >> mailed, after: "count, check", runs_on: box}
  hour: {shell: "echo ${{ start:%H }} >> hours", schedule: halves, runs_on: long}
  day: {shell: cat hours > all, after: hour, runs_on: long}
"""


def drive(lab: Lab) -> None:
    def of(resource: str) -> list:
        return lab.station.ask("machines", f"machines.{resource}")

    machines = lab.load(PROJECT.replace("FOLDER", str(lab.folder)))
    machines.start()
    found = machines.until_ended("2026-01-05", "2026-01-07")

    first, second = sorted(of("box"), key=lambda one: one["interval"])
    assert [one["interval"] for one in (first, second)] == [
        "2026-01-05T00:00:00Z",
        "2026-01-06T00:00:00Z",
    ]
    assert (
        lab.station.ask("file", first["id"], "mailed")
        == '05 e {{ "it" }} {% raw %} 50% $(id -un >&2)\n1\n'
    )
    # What is tried again has the same machine, with what was on it.
    ran = [name for name, _ in first["commands"]]
    assert sorted(ran) == ["check", "clean", "clean", "count", "fetch", "mail"]
    states = [found.one(name, "2026-01-06").state for name in ("check", "mail", "box.stop")]
    assert states == ["failed", "upstream_failed", "success"]
    assert found.one("check", "2026-01-06").run_state == "failed"
    assert found.one("box.stop", "2026-01-05").run_state == "success"

    # Those that start it at the same time may launch several, and keep the oldest.
    used = [one for one in of("long") if one["commands"]]
    long, other = sorted(used, key=lambda one: one["interval"])
    assert other["interval"] == "2026-01-06T00:00:00Z"
    assert [name for name, _ in long["commands"]] == ["hour", "hour", "day"]
    assert sorted(lab.station.ask("file", long["id"], "all").split()) == ["00", "12"]
    assert {one["state"] for one in of("box") + of("long")} == {"terminated"}

    # Only what has failed: its machine is gone, and it says what to do.
    row = found.one("check", "2026-01-06")
    lab.api.clear(row.dag, row.run, ["check"], only_failed=True)
    found = machines.until(lambda now: now.ended, "what was cleared has ended")
    failed = found.one("check", "2026-01-06")
    if len(of("box")) == 2:
        assert failed.state == "failed"
        assert "Clear this task, and" in machines.log(failed)

    (lab.folder / "mended").touch()
    machines.clear("check", "2026-01-06", downstream=True)
    found = machines.until(lambda now: now.ended, "what was cleared has ended")
    assert found.one("check", "2026-01-06").state == "success", found
    assert {one["state"] for one in of("box")} == {"terminated"}
