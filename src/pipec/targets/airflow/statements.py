"""The task that executes statements in a database."""

from __future__ import annotations

from collections.abc import Sequence

from pipec.split import split
from pipec.targets.airflow.database import Database
from pipec.targets.airflow.work import SQL, STANDARD, Work
from pipec.targets.python.values import Call, Value
from pipec.values import Text


def statements_of(text: Text, there: Database, work: Work, *extensions: str) -> list[str]:
    """The templates of what is sent to a database at a time: PostgreSQL takes all of a text."""
    resolved = work.resolved(text)
    parts = (resolved,) if there.engine == "postgres" else split(resolved, there.dialect)
    return [work.command(part, *extensions) for part in parts]


def statements_task(
    work: Work, there: Database, statements: Sequence[str], hook_params: Value = None
) -> Call:
    """A SQLExecuteQueryOperator: all statements in one transaction.

    It does not see what goes wrong behind the first result in SQL Server, and leaves it to a JDBC
    driver what becomes of a transaction that fails: there, a PythonOperator executes them.
    """
    if there.engine in ("sqlserver", "jdbc"):
        given: dict[str, Value] = {"conn_id": there.name, "statements": [*statements]}
        if hook_params:
            given["hook_params"] = hook_params
        return work.task(
            f"{STANDARD}.operators.python.PythonOperator",
            python_callable=work.helper("run_statements"),
            op_kwargs=given,
        )
    return work.task(
        f"{SQL}.operators.sql.SQLExecuteQueryOperator",
        conn_id=there.name,
        sql=statements[0] if len(statements) == 1 else [*statements],
        hook_params=hook_params or None,
    )


def script_task(work: Work, there: Database, uri: str) -> Call:
    """A PythonOperator that executes the statements of a file in S3, in one transaction."""
    given: dict[str, Value] = {"conn_id": there.name, "uri": uri}
    if there.hook_params:
        given["hook_params"] = there.hook_params
    return work.task(
        f"{STANDARD}.operators.python.PythonOperator",
        python_callable=work.helper("run_script"),
        op_kwargs=given,
    )
