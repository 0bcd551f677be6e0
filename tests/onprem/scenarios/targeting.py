"""The example, with the shop's users behind JDBC, where only the office's machine reaches them.

Redshift has no stand-in here but PostgreSQL: the warehouse is one.
"""

import csv
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.airflow.targeting import expected
from tests.databases.h2 import ALLOWED, MISSING, h2
from tests.onprem.machine import machine
from tests.scheduled.lab import Lab
from tests.scheduled.plan import assert_as_planned

EXAMPLE = Path(__file__).parents[3] / "examples" / "content_targeting"
ELSEWHERE = {
    "crm: postgres": "crm: jdbc",
    "workers: edge onprem": "workers: edge crm",
    "warehouse: redshift": "warehouse: postgres",
    "redshift: warehouse": "sql: warehouse",
    "redshift warehouse": "sql warehouse",
}
"""What is another here than in the example: where the users are, and what holds the warehouse."""
DAY = ("2012-11-28", "2012-11-29")


def drive(lab: Lab) -> None:
    assert not MISSING, MISSING
    databases = EXAMPLE / "local" / "sql"
    lab.station.ask("load", str(EXAMPLE / "local"))
    for name in ("warehouse", "web"):
        lab.station.ask("sql", name, (databases / f"{name}.sql").read_text(encoding="utf-8"))
    with TemporaryDirectory() as folder, h2(Path(folder)) as shop:
        shop.run((databases / "crm.sql").read_text(encoding="utf-8"))
        known = {"AIRFLOW_CONN_CRM": shop.connection_with_driver, **ALLOWED}
        with machine(lab.station, "crm", **known) as office:
            office.edge_worker("crm", "crm-1")
            work = lab.load(project())
            work.start()
            found = work.until_ended(*DAY)
    assert_as_planned(found, work.planned(*DAY))
    wanted = expected(EXAMPLE)
    for table, rows in wanted.items():
        assert texts(lab, "warehouse", table) == rows
    assert texts(lab, "web", "targeting_choices") == wanted["targeting_choices"]
    page = lab.station.ask("get", "acme-targeting", "reports/2012-11-28/index.html")
    assert "What people looked at on 2012-11-28" in page
    mails = lab.station.ask("mails")
    assert [one["to"] for one in mails] == ["owner@acme.example"]


def texts(lab: Lab, database: str, table: str) -> set[tuple[str, ...]]:
    """The rows of a table, as text."""
    found = lab.station.ask("sql", database, f"SELECT one::text FROM public.{table} AS one")
    return {tuple(row) for row in csv.reader(one.strip("()") for (one,) in found)}


def project() -> dict[str, str]:
    """The files of the example, by name."""
    files = (file for file in EXAMPLE.iterdir() if file.is_file())
    found = {file.name: file.read_text(encoding="utf-8") for file in files}
    text = found["content_targeting.pipe.yaml"]
    for one, other in ELSEWHERE.items():
        assert one in text
        text = text.replace(one, other)
    return {**found, "content_targeting.pipe.yaml": text}
