"""The SQL of rollups, in the words of each database; that of MySQL is executed by a real MariaDB."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
import sqlglot

from pipec.aggregate import Rows, statements, stored
from pipec.dialect import ENGINES, dialect_of, quoted, type_name
from pipec.fields.columns import TYPES
from pipec.ir import Connection
from pipec.values import Column, Measure
from tests.databases.mariadb import MISSING, mariadb

MEASURES = (
    Measure("count"),
    Measure("sum", "price"),
    Measure("min", "price"),
    Measure("max", "price", "most"),
    Measure("avg", "price"),
    Measure("count", "city", "cities"),
)
BY = ("city", "group")
TABLE = """
CREATE TABLE {} (
    interval_start datetime, city varchar(20), `group` int, count bigint, price decimal(20,2),
    min_price decimal(10,2), most decimal(10,2), sum_price decimal(20,2), count_price bigint,
    cities bigint
)
"""


def level(engine: str, source: str, into: str, days: tuple[int, int], again: bool) -> list[str]:
    """The statements that make the days of January from `source`."""
    start, end = (f"'2026-01-{day:02} 00:00:00'" for day in days)
    at = "interval_start" if again else "ordered_at"
    computed = [
        (it.name, *((it.again, it.name) if again else (it.function, it.column)))
        for it in stored(MEASURES)
    ]
    rows = Rows(source, f"{at} >= {start} AND {at} < {end}")
    column = partial(quoted, dialect=dialect(engine))
    return [*statements(rows, into, "interval_start", (start, end), BY, computed, column)]


def dialect(engine: str) -> str:
    return dialect_of(Connection(name="db", engine=engine))


def test_what_is_asked_for_twice_is_stored_once() -> None:
    asked = (
        Measure("avg", "price"),
        Measure("count", "price"),
        Measure("sum", "price", "sum_price"),
    )
    assert [(it.name, it.function) for it in stored(asked)] == [
        ("sum_price", "sum"),
        ("count_price", "count"),
    ]
    assert len(stored((Measure("min", "price", "price"), Measure("sum", "price")))) == 2


@pytest.mark.parametrize("engine", ENGINES)
def test_it_is_sql_of_its_database(engine: str) -> None:
    delete, insert = level(engine, "shop.orders", "shop.by_day", (1, 2), again=False)
    for statement in (delete, insert):
        assert sqlglot.parse_one(statement, read=dialect(engine)).sql(dialect=dialect(engine))
    quote = "`" if dialect(engine) == "mysql" else '"'
    assert f"{quote}group{quote}" in insert
    for type_ in TYPES:
        for sizes in ((), (10, 2)) if type_ in ("decimal", "numeric") else ((),):
            name = type_name(Column("a", type_, sizes), dialect(engine))
            sqlglot.parse_one(f"CREATE TABLE t (a {name})", read=dialect(engine))


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A session in a MariaDB of its own, which ends with the test."""
    if MISSING:
        pytest.skip(MISSING)
    with mariadb(tmp_path_factory.mktemp("mariadb")) as found:
        yield found.session()


def test_mariadb_runs_it(session: Any) -> None:
    orders = [
        (city, group, price, f"2026-01-{day:02} {hour:02}:00:00")
        for day in range(1, 8)
        for hour in range(0, 24, 5)
        for city, group, price in (("Bern", day % 2, hour), (None, 1, None), ("it's", 0, -1.5))
    ]
    with session.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE orders (city varchar(20), `group` int, price decimal(10,2),"
            " ordered_at datetime)"
        )
        cursor.executemany("INSERT INTO orders VALUES (%s, %s, %s, %s)", orders)
        for table in ("by_day", "by_week", "whole"):
            cursor.execute(TABLE.format(table))
        for _ in range(2):  # The second time changes nothing.
            for day in range(1, 8):
                for statement in level("mariadb", "orders", "by_day", (day, day + 1), again=False):
                    cursor.execute(statement)
            for statement in level("mariadb", "by_day", "by_week", (1, 8), again=True):
                cursor.execute(statement)
        for statement in level("mariadb", "orders", "whole", (1, 8), again=False):
            cursor.execute(statement)
        session.commit()
        cursor.execute("SELECT * FROM by_week ORDER BY 1, 2, 3")
        found = cursor.fetchall()
        cursor.execute("SELECT * FROM whole ORDER BY 1, 2, 3")
        assert found == cursor.fetchall()
        cursor.execute("SELECT count(*) FROM by_day")
        assert cursor.fetchone() == (21,)
        assert len(found) == 4


def test_mariadb_takes_the_types(session: Any) -> None:
    with session.cursor() as cursor:
        types = ", ".join(
            f"c_{name} {type_name(Column('c', name), 'mysql')}" for name in sorted(TYPES)
        )
        cursor.execute(f"CREATE TEMPORARY TABLE types ({types})")
