"""The task that executes statements in a database."""

from __future__ import annotations

from pipec.targets.airflow.work import SQL, Work
from pipec.targets.python.values import Call


def statements_task(work: Work, connection: str, engine: str, statements: str) -> Call:
    """A SQLExecuteQueryOperator: all statements in one transaction.

    They are sent one by one where the driver of the database refuses several at once.
    """
    return work.task(
        f"{SQL}.operators.sql.SQLExecuteQueryOperator",
        conn_id=connection,
        sql=statements,
        split_statements=None if engine == "postgres" else True,
    )
