"""Real Airflows load the compiled files without a word, and will run what the plan says.

The tasks, their order, the first runs and the instances that sensors wait for are read from the
Dags that a DagBag has loaded, and compared with the plan.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipec.grid import PLAIN, Cron, Every, Interval, Needs, OnDemand, due, interval, needs
from pipec.grid.intervals import existing
from pipec.ir import Activity, Pipeline
from pipec.links import Links
from pipec.plan import Graph, Need
from pipec.targets.airflow.task import dag_id
from tests.airflow.asking import asked
from tests.airflow.pythons import every_airflow
from tests.airflow.running import version_of
from tests.compiling import Compiled, compiled

ROOT = Path(__file__).parents[2]
FOLDERS = [*sorted((ROOT / "examples").glob("*/")), ROOT / "tests/targets/airflow/rich"]
VECTORS = json.loads((ROOT / "tests/vectors/plan_vectors.json").read_text())["vectors"]
RUNS = 8
"""How many runs of each Dag are compared."""

WINDOWS = """
pipeline: windows
schedules:
  hourly: every 1 hour from 2026-03-27T00:00Z until 2026-03-30T00:00Z
  daily: every 1 day from 2026-03-27T00:00Z
  morning: every 1 day from 2026-03-27T00:00Z at start
  night: cron "0 0 * * *" in Europe/Zurich from 2026-03-26T23:00Z
  dawn: cron "0 0 * * *" in Europe/Zurich from 2026-03-26T23:00Z at start
  month: every 1 month from 2025-12-31T00:00Z
  quarter: every 3 months from 2025-12-31T00:00Z at start
  middle: every 1 month from 2025-12-15T06:00Z
  thirtieth: every 1 month from 2025-12-30T06:00Z
  seed: once from 2026-03-27T05:00Z
defaults: {schedule: hourly}
connections: {db: postgres}
datanodes:
  hours: sql db.hours
  nights: sql db.nights
  months: sql db.months
  seeds: sql db.seeds
activities:
  make: {shell: make, flow: -> hours}
  make_night: {shell: make, flow: -> nights, schedule: night}
  make_month: {shell: make, flow: -> months, schedule: month}
  make_seed: {shell: make, flow: -> seeds, schedule: seed}
  own: {shell: use, flow: "hours[-1], hours over 5 hours, seeds"}
  by_day: {shell: use, flow: "hours, hours[-2..-1], hours over 3 days", schedule: daily}
  by_morning: {shell: use, flow: "hours, hours[-1], hours over 2 days", schedule: morning}
  by_night: {shell: use, flow: "hours[-1], nights[-3..-1], hours over 1 day, nights over 2 days", schedule: night}
  by_dawn: {shell: use, flow: "nights[-1], hours over 2 days, nights over 1 week", schedule: dawn}
  by_quarter: {shell: use, flow: "months, months[-1], months over 1 year", schedule: quarter}
  late_hour: {shell: use, flow: months}
  by_middle: {shell: use, schedule: middle}
  by_thirtieth: {shell: use, schedule: thirtieth}
"""
FAR = """
pipeline: far
schedules: {hourly: every 1 hour from 2026-03-27T12:00Z}
defaults: {schedule: hourly}
activities:
  use: {shell: use, flow: "windows.hours, windows.hours[-3..0]"}
