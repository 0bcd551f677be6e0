"""All copies between files in S3, tables and files on disk, in every format, and once more."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path

from tests.airflow.pythons import every_airflow
from tests.airflow.running import ran

COLUMNS = "id bigint, name string, price decimal(10,2), ok boolean, at timestamp"
DAYS = {
    "2026-01-01": [
        ["1", "plain", "1.50", "true", "2026-01-01T00:00:00"],
        ["2", 'it\'s, "quoted"', "", "false", "2026-01-01T01:00:00"],
        ["3", "two\nlines", "0.01", "", "2026-01-01T02:30:00"],
        ["4", "tab\tback\\slash ä 🦆", "99999999.99", "true", "2026-01-01T23:59:59.999"],
        ["5", "", "", "", "2026-01-01T12:00:00"],
        ["6", "\\N 100 % ?", "-1.00", "f", "2026-01-01T12:00:00"],
    ],
    "2026-01-02": [
        ["7", "NULL", "7.00", "t", "2026-01-02T00:00:00"],
        ["8", "{{ x }}", "8.00", "0", "2026-01-02T12:00:00"],
    ],
}
PROJECT = """
pipeline: copies
schedules: {daily: every 1 day from 2026-01-01T00:00Z 2 times}
defaults: {schedule: daily, attempts: 1}
connections: {db: postgres, shop: postgres}
datanodes:
  raw: {s3: "s3://lake/in/${{ start:%Y-%m-%d }}.csv", format: "csv(COLUMNS)", when: not_empty}
  parts: s3 s3://lake/parts/${{ start:%d }}/
  mixed: {s3: "s3://lake/mixed/${{ start:%d }}/", format: {csv: , header: true}}
  items: {sql: db.items, at: at, columns: "COLUMNS"}
  more: {sql: shop.public.more, at: at}
  appended: sql db.appended
  replaced: sql db.replaced
  picked: {sql: db.items, schedule: daily, select: "SELECT name, id FROM items WHERE at >= '${{ start }}' AND at < '${{ end }}' ORDER BY id"}
  made:
    sql: db.made
    create: "CREATE TABLE IF NOT EXISTS made (id bigint PRIMARY KEY, name text, note text)"
    insert: "INSERT INTO made VALUES (?, ?, '100 % ?') ON CONFLICT (id) DO UPDATE SET note = 'again'"
  named: {sql: db.named}
  copied: s3 s3://lake/copied/${{ start:%Y-%m-%d }}.csv
  parts_again: s3 s3://lake/parts_again/${{ start:%d }}/
  packed: {s3: "s3://lake/packed/${{ start:%d }}.json", format: "json(COLUMNS)", compression: gzip}
  tabs: {s3: "s3://lake/tabs/${{ start:%d }}/", format: {tsv: , header: true, columns: "at timestamp, id bigint, name string, price decimal, ok boolean"}}
  near: file DISK/near/${{ start:%d }}/
  near_tabs: {file: "DISK/near/${{ start:%d }}/part-00000", format: {tsv: , header: true, columns: "at timestamp, id bigint, name string, price decimal, ok boolean"}}
  beside: {file: "DISK/beside/${{ start:%d }}.csv.gz", format: {csv: , header: true, separator: ";"}}
  beside_packed: {file: "DISK/beside/${{ start:%d }}.csv.gz"}
  beside_again: {file: "DISK/again/${{ start:%d }}.gz"}
  far: s3 s3://lake/far/${{ start:%d }}/
  report: {file: "DISK/report/${{ start:%d }}.txt", format: {custom: , separator: "|", escape: \\}}
  pairs: {file: "DISK/pairs/${{ start:%d }}.csv", format: "csv(id bigint, name string)"}
activities:
  s3_to_sql: {copy: raw -> items}
  s3_to_sql_append: {copy: raw -> appended}
  s3_to_sql_made: {copy: pairs -> made}
  s3_to_sql_by_name: {copy: mixed -> named, mode: replace}
  sql_to_sql: {copy: items -> more}
  sql_to_s3: {copy: items -> packed}
  s3_to_s3_rows: {copy: packed -> tabs}
  s3_to_s3: {copy: raw -> copied}
  s3_to_s3_folder: {copy: parts -> parts_again}
  s3_to_file: {copy: tabs -> near}
  file_to_sql: {copy: near_tabs -> replaced, mode: replace, after: s3_to_file}
  file_to_file_rows: {copy: near_tabs -> beside, after: s3_to_file}
  file_to_file: {copy: beside_packed -> beside_again, after: file_to_file_rows}
  file_to_s3: {copy: beside_packed -> far, after: file_to_file_rows}
  sql_to_file: {copy: more -> report}
  select_to_file: {copy: picked -> pairs, after: s3_to_sql}
