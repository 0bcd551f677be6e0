"""A report: the results of queries as a page, kept in a place and mailed."""

from datetime import datetime

from helpers.read_table import read_table
from helpers.report_page import report_page


def make_report(
    template, title, start, end, conn_id, queries, rows=1000,
    draw=None, keep=None, place=None, send=None, mail=None,
):  # fmt: skip
    """Renders the jinja2 `template` for the results of `queries`, each a title and SQL.

    `draw` makes a chart of the first, `keep` puts the page at `place`, and `send` mails
    it; `mail` says to whom. A table has so many `rows` at most.
    """
    tables = [read_table(conn_id, sql, name, rows) for name, sql in queries]
    start, end = datetime.fromisoformat(start), datetime.fromisoformat(end)
    about = {"title": title, "tables": tables, "start": start, "end": end}
    chart = draw(tables[0]) if draw else None
    if keep:
        keep(place, report_page(template, about, chart))
    if send:
        send(report_page(template, about, chart, "cid:chart"), about, chart, **mail)
