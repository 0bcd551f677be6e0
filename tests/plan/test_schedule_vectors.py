"""The schedules of AWS Data Pipeline, `tests/vectors/schedule_vectors.json`, as `pipec plan` plans them."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pipec.cli import main

FILE = Path(__file__).parent.parent / "vectors" / "schedule_vectors.json"
VECTORS: dict[str, dict[str, Any]] = {
    one["id"]: one for one in json.loads(FILE.read_text(encoding="utf-8"))
}
ACTIVATED = "2014-04-25T19:30:00"
"""When a pipeline is activated whose schedule starts then, if nothing says when."""

PLANNED = (
    "ts-30min", "cron-30min", "hourly-month", "startAt-occurrences", "start-occurrences",
    "startAt-end", "one-day", "15min-hour", "monthly-2013", "anchor",
)  # fmt: skip
ACROSS = ("resource-sharing", "rollup-weekly", "rollup-limit", "rollup-ok")
LIMITS = {"too-short": "2014-04-25T22:10", "too-long": "2018-04-25T22:00"}
"""What the service refuses and the language does not: other engines have no such limits."""
OTHERS = ("backfill-block", "backfill-trick", "ondemand", "both-ends", "both-starts")


def test_every_vector_is_looked_at() -> None:
    assert sorted(VECTORS) == sorted([*PLANNED, *ACROSS, *LIMITS, *OTHERS])


class Command:
    """The command line, in a folder with one pipeline."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.file = folder / "shop.pipe.yaml"
        self.capsys = capsys

    def write(self, schedules: dict[str, str], activities: str) -> None:
        lines = [f"  {name}: {text}" for name, text in schedules.items()]
        self.file.write_text("\n".join(["pipeline: shop", "schedules:", *lines, activities, ""]))

    def say(self, *words: str) -> tuple[int, str]:
        status = main([words[0], str(self.file), *words[1:]])
        said = self.capsys.readouterr()
        return status, said.out + said.err

    def plan(self, begin: str, end: str, name: str = "work") -> list[dict[str, Any]]:
        words = ("--from", begin, "--to", end, "--format", "json")
        assert main(["plan", str(self.file), *words]) == 0
        found = json.loads(self.capsys.readouterr().out)["instances"]
        return [one for one in found if one["name"] == name]


@pytest.fixture
def command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Command:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Command(tmp_path, capsys)


def start_of(vector: dict[str, Any]) -> str:
    start: str = vector["schedule"].get("startDateTime", vector.get("first_activation", ACTIVATED))
    return f"2014-04-25{start}:00" if start.startswith("T") else start


def schedule_of(vector: dict[str, Any]) -> str:
    given = vector["schedule"]
    until = f" until {given['endDateTime']}" if "endDateTime" in given else ""
    times = f" {given['occurrences']} times" if "occurrences" in given else ""
    at = " at start" if vector.get("scheduleType") == "cron" else ""
    return f"every {given['period']} from {start_of(vector)}{until}{times}{at}"


WORK = "activities: {work: {shell: ./work, schedule: own}}"


@pytest.mark.parametrize("name", PLANNED)
def test_instances(command: Command, name: str) -> None:
    vector = VECTORS[name]
    command.write({"own": schedule_of(vector)}, WORK)
    start = start_of(vector)
    found = command.plan("2000-01-01", "2015-04-30")
    assert found[0]["start"] == f"{start}Z"
    assert all(a["end"] == b["start"] for a, b in pairwise(found))
    if "instances" in vector:
        assert len(found) == vector["instances"]
    if "endDateTime" in vector["schedule"]:
        end = datetime.fromisoformat(vector["schedule"]["endDateTime"] + "+00:00")
        last = datetime.fromisoformat(found[-1]["end"])
        assert timedelta(0) <= end - last < timedelta(hours=1)
    if "first_run_at" in vector:
        assert found[0]["due"][11:16] == vector["first_run_at"]
    if "first_interval" in vector:
        assert [found[0]["start"], found[0]["end"]] == [f"{it}Z" for it in vector["first_interval"]]
    if "interval_starts" in vector:
        assert [one["start"] for one in found] == [f"{it}Z" for it in vector["interval_starts"]]
    if "first_instance_id" in vector:
        assert f"{vector['first_instance_id']}Z".endswith(f"_{found[0]['start']}")


