"""Instances run again in an Airflow elsewhere: exactly their tasks are cleared, in order."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from pipec.remote.airflow import Airflow, Run, RunTask
from pipec.remote.http import RefusedError
from pipec.remote.problem import ProblemError
from pipec.render.moment import iso, moment
from pipec.targets.airflow.rerun import Cell, Todo

RUNNING = ("running", "queued", "restarting", "deferred")
WAITING = ("deferred", "up_for_reschedule")
"""What a wait does that has not found everything: it looks again by itself."""

MOST_RUNS = 100
"""Runs that are cleared at a time."""


class Found(NamedTuple):
    """A task that should run again, and what there is of it in Airflow."""

    todo: Todo
    run: str | None
    left: str
    """Why it is left alone; empty when it is to be cleared."""
    running: str = ""
    """The state of one that runs, and must not while it is cleared."""


class Step(NamedTuple):
    """Tasks of one Dag that are cleared at once, in some runs between which there are no others."""

    dag: str
    runs: tuple[Run, ...]
    tasks: frozenset[str]

    @property
    def cells(self) -> set[RunTask]:
        """The tasks, each in its run."""
        return {(run.id, task) for run in self.runs for task in self.tasks}


class Rerun:
    """What is to run again, as one Airflow has it; nothing is changed before `clear`."""

    def __init__(self, airflow: Airflow, todos: Sequence[Todo]) -> None:
        self.airflow, self.cleared = airflow, set[Cell]()
        self.paused: list[str] = []
        self.runs: dict[str, dict[datetime, Run]] = {}
        """The runs of each Dag, by the start of their intervals."""
        self.other_runs: dict[str, list[datetime]] = {}
        """When there are runs that are none of an interval: by hand, say."""
        self.found = self._look(todos)
        self.steps = _merged(self._steps(), self._between)

    @property
    def running(self) -> list[Found]:
        """Those that run now."""
        return [one for one in self.found if one.running]

    def fate(self, one: Found) -> str:
        """What became of a task."""
        if one.left:
            return f"left alone: {one.left}"
        return "cleared" if one.todo.cell in self.cleared else "not cleared"

    def entries(self) -> Iterator[dict[str, object]]:
        """What became of each task, for programs."""
        for one in self.found:
            cell = one.todo.cell
            outcome, _, why = self.fate(one).partition(": ")
            yield {
                "dag_id": cell.dag,
                "dag_run_id": one.run,
                "task_id": cell.task,
                "start": iso(cell.start),
                "outcome": outcome,
                "why": why,
            }

    def rehearse(self) -> None:
        """Make sure that Airflow will clear those tasks and no others."""
        steps: list[Step] = []
        for step in self.steps:
            if self._is_all(step, self._rehearsed(step)):
                steps.append(step)
                continue
            for single in (step._replace(runs=(run,)) for run in step.runs):
                got = self._rehearsed(single)
                if not self._is_all(single, got):
                    raise ProblemError(_otherwise(single, got))
                steps.append(single)
        self.steps = steps

    def clear(self) -> None:
        """Clear them, what others need first; `cleared` grows as it is done."""
        for step in self.steps:
            try:
                self.airflow.clear(step.dag, step.runs, step.tasks, rehearse=False)
            except RefusedError as refused:
                if refused.status != 409:
                    raise
                raise ProblemError(
                    f"a task of `{step.dag}` has begun to run meanwhile: when it has ended, say the"
                    " same again"
                ) from None
            starts = {run.id: start for start, run in self.runs[step.dag].items()}
            self.cleared |= {
                Cell(step.dag, task, starts[run]) for run, task in step.cells
            }  # fmt: skip

    def _look(self, todos: Sequence[Todo]) -> tuple[Found, ...]:
        by_dag: dict[str, list[Cell]] = {}
        starts: dict[str, set[datetime]] = {}
        for todo in todos:
            by_dag.setdefault(todo.cell.dag, []).append(todo.cell)
            for cell in (todo.cell, *todo.looks):
                starts.setdefault(cell.dag, set()).add(cell.start)
        states: dict[Cell, str | None] = {}
        for dag, cells in by_dag.items():
            if self.airflow.is_paused(dag):
                self.paused.append(dag)
            self._look_at_runs(dag, starts[dag])
            states |= self._states(dag, cells)
        return tuple(self._judged(todo, states) for todo in todos)

    def _look_at_runs(self, dag: str, starts: set[datetime]) -> None:
        there: dict[datetime, Run] = {}
        others = []
        for run in self.airflow.runs(dag, min(starts), max(starts)):
            # A run by hand has the interval before its logical date, and nothing waits for it.
            if run.start is not None and run.start == run.logical:
                there[run.start] = run
            elif run.logical is not None:
                others.append(run.logical)
        self.runs[dag], self.other_runs[dag] = there, others

    def _states(self, dag: str, cells: Sequence[Cell]) -> Mapping[Cell, str | None]:
        there = self.runs[dag]
        starts = sorted({cell.start for cell in cells} & there.keys())
        runs = [there[start].id for start in starts]
        states = self.airflow.states(dag, runs, {cell.task for cell in cells})
        return {
            cell: states[key]
            for cell in cells
            if cell.start in there and (key := (there[cell.start].id, cell.task)) in states
        }

    def _judged(self, todo: Todo, states: Mapping[Cell, str | None]) -> Found:
        run = self.runs[todo.cell.dag].get(todo.cell.start)
        if run is None:
            return Found(todo, None, "no run yet")
        if todo.cell not in states:
            return Found(todo, run.id, "its run has no such task")
        state = states[todo.cell]
        if state is None or (todo.place is None and state in WAITING):
            return Found(todo, run.id, "has not started" if state is None else "still waits")
        if state == "removed":
            return Found(todo, run.id, "its run has no such task")
        for cell in todo.looks:
            if cell.start not in self.runs[cell.dag]:
                raise ProblemError(
                    f"`{todo.cell.task}` of `{todo.cell.dag}` from {moment(todo.cell.start)} would wait in"
                    f" vain: Airflow has no run of `{cell.dag}` from {moment(cell.start)} any more;"
                    " nothing was changed"
                )
        return Found(todo, run.id, "", state if state in RUNNING else "")

    def _steps(self) -> Iterator[Step]:
        """The tasks to clear, run by run, each after those that it needs."""
        wanted = {one.todo.cell for one in self.found if not one.left}
        ordered = (cell for cell in _ordered([one.todo for one in self.found]) if cell in wanted)
        for (dag, start), cells in groupby(ordered, key=lambda cell: (cell.dag, cell.start)):
            run = self.runs[dag][start]
            yield Step(dag, (run,), frozenset(cell.task for cell in cells))

    def _between(self, dag: str, first: Run, last: Run) -> bool:
        """Whether there are runs between two."""
        assert first.logical is not None
        assert last.logical is not None
        begin, end = first.logical, last.logical
        return any(begin < it < end for it in (*self.runs[dag], *self.other_runs[dag]))

    def _is_all(self, step: Step, got: set[RunTask]) -> bool:
        """Whether that is the step, perhaps with what starts and ends machines of its runs."""
        runs = {run.id for run in step.runs}
        around = {
            (one.run, one.todo.cell.task)
            for one in self.found
            if one.todo.is_around and one.todo.cell.dag == step.dag and one.run in runs
        }
        return step.cells <= got <= step.cells | around

    def _rehearsed(self, step: Step) -> set[RunTask]:
        return self.airflow.clear(step.dag, step.runs, step.tasks, rehearse=True)


def _ordered(todos: Sequence[Todo]) -> Iterator[Cell]:
    """The cells, each after those that it comes after; of one run together, and of one Dag.

    What is cleared at once needs no order, and few questions are quicker than many.
    """
    place = {todo.cell: number for number, todo in enumerate(todos)}
    waiting = {todo.cell: len(todo.after) for todo in todos}
    needed_by: dict[Cell, list[Cell]] = {}
    for todo in todos:
        for cell in todo.after:
            needed_by.setdefault(cell, []).append(todo.cell)
    ready: dict[str, list[tuple[datetime, int, Cell]]] = {}

    def put(cell: Cell) -> None:
        heapq.heappush(ready.setdefault(cell.dag, []), (cell.start, place[cell], cell))

    for cell, many in waiting.items():
        if not many:
            put(cell)
    dag = ""
    while ready:
        if dag not in ready:
            dag = min(ready, key=lambda it: ready[it][0][1])
        _, _, cell = heapq.heappop(ready[dag])
        if not ready[dag]:
            del ready[dag]
        yield cell
        for other in needed_by.get(cell, ()):
            waiting[other] -= 1
            if not waiting[other]:
                put(other)


def _merged(steps: Iterable[Step], between: Callable[[str, Run, Run], bool]) -> list[Step]:
    """The same steps; neighbours that clear the same tasks in neighbouring runs become one."""
    found: list[Step] = []
    for step in steps:
        last = found[-1] if found else None
        if (
            last is not None
            and (last.dag, last.tasks) == (step.dag, step.tasks)
            and len(last.runs) < MOST_RUNS
            and _follows(last.runs[-1], step.runs[0])
            and not between(step.dag, last.runs[-1], step.runs[0])
        ):
            found[-1] = last._replace(runs=last.runs + step.runs)
        else:
            found.append(step)
    return found


def _follows(one: Run, other: Run) -> bool:
    return one.logical is not None and other.logical is not None and one.logical < other.logical


def _otherwise(step: Step, got: set[RunTask]) -> str:
    """What Airflow would clear that should not be, or would not clear."""
    if more := sorted(got - step.cells):
        run, task = more[0]
        return (
            f"Airflow would clear `{task}` of `{step.dag}` as well, in the run {run}: nothing was"
            " changed"
        )
    run, task = min(step.cells - got)
    return (
        f"Airflow would not clear `{task}` of `{step.dag}` in the run {run}, though it has it:"
        " nothing was changed"
    )
