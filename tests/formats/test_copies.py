"""How a Dag copies rows in each format, and when files are copied as they are."""

from __future__ import annotations

import ast

import pytest

from pipec.diagnostic import Report
from pipec.plan import plan
from pipec.targets import airflow
from tests.compiling import dag_files
from tests.reading import read

HEAD = """\
pipeline: shop
schedules: {daily: every 1 day from 2026-01-01T00:00Z}
defaults: {schedule: daily}
connections: {db: postgres}
"""


def copied(source: str, target: str) -> tuple[str, dict[str, object]]:
    """What a copy calls, and with what."""
    project = (
        f"{HEAD}datanodes:\n  a: {source}\n  b: {target}\nactivities:\n  keep: {{copy: a -> b}}\n"
    )
    (file,) = dag_files(project).values()
    for node in ast.walk(ast.parse(file)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "PythonOperator":
            given = {one.arg: one.value for one in node.keywords}
            call = ast.unparse(given["python_callable"])
            return call.removeprefix("partial(copy_rows, ").removesuffix(")"), ast.literal_eval(
                given["op_kwargs"]
            )
    raise AssertionError(file)


TABLE = "sql db.t"
TYPED = '{sql: db.t, columns: "id bigint, name string, price decimal(10,2)"}'
LOG = r"regex: '(\S+) (\{\{.*)', output: '%2$s {} %1$s%%', columns: 'a int, b string'"


@pytest.mark.parametrize(
    ("format_", "reader", "options"),
    [
        ("csv", "read_csv", {}),
        ("{csv: , record_separator: ;}", "read_csv", {"record_separator": ";"}),
        (
            '{csv: , record_separator: "\\r\\n"}',
            "read_csv",
            {"record_separator": "{{ '\\r' }}\n\n"},
        ),
        ("{csv: , escape: \\}", "read_tsv", {"separator": ","}),
        ("{csv: , escape: ^, separator: '|'}", "read_tsv", {"separator": "|", "escape": "^"}),
        ("{tsv: , header: true}", "read_tsv", {"header": True}),
        ("{custom: , separator: '{{'}", "read_tsv", {"separator": "{{ '{{' }}", "escape": ""}),
        ("{custom: , separator: '*', escape: \\}", "read_tsv", {"separator": "*"}),
        ("json(a int)", "read_json", {"columns": [["a", "int"]]}),
        ("parquet", "read_parquet", {}),
        (
            "'dynamodb_export(a decimal(3,1))'",
            "read_dynamodb_export",
            {"columns": [["a", "decimal"]]},
        ),
        (
            f"{{{LOG}}}",
            "read_regex",
            {
                "columns": [["a", "int"], ["b", "string"]],
                "pattern": "(\\S+) (\\{\\{.*)",
            },
        ),
    ],
)
def test_reading(format_: str, reader: str, options: dict[str, object]) -> None:
    call, given = copied(f"{{s3: s3://shop/a, format: {format_}}}", TABLE)
    assert call == f"{reader}, partial(write_sql, insert_postgres)"
    assert given["source"] == {"path": "s3://shop/a", **options}


@pytest.mark.parametrize(
    ("node", "write", "options"),
    [
        ("format: csv", "write_csv", {}),
        ("format: {csv: , header: true, compression: gzip}", "write_csv",
         {"header": True, "compression": "gzip"}),
        ("format: csv, compression: gzip", "write_csv", {"compression": "gzip"}),
        ("format: {tsv: , compression: xz}", "write_tsv", {"compression": "xz"}),
        ("format: {csv: , escape: ^}", "write_tsv", {"separator": ",", "escape": "^"}),
        ("format: {json: , compression: bzip2}", "write_json", {"compression": "bzip2"}),
        ("format: parquet", "write_parquet",
         {"columns": [["id", "bigint"], ["name", "string"], ["price", "decimal(10,2)"]]}),
        ("format: {parquet: 'id int, name string, price double', compression: zstd}", "write_parquet",
         {"columns": [["id", "int"], ["name", "string"], ["price", "double"]], "compression": "zstd"}),
        ("format: parquet, compression: gzip", "write_parquet",
         {"columns": [["id", "bigint"], ["name", "string"], ["price", "decimal(10,2)"]],
          "compression": "gzip"}),
        ("format: {parquet: , compression: none}", "write_parquet",
         {"columns": [["id", "bigint"], ["name", "string"], ["price", "decimal(10,2)"]],
          "compression": "none"}),
        ("format: dynamodb_export", "write_dynamodb_export",
         {"columns": [["id", "bigint"], ["name", "string"], ["price", "decimal(10,2)"]]}),
        ("format: {regex: '(.*) (.*) (.*)', output: '%2$s {{}} %1$s%%%3$s'}", "write_regex",
         {"pattern": "(.*) (.*) (.*)", "output": "{1} {{ '{{' }}{{ '{{' }}}}}} {0}%{2}"}),
    ],
)  # fmt: skip
def test_writing(node: str, write: str, options: dict[str, object]) -> None:
    call, given = copied(TYPED, f"{{s3: s3://shop/b, {node}}}")
    assert call == f"read_postgres, {write}"
    assert given["target"] == {"path": "s3://shop/b", **options}


@pytest.mark.parametrize(
    ("source", "target", "same"),
    [
        ("", "", True),
        ("format: csv", "", True),
        ("format: csv", "format: csv", True),
        ("format: csv", "format: {csv: , escape: \\}", False),
        ("format: csv(a int)", "format: csv(a int)", True),
        ("format: csv(a int)", "format: csv(a bigint)", False),
        ("format: csv", "format: {csv: , compression: gzip}", False),
        ("format: csv, compression: gzip", "format: {csv: , compression: gzip}", True),
        ("format: {csv: , compression: bzip2}", "format: {csv: , compression: gzip}", False),
        ("compression: gzip", "compression: gzip", True),
        ("format: {csv: , record_separator: ;}", "format: csv", False),
        ("format: parquet(a int)", "format: parquet(a int)", True),
        ("format: parquet(a int)", "format: {parquet: a int, compression: snappy}", True),
        ("format: parquet(a int)", "format: {parquet: a int, compression: gzip}", False),
        ("format: parquet(a int), compression: gzip", "format: {parquet: a int, compression: gzip}", True),
        ("format: parquet(a int)", "format: parquet(a int), compression: gzip", False),
        ("format: parquet(a int), compression: gzip", "", True),
        ("", "format: {parquet: , compression: zstd}", True),
        ("format: json(a int)", "format: dynamodb_export(a int)", False),
        ("format: {regex: (.*)}", "format: {regex: (.*)}", True),
        ("format: {regex: (.*)}", "format: {regex: (.*) x, output: '%1$s x'}", False),
    ],
)  # fmt: skip
def test_the_same_bytes(source: str, target: str, same: bool) -> None:
    call, _ = copied(f"{{s3: s3://shop/a, {source}}}", f"{{s3: s3://shop/b, {target}}}")
    assert (call == "copy_s3_to_s3") == same


@pytest.mark.parametrize(
    ("source", "target", "codes"),
    [
        ("format: parquet", "format: csv", []),
        ("format: parquet", "format: json", []),
        ("format: csv", "format: parquet", ["P465"]),
        ("format: dynamodb_export", "format: csv", ["P286"]),
        ("format: csv", "format: dynamodb_export", ["P286"]),
        ("format: {csv: , header: true}", "format: dynamodb_export", []),
        ("format: csv", "format: {regex: (.*)}", ["P463"]),
        ("format: {regex: (.*)}", "format: json", ["P286"]),
        ("format: {regex: (.*)}", "format: csv", []),
        ("format: csv, compression: gzip", "", ["P282"]),
        ("format: {regex: '(\\p{Alpha})'}", "format: csv", ["P462"]),
        ("format: {regex: '(x'}", "format: csv", ["P462"]),
        ("format: {regex: '(\\p{Alpha})'}", "", []),
    ],
)
def test_complaints(source: str, target: str, codes: list[str]) -> None:
    project = (
        f"{HEAD}datanodes:\n  a: {{s3: s3://shop/a, {source}}}\n  b: {{s3: s3://shop/b, {target}}}\n"
        "activities:\n  keep: {copy: a -> b}\n"
    )
    front, found = read({"shop.pipe.yaml": project})
    report = Report(list(found))
    for one in front.checked:
        airflow.examine(plan(one, front.links), front.links, report)
    assert [one.code for one in report.sorted()] == codes
