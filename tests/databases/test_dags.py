"""Whole Dags: statements, copies and preconditions of every kind of database, on real ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.airflow.pythons import every_airflow
from tests.airflow.running import ran
from tests.airflow.test_texts import TEXTS, written
from tests.databases.h2 import H2, JAR
from tests.databases.mariadb import MariaDB

PLACES = ("db", "web", "crm")
"""The connections: a PostgreSQL, a MariaDB whose clock is not UTC, an H2 behind JDBC."""

DAYS = {
    "2026-01-01": [(1, "it's {{ a }}", "00:00:00"), (2, "100 % ? %s", "23:59:59.999000")],
    "2026-01-02": [(3, "\\ ä 🦆\n$x", "12:00:00")],
}
TABLES = {
    "db": ("text", "timestamp"), "web": ("longtext", "timestamp(6) NULL"),
    "crm": ("varchar", "timestamp(6)"),
}  # fmt: skip


def tables(place: str) -> list[str]:
    """The statements that make the tables of a database."""
    words, moment = TABLES[place]
    return [
        f"CREATE TABLE texts (place varchar(9), number int, words {words})",
        f"CREATE TABLE made (number int, words {words})",
        f"CREATE TABLE ran (number int, words {words})",
        "CREATE TABLE far (number int)",
        f"CREATE TABLE given (number int, words {words})",
        f"CREATE TABLE orders (id int, name {words}, at {moment})",
        f"CREATE TABLE more (id int, name {words}, at {moment})",
    ]


ODD = "{{ a }} {% b %} %s ? ;' 🦆"


def quoted(text: str, place: str) -> str:
    """A text as the SQL of a database holds it."""
    return "'" + (text.replace("\\", "\\\\") if place == "web" else text).replace("'", "''") + "'"


def project(disk: Path) -> dict[str, str]:
    connections: dict[str, Any] = {
        "db": "postgres",
        "web": "mariadb",
        "crm": {"jdbc": None, "driver": "org.h2.Driver", "jar": str(JAR)},
    }
    datanodes: dict[str, Any] = {
        "raw": {
            "s3": "s3://lake/${{ start:%Y-%m-%d }}.json",
            "format": "json(id int, name string, at timestamp)",
        }
    }
    activities: dict[str, Any] = {}
    files = {}
    for place in PLACES:
        inserts = "".join(
            f"INSERT INTO texts VALUES ('PLACE', {number}, {quoted(text, place)});\n"
            for number, text in enumerate(TEXTS)
        )
        files[f"{place}.sql"] = written(inserts.replace("PLACE", "file"))
        every = " OR ".join(
            f"(number = {number} AND words = {quoted(text, place)})"
            for number, text in enumerate(TEXTS)
        )
        query = f"SELECT 1 FROM texts WHERE {every} HAVING count(*) >= {2 * len(TEXTS)};"
        wrong = "INSERT INTO ran VALUES (1, 'not kept'); INSERT INTO nowhere VALUES (1)"
        datanodes |= written({
            f"{place}_texts": {
                "sql": f"{place}.texts",
                "select": f"SELECT place, number, words FROM texts WHERE words <> {quoted(ODD, place)};",
                "when": {"query": query},
            },
            f"{place}_texts_file": {
                "file": f"{disk}/{place}_texts.json", "format": "json(place string, number int, words string)",
            },
            f"{place}_made": {
                "sql": f"{place}.made", "columns": "number int, words string", "when": "not_empty",
                "insert": f"INSERT INTO made VALUES (?, CASE WHEN 1 = 1 THEN {quoted(ODD, place)} ELSE ? END);",
            },
            f"{place}_pairs": {
                "file": f"{disk}/{place}_pairs.csv", "format": "csv(number int, words string)",
            },
            f"{place}_made_file": {"file": f"{disk}/{place}_made.json", "format": "json"},
        })  # fmt: skip
        columns = "id int, name string, at timestamp"
        once = {"schedule": "once"}
        datanodes |= {
            f"{place}_orders": {"sql": f"{place}.orders", "at": "at", "columns": columns, "when": ["table_exists", "not_empty"]},
            f"{place}_nowhere": {"sql": f"{place}.nowhere", "columns": columns, "when": "table_exists", **once},
            f"{place}_more": {"sql": f"{place}.more", "at": "at", "columns": columns},
            f"{place}_file_of_nowhere": {"file": f"{disk}/{place}_nowhere.json", "format": "json"},
            f"{place}_file": {"s3": f"s3://lake/{place}/${{{{ start:%Y-%m-%d }}}}.json", "format": "json"},
        }  # fmt: skip
        other = PLACES[PLACES.index(place) - 1]
        activities |= {
            f"{place}_load": {"copy": f"raw -> {place}_orders"},
            f"{place}_move": {"copy": f"{place}_orders -> {other}_more"},
            f"{place}_keep": {"copy": f"{place}_more -> {place}_file"},
            f"{place}_insert": {
                "sql": written(inserts.replace("PLACE", "sql") + "-- {{ end }}.sql"), "connection": place, **once,
            },
            f"{place}_script": {
                "sql": None, "script": f"./{place}.sql", "flow": f"-> {place}_texts",
                "after": f"{place}_insert", **once,
            },
            f"{place}_vain": {"copy": f"{place}_nowhere -> {place}_file_of_nowhere", **once},
            f"{place}_far": {"sql": None, "script": "s3://lake/far.sql", "connection": place, **once},
            f"{place}_given": {"sql": None, "script": "s3://lake/given.sql", "args": [1, written(ODD)], "connection": place, **once},
            f"{place}_bound": {
                "sql": "INSERT INTO given VALUES (?, '?'); -- ?\nINSERT INTO given VALUES (2, ?);",
                "args": ["${{ start:%d }}", written(ODD)], "connection": place, **once,
            },
            f"{place}_wrong": {"sql": wrong, "connection": place, **once},
            f"{place}_all": {"copy": f"{place}_texts -> {place}_texts_file", **once},
            f"{place}_make": {"copy": f"{place}_pairs -> {place}_made", **once},
            f"{place}_made_all": {"copy": f"{place}_made -> {place}_made_file", **once},
        }  # fmt: skip
    pipeline = {
        "pipeline": "shop",
        "schedules": {
            "daily": "every 1 day from 2026-01-01T00:00Z 2 times",
            "once": "once from 2026-01-01T00:00Z",
        },
        "defaults": {"schedule": "daily", "attempts": "1"},
        "connections": connections,
        "datanodes": datanodes,
        "activities": activities,
    }
    return {
        "shop.pipe.yaml": yaml.safe_dump(pipeline, sort_keys=False, allow_unicode=True),
        **files,
    }


@every_airflow
def test_dags(
    python: str, mariadb: MariaDB, h2: H2, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_WEB", mariadb.connection())
    monkeypatch.setenv("AIRFLOW_CONN_CRM", h2.connection())
    monkeypatch.setenv("TZ", "Europe/Zurich")
    names = ("texts", "made", "ran", "far", "given", "orders", "more")
    dropped = [f"DROP TABLE IF EXISTS {name}" for name in names]
    mariadb.run(*dropped, *tables("web"))
    h2.run(";".join([*dropped, *tables("crm")]))
    disk = tmp_path / "disk"
    disk.mkdir()
    data = tmp_path / "data"
    (data / "sql").mkdir(parents=True)
    (data / "sql" / "db.sql").write_text(";".join(tables("db")))
    lake = data / "s3" / "lake"
    lake.mkdir(parents=True)
    (lake / "far.sql").write_text(
        "-- it's; one\nINSERT INTO far VALUES (1);\nINSERT INTO far VALUES (2);\n"
    )
    (lake / "given.sql").write_text(
        "-- it's ?; 100%s\nINSERT INTO given VALUES (?, '?');\nINSERT INTO given VALUES (2, ?);\n"
    )
    kept = {
        day: [{"id": id_, "name": name, "at": f"{day} {clock}"} for id_, name, clock in rows]
        for day, rows in DAYS.items()
    }
    for day, rows in kept.items():
        (lake / f"{day}.json").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    for place in PLACES:
        (disk / f"{place}_pairs.csv").write_text("1,a\n2,b\n")
    window = ("2026-01-01T00:00Z", "2026-01-03T00:00Z")
    result = ran(python, project(disk), tmp_path, window, again=2, patience=3)

    ends = {"wrong": "failed", "nowhere.table_exists": "failed", "vain": "upstream failed"}
    otherwise = {f"{place}_{name}": state for place in PLACES for name, state in ends.items()}
    assert otherwise.keys() <= result.states.keys()
    others = {
        name: found
        for name, found in result.states.items()
        if set(found) != {otherwise.get(name, "finished")}
    }
    assert others == {}
    for place in PLACES:
        lines = (disk / f"{place}_texts.json").read_text(encoding="utf-8").split("\n")[:-1]
        found = {(row["place"], row["number"]): row["words"] for row in map(json.loads, lines)}
        for way in ("sql", "file"):
            assert [found[way, number] for number in range(len(TEXTS))] == TEXTS, place
        made = (disk / f"{place}_made.json").read_text(encoding="utf-8").split("\n")[:-1]
        said = {json.loads(line)["words"] for line in made}
        assert said == {ODD}, place
        for day, rows in kept.items():
            text = result.object(f"lake/{place}/{day}.json").decode()
            assert sorted(map(json.loads, text.split("\n")[:-1]), key=lambda row: row["id"]) == rows
    assert mariadb.run("SELECT * FROM ran") == []
    assert "0 rows" in h2.run("SELECT * FROM ran")
    assert result.table("db/public.ran") == []
    assert sorted(result.table("db/public.far")) == [["1"], ["1"], ["2"], ["2"]]
    assert sorted(mariadb.run("SELECT number FROM far")) == [(1,), (1,), (2,), (2,)]
    assert "4 rows" in h2.run("SELECT number FROM far")
    assert sorted(result.table("db/public.given")) == [*[["1", "?"]] * 4, *[["2", ODD]] * 4]
    assert sorted(mariadb.run("SELECT * FROM given")) == [*[(1, "?")] * 4, *[(2, ODD)] * 4]
    assert "4 rows" in h2.run(f"SELECT * FROM given WHERE words = {quoted(ODD, 'crm')}")
    moments = mariadb.run("SELECT unix_timestamp(at) FROM orders ORDER BY id")
    assert [float(one) for (one,) in moments] == [1767225600, 1767311999.999, 1767355200]
