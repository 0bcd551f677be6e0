"""`query`: a query gives at least one row."""

from __future__ import annotations

from typing import Any

from pipec.checks.one_statement import check_statement
from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.facets import Looking, Table
from pipec.fields.key import key
from pipec.fields.references import reference
from pipec.fields.scalars import text
from pipec.frozen import node
from pipec.ir import Pipeline, Precondition
from pipec.links import Links
from pipec.split import one_statement
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.database import database
from pipec.targets.airflow.look import SENSOR_EXTENSIONS, query_sensor
from pipec.targets.airflow.work import Work
from pipec.targets.python.values import Call
from pipec.values import Ref, Text


@node
class Query(Looking):
    """Holds once the query gives a row, whatever stands in it."""

    query: Text = key(text, "The query.")
    connection: Ref | None = key(
        reference("connection"), "Where to ask; else that of the datanode.", default=None
    )

    def check(
        self, own: Precondition, owner: Any, pipeline: Pipeline, links: Links, report: Report
    ) -> None:
        """Report a query that nobody knows where to ask, and what is not one query."""
        ref = self.connection
        if ref is None:
            if not isinstance(owner.kind, Table):
                report.add(QueryNowhere(own.span))
                return
            ref = owner.kind.connection
        check_statement(self.query, "query", pipeline.connections.get(ref.name), report)


@airflow.preconditions.of(Query)
def to_airflow(query: Query, work: Work) -> Call:
    """A SqlSensor for which any row will do."""
    connection = query.connection
    if connection is None:
        assert work.owner is not None
        connection = work.owner.kind.connection  # Checked: it is a table.
    there = database(work.pipeline.connections[connection.name], work)
    text = one_statement(work.resolved(query.query), there.dialect)
    return query_sensor(work, there, work.template(text, *SENSOR_EXTENSIONS), there.hook_params)


@diagnostic
class QueryNowhere(Diagnostic):
    """A query is asked through a connection: its own, or that of the table it is a precondition of."""

    code = "P283"
    title = "Query without a database"
    message = "nothing says which database this query asks"
    help = "give it a `connection`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        activities:
          mail:
            shell: echo mail
            when: {query: SELECT 1 FROM orders}    # P283 {query: SELECT 1 FROM orders}
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        activities:
          mail:
            shell: echo mail
            when: {query: SELECT 1 FROM orders, connection: db}
        """
