"""What depends on an instance: by example, and the same as a search through the listed plan."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipec.compiler import Front
from pipec.grid import OnDemand, containing
from pipec.plan import Graph, Instance, instances, plan
from pipec.plan.dependants import Dependant, Place, dependants, due_until
from tests.reading import files, read

NOW = datetime(2026, 1, 12, tzinfo=UTC)

HEAD = """\
pipeline: shop
schedules:
  quarter: every 6 hours from 2026-01-01T00:00Z
  daily: every 1 day from 2026-01-01T00:00Z
  weekly: every 1 week from 2026-01-01T00:00Z
defaults: {schedule: quarter}
connections: {db: postgres}
"""


def project(text: str) -> tuple[Front, tuple[Graph, ...]]:
    front, said = read(files(text))
    assert not [one.text() for one in said if one.severity == "error"]
    return front, tuple(graph for one in front.checked for graph in plan(one, front.links))


def found(text: str, name: str, at: str, now: datetime = NOW) -> tuple[Dependant, ...]:
    front, graphs = project(HEAD + text if "pipeline:" not in text else text)
    return dependants(graphs, front.links, [place(graphs, name, at)], now)


def place(graphs: tuple[Graph, ...], name: str, at: str) -> Place:
    start = datetime.fromisoformat(at).replace(tzinfo=UTC)
    for graph in graphs:
        for one in graph.nodes:
            if one.name == name:
                number = containing(graph.schedule.grid, start)
                assert number is not None
                return (graph.pipeline.name, graph.schedule.name, name), number
    raise AssertionError(name)


def shown(dependants: tuple[Dependant, ...]) -> list[str]:
    return [f"{one.instance.name} {one.instance.start:%d %H}" for one in dependants]


ROLLUP = """\
datanodes: {orders: sql db.orders, totals: {sql: db.totals, when: not_empty}, weeks: sql db.weeks}
activities:
  load: {sql: select 1, flow: -> orders}
  ping: {shell: ping}
  sum: {sql: select 1, flow: orders -> totals, schedule: daily}
  ring: {shell: ring, schedule: daily}
  report: {sql: select 1, flow: totals -> weeks, schedule: weekly}
  mail: {shell: mail, after: report, schedule: weekly}
"""


def test_what_was_made_from_an_hour_is_made_again_and_nothing_else() -> None:
    assert shown(found(ROLLUP, "load", "2026-01-02T06:00")) == [
        "load 02 06",
        "orders 02 06",
        "sum 02 00",
        "totals.not_empty 02 00",
        "totals 02 00",
        "report 01 00",
        "weeks 01 00",
        "mail 01 00",
    ]


def test_what_is_not_due_is_left_out() -> None:
    assert shown(found(ROLLUP, "load", "2026-01-09T06:00")) == [
        "load 09 06",
        "orders 09 06",
        "sum 09 00",
        "totals.not_empty 09 00",
        "totals 09 00",
    ]
    late = found(ROLLUP, "load", "2026-01-11T06:00", NOW - timedelta(seconds=1))
    assert shown(late) == ["load 11 06", "orders 11 06"]


def test_why_each_is_there() -> None:
    load, orders, sum_, *_ = found(ROLLUP, "load", "2026-01-02T06:00")
    assert load.because == ()
    assert orders.because == (load.place,)
    assert sum_.because == (orders.place,)
    assert len(sum_.instance.needs) == 4  # As the plan has it, with what does not run again.


SELF = """\
datanodes: {stock: sql db.stock}
activities:
  count: {sql: select 1, flow: "stock[-1] -> stock", schedule: daily}
"""


def test_what_reads_its_own_past_reaches_all_that_is_later() -> None:
    chain = [it for it in found(SELF, "count", "2026-01-04") if it.node.kind == "activity"]
    assert [it.instance.start.day for it in chain] == list(range(4, 12))


def test_a_reader_due_before_what_it_reads() -> None:
    text = """\
