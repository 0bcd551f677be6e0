"""The columns that SQL names, where the tables that it names declare theirs."""

from __future__ import annotations

from typing import Any

from pipec.diagnostic import Diagnostic, Report, counted, diagnostic, did_you_mean, listed
from pipec.facets import Table
from pipec.ir import Activity
from pipec.links import Found
from pipec.values import Splice, Text


def check_statements(
    activity: Activity, text: Text, inputs: list[Found], outputs: list[Found], report: Report
) -> None:
    """Report each `INSERT` of columns that its table does not declare, and too few or too many.

    SQL that cannot be read is left to the database: it knows more dialects than we do.
    """
    import logging

    import sqlglot
    from sqlglot import expressions as sql

    tables = {
        one.thing.kind.table.lower(): one
        for one in (*inputs, *outputs)
        if isinstance(one.thing.kind, Table) and one.thing.kind.columns
    }
    words = "".join("0" if isinstance(piece, Splice) else piece for piece in text.pieces)
    logging.getLogger("sqlglot").disabled = True
    try:
        statements = sqlglot.parse(words, read="postgres")
    except (sqlglot.errors.SqlglotError, RecursionError):
        return
    for statement in statements:
        if isinstance(statement, sql.Insert):
            _check_insert(activity, text, statement, tables, report)


def _check_insert(
    activity: Activity, text: Text, insert: Any, tables: dict[str, Found], report: Report
) -> None:
    from sqlglot import expressions as sql

    target = insert.this
    table = target.this if isinstance(target, sql.Schema) else target
    found = tables.get(_name(table)) if isinstance(table, sql.Table) else None
    if found is None:
        return
    declared = [one.name for one in found.thing.kind.columns]
    lower = {name.lower() for name in declared}
    named = [one.name for one in target.expressions] if isinstance(target, sql.Schema) else declared
    for name in named:
        if name.lower() not in lower:
            near = did_you_mean(name, declared, f"it has {listed(declared)}")
            report.add(NoSuchColumn(_place(text, name), found.thing.name, name, near))
    query = insert.expression
    if isinstance(query, sql.Select) and not query.is_star:
        given = len(query.expressions)
        if given != len(named):
            report.add(
                InsertCount(
                    _place(text, "select"),
                    _columns(given),
                    found.thing.name,
                    len(named),
                    listed(named),
                )
            )


def _columns(count: int) -> str:
    return counted(count, "column")


def _name(table: Any) -> str:
    return f"{table.db}.{table.name}".strip(".").lower()


def _place(text: Text, word: str) -> Any:
    """Where `word` first stands in the text, as far as the file shows it."""
    at = text.span.text.lower().find(word.lower())
    return text.span.part(at, at + len(word)) if at >= 0 else text.span


@diagnostic
class NoSuchColumn(Diagnostic):
    """The columns that an `INSERT` names are among those that its table declares."""

    code = "P273"
    title = "Unknown column"
    message = "`{table}` declares no column `{column}`"
    help = "{near}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes:
          totals: {sql: db.totals, columns: [id bigint, total double]}
        activities:
          count:
            sql: INSERT INTO totals (id, totl) SELECT 1, 2    # P273 totl
            flow: -> totals
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes:
          totals: {sql: db.totals, columns: [id bigint, total double]}
        activities:
          count:
            sql: INSERT INTO totals (id, total) SELECT 1, 2
            flow: -> totals
        """

    table: str
    column: str
    near: str


@diagnostic
class InsertCount(Diagnostic):
    """An `INSERT ... SELECT` gives as many values as it names columns, or as its table has."""

    code = "P274"
    title = "Different number of columns"
    message = "this gives {given}, and `{table}` takes {wanted}: {names}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes:
          totals: {sql: db.totals, columns: [id bigint, total double]}
        activities:
          count:
            sql: INSERT INTO totals SELECT 1    # P274 SELECT
            flow: -> totals
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes:
          totals: {sql: db.totals, columns: [id bigint, total double]}
        activities:
          count:
            sql: INSERT INTO totals SELECT 1, 2
            flow: -> totals
        """

    given: str
    table: str
    wanted: int
    names: str
