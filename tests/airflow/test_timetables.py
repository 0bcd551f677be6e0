"""The intervals of `pipec.grid` are the ones that Airflow's own timetables make.

Runs `timetables.py` with the Airflow interpreters that PIPEC_AIRFLOW_33, PIPEC_AIRFLOW_30 and
PIPEC_AIRFLOW_211 name.
"""

from __future__ import annotations

import json
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipec.grid import (
    Cron,
    Every,
    Grid,
    Once,
    OnDemand,
    Period,
    count,
    due,
    has,
    interval,
    strays,
)

SCRIPT = Path(__file__).with_name("timetables.py")
VARIABLES = ("PIPEC_AIRFLOW_33", "PIPEC_AIRFLOW_30", "PIPEC_AIRFLOW_211")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


EVERY = [
    Every(Period(15, "minute"), at("2015-04-12T17:33:02"), times=200),
    Every(Period(7, "hour"), at("2026-03-27T00:07"), until=at("2026-04-05T12:00")),
    Every(Period(1, "day"), at("2026-03-01"), until=at("2026-05-03T12:00")),
    Every(Period(3, "day"), at("2024-02-27T23:59:59"), times=20),
    Every(Period(2, "week"), at("2026-01-05T06:00"), times=30),
    Every(Period(1, "month"), at("2026-12-31"), times=30),
    Every(Period(1, "month"), at("2023-01-30T01:02:03"), times=30),
    Every(Period(1, "month"), at("2026-01-29T12:00"), until=at("2032-02-29T11:59:59")),
    Every(Period(3, "month"), at("2025-11-30"), times=20),
    Every(Period(1, "year"), at("2024-02-29"), times=10),
    Every(Period(1, "day"), at("2026-03-01"), until=at("2026-03-01T23:59:59")),
]

CRON = [
    Cron("*/15 * * * *", "UTC", at("2026-03-01T00:07"), until=at("2026-03-04")),
    Cron("0 6 * * 1-5", "UTC", at("2026-01-01"), until=at("2026-05-01")),
    Cron("0 0 29 2 *", "UTC", at("2026-01-01"), until=at("2049-01-01")),
    Cron("0 0 L * *", "UTC", at("2026-01-01"), until=at("2028-05-01")),
    Cron("0 0 * * 5#2", "UTC", at("2026-01-01"), until=at("2028-05-01")),
    Cron("0 0 1,15 * 1", "UTC", at("2026-01-01T00:00:01"), until=at("2026-09-01")),
    *(
        Cron(expression, zone, at(start), until=at(until))
        for zone, start, until in [
            ("Europe/Zurich", "2026-03-27T00:00", "2026-03-31T00:00"),
            ("Europe/Zurich", "2026-10-23T00:00", "2026-10-27T00:00"),
            ("Europe/Zurich", "2026-10-25T00:30", "2026-10-27T00:00"),
            ("America/New_York", "2026-03-06T00:00", "2026-03-10T00:00"),
            ("America/New_York", "2026-10-30T05:00", "2026-11-03T00:00"),
            ("Australia/Lord_Howe", "2026-04-03T00:00", "2026-04-07T00:00"),
            ("Australia/Lord_Howe", "2026-10-02T00:00", "2026-10-06T00:00"),
            ("Asia/Kolkata", "2026-03-27T00:10", "2026-03-31T00:00"),
        ]
        for expression in [
            "0 * * * *",
            "30 * * * *",
            "0 0 * * *",
            "30 2 * * *",
            "15 1,2,3 * * *",
            "0 */2 * * *",
            "0 2 * * 0",
            "*/10 2 * * *",
            "0 0 * * 1",
        ]
    ),
]


def both(grid: Every | Cron) -> list[Grid]:
    at_start: Grid
    match grid:
        case Every():
            at_start = Every(grid.period, grid.start, grid.until, grid.times, "start")
        case Cron():
            at_start = Cron(grid.expression, grid.zone, grid.start, grid.until, "start")
            if strays(grid):
                return [at_start]
    return [grid, at_start]


GRIDS: list[Grid] = [
    Once(at("2026-03-01T10:11:12")),
    *(one for grid in (*EVERY, *CRON) for one in both(grid) if has(one, 0)),
]


STRAYS: list[Grid] = [grid for grid in CRON if strays(grid)]


def case_of(grid: Grid) -> dict[str, Any]:
    """What an Airflow Dag of that schedule is given: `end_date` is the start of the last run."""
    many = count(grid)
    assert many
    ends = {"end_date": interval(grid, many - 1).start.isoformat(), "most": many + 5}
    match grid:
        case Once(start):
            return {
                "timetable": "once",
                "arguments": [],
                "start_date": start.isoformat(),
                "end_date": None,
                "most": 1,
            }
        case Every(period, start):
            arguments: list[Any] = [period.seconds, period.months, start.day]
            kind = f"every at {grid.at}"
        case Cron(expression, zone, start):
            arguments, kind = [expression, zone], f"cron at {grid.at}"
        case OnDemand():
            raise AssertionError(grid)
    return {
        "timetable": kind,
        "arguments": arguments,
        "start_date": start.isoformat(),
        **ends,
    }


def expected(grid: Grid) -> list[list[datetime]]:
    """The runs of the grid; of a schedule at start Airflow is told a moment, not an interval."""
    found = []
    for number in range(count(grid) or 0):
        one = interval(grid, number)
        at_start = isinstance(grid, Every | Cron) and grid.at == "start"
        end = one.start if at_start else one.end
        found.append([one.start, end, due(grid, one)])
    return found


@pytest.mark.parametrize("variable", VARIABLES)
def test_airflow_makes_the_same_runs(variable: str, tmp_path: Path) -> None:
    answers = asked(variable, [*GRIDS, *STRAYS], tmp_path)
    for grid, runs in zip(GRIDS, answers, strict=False):
        assert runs == expected(grid), str(grid)
    for grid, runs in zip(STRAYS, answers[len(GRIDS) :], strict=True):
        assert runs != expected(grid), str(grid)


def asked(variable: str, grids: list[Grid], home: Path) -> list[list[list[datetime]]]:
    """The runs that the Airflow named by `variable` makes of each schedule."""
    python = os.environ.get(variable)
    if not python:
        pytest.skip(f"{variable} is not set")
    # With an empty PYTHONTZPATH both sides read the zones of the tzdata package.
    found = subprocess.run(
        [python, str(SCRIPT)],
        input=json.dumps([case_of(grid) for grid in grids]),
        env={**os.environ, "AIRFLOW_HOME": str(home), "PYTHONTZPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    answers = json.loads(found.stdout.splitlines()[-1])
    assert len(answers) == len(grids)
    return [[[datetime.fromisoformat(it) for it in run] for run in runs] for runs in answers]


def test_only_odd_expressions_stray_from_the_ticks() -> None:
    assert {(it.expression, it.zone) for it in STRAYS if isinstance(it, Cron)} == {
        ("*/10 2 * * *", "Europe/Zurich"),
        ("*/10 2 * * *", "America/New_York"),
        ("*/10 2 * * *", "Australia/Lord_Howe"),
        ("0 * * * *", "Australia/Lord_Howe"),
        ("30 * * * *", "Australia/Lord_Howe"),
    }
