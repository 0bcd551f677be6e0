"""The graph of a schedule: what has instances, what comes after what."""

from __future__ import annotations

import textwrap
from datetime import UTC, datetime

from pipec.compiler import read_project
from pipec.diagnostic import Report
from pipec.lower import Settings
from pipec.plan import Graph, instances, plan
from pipec.source import Source

HEAD = """
pipeline: shop
schedules:
  hourly: every 1 hour from 2026-01-01
  daily: every 1 day from 2026-01-01
defaults: {schedule: daily}
connections: {db: postgres}
"""


def graphs_of(text: str) -> tuple[Graph, ...]:
    report = Report()
    source = Source("shop.pipe.yaml", HEAD + textwrap.dedent(text))
    front = read_project([source], lambda _: Settings(), report)
    assert not report.errors, [one.text() for one in report.found]
    (checked,) = front.checked
    return plan(checked, front.links)


def edges(graph: Graph) -> dict[str, list[str]]:
    return {one.name: [need.name for need in one.needs] for one in graph.nodes}


def test_order_follows_from_data_and_not_from_the_file() -> None:
    (graph,) = graphs_of(
        """
        datanodes: {orders: sql db.orders, totals: sql db.totals}
        activities:
          mail: {shell: mail, flow: totals}
          count: {sql: select 1, flow: orders -> totals}
          load: {sql: select 1, flow: -> orders}
        """
    )
    order = [one.name for one in graph.nodes if one.kind == "activity"]
    assert order == ["load", "count", "mail"]


def test_preconditions_of_what_is_produced_come_after_its_producer() -> None:
    (graph,) = graphs_of(
        """
        datanodes: {orders: {sql: db.orders, when: not_empty}}
        activities:
          load: {sql: select 1, flow: -> orders}
          mail: {shell: mail, flow: orders}
        """
    )
    assert edges(graph) == {
        "load": [],
        "orders.not_empty": ["load"],
        "orders": ["orders.not_empty"],
        "mail": ["orders"],
    }


def test_what_has_no_schedule_is_looked_at_for_each_schedule_that_reads_it() -> None:
    found = graphs_of(
        """
        datanodes: {rates: {s3: s3://shop/rates.csv, when: exists}}
        activities:
          count: {shell: count, flow: rates, schedule: hourly}
          mail: {shell: mail, flow: rates}
          post: {shell: post, flow: rates}
        """
    )
    assert [(graph.schedule.name, edges(graph)) for graph in found] == [
        ("hourly", {"rates.exists": [], "count": ["rates.exists"]}),
        ("daily", {"rates.exists": [], "mail": ["rates.exists"], "post": ["rates.exists"]}),
    ]


def test_a_year_of_hours_is_streamed() -> None:
    (graph,) = graphs_of("activities: {load: {shell: load, schedule: hourly}}")
    year = instances(
        [graph],
        links=None,  # type: ignore[arg-type]  # Nothing is needed, so nothing is looked up.
        begin=datetime(2026, 1, 1, tzinfo=UTC),
        end=datetime(2027, 1, 1, tzinfo=UTC),
    )
    first = next(year)
    assert (first.name, first.start.hour, first.due.hour) == ("load", 0, 1)
    assert 1 + sum(1 for _ in year) == 365 * 24
