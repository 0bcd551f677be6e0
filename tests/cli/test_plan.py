"""`pipec plan`."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import SHOP, Pipec

REPORT = """\
pipeline: shop
schedules:
  hourly: every 1 hour from 2026-03-01T00:00Z
  daily: every 1 day from 2026-03-01T00:00Z
  first: once from 2026-03-01T00:00Z
defaults: {schedule: hourly}
connections: {db: postgres}
datanodes: {orders: sql db.public.orders, week: sql db.public.week}
activities:
  load: {sql: select 1, flow: -> orders}
  sum_up: {sql: select 2, flow: "orders over 2 days -> week", schedule: daily}
  after_all: {shell: echo, after: sum_up, schedule: daily}
  begin: {shell: echo, schedule: first}
"""


@pytest.fixture
def report(home: Path) -> Path:
    (home / "shop.pipe.yaml").write_text(REPORT, encoding="utf-8")
    return home


def planned(pipec: Pipec, *words: str) -> list[dict[str, Any]]:
    found = pipec("plan", "--format", "json", *words)
    assert found.status == 0
    document = json.loads(found.out)
    assert list(document) == ["instances"]
    instances: list[dict[str, Any]] = document["instances"]
    return instances


def test_json(pipec: Pipec, report: Path) -> None:
    found = planned(pipec, ".", "--from", "2026-03-02", "--to", "2026-03-03")
    assert found[0] == {
        "name": "load",
        "kind": "activity",
        "schedule": "hourly",
        "start": "2026-03-02T00:00:00Z",
        "end": "2026-03-02T01:00:00Z",
        "due": "2026-03-02T01:00:00Z",
        "needs": [],
    }
    [sum_up] = [one for one in found if one["name"] == "sum_up"]
    assert [need["name"] for need in sum_up["needs"]] == ["orders"] * 48
    assert sum_up["needs"][0]["start"] == "2026-03-01T00:00:00Z"
    # At its due time, what is finer comes first.
    assert [one["name"] for one in found[-5:]] == ["load", "orders", "sum_up", "week", "after_all"]


def test_text(pipec: Pipec, report: Path) -> None:
    found = pipec("plan", ".")
    lines = found.out.splitlines()
    assert lines[0].split() == ["due", "name", "kind", "schedule", "interval", "needs"]
    assert lines[2].split() == [
        "2026-03-01T00:00",
        "begin",
        "activity",
        "first",
        "2026-03-01T00:00",
    ]
    assert (
        "2026-03-02T00:00  sum_up     activity  daily     2026-03-01T00:00 .. 2026-03-02T00:00"
        "  orders x24 2026-03-01T00:00 .. 23:00 (24 more do not exist)" in lines
    )
    assert sum(" sum_up " in line for line in lines) == 3
    assert "2026-03-01T00:00 .. 2026-03-04T00:00, the first of `daily`" in found.err
    assert "sum_up: of what it would read, 24 instances would be before the first" in found.err


def test_several_windows_on_the_same_are_one(pipec: Pipec, home: Path) -> None:
    text = REPORT.replace("orders over 2 days", "orders, orders over 2 days, orders[-2..-1]")
    (home / "shop.pipe.yaml").write_text(text, encoding="utf-8")
    words = ("--from", "2026-03-03", "--to", "2026-03-04")
    found = pipec("plan", ".", *words).out
    assert " orders x72 2026-03-01T00:00 .. 2026-03-03T23:00\n" in found
    [sum_up] = [one for one in planned(pipec, ".", *words) if one["name"] == "sum_up"]
    starts = [need["start"] for need in sum_up["needs"]]
    assert starts == sorted(set(starts))


def test_nothing_in_a_window(pipec: Pipec, report: Path) -> None:
    words = ("--from", "2026-03-02T00:30", "--to", "2026-03-02T01:00")
    assert planned(pipec, ".", *words) == []
    found = pipec("plan", ".", *words)
    assert (found.status, found.out) == (0, "")
    assert "`hourly` (every 1 hour from 2026-03-01T00:00Z) has no whole interval there" in found.err
    assert planned(pipec, ".", "--to", "2020-01-01") == []


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("", "2026-03-01T00:00:00Z", "2026-03-04T00:00:00Z"),
        ("--from 2027-01-01T12:00", "2027-01-01T12:00:00Z", "2027-01-05T00:00:00Z"),
        ("--from 2025-01-01", "2026-03-01T00:00:00Z", "2026-03-04T00:00:00Z"),
        ("--to 2026-03-02", "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"),
        (
            "--from 2026-03-01T02:00+02:00 --to 2026-03-02",
            "2026-03-01T00:00:00Z",
            "2026-03-02T00:00:00Z",
        ),
    ],
)
def test_windows(pipec: Pipec, report: Path, words: str, first: str, last: str) -> None:
    found = planned(pipec, ".", *words.split())
    assert min(one["start"] for one in found) == first
    assert max(one["end"] for one in found) == last


def test_on_demand(pipec: Pipec, home: Path) -> None:
    text = "pipeline: shop\nschedules: {asked: on demand}\ndefaults: {schedule: asked}\n"
    (home / "shop.pipe.yaml").write_text(text + "activities: {mail: {shell: echo}}\n")
    assert planned(pipec, ".") == []
    assert "`asked` is on demand: it has no instances before someone asks" in pipec("plan", ".").err


def test_several_pipelines_have_names_before_their_objects(pipec: Pipec, home: Path) -> None:
    stock = SHOP.replace("pipeline: shop", "pipeline: stock").replace(
        "after: fetch", "after: shop.fetch"
    )
    (home / "stock.pipe.yaml").write_text(stock, encoding="utf-8")
    found = planned(pipec, ".")
    assert {one["name"] for one in found} == {
        f"{pipeline}.{name}"
        for pipeline in ("shop", "stock")
        for name in ("fetch", "orders", "count")
    }
    needs = {one["name"]: {it["name"] for it in one["needs"]} for one in found}
    assert needs["stock.count"] == {"shop.fetch"}
    assert needs["shop.count"] == {"shop.fetch"}


def test_a_schedule_without_a_value(pipec: Pipec, home: Path) -> None:
    text = SHOP.replace("hour from 2026-01-01T00:00Z", "hour from ${{ begin }}")
    (home / "shop.pipe.yaml").write_text(f"params: {{begin: datetime, lake: s3}}\n{text}")
    found = pipec("plan", ".")
    assert (found.status, found.out) == (1, "")
    assert "error[P125]" in found.err
    found = pipec("plan", ".", "--set", "begin=2026-01-01T00:00Z")
    assert found.status == 0


def test_mistakes_stop_it(pipec: Pipec, home: Path) -> None:
    (home / "shop.pipe.yaml").write_text(SHOP.replace("daily}", "dayly}"))
    found = pipec("plan", ".")
    assert (found.status, found.out) == (1, "")
    assert "error[P118]" in found.err


def test_a_long_plan_takes_no_memory(
    pipec: Pipec, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = 0

    class Counted(io.StringIO):
        def write(self, text: str) -> int:
            nonlocal lines
            lines += text.count("\n")
            return len(text)

    monkeypatch.setattr("sys.stdout", Counted())
    pipec("plan", ".", "--format", "json")
    tracemalloc.start()
    pipec("plan", ".", "--format", "json", "--to", "2026-05-01")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert lines > 2 * 120 * 24
    assert peak < 1_500_000  # All instances at a time, without their texts, are 2 MB.


def test_it_begins_at_once_and_can_be_interrupted(report: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "pipec", "plan", ".", "--to", "2999-01-01"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
        # What runs in the background of a shell has it ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as it:
        assert it.stdout is not None
        assert it.stdout.readline().startswith(b"due ")
        it.send_signal(signal.SIGINT)
        try:
            _, said = it.communicate(timeout=60)
        finally:
            it.kill()
    assert (it.returncode, b"Traceback" in said) == (130, False)


def test_picture(pipec: Pipec, report: Path) -> None:
    words = ("--from", "2026-03-01", "--to", "2026-03-03")
    found = pipec("plan", ".", "--format", "svg", *words)
    assert found.status == 0
    picture = ElementTree.fromstring(found.out)
    space = "{http://www.w3.org/2000/svg}"
    boxes = [one for one in picture.iter(f"{space}rect") if one.find(f"{space}title") is not None]
    assert len(boxes) == len(planned(pipec, ".", *words))
    arrows = [one for one in picture.iter(f"{space}path") if one.get("class") == "need"]
    assert len(arrows) == sum(len(one["needs"]) for one in planned(pipec, ".", *words))
    labels = [one.text for one in picture.iter(f"{space}text")]
    assert {"load", "orders", "sum_up", "week", "after_all", "begin"} <= set(labels)
    width = float(picture.get("width", "0"))
    for box in boxes:
        assert (
            0
            <= float(box.get("x", "-1"))
            <= float(box.get("x", "-1")) + float(box.get("width", "-1"))
            <= width
        )


def test_pictures_have_a_limit(pipec: Pipec, report: Path) -> None:
    found = pipec("plan", ".", "--format", "svg", "--to", "2027-01-01")
    assert (found.status, found.out) == (2, "")
    assert "a picture of more than 3000 instances shows nothing" in found.err
    found = pipec(*["plan", ".", "--format", "svg", "--from", "2020-01-01", "--to", "2020-02-01"])
    assert found.status == 0
    title = ElementTree.fromstring(found.out).findtext("{http://www.w3.org/2000/svg}title")
    assert title == "0 instances, 2020-01-01T00:00 .. 2020-02-01T00:00"