"""


def projects(python: str) -> list[Compiled]:
    """Everything that is loaded: no two Dags have the same name."""
    version = version_of(python)
    texts = []
    for folder in FOLDERS:
        found = (one for one in sorted(folder.rglob("*")) if one.is_file())
        near = [
            one for one in found if not {"airflow", "local"} & set(one.parts[len(folder.parts) :])
        ]
        texts.append({str(one.relative_to(folder)): one.read_text() for one in near})
    for number, vector in enumerate(VECTORS):
        pipeline = vector["pipeline"].replace("pipeline: two", f"pipeline: two_{number}")
        texts.append({f"two_{number}.pipe.yaml": pipeline})
    texts.append({"windows.pipe.yaml": WINDOWS, "far.pipe.yaml": FAR})
    return [compiled(one, version, local=True) for one in texts]


@every_airflow
def test_what_is_loaded_is_the_plan(python: str, tmp_path: Path) -> None:
    made = projects(python)
    folder = tmp_path / "dags"
    folder.mkdir()
    for one in made:
        for name, text in one.files.items():
            (folder / name).write_text(text)
    told = asked(python, "load.py", {"folder": str(folder), "most": RUNS}, tmp_path)
    assert told["errors"] == {}
    assert told["warnings"] == []
    assert (
        len(told["dags"]) == sum(len(one.graphs) for one in made) == len(list(folder.glob("*.py")))
    )
    for one in made:
        for graph in one.graphs:
            dag = told["dags"][dag_id(graph.pipeline, graph.schedule.name)]
            assert dag["addresses"] == []
            check_dag(graph, dag)
            check_tasks(graph, dag)
            check_waits(graph, dag, one.front.links)
    check_particulars(told["dags"])


def check_dag(graph: Graph, dag: dict[str, Any]) -> None:
    grid = graph.schedule.grid
    if isinstance(grid, OnDemand):
        assert (dag["start"], dag["end"], dag["catchup"]) == (None, None, False)
        assert dag["timetable"] == "NullTimetable"
        return
    names = {
        (Every, "end"): "DeltaDataIntervalTimetable",
        (Every, "start"): "DeltaTriggerTimetable",
        (Cron, "end"): "CronDataIntervalTimetable",
        (Cron, "start"): "CronTriggerTimetable",
    }
    at = getattr(grid, "at", "")
    assert dag["timetable"] == names.get((type(grid), at), "OnceTimetable")
    assert dag["catchup"]
    assert dag["start"] == grid.start.isoformat()
    wanted = []
    for number in range(1) if at == "" else existing(grid, range(RUNS)):
        one = interval(grid, number)
        # Of what is due at its start, Airflow knows no end.
        end = one.start if at == "start" else one.end
        wanted.append([time.isoformat() for time in (one.start, end, due(grid, one))])
    assert dag["runs"] == wanted, graph.schedule


def check_tasks(graph: Graph, dag: dict[str, Any]) -> None:
    """Every node but the data is a task, behind those that it needs, seen through the data.

    Nothing is started for it: these Dags are for one machine.
    """
    wanted = {node.name for node in graph.nodes if node.kind in ("activity", "precondition")}
    found = {name for name, task in dag["tasks"].items() if not task["waits"]}
    assert {name for name in found if not name.startswith("late.")} == wanted
    nodes = {node.name: node for node in graph.nodes}

    def before(name: str) -> set[str]:
        within: set[str] = set()
        for need in nodes[name].needs:
            if (need.pipeline, need.schedule) != (graph.pipeline.name, graph.schedule.name):
                continue
            kind = nodes[need.name].kind
            if need.window == PLAIN and kind != "resource":
                within |= before(need.name) if kind == "datanode" else {need.name}
        return within

    for name in wanted:
        task = dag["tasks"][name]
        others = {other for other in task["upstream"] if not dag["tasks"][other]["waits"]}
        assert others == before(name), name
        thing = nodes[name].thing
        if isinstance(thing, Activity):
            count = thing.attempts.count if thing.attempts else 3
            assert task["retries"] == count - 1
            assert task["timeout"] == (thing.timeout.seconds if thing.timeout else None)
            assert task["told"] == [it for it in ("failure", "success") if it in thing.notify]
            assert (task["at_once"] or dag["max_active_runs"]) == thing.max_active


def check_waits(graph: Graph, dag: dict[str, Any], links: Links) -> None:
    """Each run's sensors name the instances that the plan says, no more and no fewer."""
    grid = graph.schedule.grid
    numbers = [] if isinstance(grid, OnDemand) else [0]
    if isinstance(grid, Every | Cron):
        numbers = list(existing(grid, range(RUNS)))
    for node in graph.nodes:
        if node.kind not in ("activity", "precondition"):
            continue
        sensors = [dag["tasks"][name]["waits"] for name in dag["tasks"][node.name]["upstream"]]
        for number in numbers:
            found = {
                (one["dag"], one["task"], start)
                for one in sensors
                if one
                for start in one["starts"][number]
            }
            wanted = set(awaited(graph, node.needs, links, interval(grid, number)))
            assert found == wanted, (graph.schedule.name, node.name, number)


def awaited(
    graph: Graph, edges: tuple[Need, ...], links: Links, of: Interval
) -> Iterator[tuple[str, str, str]]:
    """The instances in other runs that one with the interval `of` needs: Dag, task and start."""
    for need in edges:
        if need.name in links.project[need.pipeline].resources:
            continue
        own = (need.pipeline, need.schedule) == (graph.pipeline.name, graph.schedule.name)
        if own and need.window == PLAIN:
            if graph[need.name].kind == "datanode":
                yield from awaited(graph, graph[need.name].needs, links, of)
            continue
        other = links.project[need.pipeline]
        found = needs(graph.schedule.grid, other.schedules[need.schedule].grid, need.window, of)
        assert isinstance(found, Needs)
        for maker in makers(other, need.name, links):
            for one in found.intervals:
                yield dag_id(other, need.schedule), maker, one.start.isoformat()


def makers(pipeline: Pipeline, name: str, links: Links) -> list[str]:
    """The tasks that an instance of an object is done with."""
    node = pipeline.datanodes.get(name)
    if node is None:
        return [name]
    made = links.producers.get((pipeline.name, name), ())
    gates = [f"{name}.{one.name}" for one in node.when]
    return gates or [one.thing.name for one in made]


def check_particulars(dags: dict[str, Any]) -> None:
    """What no rule says."""
    assert dags["rich"]["tasks"]["partial"]["retries"] == 0
    assert dags["rich"]["tasks"]["class"]["retry_delay"] == 90
    assert dags["rich"]["tasks"]["late.watch"]["operator"] == "WatchLate"
    assert dags["rich"]["end"] == "2026-03-30T23:07:00+00:00"
    assert dags["rich_now"]["functions"] == {"run_time": "2026-02-28 01:02:03+00:00"}
    assert dags["rich.month"]["functions"] == {"interval_end": "2026-02-28T00:07:00+00:00"}
    assert dags["rich_now"]["params"] == {
        "day": "2026-01-31T00:00:00+00:00",
        "region": None,
        "ratio": None,
        "ids": [1, 2],
        "items": 3,
    }
