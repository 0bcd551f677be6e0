"""Sensors that look whether data is there."""

from __future__ import annotations

from pipec.links import Found
from pipec.targets.airflow.database import Database
from pipec.targets.airflow.lowering import looks
from pipec.targets.airflow.work import SQL, STANDARD, Work
from pipec.targets.python.values import Call, Value

SENSOR_EXTENSIONS = (".hql", ".sql")
"""What the SqlSensor reads as the name of a file."""


def look(work: Work, found: Found, *, size: int) -> Call:
    """The sensor that waits until a datanode is there, and holds `size` bytes or rows."""
    call: Call = looks(found.thing.kind, found, size, work)
    return call


def bytes_sensor(work: Work, function: str, place: dict[str, Value], size: int) -> Call:
    """The sensor that waits until a function finds `size` bytes at a place."""
    return work.task(
        f"{STANDARD}.sensors.python.PythonSensor",
        python_callable=work.helper(function),
        op_kwargs=place | ({"size": size} if size else {}),
    )


def query_sensor(work: Work, there: Database, query: str, hook_params: Value = None) -> Call:
    """The sensor that waits until a query gives a row."""
    return work.task(
        f"{SQL}.sensors.sql.SqlSensor",
        conn_id=there.name,
        sql=query,
        success=work.helper("any_row"),
        hook_params=hook_params or None,
    )
