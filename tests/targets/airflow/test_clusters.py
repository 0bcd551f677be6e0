"""Steps of clusters: what is too long for one, and the shape of those that nothing here executes."""

from __future__ import annotations

import ast
import random
import textwrap

import pytest

from pipec.diagnostic import Report
from pipec.plan import plan
from pipec.targets.airflow import emit
from tests.compiling import dag_files
from tests.reading import files, read

HEAD = """\
pipeline: shop
schedules:
  hourly: every 1 hour from 2026-01-01T00:00Z
  daily: every 1 day from 2026-01-01T00:00Z
defaults: {schedule: daily, runs_on: cluster}
resources: {cluster: emr emr-7.1.0 with 4 x m5.xlarge}
datanodes:
  orders: s3 s3://shop/orders/${{ start:%Y-%m-%d }}/ as csv(city string, price decimal(10,2))
  hours: {s3: "s3://shop/hours/${{ start:%H }}/", format: "tsv(city string, at timestamp)", schedule: hourly}
  first: {s3: s3://shop/it's $1;/, format: {custom: , separator: "\\x01", columns: "city string, price double"}}
  packed: {s3: s3://shop/packed/, format: csv(city string), compression: gzip}
  objects: s3 s3://shop/objects/ as json(city string)
  near: hdfs hdfs:///near/ as tsv(city string)
  one: s3 s3://shop/one.csv as csv(city string)
  two: s3 s3://shop/two.csv as csv(city string)
  table: {dynamodb: shop}
"""


def steps(activities: str, task: str) -> list[str]:
    """The steps of a task, as they stand in its Dag file."""
    (file,) = dag_files(HEAD + activities).values()
    for node in ast.walk(ast.parse(file)):
        if isinstance(node, ast.Call):
            given = {one.arg: one.value for one in node.keywords if one.arg}
            if "steps" in given and ast.literal_eval(given["task_id"]) == task:
                found: list[str] = ast.literal_eval(given["steps"])
                return found
    raise AssertionError(task)


def said(activities: str, *, local: bool = False) -> list[tuple[str, str]]:
    """Code and message of what Airflow cannot say."""
    report = Report()
    front, before = read(files(HEAD + activities))
    assert not before, before
    for one in front.checked:
        emit(plan(one, front.links), front.links, report, local=local)
    return [(one.code, one.text()) for one in report.sorted()]


def test_what_is_too_long_for_a_step() -> None:
    drawn = random.Random(1)
    long = "".join(drawn.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=20_000))
    ((code, text),) = said(f"activities: {{a: {{hive: SELECT '{long}'}}}}\n")
    assert code == "P430"
    assert text.startswith("`a` comes to a step of 1")
    assert not said(f"activities: {{a: {{hive: SELECT '{'a' * 20_000}'}}}}\n")  # It is packed.
    args = ", ".join(["abcdefghij"] * 1_100)
    ((code, _),) = said(f"activities: {{a: {{hadoop: s3://shop/a.jar, args: [{args}]}}}}\n")
    assert code == "P430"


def test_there_is_no_cluster_on_this_machine() -> None:
    found = said("activities: {a: {hive: SELECT 1}, b: {emr: s3://shop/a.jar}}\n", local=True)
    assert [code for code, _ in found] == ["P431", "P431"]
    assert "`a` runs on a cluster" in found[0][1]


