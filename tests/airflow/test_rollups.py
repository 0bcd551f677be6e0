"""Rollups in a real database: what each level holds is what all rows below say, also after a rerun."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from tests.airflow.pythons import every_airflow
from tests.airflow.running import ran

ROLLUPS = """
pipeline: rollups
schedules:
  parts: every 12 hours from 2026-03-02T00:00Z
  daily: every 1 day from 2026-03-02T00:00Z
  weekly: every 1 week from 2026-03-02T00:00Z
  monthly: every 1 month from 2026-03-02T00:00Z until 2026-04-02T00:00Z
  local: cron "0 6 * * *" in Europe/Zurich from 2026-03-02T00:00Z until 2026-03-04T12:00Z
  clock: cron "0 * * * *" in Europe/Zurich from 2026-03-02T00:00Z
defaults: {attempts: 1}
connections: {db: postgres}
datanodes:
  orders:
    sql: db.shop.orders
    at: ordered_at
    columns: city string, "user" bigint, price decimal(10,2), ordered_at timestamp
    schedule: parts
  by_day: {sql: db.by_day, create: "CREATE TABLE IF NOT EXISTS by_day (COLUMNS)"}
  by_week: {sql: db.by_week, create: "CREATE TABLE IF NOT EXISTS by_week (COLUMNS)"}
  by_month: {sql: db.by_month, create: "CREATE TABLE IF NOT EXISTS by_month (COLUMNS)"}
  total: {sql: db.total, at: day}
  zoned: {sql: db.shop.orders, at: ordered_at, schedule: clock}
  by_local_day: sql db.by_local_day
  visits:
    s3: s3://lake/visits/${{ start:%d-%H }}/
    format: {csv: , header: true, columns: [city string, page string, views bigint, note string]}
    schedule: parts
  visits_by_day: sql db.visits_by_day
  visits_by_week: sql db.visits_by_week
rollups:
  sales:
    from: orders
    every: [daily, weekly, monthly]
    by: [city, user]
    with: [sum(price), count(), min(price), max(price), avg(price), count(city)]
    into: [by_day, by_week, by_month]
  totals: orders every daily with sum(price), count() into total
  zoned_sales: zoned every local by city with count() into by_local_day
  views: visits every daily, weekly by city with sum(views), count() into visits_by_day, visits_by_week
"""
COLUMNS = (
    'interval_start timestamptz, city text, \\"user\\" bigint, price numeric, count bigint,'
    " min_price numeric, max_price numeric, sum_price numeric, count_price bigint, count_city bigint"
)
TABLES = """
CREATE SCHEMA shop;
CREATE TABLE shop.orders (city text, "user" bigint, price numeric, ordered_at timestamp);
CREATE TABLE total (day date, price numeric, count bigint);
CREATE TABLE by_local_day (interval_start timestamp, city text, count bigint);
CREATE TABLE visits_by_day (interval_start timestamp, city text, views bigint, count bigint);
CREATE TABLE visits_by_week (LIKE visits_by_day);
"""
START = datetime(2026, 3, 2)

Order = tuple[str | None, int, Decimal | None, datetime]


def orders() -> list[Order]:
    """Odd ones too: no city, no price, at the very edge of a day, and none on 5 March."""
    dice = random.Random(7)
    found: list[Order] = []
    for _ in range(400):
        at = START + timedelta(seconds=dice.randrange(31 * 86_400))
        price = None if dice.random() < 0.1 else Decimal(dice.randrange(-500, 9_999)) / 100
        found.append((dice.choice(["Bern", "Genf", "it's", None]), dice.randrange(3), price, at))
    found += [("Bern", 1, Decimal(1), START + timedelta(days=n)) for n in range(31)]
    return [one for one in found if one[3].day != 5]


def visits() -> Iterator[tuple[str, str]]:
    """Every file of half a day: its key, and its rows."""
    for half in range(14):
        at = START + timedelta(hours=12 * half)
        rows = [f"{city},/{n},{half + n},x" for city in ("Bern", "Genf") for n in range(3)]
        yield f"visits/{at:%d-%H}/part", "\n".join(["city,page,views,note", *rows]) + "\n"


def sums(
    rows: list[Order], start_of: Callable[[datetime], datetime]
) -> dict[tuple[datetime, str, int], list[Order]]:
    found: dict[tuple[datetime, str, int], list[Order]] = defaultdict(list)
    for row in rows:
        found[start_of(row[3]), row[0] or "", row[1]].append(row)
    return found


def expected(group: list[Order]) -> list[Decimal | int | None]:
    prices = [one[2] for one in group if one[2] is not None]
    total = sum(prices, Decimal(0)) if prices else None
    least, most = (min(prices), max(prices)) if prices else (None, None)
    cities = sum(one[0] is not None for one in group)
    return [total, len(group), least, most, total, len(prices), cities]


def number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


@every_airflow
def test_each_level_says_what_all_rows_say(python: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "sql").mkdir(parents=True)
    values = ",\n".join(
        f"({_text(city)}, {user}, {'NULL' if price is None else price}, '{at}')"
        for city, user, price, at in orders()
    )
    inserted = f"INSERT INTO shop.orders VALUES {values};"
    (data / "sql" / "db.sql").write_text(TABLES + inserted)
    for key, text in visits():
        path = data / "s3" / "lake" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    text = ROLLUPS.replace("COLUMNS", COLUMNS)
    window = ("2026-03-02T00:00Z", "2026-04-02T00:00Z")

    found = ran(python, {"rollups.pipe.yaml": text}, tmp_path, window, again=9)

    assert {state for states in found.states.values() for state in states} == {"finished"}
    assert len(found.states["sales.monthly"]) == 1
    day = timedelta(days=1)
    for table, start_of in (
        ("by_day", lambda at: START + (at - START) // day * day),
        ("by_week", lambda at: START + (at - START) // (7 * day) * 7 * day),
        ("by_month", lambda at: START),
    ):
        rows = found.table(f"db/public.{table}")
        wanted = {
            (f"{start}+00", city, str(user)): expected(group)
            for (start, city, user), group in sums(orders(), start_of).items()
            if table != "by_week" or start < datetime(2026, 3, 30)
        }
        assert {tuple(row[:3]): [*map(number, row[3:])] for row in rows} == wanted, table
        assert len(rows) == len(wanted)

    totals = {row[0]: row[2] for row in found.table("db/public.total")}
    assert "2026-03-05" not in totals
    assert sum(map(int, totals.values())) == len(orders())

    locally = sums(
        orders(), lambda at: START + (at - START - 5 * day / 24) // day * day + 5 * day / 24
    )
    counts = {(row[0], row[1]): int(row[2]) for row in found.table("db/public.by_local_day")}
    assert {start for start, _ in counts} == {"2026-03-02 05:00:00", "2026-03-03 05:00:00"}
    for (start, city), count in counts.items():
        same = [
            len(group) for (at, of, _), group in locally.items() if (str(at), of) == (start, city)
        ]
        assert count == sum(same)

    by_day = found.table("db/public.visits_by_day")
    assert len(by_day) == 14
    assert ["2026-03-02 00:00:00", "Bern", str(sum((0, 1, 2, 1, 2, 3))), "6"] in by_day
    (bern,) = [row for row in found.table("db/public.visits_by_week") if row[1] == "Bern"]
    assert bern[2:] == [str(sum(half + n for half in range(14) for n in range(3))), "42"]


def _text(value: str | None) -> str:
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'"
