"""Airflow's record held against the plan: the same instances, each after those that it needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from pipec.plan import Instance
from tests.scheduled.lab import is_work
from tests.scheduled.record import Record, Row, text

Key = tuple[str, datetime]


def assert_as_planned(found: Record, planned: Iterable[Instance], state: str = "success") -> None:
    """The record is the plan: every instance once, nothing else, in an order that needs allow."""
    plan = {(one.name, one.start): one for one in planned}
    rows = work_of(found)
    assert shown(rows) == shown(key for key, one in plan.items() if is_work(one))
    for key, row in rows.items():
        one = plan[key]
        assert (row.state, row.run_state) == (state, state), f"{row}"
        # Airflow's interval has no length when the instance is due at its start.
        assert row.end == (one.end if one.due == one.end else one.start), f"{row}"
        (attempt,) = row.attempts
        assert attempt.began is not None, f"{row}"
        for need in needed(one, plan):
            before = rows[need].ended
            assert before is not None, f"{row}"
            assert before <= attempt.began, f"{row} began before the end of {rows[need]}"


def work_of(found: Record) -> dict[Key, Row]:
    """The rows that stand for instances: not the waits for other Dags, nor the watch."""
    rows = [row for row in found if not is_derived(row.task)]
    assert len(rows) == len({(row.task, row.start) for row in rows}), "an interval has two runs"
    return {(row.task, row.start): row for row in rows}


def is_derived(task: str) -> bool:
    return task.rstrip("_0123456789").endswith((".wait", "late.watch"))


def needed(one: Instance, plan: dict[Key, Instance]) -> Iterator[Key]:
    """The tasks that an instance needs: a datanode is there when what makes it has ended."""
    for key in one.needs:
        if key not in plan:  # Before the window.
            continue
        if is_work(plan[key]):
            yield key
        else:
            yield from needed(plan[key], plan)


def shown(keys: Iterable[Key]) -> list[str]:
    return sorted(f"{name} {text(start)}" for name, start in keys)
