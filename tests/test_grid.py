"""Schedules: the exact plans of the vectors, and laws that hold of every schedule."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipec.grid import (
    PLAIN,
    Counted,
    Cron,
    Cut,
    Every,
    Grid,
    Interval,
    Needs,
    Once,
    OnDemand,
    Over,
    Period,
    Periodic,
    Unaligned,
    Wait,
    Window,
    containing,
    count,
    due,
    each,
    has,
    inside,
    interval,
    most_runs,
    needs,
    overlapping,
    problem,
    relation,
    waits_past_due,
)

VECTORS = Path(__file__).parent / "vectors"
PLANS = json.loads((VECTORS / "plan_vectors.json").read_text())
SCHEDULES = {one["id"]: one for one in json.loads((VECTORS / "schedule_vectors.json").read_text())}


# --- what the vectors say, read just well enough ---------------------------------------------


def at(text: str) -> datetime:
    return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)


def period(text: str) -> Period:
    number, unit = text.lower().split()
    return Period(int(number), unit.rstrip("s"))  # type: ignore[arg-type]


def grid(text: str) -> Grid:
    """The schedule that the language writes as `text`."""
    if text == "on demand":
        return OnDemand()
    if found := re.fullmatch(r"once from (\S+)", text):
        return Once(at(found[1]))
    ends: dict[str, Any] = {}
    if text.endswith(" at start") or text.endswith(" at end"):
        text, _, ends["at"] = text.rpartition(" at ")
    if found := re.search(r" until (\S+)$", text):
        text, ends["until"] = text[: found.start()], at(found[1])
    if found := re.search(r" (\d+) times$", text):
        text, ends["times"] = text[: found.start()], int(found[1])
    if found := re.fullmatch(r'cron "(.+)"(?: in (\S+))? from (\S+)', text):
        return Cron(found[1], found[2] or "UTC", at(found[3]), **ends)
    found = re.fullmatch(r"every (\d+ \w+) from (\S+)", text)
    assert found, text
    return Every(period(found[1]), at(found[2]), **ends)


def every(text: str) -> Every:
    found = grid(f"every {text}")
    assert isinstance(found, Every)
    return found


def window(text: str) -> Window:
    if found := re.search(r" over (\d+ \w+)", text):
        return Over(period(found[1]))
    if found := re.search(r"\[(-?\d+)(?:\.\.(-?\d+))?\]", text):
        return Counted(int(found[1]), int(found[2] or found[1]))
    return PLAIN


def of_pipeline(text: str) -> tuple[Grid, Grid, Window]:
    """The consumer's schedule, the producer's, and the window, of a pipeline in the vectors."""
    found = {name: re.search(rf"^  {name}: (.+)$", text, re.M) for name in ("c", "p")}
    flow = re.search(r'flow: "(d.*?)-> o"', text)
    assert flow
    assert found["c"]
    assert found["p"]
    return grid(found["c"][1]), grid(found["p"][1]), window(flow[1])


# --- the plans of the vectors ----------------------------------------------------------------


@pytest.mark.parametrize("vector", PLANS["vectors"], ids=lambda it: it["name"])
def test_plan_vector(vector: dict[str, Any]) -> None:
    consumer, producer, through = of_pipeline(vector["pipeline"])
    found = []
    for one in each(consumer, inside(consumer, at(vector["from"]), at(vector["to"]))):
        needed = needs(consumer, producer, through, one)
        assert isinstance(needed, Needs)
        found.append(
            (one.start, one.end, due(consumer, one), [it.start for it in needed.intervals])
        )
    assert found == [
        (at(use["start"]), at(use["end"]), at(use["due"]), [at(it) for it in use["needs_make"]])
        for use in vector["use"]
    ]


@pytest.mark.parametrize("vector", PLANS["errors"], ids=lambda it: it["name"])
def test_vector_of_mistakes(vector: dict[str, Any]) -> None:
    consumer, producer, through = of_pipeline(vector["pipeline"])
    expected = Cut if "cuts" in vector["name"] else Unaligned
    assert isinstance(problem(consumer, producer, through), expected)
    assert isinstance(needs(consumer, producer, through, interval(consumer, 0)), expected)


def test_notes_of_the_vectors_on_waiting() -> None:
    waiting = {
        vector["name"]: found.instead.on("d") if found.instead else ""
        for vector in PLANS["vectors"]
        if (found := waits_past_due(*of_pipeline(vector["pipeline"])))
    }
    assert waiting == {
        "odd second as anchor": "d[-1]",
        "coarser producer: the day that contains the hour": "d[-1]",
    }


# --- the schedules of AWS Data Pipeline -------------------------------------------------------


def of_service(name: str, start: str = "2015-04-12T17:33:02") -> Every:
    """The schedule of a vector; `start` is the moment of the first activation where it says so."""
    vector = SCHEDULES[name]
    schedule = vector["schedule"]
    begin = schedule.get("startDateTime", vector.get("first_activation", start))
    begin = f"2026-01-01{begin}" if begin.startswith("T") else begin
    return Every(
        period(schedule["period"]),
        at(begin),
        until=at(schedule["endDateTime"]) if "endDateTime" in schedule else None,
        times=int(schedule["occurrences"]) if "occurrences" in schedule else None,
        at="start" if vector.get("scheduleType") == "cron" else "end",
    )


@pytest.mark.parametrize("name", ["ts-30min", "cron-30min"])
def test_first_run_of_the_service(name: str) -> None:
    schedule = of_service(name)
    assert f"{due(schedule, interval(schedule, 0)):%H:%M}" == SCHEDULES[name]["first_run_at"]


@pytest.mark.parametrize("name", [name for name, one in SCHEDULES.items() if "instances" in one])
def test_number_of_instances_of_the_service(name: str) -> None:
    schedule, many = of_service(name), SCHEDULES[name]["instances"]
    assert count(schedule) == many
    assert has(schedule, many - 1)
    assert not has(schedule, many)


def test_intervals_of_the_service() -> None:
    first = interval(of_service("hourly-month"), 0)
    assert [first.start, first.end] == [
        at(it) for it in SCHEDULES["hourly-month"]["first_interval"]
    ]
    three = of_service("start-occurrences")
    assert [it.start for it in each(three, range(3))] == [
        at(it) for it in SCHEDULES["start-occurrences"]["interval_starts"]
    ]
    anchor = interval(of_service("anchor"), 0).start
    assert SCHEDULES["anchor"]["first_instance_id"].endswith(f"_{anchor:%Y-%m-%dT%H:%M:%S}")


def test_hourly_until_the_end_of_the_service() -> None:
    schedule = of_service("startAt-end", start="2014-04-25T19:30:00")
    assert count(schedule) == 2


def test_shared_resource_of_the_service() -> None:
    vector = SCHEDULES["resource-sharing"]
    resource = Every(period(vector["resource"]["period"]), at("2026-01-01"))
    activity = Every(period(vector["activity"]["period"]), at("2026-01-01"))
    hour = interval(resource, 7)
    assert len(inside(activity, hour.start, hour.end)) == vector["activity_instances_per_hour"]
    used = {needs(activity, resource, PLAIN, it) for it in each(activity, range(21, 24))}
    assert used == {Needs((hour,))}


@pytest.mark.parametrize("name", ["rollup-weekly", "rollup-limit", "rollup-ok"])
def test_rollups_of_the_service(name: str) -> None:
    vector = SCHEDULES[name]
    producer = Every(period(vector["producer"]["period"]), at("2026-01-05"))
    consumer = Every(period(vector["consumer"]["period"]), at("2026-01-05"))
    one = interval(consumer, 3)
    needed = needs(consumer, producer, PLAIN, one)
    assert isinstance(needed, Needs)
    assert len(needed.intervals) == vector.get("rollups", 7)
    assert needed.intervals[-1].end == one.end
