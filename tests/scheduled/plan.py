"""Airflow's record held against the plan: the same instances, each after those that it needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from pipec.plan import Instance
from tests.scheduled.lab import is_work
from tests.scheduled.record import Record, Row, text

Key = tuple[str, datetime]


def assert_as_planned(
    found: Record, planned: Iterable[Instance], *, attempts: Mapping[str, int] | None = None
) -> None:
    """The record is the plan: every instance, nothing else, in an order that the needs allow.

    Each ran once, or as often as `attempts` says by name and start: `load 2026-01-05T06:00`.
    """
    plan = {(one.name, one.start): one for one in planned}
    rows = work_of(found)
    assert shown(rows) == shown(key for key, one in plan.items() if is_work(one))
    for key, row in rows.items():
        one = plan[key]
        assert (row.state, row.run_state) == ("success", "success"), f"{row}"
        # Airflow's interval has no length when the instance is due at its start.
        assert row.end == (one.end if one.due == one.end else one.start), f"{row}"
        assert len(row.attempts) == (attempts or {}).get(name_of(key), 1), f"{row}"
        for need in needed(one, plan):
            before = rows[need]
            assert row.began is not None, f"{row}"
            assert before.ended is not None, f"{before}"
            assert before.ended <= row.began, f"{row} began before {before} had ended"
    assert all(row.state == "success" for row in found), str(found)


def work_of(found: Record) -> dict[Key, Row]:
    """The rows that stand for instances: not the waits for other Dags, nor the watch."""
    rows = [row for row in found if not is_derived(row.task)]
    assert len(rows) == len({(row.task, row.start) for row in rows}), "an interval has two runs"
    return {(row.task, row.start): row for row in rows}


def is_derived(task: str) -> bool:
    return task.rstrip("_0123456789").endswith((".wait", "late.watch"))


def needed(one: Instance, plan: Mapping[Key, Instance]) -> Iterator[Key]:
    """The tasks that an instance needs: a datanode is there when what makes it has ended."""
    for key in one.needs:
        if is_work(plan[key]):
            yield key
        else:
            yield from needed(plan[key], plan)


def shown(keys: Iterable[Key]) -> list[str]:
    return sorted(map(name_of, keys))


def name_of(key: Key) -> str:
    name, start = key
    return f"{name} {text(start)}"
