"""`sql`: statements for a database."""

from __future__ import annotations

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.dialect import dialect_of
from pipec.facets import Doing, Table
from pipec.fields.key import key
from pipec.fields.references import reference, script
from pipec.fields.scalars import text
from pipec.frozen import node
from pipec.ir import Activity, Connection, Pipeline
from pipec.links import Links
from pipec.split import split
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.database import database
from pipec.targets.airflow.statements import script_task, statements_of, statements_task
from pipec.targets.airflow.work import Work
from pipec.targets.python.values import Call
from pipec.targets.datapipeline import rows as row
from pipec.targets.datapipeline.says import says
from pipec.values import Ref, Script, Text


@node
class Sql(Doing):
    """Run one or more SQL statements in one transaction.

    They run in the database of the first output that is a table, else of the first such input.
    A script in S3 is fetched when it runs: no expressions stand in it, and none of it is checked.
    """

    sql: Text | None = key(text, "The statements.", default=None)
    script: Script | None = key(
        script, "A file with the statements, beside the pipeline or in S3.", default=None, merges=False
    )  # fmt: skip
    connection: Ref | None = key(
        reference("connection"), "Where they run, when no datanode says it.", default=None
    )

    @property
    def statements(self) -> Text | None:
        """The SQL that it executes."""
        return self.script.content if self.script is not None else self.sql

    def check(self, activity: Activity, pipeline: Pipeline, links: Links, report: Report) -> None:
        """Report statements that are missing, and a database that is."""
        if (self.sql is None) == (self.script is None):
            found = "no statements" if self.sql is None else "statements and a script as well"
            report.add(NoStatements(activity.span, activity.name, found))
        found_in = connection_of(activity, pipeline, links)
        text = self.statements
        if text is not None and found_in is not None and not split(text, dialect_of(found_in)):
            report.add(NoStatements(activity.span, activity.name, "comments alone"))
        check_connection(activity, pipeline, links, report)


says(
    Sql, "SqlActivity", row.inline("script", "sql"), row.script("scriptUri"), row.connection("database", "connection"),
)


@airflow.activities.of(Sql)
def to_airflow(sql: Sql, work: Work) -> Call:
    """A SQLExecuteQueryOperator: all statements in one transaction, results left where they are."""
    found = connection_of(work.thing, work.pipeline, work.links)
    assert found is not None  # Checked.
    there = database(found, work)
    text = sql.statements
    if text is None:
        assert sql.script is not None  # Checked.
        return script_task(work, there, work.template(sql.script.path))
    statements = statements_of(text, there, work, ".sql", ".json")
    return statements_task(work, there, statements, there.hook_params)


def check_connection(activity: Activity, pipeline: Pipeline, links: Links, report: Report) -> None:
    """Report SQL of which nothing says where it runs."""
    if activity.kind.connection is None and connection_of(activity, pipeline, links) is None:
        refs = (*activity.flow.outputs, *(one.ref for one in activity.flow.inputs))
        nodes = [links.datanode(pipeline, ref) for ref in refs]
        # A datanode or a connection that is not there was reported.
        if all(one and not isinstance(one.thing.kind, Table) for one in nodes):
            report.add(NoConnection(activity.span, activity.name))


def connection_of(activity: Activity, pipeline: Pipeline, links: Links) -> Connection | None:
    """The connection that its SQL goes through; None when nothing says it."""
    if activity.kind.connection is not None:
        return pipeline.connections.get(activity.kind.connection.name)
    for ref in (*activity.flow.outputs, *(one.ref for one in activity.flow.inputs)):
        found = links.datanode(pipeline, ref)
        if found is not None and isinstance(found.thing.kind, Table):
            return found.pipeline.connections.get(found.thing.kind.connection.name)
    return None


@diagnostic
class NoConnection(Diagnostic):
    """SQL runs in a database: that of its first output that is a table, or of its first such input.

    Where no table is read or written, `connection` says where.
    """

    code = "P237"
    title = "SQL without a database"
    message = "nothing says in which database `{name}` runs"
    help = "name its tables in `flow`, or give it a `connection`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        activities:
          clean:    # P237 clean
            sql: DELETE FROM orders
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        activities:
          clean:
            sql: DELETE FROM orders
            connection: db
        """

    name: str


@diagnostic
class NoStatements(Diagnostic):
    """A `sql` activity has its statements in its own text, or in a file under `script`."""

    code = "P238"
    title = "SQL without statements"
    message = "`{name}` has {found}"
    help = "write them under `sql:`, or name a file under `script:`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        activities:
          clean:    # P238 clean
            sql:
            connection: db
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        activities:
          clean:
            sql: DELETE FROM orders
            connection: db
        """

    name: str
    found: str
