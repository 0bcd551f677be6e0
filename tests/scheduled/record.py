"""Airflow's own record: which task ran for which interval, when, how often, and how it ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.scheduled.station_at import Station

ENDED = ("success", "failed", "upstream_failed", "skipped", "removed")


@dataclass(frozen=True)
class Attempt:
    """One start of a task; a deferred one that comes back is still the same."""

    number: int
    state: str
    began: datetime | None
    ended: datetime | None


@dataclass(frozen=True)
class Row:
    """The task of one interval."""

    dag: str
    task: str
    start: datetime
    """Of the interval; of a run that has none, the time that it is for."""
    end: datetime
    run: str
    """The id of the run: its form depends on the version."""
    run_state: str
    state: str
    began: datetime | None
    ended: datetime | None
    tries: int
    attempts: tuple[Attempt, ...] = ()
    """All of them, also those before the task was cleared; only what really started."""


class Record:
    """The tasks of some Dags, as they are at one moment."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = tuple(rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def where(self, test: Callable[[Row], bool]) -> Record:
        return Record(row for row in self if test(row))

    def of(self, task: str, dag: str | None = None) -> Record:
        """The rows of a task, or of all with a `*` at the end of their name, by interval."""
        return self.where(lambda row: dag in (None, row.dag) and _is(row.task, task))

    def one(self, task: str, start: str | datetime, dag: str | None = None) -> Row:
        """The task of the interval that starts at `start`."""
        (row,) = self.of(task, dag).where(lambda row: row.start == moment(start))
        return row

    @property
    def states(self) -> dict[str, str]:
        """The state of each, by its name and the start of its interval."""
        return {f"{row.task} {text(row.start)}": row.state for row in self}

    @property
    def starts(self) -> list[datetime]:
        return [row.start for row in self]

    @property
    def ended(self) -> bool:
        """True when there is something and all of it has come to its end, runs included."""
        return bool(self.rows) and all(
            row.state in ENDED and row.run_state in ("success", "failed") for row in self
        )

    def __str__(self) -> str:
        return "\n".join(
            f"{row.dag:24} {row.task:24} {text(row.start):17} {row.state:16}"
            f" {len(row.attempts)} attempts, run {row.run_state}"
            for row in self
        )


def record(station: Station, version: str, dags: Iterable[str]) -> Record:
    """The record of these Dags, by interval, in the order of the Dags and of the names."""
    wanted = list(dags)
    logical = "execution_date" if version == "2.11" else "COALESCE(r.logical_date, r.run_after)"
    attempts: dict[tuple[str, str, str], list[Attempt]] = {}
    for dag, task, run, number, state, began, ended in station.ask(
        "sql", "airflow", ATTEMPTS.format(started=STARTED), [wanted, wanted]
    ):
        attempt = Attempt(number, state or "none", moment(began), moment(ended))
        attempts.setdefault((dag, task, run), []).append(attempt)
    rows = []
    for dag, task, start, end, run, run_state, state, began, ended, tries in station.ask(
        "sql", "airflow", ROWS.format(logical=logical), [wanted]
    ):
        rows.append(
            Row(
                dag, task, moment(start), moment(end), run, run_state, state or "none",
                moment(began), moment(ended), tries, tuple(attempts.get((dag, task, run), ())),
            )
        )  # fmt: skip
    return Record(sorted(rows, key=lambda row: (row.start, wanted.index(row.dag), row.task)))


ROWS = """
SELECT t.dag_id, t.task_id, COALESCE(r.data_interval_start, {logical}),
       COALESCE(r.data_interval_end, {logical}), t.run_id, r.state, t.state, t.start_date,
       t.end_date, t.try_number
FROM task_instance t JOIN dag_run r ON r.dag_id = t.dag_id AND r.run_id = t.run_id
WHERE t.dag_id = ANY(%s)
"""

ATTEMPTS = """
SELECT dag_id, task_id, run_id, try_number, state, start_date, end_date
FROM task_instance_history WHERE dag_id = ANY(%s) AND {started}
UNION ALL
SELECT dag_id, task_id, run_id, try_number, state, start_date, end_date
FROM task_instance WHERE dag_id = ANY(%s) AND {started}
ORDER BY try_number
"""

# What is not run because something before it failed gets a time at which it was not.
STARTED = "start_date IS NOT NULL AND state IS DISTINCT FROM 'upstream_failed'"


def moment(value: Any) -> Any:
    """A time as the tests write it, `2026-01-05T06:00`: in UTC. None stays None."""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found


def text(time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M}"


def _is(name: str, wanted: str) -> bool:
    return name.startswith(wanted[:-1]) if wanted.endswith("*") else name == wanted
