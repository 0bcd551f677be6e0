"""`report`: a page of what queries find, with a chart, kept in a place and mailed."""

from __future__ import annotations

from typing import Any

from pipec.activities.sql import check_connection
from pipec.assets import ASSETS
from pipec.checks.one_statement import check_statement
from pipec.checks.templates import check_template
from pipec.diagnostic import Diagnostic, diagnostic
from pipec.diagnostic import Report as Complaints
from pipec.facets import Doing, Files, Table
from pipec.fields.addresses import SMTP, addresses
from pipec.fields.chart import chart
from pipec.fields.key import FieldType, key
from pipec.fields.reader import Reader
from pipec.fields.references import own_text, reference
from pipec.fields.scalars import WrongType, at_least, expect_scalar, string, text, what
from pipec.frozen import node
from pipec.ir import Activity, Pipeline
from pipec.links import Links
from pipec.split import one_statement
from pipec.syntax import Mapping, Tree
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.database import database
from pipec.targets.airflow.task import keyword
from pipec.targets.airflow.work import STANDARD, Work, constant_name
from pipec.targets.python.values import Call, Name, Value, partial
from pipec.values import NO_TEXT, Chart, Ref, Text

Query = tuple[Text, Text]
"""The title of a table, and the query that finds its rows."""


def _read_queries(tree: Tree, reader: Reader) -> tuple[Query, ...] | None:
    asked = [(NO_TEXT, tree)]
    if isinstance(tree, Mapping):
        asked = [(reader.text(title), one) for title, one in tree]
    if not asked:
        reader.report.add(WrongType(tree.span, "a query", "an empty mapping"))
        return None
    read = [(title, query) for title, one in asked if (query := _read_query(one, reader))]
    return tuple(read) if len(read) == len(asked) else None


def _read_query(tree: Tree, reader: Reader) -> Text | None:
    found = expect_scalar(tree, "a query", reader)
    if found is None or found.value.strip():
        return reader.text(found) if found else None
    reader.report.add(WrongType(found.span, "a query", what(found)))
    return None


queries = FieldType("query, or mapping from titles to queries", _read_queries)


@node
class Report(Doing):
    """Make a page of what queries find: a table for each, and a chart of the first.

    It goes into the output, a file or a folder, and to those whom `mail` names.
    """

    report: Text = key(text, "The title of the page.")
    query: tuple[Query, ...] = key(queries, "The query, or several and the titles of their tables.")
    chart: Chart | None = key(
        chart, "What is drawn of the first table: `bar` or `line`.", default=None
    )
    rows: int = key(at_least(1), "The most rows of a table.", default=1000)
    template: Text | None = key(
        own_text, "A page of one's own, for jinja2.", default=None, merges=False
    )
    mail: tuple[Text, ...] = key(addresses, "Whom it is mailed to.", default=())
    subject: Text | None = key(text, "The subject of the mail, else the title.", default=None)
    smtp: str = key(string, "The SMTP connection of Airflow.", default=SMTP)
    connection: Ref | None = key(
        reference("connection"), "Where to ask, when no input says it.", default=None
    )

    def check(
        self, activity: Activity, pipeline: Pipeline, links: Links, report: Complaints
    ) -> None:
        """Report a page that goes nowhere, or where it cannot, and what cannot be rendered."""
        check_connection(activity, pipeline, links, report)
        for _, query in self.query:
            check_statement(query, "query", links.connection(activity, pipeline), report)
        outputs = activity.flow.outputs
        if not outputs and not self.mail:
            report.add(ReportToNobody(activity.span, activity.name))
        for ref in outputs[1:]:
            report.add(NoPlaceForReport(ref.span, f"`{outputs[0].name}` has it already"))
        found = links.datanode(pipeline, outputs[0]) if outputs else None
        if found is not None and (why := _holds_no_page(found.thing.kind)):
            report.add(NoPlaceForReport(outputs[0].span, f"`{found.thing.name}` {why}"))
        if self.subject is not None and not self.mail:
            report.add(NeverSeen(self.subject.span, f"`{activity.name}` is mailed to nobody"))
        if self.template is not None:
            check_template(self.template, GIVEN, report)
            if self.chart is not None and "chart" not in (self.template.constant or ""):
                page = self.template.span.source.name
                report.add(NeverSeen(self.chart.span, f"`{page}` has no `chart` in it"))


def _holds_no_page(kind: Any) -> str:
    """Why a page cannot be kept in a datanode; empty when it can."""
    if not isinstance(kind, Files) or kind.store not in ("s3", "disk"):
        return "is a table" if isinstance(kind, Table) else "takes no pages"
    if kind.format is not None:
        return f"holds rows of {keyword(kind.format)}"
    return "is packed" if kind.compression != "none" else ""