READS = """\
connections: {db: postgres}
datanodes: {data: sql db.public.data}
activities:
  make: {sql: SELECT 1, flow: -> data, schedule: producer}
  work: {sql: SELECT 2, flow: data, schedule: consumer}
"""


def across(command: Command, producer: str, consumer: str) -> None:
    start = "from 2026-01-05"
    schedules = {"producer": f"every {producer} {start}", "consumer": f"every {consumer} {start}"}
    command.write(schedules, READS)


@pytest.mark.parametrize("name", ["rollup-weekly", "rollup-limit", "rollup-ok"])
def test_rollups(command: Command, name: str) -> None:
    vector = VECTORS[name]
    across(command, vector["producer"]["period"], vector["consumer"]["period"])
    made = {one["start"]: one for one in command.plan("2026-01-05", "2026-01-19", "make")}
    used = command.plan("2026-01-05", "2026-01-19")
    assert used
    for one in used:
        needs = [made[need["start"]] for need in one["needs"]]
        assert len(needs) == vector.get("rollups", 7)
        # It waits for the last one, not longer.
        assert max(it["due"] for it in needs) == one["due"]


def test_a_resource_is_shared_by_the_instances_in_its_hour(command: Command) -> None:
    vector = VECTORS["resource-sharing"]
    across(command, vector["resource"]["period"], vector["activity"]["period"])
    hour = ("2026-01-07T05:00", "2026-01-07T06:00")
    [resource] = command.plan(*hour, "make")
    used = command.plan(*hour)
    assert len(used) == vector["activity_instances_per_hour"]
    assert {need["start"] for one in used for need in one["needs"]} == {resource["start"]}


@pytest.mark.parametrize("name", LIMITS)
def test_limits_of_the_service_are_none_of_the_language(command: Command, name: str) -> None:
    command.write({"own": schedule_of(VECTORS[name])}, WORK)
    assert len(command.plan("2014-04-25T22:00", LIMITS[name])) == 1


def test_two_ends(command: Command) -> None:
    command.write({"own": schedule_of(VECTORS["both-ends"])}, WORK)
    # The short form has no place for both.
    assert command.say("check")[0] == 1
    given = VECTORS["both-ends"]["schedule"]
    own = (
        f"{{every: {given['period']}, from: {given['startDateTime']}, until: {given['endDateTime']}"
    )
    command.write({"own": f"{own}, times: {given['occurrences']}}}"}, WORK)
    status, said = command.say("check")
    assert (status, re.findall(r"^error\[(P\d+)\]", said, re.MULTILINE)) == (1, ["P225"])


def test_two_starts(command: Command) -> None:
    given = VECTORS["both-starts"]["schedule"]
    own = f"{{every: {given['period']}, from: {given['startDateTime']}, from: {ACTIVATED}}}"
    command.write({"own": own}, WORK)
    assert command.say("check")[0] == 1


@pytest.mark.parametrize(("since", "told"), [(9, True), (1, False)])
def test_a_start_in_the_past(
    command: Command, monkeypatch: pytest.MonkeyPatch, since: int, told: bool
) -> None:
    """The service refuses more than a day of the past; we say how much of it would be run."""
    vector = VECTORS["backfill-block"]
    now = datetime.fromisoformat(vector["now"] + "+00:00")
    start = (now - timedelta(days=since)).strftime("%Y-%m-%dT%H:%M:%S")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(now.timestamp())))
    assert not told or start == vector["schedule"]["startDateTime"]
    command.write({"own": f"every {vector['schedule']['period']} from {start}"}, WORK)
    status, said = command.say("check")
    assert (status, "P324" in said) == (0, told)


def test_on_demand(command: Command) -> None:
    command.write({"own": "on demand"}, WORK)
    assert command.plan("2000-01-01", "2030-01-01") == []
