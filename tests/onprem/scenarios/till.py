"""Tables behind JDBC that only a shop's machine reaches, with a driver that only it has: to S3, and back."""

import csv
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.databases.h2 import ALLOWED, MISSING, h2
from tests.onprem.machine import machine
from tests.scheduled.lab import Lab
from tests.scheduled.plan import assert_as_planned

PROJECT = """
pipeline: till
schedules: {daily: every 1 day from 2026-01-05 1 times}
defaults: {schedule: daily}
connections: {till: jdbc}
resources: {shop: workers edge shop}
datanodes:
  sales: {sql: till.public.sales, columns: "id bigint, what string, paid decimal(9,2)"}
  archive: s3 s3://tills/${{ start:%Y-%m-%d }}.csv as csv(id bigint, what string, paid decimal)
  cakes: s3 s3://tills/cakes.csv as csv(id bigint, what string)
  board: {sql: till.public.board, columns: "id bigint, what string"}
activities:
  send: {copy: sales -> archive, runs_on: shop}
  fetch: {copy: cakes -> board, runs_on: shop}
"""
SALES = """
CREATE TABLE sales (id bigint, what varchar(40), paid decimal(9,2));
INSERT INTO sales VALUES (1, 'tea', 2.50), (2, 'cake, with "cream"', NULL), (3, 'Käse 🧀', 12.25);
CREATE TABLE board (id bigint, what varchar(40));
"""
CAKES = '1,"Torte, ""süß"" 🎂"\n2,it\'s {{ 50 }}%\n'
DAY = ("2026-01-05", "2026-01-06")


def drive(lab: Lab) -> None:
    lab.station.ask("bucket", "tills")
    lab.station.ask("put", "tills", "cakes.csv", CAKES)
    assert not MISSING, MISSING
    with TemporaryDirectory() as folder, h2(Path(folder)) as database:
        database.run(SALES)
        known = {"AIRFLOW_CONN_TILL": database.connection_with_driver, **ALLOWED}
        with machine(lab.station, "shop", **known) as shop:
            shop.edge_worker("shop", "shop-1")
            work = lab.load(PROJECT)
            work.start()
            found = work.until_ended(*DAY)
        board = database.run("SELECT id || ' is ' || what AS told FROM board ORDER BY id")
    assert_as_planned(found, work.planned(*DAY))
    rows = csv.reader(lab.station.ask("get", "tills", "2026-01-05.csv").splitlines())
    assert [(number, what, paid and Decimal(paid)) for number, what, paid in rows] == [
        ("1", "tea", Decimal("2.5")),
        ("2", 'cake, with "cream"', ""),
        ("3", "Käse 🧀", Decimal("12.25")),
    ]
    assert [line.strip() for line in board.splitlines()[1:3]] == [
        '1 is Torte, "süß" 🎂',
        "2 is it's {{ 50 }}%",
    ]
