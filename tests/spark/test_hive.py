r"""The tables around a script of Hive hold what pipec's own readers read, and write what they read.

Spark executes the very commands that a cluster would be sent, with Hive's formats; only the schemes
of places are others. Hive's own grammar is not Spark's: that Hive takes the statements as well is
not shown here, nor are DynamoDB's tables and Pig.
"""

from __future__ import annotations

import importlib
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.spark.cluster import Cluster

pytestmark = pytest.mark.spark

COLUMNS = (
    "id bigint, name string, price decimal(10,2), ok boolean, day date, at timestamp, rate double"
)
TYPES = [it.split(" ", 1) for it in COLUMNS.split(", ")]
ROWS = [
    ["1", "plain", "1.50", "true", "2026-01-01", "2026-01-01T00:00:00", "0.5"],
    ["2", 'it\'s, "quoted"; {{ x }} $y', "", "false", "", "2026-01-01 01:02:03.5", "-1e30"],
    ["3", "ä 🦆 100 %", "-0.01", "", "2024-02-29", "", ""],
    ["4", "back\\slash | * \ttab", "99999999.99", "t", "2026-01-01", "2026-01-01T23:59:59Z", "3"],
    ["", "", "", "", "", "", ""],
    ["6", "\\N", "0", "0", "2026-12-31", "2026-01-01 00:00:00", "7"],
]
"""As files hold them; an empty text is NULL."""
VALUES = [
    (1, "plain", Decimal("1.50"), True, "2026-01-01", datetime(2026, 1, 1), 0.5),
    (2, ROWS[1][1], None, False, None, datetime(2026, 1, 1, 1, 2, 3, 500000), -1e30),
    (3, "ä 🦆 100 %", Decimal("-0.01"), None, "2024-02-29", None, None),
    (4, "back\\slash | * \ttab", Decimal("99999999.99"), True, "2026-01-01", datetime(2026, 1, 1, 23, 59, 59), 3.0),
    (None,) * 7,
    (6, "\\N", Decimal("0"), False, "2026-12-31", datetime(2026, 1, 1), 7.0),
]  # fmt: skip


def quoted(rows: list[list[str]], separator: str) -> str:
    return "".join(
        separator.join('"' + one.replace('"', '""') + '"' if one else "" for one in row) + "\n"
        for row in rows
    )


def marked(rows: list[list[str]], separator: str) -> str:
    def field(text: str) -> str:
        return text.replace("\\", "\\\\").replace(separator, f"\\{separator}")

    named = [[one, name or None, *more] for one, name, *more in rows]
    return "".join(
        separator.join("\\N" if it is None else field(it) for it in row) + "\n" for row in named
    )


def objects(rows: list[list[str]]) -> str:
    return "".join(
        json.dumps(
            {name: value for (name, _), value in zip(TYPES, row, strict=True) if value != ""},
            ensure_ascii=False,
        )
        + "\n"
        for row in rows
    )


INPUTS = {
    "csv": ("{csv: , columns: 'COLUMNS'}", quoted(ROWS, ",")),
    "csv with semicolons": ("{csv: , separator: ;, columns: 'COLUMNS'}", quoted(ROWS, ";")),
    "tsv": ("{tsv: , columns: 'COLUMNS'}", marked(ROWS, "\t")),
    "json": ("{json: , columns: 'COLUMNS'}", objects(ROWS)),
    "custom": (
        "{custom: , separator: '|', escape: \"\\\\\", columns: 'COLUMNS'}",
        marked(ROWS, "|"),
    ),
}
OUTPUTS = {
    "csv": "{csv: , columns: 'COLUMNS'}",
    "csv with semicolons": "{csv: , separator: ;, columns: 'COLUMNS'}",
    "tsv": "{tsv: , columns: 'COLUMNS'}",
    "custom": "{custom: , separator: '*', escape: \"\\\\\", columns: 'COLUMNS'}",
    "json": "{json: , columns: 'COLUMNS'}",
}
PROJECT = """
pipeline: shop
schedules:
  hourly: every 1 hour from 2026-01-01T00:00Z
  daily: every 1 day from 2026-01-01T00:00Z
defaults: {schedule: daily, runs_on: cluster}
resources: {cluster: {emr: emr-7.1.0}}
"""


def values(function: str, path: Path, **options: Any) -> list[tuple[Any, ...]]:
    """The rows of files as a helper of Dag files reads them, without their names."""
    read = getattr(importlib.import_module(f"helpers.{function}"), function)
    _, *rows = read(path=f"{path}/", columns=TYPES, **options)
    return [
        tuple(
            it.replace(tzinfo=None) if isinstance(it, datetime) else str(it) if index == 4 and it else it
            for index, it in enumerate(row)
        )
        for row in rows
    ]  # fmt: skip


def by_id(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(rows, key=lambda row: row[0] or 0)


@pytest.mark.parametrize("name", INPUTS)
def test_a_table_holds_what_our_own_reader_reads(cluster: Cluster, name: str) -> None:
    format_, data = INPUTS[name]
    folder = f"inbox/{name.replace(' ', '_')}"
    cluster.put(f"{folder}/part.txt", data)
    cluster.put(f"{folder}/_SUCCESS", "no data")
    project = f"""{PROJECT}
datanodes:
  source: {{s3: "s3://{folder}/", format: {format_}}}
  target: {{s3: "s3://out/{folder}/", format: {OUTPUTS["json"]}}}
activities:
  count: {{hive: "INSERT OVERWRITE TABLE ${{output1}} SELECT * FROM ${{input1}}", flow: source -> target}}
""".replace("COLUMNS", COLUMNS)
    for _ in range(2):  # The second time changes nothing.
        done = cluster.run(project, "count", "2026-01-01T00:00Z", "2026-01-02T00:00Z")
        assert done.returncode == 0, done.stderr
        assert by_id(values("read_json", cluster.s3 / "out" / folder)) == by_id(VALUES)
    assert cluster.query("SHOW TABLES") == []
    function = {"csv": "read_csv", "json": "read_json"}.get(name.split()[0], "read_tsv")
    options = {"separator": {"csv with semicolons": ";", "custom": "|"}[name]} if name in (
        "csv with semicolons", "custom"
    ) else {}  # fmt: skip
    assert by_id(values(function, cluster.s3 / folder, **options)) == by_id(VALUES)


@pytest.mark.parametrize("name", OUTPUTS)
def test_our_own_reader_reads_what_a_script_has_written(cluster: Cluster, name: str) -> None:
    cluster.put("rows/part.txt", quoted(ROWS, ","))
    folder = f"written/{name.replace(' ', '_')}"
    project = f"""{PROJECT}
datanodes:
  source: {{s3: "s3://rows/", format: {OUTPUTS["csv"]}}}
  target: {{s3: "s3://{folder}/", format: {OUTPUTS[name]}, compression: gzip}}
activities:
  keep: {{copy: source -> target}}
""".replace("COLUMNS", COLUMNS)
    done = cluster.run(project, "keep", "2026-01-01T00:00Z", "2026-01-02T00:00Z")
    assert done.returncode == 0, done.stderr
    files = [it for it in (cluster.s3 / folder).iterdir() if it.name[0] not in "._"]
    assert files
    assert {it.read_bytes()[:2] for it in files} == {b"\x1f\x8b"}
    function = {"csv": "read_csv", "json": "read_json"}.get(name.split()[0], "read_tsv")
    separator = {"csv with semicolons": ";", "custom": "*"}.get(name)
    options = {"separator": separator} if separator else {}
    assert by_id(values(function, cluster.s3 / folder, **options)) == by_id(VALUES)
