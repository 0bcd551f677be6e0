"""What Redshift is sent: texts of the user's inside SQL, inside templates."""

from __future__ import annotations

import ast
from datetime import datetime
from typing import Any

import pytest
from jinja2 import Environment

from pipec.targets.airflow.bash import interpreter_of
from pipec.values import Text
from tests.compiling import dag_files

HEAD = """
pipeline: shop
params: {place: {type: s3, default: s3://shop/out/}}
schedules: {daily: every 1 day from 2026-01-01T00:00Z}
defaults: {schedule: daily}
connections: {wh: redshift, db: postgres}
datanodes:
  packed: s3 s3://shop/raw.csv.gz as csv(id bigint)
  facts: redshift wh.public.facts
  table: {sql: db.table, columns: id bigint}
  folder: s3 ${{ place }} as csv(id bigint)
activities:
"""


def arguments(activity: str) -> dict[str, Any]:
    """What the function of an activity called `x` is given, rendered for 2 January."""
    (file,) = dag_files(HEAD + f"  x: {activity}\n").values()
    (given,) = (
        keyword.value
        for node in ast.walk(ast.parse(file))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "op_kwargs"
    )
    moments = {
        f"data_interval_{name}": datetime(2026, 1, day) for name, day in (("start", 2), ("end", 3))
    }

    def rendered(value: Any) -> Any:
        match value:
            case str():
                return Environment().from_string(value).render(moments)
            case dict():
                return {name: rendered(one) for name, one in value.items()}
            case list():
                return [rendered(one) for one in value]
        return value

    found = rendered(ast.literal_eval(given))
    assert isinstance(found, dict)
    return found


def test_quotes_are_doubled_in_the_words_of_the_user_alone() -> None:
    queue, role = "it's {{ ds }} ${{ start:%Y-%m }}", "arn:aws:iam::1:role/o'x-${{ start:%Y }}"
    given = arguments(
        f'{{redshift_copy: append, flow: packed -> facts, queue: "{queue}", role: "{role}"}}'
    )
    assert given["before"] == ["SET query_group TO 'it''s {{ ds }} 2026-01'"]
    assert "IAM_ROLE 'arn:aws:iam::1:role/o''x-2026'" in given["source"]["options"]


def test_statements_wait_in_a_queue_and_take_values() -> None:
    queue, there = "it's ? ${{ start:%Y-%m }}", 'connection: wh, args: ["o\'x {{ ds }}"]'
    given = arguments(f'{{sql: DELETE FROM facts WHERE a = ?, {there}, queue: "{queue}"}}')
    told = ["SET query_group TO 'it''s ? 2026-01'", "DELETE FROM facts WHERE a = ?"]
    assert given == {"conn_id": "wh", "statements": told, "values": ["o'x {{ ds }}"]}
    given = arguments(f'{{sql: , script: s3://shop/clean.sql, {there}, queue: "{queue}"}}')
    assert (given["before"], given["values"]) == (told[:1], ["o'x {{ ds }}"])


def test_copy_is_told_how_a_file_is_packed_that_only_its_name_says_it_of() -> None:
    options = arguments("{redshift_copy: append, flow: packed -> facts}")["source"]["options"]
    assert options.split("AS CSV ")[1].split()[:2] == ["EMPTYASNULL", "DATEFORMAT"]
    assert options.endswith(" GZIP")


def test_a_folder_is_one_whose_place_is_a_parameter() -> None:
    assert arguments("{copy: facts -> folder}")["uri"] == "s3://shop/out/"


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("s3://shop/${{ start:%Y }}", "s3://shop/2026/shop/x/2026-01-02T00-00-00/"),
        ("s3://shop/passing/", "s3://shop/passing/shop/x/2026-01-02T00-00-00/"),
        ("s3://shop/passing", "s3://shop/passing/shop/x/2026-01-02T00-00-00/"),
    ],
)
def test_a_passage_may_end_in_anything(place: str, found: str) -> None:
    assert arguments(f'{{copy: table -> facts, through: "{place}"}}')["place"] == found


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("#!  \necho hi\n", ""),
        ("#!\necho hi\n", ""),
        ("#!/bin/bash\n", ""),
        ("#! /usr/bin/env python3\n", "/usr/bin/env python3"),
    ],
)
def test_the_first_line_of_a_script_names_what_runs_it(script: str, found: str) -> None:
    assert interpreter_of(Text((script,))) == found
