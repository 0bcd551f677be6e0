"""Sensors that look whether data is there."""

from __future__ import annotations

from pipec.links import Found
from pipec.targets.airflow.rows import interval_texts
from pipec.targets.airflow.work import SQL, STANDARD, Work
from pipec.targets.python.values import Call

SENSOR_EXTENSIONS = (".hql", ".sql")
"""What the SqlSensor reads as the name of a file."""


def look(work: Work, found: Found, *, size: int) -> Call:
    """The sensor that waits for `size` bytes, or a row, of a datanode."""
    kind = found.thing.kind
    if type(kind).__name__ == "Sql":
        query = f"SELECT 1 FROM {kind.sql.name}"
        if kind.at:
            start, end = interval_texts(kind.connection, work.of(found))
            query += f" WHERE {kind.at} >= '{start}' AND {kind.at} < '{end}'"
        return query_sensor(work, kind.connection.name, f"{query} LIMIT 1")
    function = "s3_has" if type(kind).__name__ == "S3" else "path_has"
    argument = "uri" if function == "s3_has" else "path"
    return work.task(
        f"{STANDARD}.sensors.python.PythonSensor",
        python_callable=work.helper(function),
        op_kwargs={argument: work.place(found)} | ({"size": size} if size else {}),
    )


def query_sensor(work: Work, connection: str, query: str) -> Call:
    """The sensor that waits until a query gives a row."""
    return work.task(
        f"{SQL}.sensors.sql.SqlSensor",
        conn_id=connection,
        sql=query,
        success=work.helper("any_row"),
    )
