"""What Oracle and SQL Server are sent, by its shape: neither can be run in a test.

Statements are parsed by sqlglot as those databases would; the functions that insert rows run against
a session that only remembers.
"""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from textwrap import dedent
from typing import Any
from uuid import UUID

import pytest
import sqlglot

from tests.compiling import compiled

HELPERS = Path(__file__).parents[2] / "targets" / "airflow"
ODD = "it's {{ a }} %s ? :x ä"

PIPELINE = """
pipeline: shop
schedules: {daily: every 1 day from 2026-01-01T00:00Z}
defaults: {schedule: daily}
connections: {db: CONNECTION}
datanodes:
  orders:
    sql: db.shop.order
    at: ordered_at
    columns: 'id bigint, "User" string, level int, ordered_at TYPE'
    when: not_empty
  kept:
    sql: db.kept
    at: ordered_at
    columns: id bigint, User string, level int, ordered_at TYPE
  made: {sql: db.made, insert: "INSERT INTO made VALUES (?, 'it''s {{ a }} ?');", create: "CREATE TABLE made (a int);"}
activities:
  keep: {copy: orders -> kept}
  make: {copy: orders -> made}
  clean:
    sql: |
      DELETE FROM kept WHERE a = 'it''s; {{ a }} %s ?';
      DELETE FROM made;
    connection: db
    when: {query: "SELECT 1 FROM kept WHERE a = '{% b %};';", connection: db}
"""


def tasks(connection: str, type_: str) -> dict[str, dict[str, Any]]:
    """The arguments of the tasks of the Dag, with templates as the run of 2 January has them."""
    text = dedent(PIPELINE).replace("CONNECTION", connection).replace("TYPE", type_)
    (file,) = compiled(text).files.values()
    found = {}
    for call in (one for one in ast.walk(ast.parse(file)) if isinstance(one, ast.Call)):
        given = {one.arg: one.value for one in call.keywords if one.arg}
        if "task_id" in given:
            names = ("sql", "op_kwargs", "hook_params")
            values = {name: ast.literal_eval(given[name]) for name in names if name in given}
            values["function"] = ast.unparse(given.get("python_callable", ast.Constant("")))
            found[ast.literal_eval(given["task_id"])] = values
    return rendered(found)


def rendered(value: Any) -> Any:
    import jinja2

    match value:
        case str():
            environment = jinja2.Environment(keep_trailing_newline=True)
            environment.filters["ts"] = datetime.isoformat
            start = datetime(2026, 1, 2, tzinfo=UTC)
            run = {"data_interval_start": start, "data_interval_end": start + timedelta(days=1)}
            return environment.from_string(value).render(run)
        case list():
            return [rendered(one) for one in value]
        case dict():
            return {name: rendered(one) for name, one in value.items()}
    return value


def parsed(sql: str, dialect: str) -> str:
    found = sqlglot.parse_one(sql, read=dialect)
    assert not isinstance(found, sqlglot.exp.Command), sql
    return sql


ORACLE = {
    "date": ("DATE '2026-01-02'", "DATE '2026-01-03'"),
    "timestamp": (
        "TO_DATE('2026-01-02 00:00:00', 'YYYY-MM-DD HH24:MI:SS')",
        "TO_DATE('2026-01-03 00:00:00', 'YYYY-MM-DD HH24:MI:SS')",
    ),
    "timestamptz": ("TIMESTAMP '2026-01-02 00:00:00 +00:00'", "TIMESTAMP '2026-01-03 00:00:00 +00:00'"),
}  # fmt: skip