GIVEN = ("title", "tables", "chart", "start", "end")
"""What a template is rendered with."""


@airflow.activities.of(Report)
def to_airflow(report: Report, work: Work) -> Call:
    """A PythonOperator that is given the template: its text is nothing that Airflow renders."""
    found = work.links.connection(work.thing, work.pipeline)
    assert found is not None  # Checked.
    there = database(found, work)
    more: dict[str, Value] = {"hook_params": there.hook_params} if there.hook_params else {}
    read = partial(work.helper(f"read_{there.family}"), there.name, **more)
    title = work.template(report.report)
    how: dict[str, Value] = {}
    given: dict[str, Value] = {
        "title": title,
        "start": f"{{{{ {work.moment.start}.isoformat() }}}}",
        "end": f"{{{{ {work.moment.end}.isoformat() }}}}",
        "queries": [
            [work.template(name), work.command(one_statement(work.resolved(sql), there.dialect))]
            for name, sql in report.query
        ],
    }
    if report.rows != 1000:
        given["rows"] = report.rows
    if (drawn := report.chart) is not None:
        how["draw"] = partial(work.helper("draw_chart"), drawn.kind, [*drawn.values], drawn.over)
    for output in work.outputs:
        how["keep"], given["place"] = work.helper("keep_page"), work.place(output)
    if report.mail:
        send = work.helper("mail_report")
        how["send"] = send if report.smtp == SMTP else partial(send, smtp=report.smtp)
        given["mail"] = {
            "to": [work.template(one) for one in report.mail],
            "subject": work.template(report.subject) if report.subject else title,
        }
    return work.task(
        f"{STANDARD}.operators.python.PythonOperator",
        python_callable=partial(work.helper("make_report"), _template(report, work), read, **how),
        op_kwargs=given,
    )


def _template(report: Report, work: Work) -> Name:
    """The constant that holds the template, the user's or ours."""
    if report.template is None:
        page = ASSETS / "targets" / "airflow" / "report.html.j2"
        return work.constant("REPORT_HTML", page.read_text(encoding="utf-8"))
    name = report.template.span.source.name.rpartition("/")[2].partition(".")[0]
    return work.constant(constant_name(name, "PAGE", "HTML"), report.template.constant or "")


@diagnostic
class ReportToNobody(Diagnostic):
    """A report goes into its output, or to those whom `mail` names, or both."""

    code = "P443"
    title = "Report to nobody"
    message = "`{name}` is neither kept nor mailed"
    help = "give it an output (`flow: -> PAGE`), or addresses under `mail`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        activities:
          tell:    # P443 tell
            report: Orders of a day
            query: SELECT product, count(*) FROM orders GROUP BY product
            connection: db
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        activities:
          tell:
            report: Orders of a day
            query: SELECT product, count(*) FROM orders GROUP BY product
            connection: db
            mail: owner@example.com
        """

    name: str


@diagnostic
class NoPlaceForReport(Diagnostic):
    """A report is one page: it goes into one file or folder, in S3 or on the worker's disk.

    In a folder it is `index.html`.
    """

    code = "P444"
    title = "No place for a report"
    message = "a page cannot be kept here: {why}"
    help = "name one output that is an `s3` or a `file`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes: {pages: sql db.pages}
        activities:
          tell:
            report: Orders of a day
            query: SELECT product, count(*) FROM orders GROUP BY product
            flow: -> pages    # P444 pages
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes: {pages: "s3 s3://shop/pages/${{ start:%Y-%m-%d }}/"}
        activities:
          tell:
            report: Orders of a day
            query: SELECT product, count(*) FROM orders GROUP BY product
            connection: db
            flow: -> pages
        """

    why: str


@diagnostic
class NeverSeen(Diagnostic):
    """A subject is seen by those who get the mail, and a chart where the page has it.

    In a template of one's own, `{{ chart }}` is the picture.
    """

    code = "P445"
    title = "Nobody sees this"
    severity = "warning"
    message = "nobody sees this: {why}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes: {page: "s3 s3://shop/pages/${{ start:%Y-%m-%d }}/"}
        activities:
          tell:
            report: Orders of a day
            query: SELECT product, count(*) FROM orders GROUP BY product
            connection: db
            flow: -> page
            subject: Orders    # P445 Orders
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes: {page: "s3 s3://shop/pages/${{ start:%Y-%m-%d }}/"}
        activities:
          tell:
            report: Orders of a day
            query: SELECT product, count(*) FROM orders GROUP BY product
            connection: db
            flow: -> page
            mail: owner@example.com
            subject: Orders
        """

    why: str
