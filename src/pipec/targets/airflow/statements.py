"""The task that executes statements in a database."""

from __future__ import annotations

from collections.abc import Sequence

from pipec.split import split
from pipec.targets.airflow.database import Database
from pipec.targets.airflow.stand_in import for_postgres
from pipec.targets.airflow.work import SQL, STANDARD, Work
from pipec.targets.python.values import Call, Value
from pipec.values import Text


def statements_of(
    text: Text, there: Database, work: Work, *extensions: str, apart: bool = False
) -> list[str]:
    """The templates of what is sent to a database at a time.

    PostgreSQL takes all of a text, unless its statements are wanted `apart`.
    """
    resolved = work.resolved(text)
    if there.instead_of == "redshift":
        resolved = for_postgres(resolved)
    whole = there.engine == "postgres" and not apart
    parts = (resolved,) if whole else split(resolved, there.dialect)
    return [work.command(part, *extensions) for part in parts]


def statements_task(
    work: Work,
    there: Database,
    statements: Sequence[str],
    hook_params: Value = None,
    values: Sequence[str] = (),
) -> Call:
    """A SQLExecuteQueryOperator: all statements in one transaction.

    It gives the same `values` to each statement: those that are for one `?` after the other are
    given by a PythonOperator.

    It does not see what goes wrong behind the first result in SQL Server, and leaves it to a JDBC
    driver what becomes of a transaction that fails: there, a PythonOperator executes them.
    """
    if values or there.engine in ("sqlserver", "jdbc"):
        given: dict[str, Value] = {"conn_id": there.name, "statements": [*statements]}
        if values:
            given["values"] = [*values]
        if hook_params:
            given["hook_params"] = hook_params
        return work.task(
            f"{STANDARD}.operators.python.PythonOperator",
            python_callable=work.helper("run_with" if values else "run_statements"),
            op_kwargs=given,
        )
    return work.task(
        f"{SQL}.operators.sql.SQLExecuteQueryOperator",
        conn_id=there.name,
        sql=statements[0] if len(statements) == 1 else [*statements],
        hook_params=hook_params or None,
    )


def script_task(
    work: Work, there: Database, uri: str, before: Sequence[str] = (), values: Sequence[str] = ()
) -> Call:
    """A PythonOperator that executes the statements of a file in S3, in one transaction."""
    given: dict[str, Value] = {"conn_id": there.name, "uri": uri}
    if values:
        given["values"] = [*values]
    if there.hook_params:
        given["hook_params"] = there.hook_params
    if before:
        given["before"] = [*before]
    return work.task(
        f"{STANDARD}.operators.python.PythonOperator",
        python_callable=work.helper("run_script_with" if values else "run_script"),
        op_kwargs=given,
    )


def in_queue(queue: Text | None, work: Work) -> list[str]:
    """The statement by which a session of Redshift waits in the queue of a query group.

    PostgreSQL, which stands in for it, has none.
    """
    if queue is None or work.local:
        return []
    return [f"SET query_group TO {text_literal(queue, work)}"]


def text_literal(text: Text, work: Work) -> str:
    """The template of a text in quotes of SQL; quotes that Jinja needs stay as they are."""
    pieces = tuple(it.replace("'", "''") if isinstance(it, str) else it for it in text.pieces)
    return f"'{work.beginning(Text(pieces, text.span))}'"
