"""Schedules: the exact plans of the vectors, and laws that hold of every schedule."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
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
    cron_problem,
    due,
    each,
    has,
    inside,
    interval,
    is_zone,
    most_runs,
    needs,
    overlapping,
    problem,
    relation,
    waits_past_due,
    ways_to_meet,
)
from pipec.grid.intervals import existing, number_at
from pipec.grid.readers import readers

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
    if text.endswith((" at start", " at end")):
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


# --- laws --------------------------------------------------------------------------------------

ZONES = ["UTC", "Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]
EXPRESSIONS = [
    "*/15 * * * *",
    "0 * * * *",
    "30 * * * *",
    "0,30 2 * * *",
    "30 2 * * *",
    "0 0 * * *",
    "0 */6 * * *",
    "0 9-17 * * 1-5",
    "0 0 * * 1",
    "0 0 1 * *",
    "0 0 1 */3 *",
    "0 0 L * *",
    "0 0 29 2 *",
]

starts = st.datetimes(datetime(2019, 1, 1), datetime(2028, 12, 31)).map(
    lambda it: it.replace(microsecond=0, tzinfo=UTC)
)
round_starts = st.dates(datetime(2023, 12, 1).date(), datetime(2026, 12, 31).date()).map(
    lambda it: datetime(it.year, it.month, it.day, tzinfo=UTC)
)
periods = st.builds(
    Period,
    st.sampled_from([1, 1, 1, 2, 3, 4, 6, 7, 12, 15]),
    st.sampled_from(["minute", "hour", "day", "week", "month", "year"]),
)
ats = st.sampled_from(["start", "end"])


def grids(begin: st.SearchStrategy[datetime]) -> st.SearchStrategy[Periodic]:
    expressions, zones = st.sampled_from(EXPRESSIONS), st.sampled_from(ZONES)
    return st.builds(Every, periods, begin, at=ats) | st.builds(
        Cron, expressions, zones, begin, at=ats
    )


@given(grids(starts), st.integers(0, 3_000))
def test_intervals_tile_the_time(grid: Periodic, number: int) -> None:
    assume(has(grid, number + 3))
    run = list(each(grid, range(number, number + 4)))
    assert run == [interval(grid, it) for it in range(number, number + 4)]
    assert all(one.start < one.end for one in run)
    assert all(one.end == following.start for one, following in pairwise(run))
    if isinstance(grid, Every):
        assert interval(grid, 0).start == grid.start


@given(grids(starts), st.integers(-50, 3_000), st.floats(0, 1, exclude_max=True))
def test_each_instant_lies_in_the_interval_that_has_it(
    grid: Periodic, number: int, part: float
) -> None:
    assume(has(grid, max(number, 0)))
    one = interval(grid, number)
    instant = one.start + (one.end - one.start) * part
    assume(instant < one.end)
    assert number_at(grid, instant) == number
    assert containing(grid, instant) == (number if number >= 0 else None)


@given(grids(starts), st.integers(0, 400), st.integers(1, 40), st.integers(0, 3_000))
def test_inside_and_overlapping_are_what_they_say(
    grid: Periodic, number: int, many: int, seconds: int
) -> None:
    assume(has(grid, number + many + 1))
    begin = interval(grid, number).start
    end = interval(grid, number + many).start
    assert inside(grid, begin, end) == range(number, number + many)
    assert overlapping(grid, begin, end) == range(number, number + many)
    shift = min(timedelta(seconds=seconds), (interval(grid, number).end - begin) / 2)
    near = range(max(number - 1, 0), number + many + 2)
    low, high = begin + shift, end + shift
    runs = [(it, interval(grid, it)) for it in near]
    within = [it for it, one in runs if one.start >= low and one.end <= high]
    touching = [it for it, one in runs if one.start < high and one.end > low]
    assert list(inside(grid, low, high)) == within
    assert list(overlapping(grid, low, high)) == touching


@given(starts, st.integers(1, 40), st.integers(0, 200))
def test_months_never_drift(start: datetime, months: int, number: int) -> None:
    one = interval(Every(Period(months, "month"), start), number).start
    assert (one.year - start.year) * 12 + one.month - start.month == months * number
    assert one.day == start.day or (one.day < start.day and (one + timedelta(days=1)).day == 1)
    assert one.time() == start.time()


@given(starts, periods, st.integers(0, 300))
def test_until_is_the_same_as_so_many_times(start: datetime, length: Period, many: int) -> None:
    endless = Every(length, start)
    last = interval(endless, many).start
    assert count(Every(length, start, until=last)) == many
    assert count(Every(length, start, until=last + timedelta(seconds=59))) == many
    if many:
        assert count(Every(length, start, until=last - timedelta(seconds=1))) == many - 1
        assert count(Every(length, start, until=last, times=3)) == min(many, 3)


@given(grids(round_starts), grids(round_starts), st.integers(0, 150))
@settings(max_examples=200)
def test_a_finer_producer_tiles_the_interval_of_its_consumer(
    consumer: Periodic, producer: Periodic, number: int
) -> None:
    assume(has(consumer, number) and has(producer, 0))
    one = interval(consumer, number)
    assume(one.start >= interval(producer, 0).start and one.end - one.start < timedelta(days=500))
    needed = needs(consumer, producer, PLAIN, one)
    match relation(consumer, producer):
        case Unaligned():
            assert isinstance(needed, Unaligned)
            return
        case "finer" | "same":
            assert isinstance(needed, Needs)
            assert needed.intervals[0].start == one.start
            assert needed.intervals[-1].end == one.end
            assert all(a.end == b.start for a, b in pairwise(needed.intervals))
        case "coarser":
            assert isinstance(needed, Needs)
            (around,) = needed.intervals
            assert around.start <= one.start
            assert one.end <= around.end
    span = most_runs(consumer, producer, PLAIN)
    assert len(needed.intervals) <= span.producer
    late = any(due(producer, it) > due(consumer, one) for it in needed.intervals)
    assert not late or waits_past_due(consumer, producer, PLAIN)


@given(grids(round_starts), grids(round_starts), periods, st.integers(0, 60))
@settings(max_examples=120)
def test_over_a_period_is_cut_by_nothing_or_refused(
    consumer: Periodic, producer: Periodic, length: Period, number: int
) -> None:
    assume(has(consumer, number) and has(producer, 0))
    assume((length.months or length.seconds / 2.7e6) <= 12)
    one = interval(consumer, number)
    assume(one.start > interval(producer, 0).start)
    needed = needs(consumer, producer, Over(length), one)
    if isinstance(needed, Cut):
        assert problem(consumer, producer, needed.instead) is None
    elif isinstance(needed, Needs):
        assert needed.intervals[-1].end == one.end
        zone = consumer.zone if isinstance(consumer, Cron) else "UTC"
        begin = length.before(one.end, zone)
        if not needed.dropped:
            assert needed.intervals[0].start == begin
        assert len(needed.intervals) <= most_runs(consumer, producer, Over(length)).producer


windows = st.builds(Over, periods) | st.builds(
    lambda first, many: Counted(first, first + many), st.integers(-3, 2), st.integers(0, 3)
)


@given(grids(round_starts), grids(round_starts), windows, st.integers(0, 40))
@settings(max_examples=60)
def test_readers_are_those_that_need_it(
    consumer: Periodic, producer: Periodic, through: Window, number: int
) -> None:
    assume(has(consumer, 0) and has(producer, number))
    assume(problem(consumer, producer, through) is None)
    assume(most_runs(consumer, producer, through).producer <= 1_500)
    of = interval(producer, number)
    near = number_at(consumer, of.start)
    among = existing(consumer, range(near - 40, near + 40))
    needing = []
    for one in among:
        needed = needs(consumer, producer, through, interval(consumer, one))
        assert isinstance(needed, Needs)
        if of in needed.intervals:
            needing.append(one)
    assert list(readers(consumer, producer, through, of, among)) == needing


def test_a_later_window_may_begin_earlier() -> None:
    """A month before 30 March 12:00 begins after a month before 31 March 06:00."""
    consumer, producer = every("6 hours from 2026-01-01"), every("6 hours from 2026-01-01")
    of = Interval(at("2026-02-28T06:00"), at("2026-02-28T12:00"))
    found = readers(consumer, producer, Over(Period(1, "month")), of, range(1000))
    ends = [interval(consumer, it).end for it in found]
    assert at("2026-03-31T06:00") in ends
    assert at("2026-03-30T12:00") not in ends


@given(grids(round_starts), grids(round_starts))
@settings(max_examples=120)
def test_what_is_proposed_for_schedules_that_do_not_meet_does_meet(
    consumer: Periodic, producer: Periodic
) -> None:
    assume(has(consumer, 0) and has(producer, 0))
    found = relation(consumer, producer)
    if isinstance(found, Unaligned):
        assert found.reason
        ways = ways_to_meet(consumer, producer)
        assert ways.producer or ways.consumer
        for way in (ways.producer, ways.consumer):
            assert way is None or grid(str(way)) == way
        assert not isinstance(relation(consumer, ways.producer or consumer), Unaligned)
        assert not isinstance(relation(ways.consumer or producer, producer), Unaligned)


# --- how schedules meet ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("consumer", "producer", "meeting"),
    [
        ("every 1 day from 2026-03-01", "every 1 day from 2020-01-01", "same"),
        ("every 1 day from 2026-03-01", "every 24 hours from 2026-07-01", "same"),
        ("every 1 year from 2026-01-31", "every 12 months from 2020-01-31", "same"),
        ("every 1 day from 2026-03-01T06:00", "every 1 day from 2026-03-01", None),
        ("every 1 day from 2026-03-01", "every 7 hours from 2026-03-01", None),
        ("every 1 month from 2026-01-31", "every 1 month from 2026-02-28", None),
        ("every 3 months from 2026-01-01", "every 1 month from 2026-02-01", "finer"),
        ("every 3 months from 2026-01-01", "every 2 months from 2026-01-01", None),
        ("every 1 year from 2026-04-30", "every 1 month from 2026-01-31", "finer"),
        ("every 1 month from 2026-01-31", "every 1 day from 2026-05-05", "finer"),
        ("every 1 month from 2026-01-31", "every 2 days from 2026-01-31", None),
        ("every 6 hours from 2026-01-01", "every 1 month from 2026-01-01", "coarser"),
        ("every 1 week from 2026-01-05", "every 1 month from 2026-01-01", None),
        ('cron "0 0 * * *" from 2026-01-01', "every 1 day from 2020-01-01", "same"),
        ('cron "0 0 * * 1" from 2026-01-01', "every 1 week from 2026-01-05", "same"),
        ('cron "0 0 * * 1" from 2026-01-01', "every 1 week from 2026-01-06", None),
        ('cron "0 0 1 */3 *" from 2026-01-01', "every 3 months from 2026-01-01", "same"),
        ('cron "0 0 * * 1#1" from 2026-01-01', 'cron "0 0 * * 1" from 2026-01-01', "finer"),
        ('cron "0 0 * * 1-5" from 2026-01-01', "every 1 hour from 2026-01-01", "finer"),
        (
            'cron "0 6 * * *" in Europe/Zurich from 2026-01-01',
            "every 1 hour from 2026-01-01",
            "finer",
        ),
        (
            'cron "0 6 * * *" in Europe/Zurich from 2026-01-01',
            'cron "0 * * * *" in Europe/Zurich from 2026-01-01',
            "finer",
        ),
        (
            'cron "0 0 1 * *" in Europe/Zurich from 2026-01-01',
            'cron "0 0 * * *" in Europe/Zurich from 2026-01-01',
            "finer",
        ),
        ('cron "0 0 * * *" in Europe/Zurich from 2026-01-01', "every 1 day from 2026-01-01", None),
        (
            'cron "0 0 * * *" in Europe/Zurich from 2026-01-01',
            'cron "0 0 * * *" in America/New_York from 2026-01-01',
            None,
        ),
        # On the night without 02:30, both tick at 03:30 or neither meets the other there.
        (
            'cron "30 2 * * *" in Europe/Zurich from 2026-01-01',
            'cron "0,30 2 * * *" in Europe/Zurich from 2026-01-01',
            None,
        ),
        ("every 1 day from 2026-01-01", "once from 2026-01-01", "coarser"),
        ("once from 2026-01-01", "every 7 hours from 2025-05-05", "coarser"),
        ("on demand", "on demand", "same"),
        ("every 1 day from 2026-01-01", "on demand", None),
    ],
)
def test_relation(consumer: str, producer: str, meeting: str | None) -> None:
    found = relation(grid(consumer), grid(producer))
    assert (None if isinstance(found, Unaligned) else found) == meeting


@pytest.mark.parametrize(
    ("consumer", "producer", "for_producer", "for_consumer"),
    [
        (
            "every 1 day from 2026-03-01",
            "every 1 hour from 2026-03-01T00:20",
            "every 1 hour from 2026-03-01T00:00Z",
            "every 1 day from 2026-03-01T00:20Z",
        ),
        (
            "every 1 month from 2026-01-01",
            "every 1 week from 2026-01-05 at start",
            "every 1 day from 2026-01-05T00:00Z at start",
            "every 4 weeks from 2026-01-05T00:00Z",
        ),
        (
            "every 1 week from 2026-03-02 until 2026-12-31",
            "every 1 month from 2026-01-01 12 times",
            "every 4 weeks from 2025-12-29T00:00Z",
            "every 1 day from 2026-03-02T00:00Z until 2026-12-31T00:00Z",
        ),
        (
            "every 1 month from 2026-01-31",
            "every 1 month from 2026-01-15 12 times",
            "every 1 month from 2026-01-31T00:00Z 12 times",
            "every 1 month from 2026-01-15T00:00Z",
        ),
        (
            "every 1 day from 2026-01-01",
            "every 7 hours from 2026-01-01",
            "every 8 hours from 2026-01-01T00:00Z",
            "every 7 hours from 2026-01-01T00:00Z",
        ),
        # Nobody wants every 17 days.
        (
            "every 1 day from 2026-01-01",
            "every 17 minutes from 2026-01-01",
            "every 15 minutes from 2026-01-01T00:00Z",
            "",
        ),
        (
            "every 35 minutes from 2026-01-01",
            "every 14 minutes from 2026-01-01",
            "every 7 minutes from 2026-01-01T00:00Z",
            "every 70 minutes from 2026-01-01T00:00Z",
        ),
        (
            "every 1 year from 2026-04-01",
            "every 1 week from 2026-01-05",
            "every 1 month from 2026-01-01T00:00Z",
            "every 52 weeks from 2026-03-30T00:00Z",
        ),
        (
            "every 1 hour from 2026-01-01",
            "every 1 hour from 2026-01-01T00:30",
            "every 1 hour from 2026-01-01T00:00Z",
            "every 1 hour from 2026-01-01T00:30Z",
        ),
        (
            'cron "0 6 * * *" in Europe/Zurich from 2026-01-01',
            "every 1 day from 2026-01-01",
            'cron "0 6 * * *" in Europe/Zurich from 2026-01-01T00:00Z',
            'cron "0 0 * * *" from 2026-01-01T00:00Z',
        ),
        (
            'cron "0 0 * * 1" in Europe/Zurich from 2026-01-01',
            'cron "0 6 * * *" in Europe/Zurich from 2026-01-01',
            'cron "0 0 * * *" in Europe/Zurich from 2026-01-01T00:00Z',
            'cron "0 6 * * 1" in Europe/Zurich from 2026-01-01T00:00Z',
        ),
        (
            "every 1 day from 2026-01-01 at start",
            'cron "0 9-17 * * *" in America/New_York from 2026-01-01',
            "every 3 hours from 2026-01-01T00:00Z",
            'cron "0 9 * * *" in America/New_York from 2026-01-01T00:00Z at start',
        ),
        (
            'cron "0 6 * * 1-5" from 2026-01-01',
            "every 1 week from 2026-01-05",
            "every 1 week from 2026-01-05T06:00Z",
            'cron "0 0 * * 1-5" from 2026-01-01T00:00Z',
        ),
        ("every 1 day from 2026-01-01", "on demand", "", ""),
    ],
)
def test_which_schedule_would_do(
    consumer: str, producer: str, for_producer: str, for_consumer: str
) -> None:
    assert isinstance(relation(grid(consumer), grid(producer)), Unaligned)
    ways = ways_to_meet(grid(consumer), grid(producer))
    assert [str(way or "") for way in (ways.producer, ways.consumer)] == [
        for_producer, for_consumer
    ]  # fmt: skip


# --- windows, waiting and spans ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("consumer", "producer", "through", "instead"),
    [
        ("every 1 day from 2026-01-01", "every 1 day from 2026-01-01", "d", None),
        ("every 1 day from 2026-01-01 at start", "every 1 day from 2026-01-01", "d", "d[-1]"),
        ("every 1 day from 2026-01-01 at start", "every 1 day from 2026-01-01 at start", "d", None),
        (
            "every 1 day from 2026-01-01 at start",
            "every 1 hour from 2026-01-01 at start",
            "d",
            "d[-1]",
        ),
        (
            "every 1 day from 2026-01-01 at start",
            "every 1 day from 2026-01-01",
            "d[-7..0]",
            "d[-8..-1]",
        ),
        (
            "every 1 day from 2026-01-01 at start",
            "every 1 day from 2026-01-01",
            "d over 7 days",
            "d[-7..-1]",
        ),
        ("every 1 day from 2026-01-01", "every 1 hour from 2026-01-01", "d[1]", "d"),
        ("every 1 hour from 2026-01-01", "every 1 day from 2026-01-01", "d", "d[-1]"),
        ("every 1 hour from 2026-01-01", "every 1 day from 2026-01-01 at start", "d", None),
        ("every 1 hour from 2026-01-01", "every 1 day from 2026-01-01", "d[-1]", None),
        ("every 1 hour from 2026-01-01", "every 1 day from 2020-01-01 until 2021-01-01", "d", None),
        ("once from 2026-01-01T10:00", "every 1 day from 2020-01-01", "d", "d[-1]"),
        ("once from 2026-01-01", "every 1 day from 2020-01-01", "d over 1 day", None),
        ("every 1 hour from 2026-01-01", "once from 2026-02-01", "d", ""),
        ("every 1 hour from 2026-01-01", "once from 2026-01-01T01:00", "d", None),
    ],
)
def test_waits_past_due(consumer: str, producer: str, through: str, instead: str | None) -> None:
    found = waits_past_due(grid(consumer), grid(producer), window(f"{through} "))
    if found is None:
        assert instead is None
    else:
        assert isinstance(found, Wait)
        assert (found.instead.on("d") if found.instead else "") == instead


def test_a_window_that_cuts_names_what_it_cuts_and_what_would_not() -> None:
    consumer = every("1 day from 2026-03-01")
    found = problem(consumer, every("2 days from 2026-03-01"), Over(Period(3, "day")))
    assert isinstance(found, Cut)
    assert found.consumer == interval(consumer, 0)
    assert found.producer == Interval(at("2026-03-01"), at("2026-03-03"))
    assert found.instead.on("d") == "d[-2..-1]"
    hours = problem(consumer, every("6 hours from 2026-03-01"), Over(Period(20, "hour")))
    assert isinstance(hours, Cut)
    assert hours.instead.on("d") == "d over 24 hours"


def test_a_moment_needs_the_interval_around_it_or_looks_back() -> None:
    moment, daily = Once(at("2026-03-05T10:00")), every("1 day from 2026-03-01")
    (present,) = of(moment, daily, PLAIN)
    assert present.start == at("2026-03-05")
    assert [it.start.day for it in of(moment, daily, Counted(-2, -1))] == [3, 4]
    assert isinstance(problem(moment, daily, Over(Period(1, "day"))), Cut)
    midnight = Once(at("2026-03-05"))
    assert [it.start.day for it in of(midnight, daily, Over(Period(3, "day")))] == [2, 3, 4]


def test_once_serves_every_reader() -> None:
    producer = Once(at("2026-03-05T10:00"))
    for reader in (every("1 hour from 2020-01-01"), Once(at("2027-01-01"))):
        for through in (PLAIN, Counted(-3, -1), Over(Period(1, "day"))):
            assert of(reader, producer, through) == (Interval(producer.start, producer.start),)


def of(consumer: Grid, producer: Grid, through: Window) -> tuple[Interval, ...]:
    needed = needs(consumer, producer, through, interval(consumer, 0))
    assert isinstance(needed, Needs)
    return needed.intervals


def test_what_is_dropped_is_counted() -> None:
    consumer, producer = every("1 day from 2026-03-01"), every("1 hour from 2026-03-01T20:00")
    needed = needs(consumer, producer, PLAIN, interval(consumer, 0))
    assert isinstance(needed, Needs)
    assert (len(needed.intervals), needed.dropped) == (4, 20)


def test_days_of_a_window_are_counted_on_the_clock_of_the_consumer() -> None:
    consumer = grid('cron "0 0 * * *" in Europe/Zurich from 2026-03-20')
    producer = every("1 hour from 2026-03-01")
    hours = {
        one.start.day: len(needed.intervals)
        for one in each(consumer, range(6, 13))
        if isinstance(needed := needs(consumer, producer, Over(Period(1, "day")), one), Needs)
    }
    assert hours == {26: 24, 27: 24, 28: 23, 29: 24, 30: 24, 31: 24, 1: 24}


@pytest.mark.parametrize(
    ("consumer", "producer", "through", "producers", "consumers"),
    [
        ("every 1 day from 2026-01-01", "every 1 day from 2026-01-01", "d", 1, 1),
        ("every 1 day from 2026-01-01", "every 1 day from 2026-01-01", "d[-28..-1]", 29, 29),
        ("every 1 day from 2026-01-01", "every 1 hour from 2026-01-01", "d", 24, 1),
        ("every 1 hour from 2026-01-01", "every 1 day from 2026-01-01", "d", 1, 24),
        ("every 1 hour from 2026-01-01", "every 1 day from 2026-01-01", "d[-1]", 2, 48),
        ("every 1 month from 2026-01-01", "every 1 day from 2026-01-01", "d", 31, 1),
        ("every 3 months from 2026-01-01", "every 1 day from 2026-01-01", "d", 92, 1),
        ("every 1 day from 2026-01-01", "every 1 day from 2026-01-01", "d over 7 days", 7, 7),
        ("every 1 day from 2026-01-01", "every 1 hour from 2026-01-01 9 times", "d", 9, 1),
        ("every 1 week from 2026-01-05", "every 1 day from 2026-01-05", "d over 3 months", 92, 14),
        (
            'cron "0 0 * * *" in Europe/Zurich from 2026-01-01',
            "every 1 hour from 2026-01-01",
            "d",
            25,
            1,
        ),
    ],
)
def test_most_runs(
    consumer: str, producer: str, through: str, producers: int, consumers: int
) -> None:
    found = most_runs(grid(consumer), grid(producer), window(f"{through} "))
    assert (found.producer, found.consumer) == (producers, consumers)


# --- edges -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "ticks"),
    [
        # Each list is what CronTriggerTimetable of Airflow 2.11, 3.0 and 3.3 answers.
        (
            'cron "30 2 * * *" in Europe/Zurich from 2026-03-28',
            ["2026-03-28T01:30", "2026-03-29T01:30", "2026-03-30T00:30"],
        ),
        (
            'cron "30 2 * * *" in Europe/Zurich from 2026-10-24',
            ["2026-10-24T00:30", "2026-10-25T01:30", "2026-10-26T01:30"],
        ),
        (
            'cron "0,30 2 * * *" in Europe/Zurich from 2026-03-28T01:10',
            ["2026-03-28T01:30", "2026-03-29T01:00", "2026-03-30T00:00", "2026-03-30T00:30"],
        ),
        (
            'cron "0 */2 * * *" in Europe/Zurich from 2026-10-24T22:00',
            ["2026-10-24T22:00", "2026-10-25T01:00", "2026-10-25T03:00", "2026-10-25T05:00"],
        ),
        (
            'cron "0 * * * *" in America/New_York from 2026-11-01T04:00',
            ["2026-11-01T04:00", "2026-11-01T05:00", "2026-11-01T06:00", "2026-11-01T07:00"],
        ),
        (
            'cron "30 * * * *" in Australia/Lord_Howe from 2026-10-03T14:00',
            ["2026-10-03T14:00", "2026-10-03T15:00", "2026-10-03T16:00", "2026-10-03T16:30"],
        ),
    ],
)
def test_clocks_that_are_set(text: str, ticks: list[str]) -> None:
    assert [it.start for it in each(grid(text), range(len(ticks)))] == [at(it) for it in ticks]


def test_intervals_before_a_first_one_that_begins_with_the_year() -> None:
    for text in ('cron "0 0 * * *"', 'cron "0 0 * * 4"', 'cron "0 0 1 * *" in Asia/Tokyo'):
        schedule = grid(f"{text} from 2025-12-31T10:00")
        assert number_at(schedule, interval(schedule, 0).start - timedelta(hours=1)) == -1
        assert inside(schedule, at("2025-12-01"), at("2026-01-09")).start == 0


@pytest.mark.parametrize(("due", "instead"), [("end", "d[-13..0]"), ("start", "d[-14..-1]")])
def test_a_window_that_ends_where_a_tick_was_put_off_cuts(due: str, instead: str) -> None:
    # On 29 March half past three stands for half past two; a week before there were both.
    twice = grid(f'cron "30 2,14 * * *" in Europe/Zurich from 2026-01-01 at {due}')
    found = problem(twice, twice, Over(Period(1, "week")))
    assert isinstance(found, Cut)
    assert found.instead.on("d") == instead
    assert waits_past_due(twice, twice, found.instead) is None


def test_a_window_that_begins_where_a_tick_was_left_out_cuts() -> None:
    # On 29 March 02:00 and 02:30 are left out; the tick at 03:00 stands for both.
    nights = grid('cron "0,30 2 * * *" in Europe/Zurich from 2026-01-01')
    assert isinstance(problem(nights, nights, Over(Period(1, "day"))), Cut)
    hours = grid('cron "0 * * * *" in Europe/Zurich from 2026-01-01')
    assert problem(hours, hours, Over(Period(1, "day"))) is None


def test_a_day_with_an_hour_more_is_within_the_span() -> None:
    days = grid('cron "0 0 * * *" in Australia/Lord_Howe from 2026-04-01')
    parts = grid('cron "0,20 * * * *" in Australia/Lord_Howe from 2026-01-01')
    wide = max(
        len(needed.intervals)
        for one in each(days, range(8))
        if isinstance(needed := needs(days, parts, PLAIN, one), Needs)
    )
    assert wide == 49
    assert most_runs(days, parts, PLAIN).producer == 49


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("0 0 * * *", ""),
        ("*/5 8-18 * jan-mar mon", ""),
        ("0 0 * *", "it has 4 fields, not five"),
        ("@daily", "a name stands where five fields are meant"),
        ("0 0 31 2 *", "no year has such a day"),
        ("R 0 * * *", "`R` stands for a time that is drawn by lot"),
    ],
)
def test_cron_problem(expression: str, problem: str) -> None:
    assert cron_problem(expression) == problem


def test_nonsense_is_a_cron_problem() -> None:
    assert cron_problem("61 0 * * *")
    assert cron_problem("a b c d e")
    assert is_zone("Europe/Zurich")
    assert not any(is_zone(it) for it in ("Europe", "Mars/Phobos", "../etc", ""))


def test_the_end_of_time_is_the_end() -> None:
    ages = every("1000 years from 2026-01-01")
    assert [number for number in range(12) if has(ages, number)] == list(range(7))
    assert len(inside(ages, at("2026-01-01"), at("9999-12-31"))) == 7
    late = every("1 day from 9999-12-30")
    assert list(overlapping(late, at("9999-12-01"), at("9999-12-31T23:00"))) == [0]


def test_schedules_print_as_the_language_writes_them() -> None:
    for text in (
        "every 15 minutes from 2015-04-12T17:33:02Z 4 times at start",
        "every 1 day from 2026-01-01T00:00Z until 2026-02-01T00:00Z",
        'cron "0 6 * * 1-5" in Europe/Zurich from 2026-01-01T00:00Z at start',
        "once from 2026-01-01T00:00Z",
        "on demand",
    ):
        assert str(grid(text)) == text


def test_a_schedule_needs_instants_in_utc() -> None:
    with pytest.raises(ValueError, match="in UTC"):
        Every(Period(1, "day"), datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="longer than nothing"):
        every("0 days from 2026-01-01")
