"""A table behind JDBC that only a shop's machine reaches, with a driver that only it has, goes to S3."""

import csv
from decimal import Decimal

from tests.onprem.h2 import ALLOWED, h2
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
activities:
  send: {copy: sales -> archive, runs_on: shop}
"""
SALES = """
CREATE TABLE sales (id bigint, what varchar(40), paid decimal(9,2));
INSERT INTO sales VALUES (1, 'tea', 2.50), (2, 'cake, with "cream"', NULL), (3, 'Käse 🧀', 12.25);
"""
DAY = ("2026-01-05", "2026-01-06")


def drive(lab: Lab) -> None:
    lab.station.ask("bucket", "tills")
    with h2("till") as database:
        database.run(SALES)
        known = {"AIRFLOW_CONN_TILL": database.connection, **ALLOWED}
        with machine(lab.station, "shop", **known) as shop:
            shop.edge_worker("shop", "shop-1")
            work = lab.load(PROJECT)
            work.start()
            found = work.until_ended(*DAY)
    assert_as_planned(found, work.planned(*DAY))
    rows = csv.reader(lab.station.ask("get", "tills", "2026-01-05.csv").splitlines())
    assert [(number, what, paid and Decimal(paid)) for number, what, paid in rows] == [
        ("1", "tea", Decimal("2.5")),
        ("2", 'cake, with "cream"', ""),
        ("3", "Käse 🧀", Decimal("12.25")),
    ]
