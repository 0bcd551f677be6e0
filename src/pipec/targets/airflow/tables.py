"""How the tables of databases are read, written and looked at by the tasks of a Dag."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipec.dialect import first_row, folded, table_name
from pipec.fields.table import PART
from pipec.links import Found
from pipec.split import one_statement
from pipec.targets.airflow.database import database_of, name_of, rows_read, rows_written
from pipec.targets.airflow.look import query_sensor
from pipec.targets.airflow.rows import Rows
from pipec.targets.airflow.statements import statements_of
from pipec.targets.airflow.template import escape
from pipec.targets.airflow.work import STANDARD, Work
from pipec.targets.python.values import Call, partial

if TYPE_CHECKING:
    from pipec.targets.python.values import Value


def read_table(found: Found, work: Work) -> Rows:
    """The function that reads the rows of a table, and its arguments."""
    kind, there = found.thing.kind, database_of(found, work)
    arguments: dict[str, Value] = {"conn_id": there.name}
    if kind.select is None and kind.columns and there.family in ("oracle", "jdbc"):
        arguments["columns"] = [escape(one.name) for one in kind.columns]
    if there.hook_params:
        arguments["hook_params"] = there.hook_params
    query = query_of(found, work)
    return work.helper(f"read_{there.family}"), {**arguments, "sql": query}


def query_of(found: Found, work: Work) -> str:
    """The template of the query that reads the rows of a table."""
    kind, there = found.thing.kind, database_of(found, work)
    if kind.select is not None:
        own = work.of(found)
        return own.command(one_statement(own.resolved(kind.select), there.dialect))
    columns = ", ".join(there.column(one.name) for one in kind.columns) or "*"
    where = f" WHERE {rows_read(found, work)}" if kind.at else ""
    return f"SELECT {columns} FROM {name_of(found, work)}{where}"


def write_table(found: Found, mode: str, work: Work) -> Rows:
    """The function that writes rows to a table, and its arguments."""
    kind, own, there = found.thing.kind, work.of(found), database_of(found, work)
    arguments: dict[str, Value] = {"conn_id": there.name, "table": name_of(found, work)}
    if kind.create is not None:
        arguments["create"] = statements_of(kind.create, there, own)
    if kind.insert is not None:
        insert = one_statement(own.resolved(kind.insert), there.dialect)
        arguments["insert"] = own.command(insert)
    if kind.at:
        arguments["replace"] = rows_written(found, work)
    elif mode == "replace":
        arguments["replace"] = ""
    if there.hook_params:
        arguments["hook_params"] = there.hook_params
    insert_rows = work.helper(f"insert_{there.family}")
    return partial(work.helper("write_sql"), insert_rows), arguments


def look_table(found: Found, size: int, work: Work) -> Call:
    """The sensor that waits for a table, or for `size` rows of it; with `at`, for one of the interval."""
    kind, there = found.thing.kind, database_of(found, work)
    if size:
        where = f" WHERE {rows_read(found, work)}" if kind.at else ""
        query = first_row(name_of(found, work) + where, there.dialect)
        return query_sensor(work, there, query, there.in_utc if kind.at else there.hook_params)
    if there.engine == "jdbc":
        names: list[Value] = [escape(folded(part, "")) for part in re.findall(PART, kind.table)]
        arguments: dict[str, Value] = {"conn_id": there.name, "names": names}
        if there.hook_params:
            arguments["hook_params"] = there.hook_params
        return work.task(
            f"{STANDARD}.sensors.python.PythonSensor",
            python_callable=work.helper("jdbc_has"),
            op_kwargs=arguments,
        )
    query = escape(existence(kind.table, there.dialect))
    return query_sensor(work, there, query, there.hook_params)


def existence(table: str, dialect: str) -> str:
    """The query of a database's own catalogue that gives a row once there is the table or view."""
    parts = [folded(part, dialect) for part in re.findall(PART, table)]
    *before, name = map(_text, parts)
    schema = before[-1] if before else ""
    match dialect:
        case "mysql":
            where = f"table_schema = {schema or 'DATABASE()'} AND table_name = {name}"
            return f"SELECT 1 FROM information_schema.tables WHERE {where}"
        case "oracle":
            owner = schema or "SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA')"
            kinds = "object_type IN ('TABLE', 'VIEW', 'MATERIALIZED VIEW', 'SYNONYM')"
            where = f"owner = {owner} AND object_name = {name} AND {kinds}"
            return f"SELECT 1 FROM all_objects WHERE {where}"
        case "sqlserver":
            named = _text(table_name(table, dialect))
            return f"SELECT 1 WHERE OBJECT_ID({named}, 'U') > 0 OR OBJECT_ID({named}, 'V') > 0"
        case "redshift" if len(before) > 1:
            where = f"database_name = {before[-2]} AND schema_name = {schema}"
            return f"SELECT 1 FROM svv_all_tables WHERE {where} AND table_name = {name}"
        case "redshift" if before:  # As these views know no search path, the last way does not.
            where = f"table_schema = {schema} AND table_name = {name}"
            return f"SELECT 1 FROM svv_tables WHERE {where}"
        case "redshift":
            visible = "relkind IN ('r', 'v') AND pg_table_is_visible(oid)"
            return f"SELECT 1 FROM pg_class WHERE relname = {name} AND {visible}"
    assert dialect == "postgres", dialect
    where = f"oid = to_regclass({_text(table_name(table, dialect))}) AND relkind IN ('r', 'p', 'v', 'm', 'f')"
    return f"SELECT 1 FROM pg_class WHERE {where}"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