@pytest.mark.parametrize("type_", ORACLE)
def test_oracle(type_: str) -> None:
    found = tasks("oracle", type_)
    begin, end = ORACLE[type_]
    within = f"ordered_at >= {begin} AND ordered_at < {end}"
    assert parsed(found["orders.not_empty"]["sql"], "oracle") == (
        f'SELECT 1 FROM shop."ORDER" WHERE {within} FETCH FIRST 1 ROWS ONLY'
    )
    copy = found["keep"]["op_kwargs"]
    assert found["keep"]["function"] == (
        "partial(copy_rows, read_oracle, partial(write_sql, insert_oracle))"
    )
    assert parsed(copy["source"]["sql"], "oracle") == (
        f'SELECT id, "User", "LEVEL", ordered_at FROM shop."ORDER" WHERE {within}'
    )
    # Oracle would call them ID and LEVEL.
    assert copy["source"]["columns"] == ["id", "User", "level", "ordered_at"]
    assert copy["target"]["replace"] == within
    assert found["make"]["op_kwargs"]["target"] == {
        "conn_id": "db",
        "table": "made",
        "create": ["CREATE TABLE made (a int)"],
        "insert": "INSERT INTO made VALUES (?, 'it''s {{ a }} ?')",
    }
    assert [parsed(one, "oracle") for one in found["clean"]["sql"]] == [
        "DELETE FROM kept WHERE a = 'it''s; {{ a }} %s ?'",
        "DELETE FROM made",
    ]
    assert found["clean.query"]["sql"] == "SELECT 1 FROM kept WHERE a = '{% b %};'"


SQL_SERVER = {
    "date": ("'2026-01-02'", "'2026-01-03'"),
    "timestamp": ("'2026-01-02T00:00:00'", "'2026-01-03T00:00:00'"),
    "timestamptz": ("'2026-01-02T00:00:00'", "'2026-01-03T00:00:00'"),
}


@pytest.mark.parametrize("type_", SQL_SERVER)
def test_sql_server(type_: str) -> None:
    found = tasks("sqlserver", type_)
    begin, end = SQL_SERVER[type_]
    within = f"ordered_at >= {begin} AND ordered_at < {end}"
    assert parsed(found["orders.not_empty"]["sql"], "tsql") == (
        f'SELECT TOP 1 1 FROM shop."order" WHERE {within}'
    )
    assert found["keep"]["function"] == (
        "partial(copy_rows, read_sqlserver, partial(write_sql, insert_sqlserver))"
    )
    copy = found["keep"]["op_kwargs"]
    assert parsed(copy["source"]["sql"], "tsql") == (
        f'SELECT id, "User", level, ordered_at FROM shop."order" WHERE {within}'
    )
    assert copy["target"]["replace"] == within
    assert found["clean"]["function"] == "run_statements"
    assert found["clean"]["op_kwargs"]["statements"] == [
        "DELETE FROM kept WHERE a = 'it''s; {{ a }} %s ?';\nDELETE FROM made;"
    ]


JDBC = {
    "jdbc:oracle:thin:@//db.example.com/shop": ('"ORDER"', " FETCH FIRST 1 ROWS ONLY"),
    "jdbc:sqlserver://db.example.com": ('"order"', ""),
    "jdbc:mysql://db.example.com/shop": ("`order`", " LIMIT 1"),
    "jdbc:postgresql://db.example.com/shop": ('"order"', " LIMIT 1"),
    "jdbc:db2://db.example.com/shop": ('"ORDER"', " FETCH FIRST 1 ROWS ONLY"),
}


@pytest.mark.parametrize("url", JDBC)
def test_jdbc_speaks_what_its_address_says(url: str) -> None:
    found = tasks(f'{{jdbc: , url: "{url}", driver: a.B, jar: /opt/b.jar}}', "date")
    name, end = JDBC[url]
    sql = found["orders.not_empty"]["sql"]
    assert f" FROM shop.{name} WHERE " in sql
    assert sql.endswith(end)
    driver = {"driver_class": "a.B", "driver_path": "/opt/b.jar"}
    assert found["orders.not_empty"]["hook_params"] == driver
    for side in ("source", "target"):
        assert found["keep"]["op_kwargs"][side]["hook_params"] == driver
    assert found["clean"]["op_kwargs"]["hook_params"] == driver


class Session:
    """A session, and its cursor, that remember what they are told."""

    def __init__(self) -> None:
        self.told: list[tuple[Any, ...]] = []
        self.description = [("ID", int), ("Words", str), ("AT", datetime)]

    def cursor(self) -> Session:
        return self

    def close(self) -> None:
        pass

    def fetchall(self) -> list[Any]:
        return []

    def execute(self, *told: Any) -> None:
        self.told.append(told)

    def executemany(self, *told: Any) -> None:
        self.told.append(told)

    def setinputsizes(self, *told: Any) -> None:
        self.told.append(("sizes", *told))


