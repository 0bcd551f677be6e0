"""What pipelines become for AWS Data Pipeline, and what it cannot say of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from pipec.plan import plan
from pipec.targets import datapipeline
from tests.importing.importing import errors, files
from tests.reading import read

PAGES = Path(__file__).parents[2] / "importing" / "pages"


@pytest.mark.parametrize("name", ["shop", "asked"])
def test_a_definition(name: str, snapshot: SnapshotAssertion) -> None:
    made, said = files((PAGES / f"{name}.pipe.yaml").read_text(), "datapipeline")
    assert errors(said) == []
    assert made[f"{name}.json"] == snapshot


def objects(text: str) -> dict[str, dict[str, Any]]:
    """The objects of a definition, by their ids."""
    made, said = files(HEAD + text, "datapipeline")
    assert errors(said) == []
    [written] = made.values()
    return {one["id"]: one for one in json.loads(written)["objects"]}


def codes(text: str) -> list[tuple[str, str]]:
    """The codes of what is said, and the words that are marked."""
    _, said = files(HEAD + text, "datapipeline")
    return [(it.code, it.span.text) for it in said if it.severity == "error"]


HEAD = """
pipeline: shop
schedules:
  hourly: every 1 hour from 2026-01-01T00:00Z
  daily: every 1 day from 2026-01-01T00:00Z
  early: every 1 day from 2026-01-01T00:00Z at start
  first: once from 2026-01-01T00:00Z
  nightly: cron "0 3 * * *" in Europe/Zurich from 2026-01-01T00:00Z
defaults: {schedule: daily, runs_on: box}
resources: {box: ec2 m5.large}
"""


def test_what_all_have_in_common_stands_in_default() -> None:
    found = objects("activities: {a: {shell: ./a}, b: {shell: ./b, attempts: 2}}")
    assert found["Default"] == {
        "id": "Default", "name": "Default", "scheduleType": "timeseries",
        "schedule": {"ref": "daily"}, "failureAndRerunMode": "CASCADE",
        "retryDelay": "10 minutes", "runsOn": {"ref": "box"},
        "role": "DataPipelineDefaultRole", "resourceRole": "DataPipelineDefaultResourceRole",
    }  # fmt: skip
    assert found["a"]["maximumRetries"] == "2"
    assert found["b"]["maximumRetries"] == "1"


def test_what_is_due_at_the_start_has_the_same_schedule() -> None:
    found = objects("activities: {a: {shell: ./a}, b: {shell: ./b, schedule: early}}")
    kinds = [found[it]["scheduleType"] for it in ("a", "b")]
    assert kinds == ["timeseries", "cron"]
    assert found["Default"]["schedule"] == {"ref": "daily"}
    assert [it for it, one in found.items() if one.get("type") == "Schedule"] == ["daily"]
    assert [it for it, one in found.items() if one.get("type") == "Ec2Resource"] == ["box"]


def test_data_without_a_schedule_is_on_that_of_each_reader() -> None:
    found = objects("""
datanodes: {geo: s3 s3://shop/geo.csv}
activities: {a: {shell: ./a, flow: geo}, b: {shell: ./b, flow: geo, schedule: hourly}}
""")
    assert found["a"]["input"] == {"ref": "geo"}
    assert found["b"]["input"] == {"ref": "geo_hourly"}
    assert found["geo_hourly"]["schedule"] == {"ref": "hourly"}


def test_what_it_waits_for_is_named_there() -> None:
    found = objects("""
datanodes:
  marker: s3 s3://shop/${{ start:%Y }}/done
  folder: s3 s3://shop/in/
activities: {a: {shell: ./a, when: [{exists: marker, poll: 5 minutes}, {exists: folder}]}}
""")
    one, other = (found[it["ref"]] for it in found["a"]["precondition"])
    assert [one["type"], other["type"]] == ["S3KeyExists", "S3PrefixNotEmpty"]
    assert one["s3Key"] == "s3://shop/#{format(node.@scheduledStartTime,'YYYY')}/done"
    assert one["retryDelay"] == "5 minutes"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("activities: {a: {shell: ./a, schedule: nightly}}", [("P552", "nightly")]),
        ("activities: {a: {shell: 'echo ${{ end }}', schedule: first}}", [("P552", "first")]),
        ("activities: {a: {shell: ./a, flow: -> x}, b: {shell: ./b, flow: 'x[-1]'}}\n"
         "datanodes: {x: s3 s3://shop/x/}", [("P550", "x[-1]")]),
        ("activities: {a: {shell: ./a, flow: -> x, schedule: first}, b: {shell: ./b, flow: x}}\n"
         "datanodes: {x: s3 s3://shop/x/}", [("P552", "x")]),
        ("activities: {a: {shell: 'echo $x', vars: {x: 1}}}", [("P550", "a")]),
        ("activities: {a: {shell: './a', vars: {x: 1}, attempts: 9}}", [("P533", "a")]),
        ("activities: {a: {shell: ./a, datapipeline: {stdot: s3://shop/log}}}", [("P528", "a")]),
        ("activities: {a: {shell: ./a, when: {query: SELECT 1, connection: db}}}\n"
         "connections: {db: postgres}", [("P550", "a")]),
    ],
)  # fmt: skip
def test_what_it_cannot_say(text: str, found: list[tuple[str, str]]) -> None:
    assert codes(text) == found


def test_other_pipelines_are_unknown_to_it() -> None:
    front, _ = read({
        "shop.pipe.yaml": f"{HEAD}datanodes: {{x: s3 s3://shop/x/}}\nactivities: {{a: {{shell: ./a, flow: -> x}}}}",
        "stock.pipe.yaml": HEAD.replace("pipeline: shop", "pipeline: stock")
        + "activities: {b: {shell: ./b, flow: shop.x}}",
    })  # fmt: skip
    from pipec.diagnostic import Report

    report = Report()
    for one in front.checked:
        datapipeline.examine(plan(one, front.links), front.links, report)
    assert [it.code for it in report.found] == ["P552"]