""".replace("COLUMNS", COLUMNS)
TABLE = "(id bigint, name text, price numeric(10,2), ok boolean, at timestamp)"


def csv_text(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def in_postgres(row: list[str]) -> list[str]:
    """A row as PostgreSQL writes it."""
    ok = {"true": "t", "t": "t", "false": "f", "f": "f", "0": "f", "": ""}[row[3]]
    return [*row[:3], ok, row[4].replace("T", " ")]


ITEMS = [in_postgres(row) for rows in DAYS.values() for row in rows]


def sorted_rows(rows: list[list[str]]) -> list[list[str]]:
    return sorted(rows, key=lambda row: int(row[0]))


def place_data(folder: Path) -> None:
    place = folder / "data" / "s3" / "lake"
    for day, rows in DAYS.items():
        number = day[-2:]
        for name, text in {
            f"in/{day}.csv": csv_text(rows),
            f"parts/{number}/a.bin": "a\r\n\0",
            f"parts/{number}/below/b": "",
            f"mixed/{number}/1.csv": "name,id\r\nfirst,1\r\n",
            f"mixed/{number}/2.csv": "id,name\r\n2,second\r\n",
            f"mixed/{number}/_SUCCESS": "no data",
            f"mixed/{number}/3.csv": "",
        }.items():
            file = place / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode())
    (folder / "data" / "sql").mkdir()
    tables = ("items", "appended", "replaced")
    script = "".join(f"CREATE TABLE {name} {TABLE};" for name in tables)
    script += "CREATE TABLE named (id bigint, name text);"
    (folder / "data" / "sql" / "db.sql").write_text(script)
    (folder / "data" / "sql" / "shop.sql").write_text(f"CREATE TABLE more {TABLE}")


@every_airflow
def test_copies(python: str, tmp_path: Path) -> None:
    place_data(tmp_path)
    project = {"copies.pipe.yaml": PROJECT.replace("DISK", str(tmp_path / "disk"))}
    window = ("2026-01-01T00:00Z", "2026-01-03T00:00Z")
    result = ran(python, project, tmp_path, window, again=1)
    assert {
        name: found for name, found in result.states.items() if set(found) != {"finished"}
    } == {}
    # The first day was written twice: what is replaced is there once, what is appended twice.
    assert sorted_rows(result.table("db/public.items")) == ITEMS
    assert sorted_rows(result.table("shop/public.more")) == ITEMS
    first = [in_postgres(row) for row in DAYS["2026-01-01"]]
    assert sorted_rows(result.table("db/public.appended")) == sorted_rows(ITEMS + first)
    assert sorted_rows(result.table("db/public.replaced")) == first
    assert sorted_rows(result.table("db/public.named")) == [["1", "first"], ["2", "second"]]
    made = sorted_rows(result.table("db/public.made"))
    assert [row[0] for row in made] == [row[0] for row in ITEMS]
    assert [row[2] for row in made] == ["again"] * len(first) + ["100 % ?"] * 2
    for day, rows in DAYS.items():
        check_files(result.object, tmp_path / "disk", day, rows)


def check_files(fetched: object, disk: Path, day: str, rows: list[list[str]]) -> None:
    assert callable(fetched)
    number = day[-2:]
    assert fetched(f"lake/copied/{day}.csv") == csv_text(rows).encode()
    assert fetched(f"lake/parts_again/{number}/a.bin") == b"a\r\n\0"
    assert fetched(f"lake/parts_again/{number}/below/b") == b""
    truth = {"true": True, "t": True, "false": False, "f": False, "0": False, "": None}
    lines = gzip.decompress(fetched(f"lake/packed/{number}.json")).decode().splitlines()
    assert sorted(map(json.loads, lines), key=lambda one: one["id"]) == [
        {
            "id": int(row[0]),
            "name": row[1] or None,
            "price": row[2] or None,
            "ok": truth[row[3]],
            "at": f"{row[4].replace('T', ' ')}{'000' if '.' in row[4] else ''}",
        }
        for row in rows
    ]
    tabs = fetched(f"lake/tabs/{number}/part-00000").decode()
    assert tabs.startswith("at\tid\tname\tprice\tok\n")
    assert (disk / "near" / number / "part-00000").read_bytes() == tabs.encode()
    if day == "2026-01-01":
        assert "2026-01-01 00:00:00\t1\tplain\t1.50\ttrue\n" in tabs
        assert "\t4\ttab\\\tback\\\\slash ä 🦆\t99999999.99\ttrue\n" in tabs
        assert "\t5\t\\N\t\\N\t\\N\n" in tabs
        assert "\t3\ttwo\\\nlines\t0.01\t\\N\n" in tabs
        assert "\t6\t\\\\N 100 % ?\t-1.00\tfalse\n" in tabs
    packed = (disk / "beside" / f"{number}.csv.gz").read_bytes()
    assert fetched(f"lake/far/{number}/{number}.csv.gz") == packed
    assert (disk / "again" / f"{number}.gz").read_bytes() == packed
    found = list(
        csv.reader(io.StringIO(gzip.decompress(packed).decode(), newline=""), delimiter=";")
    )
    assert found[0] == ["at", "id", "name", "price", "ok"]
    assert sorted([row[1:3] for row in found[1:]]) == [row[:2] for row in rows]
    report = (disk / "report" / f"{number}.txt").read_text()
    assert f"{rows[0][0]}|{rows[0][1]}|{rows[0][2]}|" in report
    pairs = list(
        csv.reader(io.StringIO((disk / "pairs" / f"{number}.csv").read_text(), newline=""))
    )
    assert [row[:2] for row in rows] == [row for row in pairs if row[0] in {one[0] for one in rows}]
