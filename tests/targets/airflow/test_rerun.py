"""The tasks of what runs again: those of the compiled Dags, and the waits that look again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipec.cli.arguments import Arguments
from pipec.cli.load import load
from pipec.cli.project import find_projects
from pipec.diagnostic import Report
from pipec.grid import containing
from pipec.plan.dependants import dependants
from pipec.targets.airflow.dag import make_dag
from pipec.targets.airflow.rerun import Todo, before, tasks_again
from tests.compiling import compiled

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 1, 9, tzinfo=UTC)
PROJECTS = [*sorted((ROOT / "examples").iterdir()), Path(__file__).parent / "rich"]


def again(text: str, *named: str) -> dict[str, Todo]:
    """What runs again when `NAME START` do, by task and start."""
    made = compiled(text)
    places = []
    for one in named:
        name, _, at = one.partition(" ")
        [graph] = [it for it in made.graphs if any(node.name == name for node in it.nodes)]
        number = containing(
            graph.schedule.grid, datetime.fromisoformat(at).replace(tzinfo=UTC)
        )  # fmt: skip
        assert number is not None
        places.append(((graph.pipeline.name, graph.schedule.name, name), number))
    links = made.front.links
    found = tasks_again(
        made.graphs, links, dependants(made.graphs, links, places, NOW), NOW
    )  # fmt: skip
    shown = {_shown(it): it for it in found}
    assert len(shown) == len(found)
    return shown


def _shown(it: Todo) -> str:
    return f"{it.cell.dag} {it.cell.task} {it.cell.start:%d}"


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda it: it.name)
def test_what_is_before_a_task_is_what_the_dag_says(folder: Path) -> None:
    (one,) = load(Arguments((str(folder),), {}), find_projects((str(folder),)))
    many = 0
    for _, graphs in one.graphs():
        for graph in graphs:
            dag = make_dag(graph, one.front.links, Report())
            if dag is None:
                continue
            found = before(graph, one.front.links)
            assert found.id == dag.id
            written = {task.id: task.upstream for task in dag.tasks}
            waits = {name for name in written if "WaitForInstances" in str(_call(dag, name))}
            # What a machine waits for before it ends holds up no work.
            assert {it for it in waits if not it.endswith(".end")} == found.looks.keys()
            assert found.before.items() <= written.items()
            many += len(found.before)
    assert many


def _call(dag: object, name: str) -> object:
    return next(task.call.function for task in dag.tasks if task.id == name)  # type: ignore[attr-defined]


HEAD = """
pipeline: shop
schedules:
  half: every 12 hours from 2026-01-01
  daily: every 1 day from 2026-01-01
defaults: {schedule: half}
connections: {db: postgres}
"""


def test_a_wait_looks_again_and_others_do_not() -> None:
    text = (
        HEAD
        + """
datanodes: {orders: sql db.orders, stock: sql db.stock, rates: {s3: s3://shop/rates, schedule: half, when: exists}}
activities:
  load: {sql: select 1, flow: -> orders}
  order: {sql: select 1, flow: -> stock}
  sum: {sql: select 1, flow: "orders, stock, rates, orders[-1]", schedule: daily}
  tell: {shell: tell, after: load, schedule: daily, late: after 1 hour}
"""
    )
    found = again(text, "load 2026-01-03T12:00")
    assert list(found) == [
        "shop load 03",
        "shop.daily load.wait 03",
        "shop.daily sum 03",
        "shop.daily tell 03",
        "shop.daily load.wait_2 04",
        "shop.daily sum 04",
    ]
    wait = found["shop.daily load.wait 03"]
    assert [it.start.hour for it in wait.looks] == [0, 12]
    assert wait.after == (found["shop load 03"].cell,)
    assert found["shop.daily sum 03"].after == (wait.cell,)


def test_a_wait_within_a_dag() -> None:
    text = (
        HEAD
        + """
datanodes: {stock: {sql: db.stock, when: not_empty}}
activities:
  count: {sql: select 1, flow: "stock[-1] -> stock", schedule: daily}
"""
    )
    found = again(text, "count 2026-01-07")
    assert list(found) == [
        "shop.daily count 07",
        "shop.daily stock.not_empty 07",
        "shop.daily stock.not_empty.wait 08",
        "shop.daily count 08",
        "shop.daily stock.not_empty 08",
    ]
    assert found["shop.daily stock.not_empty 08"].after == (
        found["shop.daily count 08"].cell,
    )  # fmt: skip


def test_data_that_nobody_makes() -> None:
    text = (
        HEAD
        + """
datanodes: {orders: {sql: db.orders, schedule: half}}
activities:
  sum: {sql: select 1, flow: orders, schedule: daily}
"""
    )
    found = again(text, "orders 2026-01-03T12:00")
    assert [(name, it.after) for name, it in found.items()] == [("shop.daily sum 03", ())]


def test_what_starts_and_ends_a_machine_goes_with_its_work() -> None:
    text = f"""{HEAD}resources:
  box: ec2 m5.large
  long: {{ec2: m5.large, at_most: 26 hours, schedule: daily}}
activities:
  fetch: {{shell: ./fetch, runs_on: box}}
  count: {{shell: ./count, after: fetch, runs_on: box}}
  mail: {{shell: ./mail, after: count, runs_on: long}}
"""
    found = again(text, "count 2026-01-05")
    assert list(found) == [
        "shop count 05", "shop box 05", "shop box.stop 05",
        "shop mail 05", "shop long 05", "shop long.stop 05",
    ]  # fmt: skip
    around = [name for name, it in found.items() if it.is_around]
    assert [name.split()[1] for name in around] == ["box", "box.stop", "long", "long.stop"]
