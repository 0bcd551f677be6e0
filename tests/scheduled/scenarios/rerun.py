"""One hour of finished days is run again, and with it exactly what was made from it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.scheduled.lab import Lab
from tests.scheduled.plan import assert_as_planned
from tests.scheduled.record import Record, Row
from tests.scheduled.rerunning import rerun

PROJECT = """
pipeline: again
schedules:
  half: every 12 hours from 2026-01-05 until 2026-01-09
  daily: every 1 day from 2026-01-05 until 2026-01-09
  pair: every 2 days from 2026-01-05 until 2026-01-09
connections: {warehouse: postgres}
datanodes:
  visits: sql warehouse.public.visits
  totals: {sql: warehouse.public.totals, when: {query: SELECT 1}}
  stock: sql warehouse.public.stock
activities:
  load: {shell: echo load, flow: -> visits, schedule: half}
  ping: {shell: echo ping, schedule: half}
  sum: {shell: echo sum, flow: visits -> totals, schedule: daily}
  count: {shell: echo count, flow: "stock[-1], totals -> stock", schedule: daily}
  ring: {shell: echo ring, schedule: daily}
  report: {shell: echo report, flow: totals, schedule: pair}
  mail: {shell: echo mail, after: report, schedule: pair}
  idle: {shell: echo idle, schedule: pair}
"""
WEEK = ("2026-01-05", "2026-01-09")
AGAIN = {
    "load 06T12": (),
    "load.wait 06T00": ("load 06T12",),
    "sum 06T00": ("load.wait 06T00",),
    "totals.query 06T00": ("sum 06T00",),
    "count 06T00": ("totals.query 06T00",),
    "count.wait 07T00": ("count 06T00",),
    "count 07T00": ("count.wait 07T00",),
    "count.wait 08T00": ("count 07T00",),
    "count 08T00": ("count.wait 08T00",),
    "totals.query.wait 05T00": ("totals.query 06T00",),
    "report 05T00": ("totals.query.wait 05T00",),
    "mail 05T00": ("report 05T00",),
}
"""What has to run again, and after which others of these."""


def drive(lab: Lab) -> None:
    again = lab.load(PROJECT)
    again.start()
    before = again.until_ended(*WEEK)
    assert_as_planned(before, again.planned(*WEEK))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "again.pipe.yaml").write_text(PROJECT, encoding="utf-8")
        wrong = rerun(lab, Path(folder), "load", "--at", "2026-01-06T12:00", password="wrong")
        assert wrong.status == 1, wrong
        assert wrong.err.count("\n") == 1, wrong
        said = rerun(lab, Path(folder), "load", "--at", "2026-01-06T12:00")
    assert said.status == 0, said
    assert said.instances == {one for one in AGAIN if ".wait" not in one}
    assert said.tasks("cleared") == set(AGAIN)
    after = again.until(
        lambda now: now.ended and all(len(one.attempts) > 1 for one in _again(now)),
        "what was cleared has run again",
    )
    was = {_name(row): row for row in before}
    rows = {_name(row): row for row in after}
    assert rows.keys() == was.keys()
    for name, row in rows.items():
        assert (row.state, row.run_state) == ("success", "success"), f"{row}"
        if name not in AGAIN:
            assert row.attempts == was[name].attempts, f"{row}"
            continue
        first, second = row.attempts
        assert first == was[name].attempts[0], f"{row}"
        assert second.began is not None
        for other in AGAIN[name]:
            ended = rows[other].attempts[1].ended
            assert ended is not None
            # A wait may begin before, and ends after; what stands behind it begins after.
            passed = second.ended if ".wait" in name else second.began
            assert passed is not None
            assert ended <= passed, f"{row} before the end of {rows[other]}"


def _again(now: Record) -> list[Row]:
    return [row for row in now if _name(row) in AGAIN]


def _name(row: Row) -> str:
    return f"{row.task} {row.start:%dT%H}"
