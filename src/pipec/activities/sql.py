"""`sql`: statements for a database."""

from __future__ import annotations

from pipec.checks.one_statement import marks_in
from pipec.diagnostic import Diagnostic, Report, counted, diagnostic
from pipec.dialect import dialect_of
from pipec.facets import Doing, Table
from pipec.fields.collections import list_of
from pipec.fields.key import key
from pipec.fields.references import reference, script
from pipec.fields.scalars import text
from pipec.frozen import node
from pipec.ir import Activity, Pipeline
from pipec.links import Links
from pipec.split import split
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.database import database
from pipec.targets.airflow.statements import in_queue, script_task, statements_of, statements_task
from pipec.targets.airflow.work import Work
from pipec.targets.datapipeline import rows as row
from pipec.targets.datapipeline.says import says
from pipec.targets.python.values import Call
from pipec.values import Ref, Script, Text


@node
class Sql(Doing):
    """Run one or more SQL statements in one transaction.

    They run in the database of the first output that is a table, else of the first such input.
    A script in S3 is fetched when it runs: no expressions stand in it, and none of it is checked.
    `args` reach it nevertheless: they are what its `?` stand for, one after the other.
    """

    sql: Text | None = key(text, "The statements.", default=None)
    script: Script | None = key(
        script, "A file with the statements, beside the pipeline or in S3.", default=None, merges=False
    )  # fmt: skip
    connection: Ref | None = key(
        reference("connection"), "Where they run, when no datanode says it.", default=None
    )
    args: tuple[Text, ...] = key(
        list_of(text), "What the `?` in them stand for, in order.", default=(), merges=False
    )
    queue: Text | None = key(
        text, "The query group of Redshift whose queue they wait in.", default=None, merges=False
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
        found_in = links.connection(activity, pipeline)
        text = self.statements
        if text is not None and found_in is not None and not split(text, dialect_of(found_in)):
            report.add(NoStatements(activity.span, activity.name, "comments alone"))
        if text is not None and self.args and (marks := marks_in(text)) != len(self.args):
            found = counted(len(self.args), "value")
            report.add(OtherArguments(self.args[0].span, found, f"{marks} `?`"))
        if self.queue is not None and found_in is not None and found_in.engine != "redshift":
            report.add(NoQueue(self.queue.span, found_in.name, found_in.engine))
        check_connection(activity, pipeline, links, report)


says(
    Sql,
    "SqlActivity",
    row.inline("script", "sql"),
    row.script("scriptUri"),
    row.connection("database", "connection"),
    row.texts("scriptArgument", "args"),
    row.text("queue", "queue"),
)


@airflow.activities.of(Sql)
def to_airflow(sql: Sql, work: Work) -> Call:
    """A SQLExecuteQueryOperator: all statements in one transaction, results left where they are."""
    found = work.links.connection(work.thing, work.pipeline)
    assert found is not None  # Checked.
    there = database(found, work)
    before, values = in_queue(sql.queue, work), [work.template(one) for one in sql.args]
    text = sql.statements
    if text is None:
        assert sql.script is not None  # Checked.
        return script_task(work, there, work.template(sql.script.path), before, values)
    statements = statements_of(text, there, work, ".sql", ".json", apart=bool(values))
    return statements_task(work, there, [*before, *statements], there.hook_params, values)


def check_connection(activity: Activity, pipeline: Pipeline, links: Links, report: Report) -> None:
    """Report SQL of which nothing says where it runs."""
    if activity.kind.connection is None and links.connection(activity, pipeline) is None:
        refs = (*activity.flow.outputs, *(one.ref for one in activity.flow.inputs))
        nodes = [links.datanode(pipeline, ref) for ref in refs]
        # A datanode or a connection that is not there was reported.
        if all(one and not isinstance(one.thing.kind, Table) for one in nodes):
            report.add(NoConnection(activity.span, activity.name))


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


@diagnostic
class OtherArguments(Diagnostic):
    """Each of `args` is what one `?` of the statements stands for, in their order.

    A `?` between quotes, or in a comment, stands for itself.
    """

    code = "P570"
    title = "Other arguments"
    message = "there are {values}, and the statements have {marks}"
    help = "write one `?` for each of `args`, without quotes around it"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        activities:
          clean:
            sql: DELETE FROM orders WHERE day = '?'
            args: "${{ start:%Y-%m-%d }}"    # P570 "${{ start:%Y-%m-%d }}"
            connection: db
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        activities:
          clean:
            sql: DELETE FROM orders WHERE day = ?
            args: "${{ start:%Y-%m-%d }}"
            connection: db
        """

    values: str
    marks: str


@diagnostic
class NoQueue(Diagnostic):
    """A queue for statements is a query group of Redshift. Other databases have none."""

    code = "P571"
    title = "Queue of another database"
    message = "`queue` is a query group of Redshift, and `{name}` is a connection to {engine}"
    help = "leave `queue` out"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        activities:
          clean:
            sql: DELETE FROM orders
            connection: db
            queue: nightly    # P571 nightly
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
    engine: str