datanodes: {totals: sql db.totals}
activities:
  sum: {sql: select 1, flow: -> totals, schedule: daily}
  mail: {shell: mail, flow: totals, after: sum}
"""
    dependants = found(text, "sum", "2026-01-03")
    assert shown(dependants)[:2] == ["sum 03 00", "totals 03 00"]
    assert sorted(shown(dependants)[2:]) == [f"mail 03 {hour:02}" for hour in (0, 6, 12, 18)]
    assert dependants[2].instance.due < dependants[0].instance.due


def test_what_comes_back_to_an_earlier_due_time() -> None:
    """`mail` waits for the day that it is in, and what it writes is read in the same week."""
    text = """\
datanodes: {totals: sql db.totals, mails: sql db.mails}
activities:
  sum: {sql: select 1, flow: -> totals, schedule: daily}
  mail: {sql: select 1, flow: totals -> mails}
  tell: {shell: tell, flow: "mails[-2]"}
"""
    lines = shown(found(text, "sum", "2026-01-03"))
    assert [it for it in lines if it.startswith("tell")] == [
        "tell 03 12",
        "tell 03 18",
        "tell 04 00",
        "tell 04 06",
    ]


def test_across_pipelines_all_names_are_whole() -> None:
    text = (
        HEAD
        + ROLLUP
        + """\
# file: post.pipe.yaml
pipeline: post
schedules: {daily: every 1 day from 2026-01-01T00:00Z}
defaults: {schedule: daily}
activities:
  send: {shell: send, flow: shop.totals}
  sing: {shell: sing}
"""
    )
    front, graphs = project(text)
    named = [place(graphs, "sum", "2026-01-02")]
    lines = shown(dependants(graphs, front.links, named, NOW, qualified=True))
    assert "post.send 02 00" in lines
    assert lines[0] == "shop.sum 02 00"
    assert not [it for it in lines if "sing" in it or "load" in it]


def test_once_is_read_by_all() -> None:
    text = """\
pipeline: shop
schedules: {first: once from 2026-01-05T00:00Z, daily: every 1 day from 2026-01-01T00:00Z}
connections: {db: postgres}
datanodes: {rates: sql db.rates}
activities:
  fetch: {sql: select 1, flow: -> rates, schedule: first}
  count: {shell: count, flow: rates, schedule: daily}
