"""Copies from everything to everything that is there without a cluster, and all modes of `redshift_copy`.

As `pipec run` does it: S3 and DynamoDB of moto, a PostgreSQL for each connection.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from pipec.targets.airflow.ways import SIDES
from tests.airflow.pythons import every_airflow
from tests.airflow.running import Ran, ran

COLUMNS = "id bigint, name varchar(20), price decimal(10,2)"
ROWS = [["1", "plain", "1.50"], ["2", "it's, \\N", ""], ["3", "", "-0.01"]]
KINDS = [kind for kind in SIDES.values() if kind != "hdfs"]
MODES = ("keep_existing", "overwrite_existing", "truncate", "append")
HEAD = """
pipeline: ways
schedules: {daily: every 1 day from 2026-01-01T00:00Z 1 times}
defaults: {schedule: daily, attempts: 1}
connections: {db: postgres, warehouse: redshift, other: redshift}
datanodes:
  from_s3: {s3: "s3://lake/${{ start:%Y }}.csv", format: "csv(COLUMNS)"}
  from_file: {file: "DISK/in.csv", format: "csv(COLUMNS)"}
  from_sql: {sql: db.origin, columns: "COLUMNS"}
  from_redshift: {redshift: warehouse.public.origin, columns: "COLUMNS"}
  from_dynamodb: {dynamodb: origin, columns: "COLUMNS", when: [table_exists, has_items]}
  far: {redshift: other.public.far}
"""
LAST = """
  redshift_to_other: {copy: from_redshift -> far, through: s3://lake/passing/}
  query: {shell: exit 0, when: {query: SELECT 1 FROM origin, connection: warehouse}}
  whole: {copy: everything -> exported}
  whole_again: {copy: exported -> everything_again}
"""
PLACES = {
    "s3": '{{s3: s3://lake/{name}/, format: "csv(COLUMNS)"}}',
    "file": '{{file: DISK/{name}/, format: "csv(COLUMNS)"}}',
    "sql": '{{sql: db.{name}, create: "CREATE TABLE IF NOT EXISTS {name} (LIKE origin)"}}',
    "redshift": '{{redshift: warehouse.public.{name}, create: "CREATE TABLE IF NOT EXISTS {name} (LIKE origin)"}}',
    "dynamodb": "{{dynamodb: {name}}}",
}


def text(disk: Path) -> str:
    """The pipeline: a copy for each pair, and a `redshift_copy` for each source and mode."""
    nodes, copies = [], []
    for source in KINDS:
        for target in KINDS:
            name = f"{source}_to_{target}"
            nodes.append(f"  at_{name}: {PLACES[target].format(name=name)}")
            copies.append(f"  {name}: {{copy: from_{source} -> at_{name}}}")
    for source in ("s3", "dynamodb", "redshift"):
        for mode in MODES:
            name = f"{source}_{mode}"
            nodes.append(f"  at_{name}: {{redshift: warehouse.public.{name}, keys: id}}")
            copies.append(f"  {name}: {{redshift_copy: {mode}, flow: from_{source} -> at_{name}}}")
    nodes += [
        "  everything: {dynamodb: everything}",
        "  everything_again: {dynamodb: everything_again}",
        "  exported: s3 s3://lake/exported/ as dynamodb_export",
    ]
    all_of_it = [HEAD.rstrip(), *nodes, "activities:", *copies, LAST]
    return "\n".join(all_of_it).replace("COLUMNS", COLUMNS).replace("DISK", str(disk))


def place_data(folder: Path, disk: Path) -> None:
    lines = "".join(f'{one[0]},"{one[1]}",{one[2]}\n' for one in ROWS)
    for file in (folder / "s3" / "lake" / "2026.csv", disk / "in.csv"):
        file.parent.mkdir(parents=True)
        file.write_text(lines)
    made = "CREATE TABLE origin (id bigint, name text, price numeric(10,2));"
    for number, name, price in ROWS:
        given = "'" + name.replace("'", "''") + "'" if name else "NULL"
        made += f"INSERT INTO origin VALUES ({number}, {given}, {price or 'NULL'});"
    (folder / "sql").mkdir()
    (folder / "sql" / "db.sql").write_text(made)
    (folder / "sql" / "other.sql").write_text(
        "CREATE TABLE far (id bigint, name text, price numeric)"
    )
    for source in ("s3", "dynamodb", "redshift"):
        for mode in MODES:
            made += f"CREATE TABLE {source}_{mode} (LIKE origin);"
            made += f"INSERT INTO {source}_{mode} VALUES (1, 'there', 0), (9, 'too', 9);"
    (folder / "sql" / "warehouse.sql").write_text(made)
    tables = folder / "dynamodb"
    tables.mkdir()
    with (tables / "origin.jsonl").open("w") as file:
        for number, name, price in ROWS:
            item = {"id": {"N": number}, "name": {"S": name}, "price": {"N": price}}
            known = {key: it for key, it in item.items() if "" not in it.values()}
            file.write(json.dumps(known) + "\n")
    odd = {"id": 1, "parts": [1.5, None, {"x": True}]}
    (tables / "everything.jsonl").write_text(json.dumps(odd) + "\n")
    keys = {
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "N"}],
    }
    for name in ("everything_again", *(f"{one}_to_dynamodb" for one in KINDS)):
        (tables / f"{name}.json").write_text(json.dumps(keys))


def found(result: Ran, disk: Path, source: str, target: str) -> list[list[str]]:
    """The rows of a copy at its end, sorted."""
    name = f"{source}_to_{target}"
    match target:
        case "s3" | "file":
            top = result.folder / "s3" / "lake" if target == "s3" else disk
            [file] = (top / name).iterdir()
            lines = file.read_text().splitlines()
            rows = [line.split(",", 1) for line in lines]
            return sorted([one, *rest.rsplit(",", 1)] for one, rest in rows)
        case "sql" | "redshift":
            connection = "db" if target == "sql" else "warehouse"
            return sorted(result.table(f"{connection}/public.{name}"))
    return sorted(
        [item["id"]["N"], item.get("name", {}).get("S", ""), item.get("price", {}).get("N", "")]
        for item in items(result, name)
    )


def items(result: Ran, table: str) -> Iterator[dict[str, dict[str, str]]]:
    for line in (result.folder / "dynamodb" / f"{table}.jsonl").read_text().splitlines():
        yield json.loads(line)


@every_airflow
def test_ways(python: str, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    place_data(tmp_path / "data", disk)
    window = ("2026-01-01T00:00Z", "2026-01-02T00:00Z")
    result = ran(python, {"ways.pipe.yaml": text(disk)}, tmp_path, window)
    assert {name: it for name, it in result.states.items() if it != ["finished"]} == {}
    check(result, disk)


def check(result: Ran, disk: Path) -> None:
    for source in KINDS:
        for target in KINDS:
            rows = found(result, disk, source, target)
            assert [[one.strip('"') for one in row] for row in rows] == ROWS, (source, target)
    assert sorted(result.table("other/public.far")) == ROWS
    new = {row[0]: row for row in ROWS}
    old = {"1": ["1", "there", "0.00"], "9": ["9", "too", "9.00"]}
    for source in ("s3", "dynamodb", "redshift"):
        for mode, wanted in {
            "keep_existing": [*{**new, **old}.values()],
            "overwrite_existing": [*{**old, **new}.values()],
            "truncate": ROWS,
            "append": [*old.values(), *ROWS],
        }.items():
            assert sorted(result.table(f"warehouse/public.{source}_{mode}")) == sorted(wanted), mode
    assert [*items(result, "everything_again")] == [*items(result, "everything")]
