"""Every kind is written by every target; a new kind or target that forgets one is found here."""

from __future__ import annotations

import pytest

from pipec.kinds import keywords, kind_class
from pipec.targets.airflow import lowering

CELLS = [
    (section, keyword, table)
    for section, tables in (
        ("activities", ("activities",)),
        ("preconditions", ("preconditions",)),
        ("notifications", ("notifications",)),
        ("datanodes", ("sources", "targets")),
    )
    for keyword in keywords(section)
    for table in tables
    if (section, keyword) not in {("datanodes", "hdfs"), ("datanodes", "dynamodb")}
]
"""(What is on a cluster is copied there, by `tables`.)"""


@pytest.mark.parametrize(("section", "keyword", "table"), CELLS)
def test_airflow_writes_it(section: str, keyword: str, table: str) -> None:
    assert kind_class(section, keyword) in getattr(lowering, table).cells


@pytest.mark.parametrize(
    "section", ["activities", "datanodes", "preconditions", "resources", "notifications"]
)
def test_every_kind_explains_itself(section: str) -> None:
    for keyword in keywords(section):
        found = kind_class(section, keyword)
        assert (found.__doc__ or "").strip(), keyword
        assert keyword in found.__dataclass_fields__, keyword  # type: ignore[attr-defined]