"""
    assert shown(found(text, "fetch", "2026-01-05"))[2:] == [
        f"count {day:02} 00" for day in range(1, 12)
    ]


def test_runs_on_demand_are_not_known() -> None:
    assert due_until(OnDemand(), NOW) == range(0)


@pytest.mark.parametrize(
    ("many", "of"), [(2, 60), (40, 2)], ids=["a long chain", "many activities"]
)
def test_all_of_a_long_time(many: int, of: int) -> None:
    chain = "\n".join(
        f'  step{n}: {{shell: run, flow: "a{n - 1} -> a{n}"}}' for n in range(1, many)
    )
    text = (
        "datanodes: {"
        + ", ".join(f"a{n}: sql db.a{n}" for n in range(many))
        + f'}}\nactivities:\n  step0: {{sql: select 1, flow: "a0[-1] -> a0"}}\n{chain}\n'
    )
    later = datetime(2026, 1, 1, tzinfo=UTC) + of * timedelta(days=1)
    assert len(found(text, "step0", "2026-01-01", later)) == 2 * many * of * 4


# --- the same as a search through the plan ------------------------------------------------------

SCHEDULES = {
    "fine": "every 3 hours from 2026-01-01T00:00Z",
    "half": "every 12 hours from 2026-01-01T00:00Z",
    "dawn": "every 1 day from 2026-01-02T00:00Z at start",
    "daily": "every 1 day from 2026-01-01T00:00Z",
    "short": "every 1 day from 2026-01-03T00:00Z 4 times",
    "zurich": 'cron "0 1 * * *" in Europe/Zurich from 2026-01-01T00:00Z',
    "pair": "every 2 days from 2026-01-01T00:00Z",
    "first": "once from 2026-01-04T00:00Z",
}
WINDOWS = ["", "", "[-1]", "[-2..-1]", "[-2..0]", "[1]", " over 1 day", " over 2 days"]
BEGIN, END = datetime(2025, 12, 30, tzinfo=UTC), datetime(2026, 1, 12, tzinfo=UTC)


@st.composite
def pipelines(draw: st.DrawFn) -> str:
    """A pipeline, perhaps two, of a few activities that read and write each other's data."""
    many = draw(st.integers(2, 6))
    split = draw(st.integers(1, many))
    parts: list[list[str]] = [[], []]
    nodes: list[list[str]] = [[], []]
    for number in range(many):
        home = int(number >= split)
        inputs = []
        for other in draw(st.lists(st.integers(0, many - 1), max_size=3, unique=True)):
            window = draw(st.sampled_from(WINDOWS))
            owner = "" if int(other >= split) == home else ("one.", "two.")[other >= split]
            inputs.append(f"{owner}d{other}{window}")
        schedule = draw(st.sampled_from(list(SCHEDULES)))
        gate = ", when: not_empty" if draw(st.booleans()) else ""
        nodes[home].append(f"  d{number}: {{sql: db.d{number}{gate}}}")
        parts[home].append(
            f'  a{number}: {{sql: select 1, flow: "{", ".join(inputs)} -> d{number}", schedule: {schedule}}}'
        )
    text = ""
    for name, activities, datanodes in zip(("one", "two"), parts, nodes, strict=True):
        if activities:
            schedules = "".join(f"  {key}: {value}\n" for key, value in SCHEDULES.items())
            text += (
                f"# file: {name}.pipe.yaml\npipeline: {name}\nschedules:\n{schedules}"
                "connections: {db: postgres}\ndatanodes:\n" + "\n".join(datanodes)
                + "\nactivities:\n" + "\n".join(activities) + "\n"
            )  # fmt: skip
    return text


@given(pipelines(), st.data())
@settings(max_examples=60)
def test_it_is_a_search_through_the_plan(text: str, data: st.DataObject) -> None:
    front, said = read(files(text))
    assume(not [one for one in said if one.severity == "error"])
    graphs = tuple(graph for one in front.checked for graph in plan(one, front.links))
    now = datetime(2026, 1, 8, tzinfo=UTC)
    listed = [
        one
        for one in instances(graphs, front.links, BEGIN, END, qualified=True)
        if one.due <= now
    ]  # fmt: skip
    assume(listed)
    chosen = data.draw(st.lists(st.sampled_from(listed), min_size=1, max_size=2))
    named = [_place(graphs, one) for one in chosen]
    found = dependants(graphs, front.links, named, now, qualified=True)

    wanted = {(one.name, one.start) for one in chosen}
    while (
        more := {(one.name, one.start) for one in listed if wanted.intersection(one.needs)} - wanted
    ):
        wanted |= more
    assert {(one.instance.name, one.instance.start) for one in found} == wanted
    assert len(found) == len(wanted)
    by_place = {(one.name, one.start): one for one in listed}
    before: set[tuple[str, datetime]] = set()
    for one in found:
        here = (one.instance.name, one.instance.start)
        assert one.instance == by_place[here]
        needed = wanted.intersection(one.instance.needs)
        assert needed <= before
        places = {it.place: (it.instance.name, it.instance.start) for it in found}
        assert {places[it] for it in one.because} == needed
        before.add(here)


def _place(graphs: tuple[Graph, ...], one: Instance) -> Place:
    [graph] = [
        it
        for it in graphs
        if (it.pipeline.name, it.schedule.name) == (one.pipeline, one.schedule)
    ]  # fmt: skip
    number = containing(graph.schedule.grid, one.start)
    assert number is not None
    return (one.pipeline, one.schedule, one.name.partition(".")[2]), number