@pytest.fixture
def helpers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The functions of Dag files, as modules."""
    monkeypatch.syspath_prepend(str(HELPERS))
    yield
    for name in [one for one in sys.modules if one.split(".")[0] == "helpers"]:
        del sys.modules[name]


def insert(name: str) -> Any:
    return getattr(importlib.import_module(f"helpers.{name}"), name)


MOMENT = datetime(2026, 3, 29, 2, 30, 0, 123456)
ROWS = [["id", "words", "at"], [1, ODD, MOMENT], [None, b"\0", None]]


def test_rows_into_oracle(helpers: None) -> None:
    session = Session()
    insert("insert_oracle")(session, "shop.t", iter(ROWS))
    assert session.told == [
        ("SELECT * FROM shop.t WHERE 1 = 0",),
        ("sizes", None, None, datetime),
        (
            'INSERT INTO shop.t ("ID", "Words", "AT") VALUES (:1, :2, :3)',
            [[1, ODD, MOMENT], [None, b"\0", None]],
        ),
    ]
    session = Session()
    own = "INSERT INTO t SELECT ?, 'a ? %s', ? FROM dual"
    insert("insert_oracle")(session, "t", iter([None, [True, {"a": "ä"}]]), own)
    assert session.told[-1] == (
        "INSERT INTO t SELECT :1, 'a ? %s', :2 FROM dual",
        [[1, '{"a": "ä"}']],
    )


def test_rows_into_sql_server(helpers: None) -> None:
    session = Session()
    insert("insert_sqlserver")(session, "t", iter(ROWS))
    assert session.told[-1] == (
        'INSERT INTO t ("ID", "Words", "AT") VALUES (%s, %s, CAST(%s AS datetime2)), (%s, %s, %s)',
        (1, ODD, "2026-03-29T02:30:00.123456", None, bytearray(b"\0"), None),
    )
    session = Session()
    own = "INSERT INTO t SELECT ?, 'a ? %s %'"
    insert("insert_sqlserver")(session, "t", iter([None, ["x"]]), own)
    assert session.told[-1] == ("INSERT INTO t SELECT %s, 'a ? %'+'s %'", [("x",)])


def test_rows_into_sql_server_by_odbc(helpers: None) -> None:
    session = type("Odbc", (Session,), {"__module__": "pyodbc"})()
    insert("insert_sqlserver")(session, "t", iter(ROWS))
    assert session.told[-1] == (
        'INSERT INTO t ("ID", "Words", "AT") VALUES (?, ?, ?)',
        [[1, ODD, MOMENT], [None, b"\0", None]],
    )


def test_a_batch_is_what_a_database_takes(helpers: None) -> None:
    batches = insert("batches")
    assert [len(some) for some in batches(iter([[0]] * 1001))] == [500, 500, 1]
    assert [len(some) for some in batches(iter([[0] * 1000] * 31))] == [30, 1]
    assert [len(some) for some in batches(iter([["x" * 600_000]] * 5))] == [2, 2, 1]
    assert list(batches(iter([]))) == []


def test_values_without_a_type_there_are_texts(helpers: None) -> None:
    plain = insert("to_plain")
    zone = timezone(timedelta(hours=2))
    for value, told in {
        True: 1,
        Decimal("1.50"): Decimal("1.50"),
        MOMENT.replace(tzinfo=zone): MOMENT - timedelta(hours=2),
        UUID(int=1): "00000000-0000-0000-0000-000000000001",
        frozenset("ba"): "a,b",
        date(2026, 1, 2): date(2026, 1, 2),
        time(1, 2): time(1, 2),
    }.items():
        assert plain(value) == told
        assert type(plain(value)) is type(told)
    assert plain([1, {"a": Decimal("0.10"), "b": "ä"}]) == '[1, {"a": 0.10, "b": "ä"}]'
    assert plain(memoryview(b"a")) == b"a"
