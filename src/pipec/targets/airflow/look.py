"""Sensors that look whether data is there."""

from __future__ import annotations

from pipec.links import Found
from pipec.targets.airflow.rows import rows_read
from pipec.targets.airflow.work import SQL, STANDARD, Work
from pipec.targets.python.values import Call

SENSOR_EXTENSIONS = (".hql", ".sql")
"""What the SqlSensor reads as the name of a file."""


def look(work: Work, found: Found, *, size: int) -> Call:
    """The sensor that waits for `size` bytes, or a row, of a datanode."""
    kind = found.thing.kind
    if type(kind).__name__ == "Sql":
        where = ""
        if kind.at:
            where = f" WHERE {rows_read(found, work)}"
        engine = found.pipeline.connections[kind.connection.name].engine
        query = _FIRST_ROW.get(engine, "SELECT 1 FROM {} FETCH FIRST 1 ROWS ONLY")
        return query_sensor(work, kind.connection.name, query.format(kind.sql.name + where))
    function = "s3_has" if type(kind).__name__ == "S3" else "path_has"
    argument = "uri" if function == "s3_has" else "path"
    return work.task(
        f"{STANDARD}.sensors.python.PythonSensor",
        python_callable=work.helper(function),
        op_kwargs={argument: work.place(found)} | ({"size": size} if size else {}),
    )


_FIRST_ROW = {
    **dict.fromkeys(("postgres", "redshift", "mysql", "mariadb"), "SELECT 1 FROM {} LIMIT 1"),
    "sqlserver": "SELECT TOP 1 1 FROM {}",
}
"""Where a database does not say it as the standard of SQL does."""


def query_sensor(work: Work, connection: str, query: str) -> Call:
    """The sensor that waits until a query gives a row."""
    return work.task(
        f"{SQL}.sensors.sql.SqlSensor",
        conn_id=connection,
        sql=query,
        success=work.helper("any_row"),
    )
