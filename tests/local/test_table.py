"""The table of instances, and how intervals and times are written."""

from __future__ import annotations

import pytest

from pipec.local.table import Instance, interval, table


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        ("2026-01-01T03:00:00+00:00", "2026-01-01T04:00:00+00:00", "2026-01-01 03:00 to 04:00"),
        (
            "2026-01-01T23:00:00+00:00",
            "2026-01-02T00:00:00+00:00",
            "2026-01-01 23:00 to 2026-01-02 00:00",
        ),
        ("2026-01-01T00:00:00+00:00", "2026-01-01T00:00:00+00:00", "2026-01-01 00:00"),
        (
            "2026-01-01T00:07:30+00:00",
            "2026-01-01T00:22:30+00:00",
            "2026-01-01 00:07:30 to 00:22:30",
        ),
    ],
)
def test_an_interval_is_as_short_as_can_be(start: str, end: str, text: str) -> None:
    assert interval(start, end) == text


def test_one_line_for_each_instance() -> None:
    start, end = "2026-01-01T00:00:00+00:00", "2026-01-02T00:00:00+00:00"
    done = Instance(
        "load",
        "activity",
        start,
        end,
        "finished",
        "2026-11-23T10:00:00+00:00",
        "2026-11-23T10:00:09+00:00",
        2,
    )
    lost = Instance("report", "activity", start, end, "upstream failed")
    heading, rule, first, second = table([done, lost]).splitlines()
    columns = [heading.index(name) for name in heading.split()]
    assert heading.split() == ["name", "kind", "interval", "state", "started", "ended", "attempts"]
    assert set(rule) == {"-", " "}
    assert [first[at:].split("  ")[0] for at in columns[:4]] == [
        "load",
        "activity",
        "2026-01-01 00:00 to 2026-01-02 00:00",
        "finished",
    ]
    assert first.endswith("2")
    assert second[columns[3] :].split("  ")[0] == "upstream failed"
    assert second[columns[4] :].split() == ["0"]