def test_a_script_of_pig() -> None:
    activities = """\
activities:
  take:
    pig: A = LIMIT ${input1} $many; ${output1} = FOREACH A GENERATE city, price;
    vars: {many: 3, what: it's $5}
    queue: night
    flow: orders -> first
"""
    (step,) = steps(activities, "take")
    assert (
        step
        == textwrap.dedent("""\
        set -e
        export LC_ALL=$(locale -a | grep -im1 utf)
        cd "$(mktemp -d)"
        hadoop fs -rm -r -f -skipTrash 's3://shop/it'"'"'s $1;/'
        cat > script.pig <<'END_OF_TEXT'
        REGISTER /usr/lib/pig/piggybank.jar;
        input1 = LOAD 's3://shop/orders/{{ data_interval_start.strftime('%Y-%m-%d') }}/' USING org.apache.pig.piggybank.storage.CSVExcelStorage(',', 'NO_MULTILINE', 'UNIX', 'READ_INPUT_HEADER') AS (city:chararray, price:bigdecimal);
        A = LIMIT ${input1} $many; ${output1} = FOREACH A GENERATE city, price;
        STORE output1 INTO 's3://shop/it\\'s \\$1;/' USING PigStorage('\\u0001');
        END_OF_TEXT
        pig -Dmapreduce.job.queuename=night -Dtez.queue.name=night -p many=3 -p 'what="it'"'"'s \\$5"' -p input1=input1 -p output1=output1 -f script.pig""")
    )


def test_pig_reads_every_instance_and_nothing_where_there_is_none() -> None:
    activities = """\
activities:
  take: {pig: "${output1} = LIMIT ${input1} 1;", flow: hours -> near}
  give: {pig: "${output1} = FILTER ${input1} BY true;", flow: near -> packed}
"""
    (step,) = steps(activities, "take")
    assert "\nhadoop fs -mkdir -p hdfs:///tmp/nothing/\n" in step
    assert (
        "input1 = LOAD '{% for start, end in hours_intervals(data_interval_start, data_interval_end)"
        " %}s3://shop/hours/{{ start.strftime('%H') }}/{{ ',' if not loop.last }}"
        "{% else %}hdfs:///tmp/nothing/{% endfor %}' USING PigStorage('\\t')"
        " AS (city:chararray, at:datetime);\n"
    ) in step
    (step,) = steps(activities, "give")
    assert "SET output.compression.codec org.apache.hadoop.io.compress.GzipCodec;\n" in step


def test_a_script_of_pig_in_s3_is_put_between_its_relations() -> None:
    activities = "activities: {take: {pig: , script: s3://shop/a.pig, flow: orders -> first}}\n"
    (step,) = steps(activities, "take")
    lines = step.splitlines()
    middle = lines.index("aws s3 cp s3://shop/a.pig - >> script.pig")
    assert lines[middle - 3].startswith("REGISTER")
    assert lines[middle + 1 : middle + 5][0] == "cat >> script.pig <<'END_OF_TEXT'"
    assert "STORE output1" in step[step.index("aws s3 cp") :]


@pytest.mark.parametrize(
    ("activity", "expected"),
    [
        ("pig: A, flow: table -> first", ["P433"]),
        ("pig: A, flow: objects -> first", ["P433"]),
        ("pig: A, flow: orders -> one", ["P434"]),
        ("hive: A, flow: orders -> one", ["P434"]),
        ("hive: A, flow: '-> first, packed'", ["P435"]),
        ("hive: A, flow: '-> packed, table'", []),
        ("hive_copy: table -> one", ["P434"]),
        ("emr: 'command-runner.jar,a,'", ["P432"]),
        ("emr: {jar: command-runner.jar, args: [a, '{{ b }}']}", ["P432"]),
        ("emr: {jar: s3://shop/a.jar, args: ['{{ ä }}', '']}", []),
    ],
)
def test_what_a_cluster_does_not_do(activity: str, expected: list[str]) -> None:
    assert [code for code, _ in said(f"activities: {{a: {{{activity}}}}}\n")] == expected


def test_whole_folders_are_copied_as_they_are() -> None:
    nodes = """\
  folder: s3 s3://shop/folder/
  disk: hdfs hdfs:///it's/
  file: s3 s3://shop/a b.bin
  other: hdfs hdfs:///b.bin
"""
    activities = "activities: {a: {copy: folder -> disk}, b: {copy: file -> other}}\n"
    (step,) = steps(nodes + activities, "a")
    assert step == "s3-dist-cp --src s3://shop/folder/ --dest 'hdfs:///it'\"'\"'s/'"
    assert steps(nodes + activities, "b") == ["hadoop fs -cp -f 's3://shop/a b.bin' hdfs:///b.bin"]
