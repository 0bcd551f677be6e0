"""Reports: the page of a query, its chart, and the mail with it."""

import datetime
import os
import re
import sys
import xml.etree.ElementTree
from base64 import b64decode
from decimal import Decimal
from functools import partial
from html.parser import HTMLParser
from unittest import mock

import lab
from helpers.draw_chart import draw_chart
from helpers.keep_page import keep_page
from helpers.mail_report import mail_report
from helpers.make_report import make_report
from helpers.read_table import read_table
from helpers.readable_column import readable_column
from helpers.report_page import report_page
from helpers.send_mail import send_mail

try:
    from airflow.sdk import DAG
except ImportError:
    from airflow import DAG
from airflow.providers.standard.operators.python import PythonOperator

TEMPLATE = (lab.HELPERS / "report.html.j2").read_text(encoding="utf-8")
ODD = [
    'it\'s "quoted" `back` & <b>bold</b>',
    "<script>alert('{{ ds }}')</script>",
    "{{ ds }} {% raw %} {# note #} ${{ start }}",
    "100 % %s %(a)s $x$ \\alpha",
    "Zürich 名前 🦆",
    "two\nlines\ttab",
    " ",
]
QUERY = "SELECT place, views, since FROM odd ORDER BY views DESC"

with DAG("reports", schedule=None, start_date=lab.START) as dag:
    PythonOperator(
        task_id="tell",
        python_callable=partial(
            make_report,
            TEMPLATE,
            draw=partial(draw_chart, "bar", ["views"], "place"),
            keep=keep_page,
            send=mail_report,
        ),
        op_kwargs={
            "title": "<Views> of {{ data_interval_start.strftime('%Y-%m-%d') }} {{ '{{' }} & ü",
            "start": "{{ data_interval_start.isoformat() }}",
            "end": "{{ data_interval_end.in_timezone('Europe/Zurich').isoformat() }}",
            "conn_id": "warehouse",
            "queries": [["", QUERY], ["\"None\" {{ '{%' }}", "SELECT 1 AS a, '%s' AS b LIMIT 0"]],
            "place": "s3://lake/{{ data_interval_start.strftime('%Y') }}/",
            "mail": {
                "to": ["Märkt <market@example.com>", "nobody@example.com"],
                "subject": "Views\n\tof {{ '{{' }} ü",
            },
        },
        do_xcom_push=False,
    )


class Page(HTMLParser):
    """The texts of a page that stand in cells, and the sources of its pictures."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.cells, self.pictures, self.text = [], [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        if tag in ("td", "th"):
            self.cells.append("")
        if tag == "img":
            self.pictures.append(dict(attributes))

    def handle_data(self, data):
        self.text += data
        if self.tags and self.tags[-1] in ("td", "th") and self.get_starttag_text():
            self.cells[-1] += data

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.tags.append("")


def table(columns, rows):
    return {"columns": columns, "rows": rows}


def check_a_report():
    values = ", ".join(f"({quoted(odd)}, {10**n}, 2026)" for n, odd in enumerate(ODD))
    lab.sql(
        "DROP TABLE IF EXISTS odd; CREATE TABLE odd (place text, views bigint, since int)",
        f"INSERT INTO odd VALUES {values}",
        "SELECT 1",
    )
    assert [row[0] for row in lab.sql("SELECT place FROM odd ORDER BY views")] == ODD

    pages = []
    for _ in range(2):
        assert lab.states(lab.run(dag)) == {"": "success", "tell": "success"}
        pages.append(lab.got("2026/"))
    assert pages[0] == pages[1]
    text = pages[0]["index.html"].decode()
    kept = lab.s3().head_object(Bucket="lake", Key="2026/index.html")
    assert kept["ContentType"] == "text/html; charset=utf-8"

    page = Page(text)
    title = "<Views> of 2026-11-20 {{ & ü"
    rows = [[odd, f"{10**n:,}", "2026"] for n, odd in reversed(list(enumerate(ODD)))]
    assert page.cells == ["place", "views", "since", *(cell for row in rows for cell in row)]
    assert page.text.count(title) == 2
    assert "2026-11-20 00:00 UTC to 2026-11-20 02:00 UTC+01:00" in page.text
    assert 'None" {%' in page.text
    assert "No rows." in page.text
    assert "script" not in page.tags
    assert set(re.findall(r'(?:src|href)="([^:"]*)', text)) == {"data"}
    [picture] = page.pictures
    assert picture["alt"] == "views by place"
    svg = b64decode(picture["src"].partition(",")[2]).decode()
    root = xml.etree.ElementTree.fromstring(svg)
    labels = ["".join(one.itertext()) for one in root.iter() if one.tag.endswith("}text")]
    assert {ODD[2][:39] + "…", ODD[3], ODD[4], "two lines tab", "1,000,000"} <= set(labels)

    (to, mail), _ = lab.mails()
    assert to == ["market@example.com"]
    assert mail["To"] == "Märkt <market@example.com>, nobody@example.com"
    assert mail["Subject"] == "Views of {{ ü"
    plain, related = mail.iter_parts()
    html, image = related.iter_parts()
    assert mail.get_content_type() == "multipart/alternative"
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert (image.get_content_type(), image["Content-ID"]) == ("image/png", "<chart>")
    assert image.get_content_disposition() == "inline"
    assert image.get_content().startswith(b"\x89PNG")
    mailed = Page(html.get_content().replace("\r\n", "\n"))
    assert mailed.cells == page.cells
    assert [one["src"] for one in mailed.pictures] == ["cid:chart"]
    lines = plain.get_content().splitlines()
    assert lines[0] == title
    assert lines[4].split() == ["place", "views", "since"]
    assert any(line.startswith(f"{ODD[1]}  ") and line.endswith("2026") for line in lines)
    assert "No rows." in lines


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def check_what_people_read():
    day, nan = datetime.date(2026, 2, 28), float("nan")
    moment = datetime.datetime(2026, 2, 28, 1, 2, 3)
    for values, texts, numbers in [
        ([2024, 2026, None], ["2024", "2026", ""], True),
        ([9999, 10000, -1234567], ["9,999", "10,000", "-1,234,567"], True),
        ([0.1 + 0.2, 1e-9, 1e300, 0.0, nan], ["0.3", "1e-09", "1e+300", "0", "nan"], True),
        ([Decimal("12.50"), Decimal("1E+3"), Decimal(1) / 3], ["12.50", "1000", "0.333333"], True),
        ([Decimal("NaN"), Decimal("Infinity")], ["NaN", "Infinity"], True),
        ([True, None, 3], ["true", "", "3"], False),
        ([day, moment], ["2026-02-28", "2026-02-28 01:02:03"], False),
        ([{"a": [1]}, b"\x01", "x"], ['{"a": [1]}', "01", "x"], False),
        ([None, None], ["", ""], False),
        ([], [], False),
    ]:
        assert readable_column(values) == (texts, numbers), values


def check_charts():
    days = [datetime.date(2026, 1, 1) + datetime.timedelta(days=n) for n in range(31)]
    utc = datetime.UTC
    hours = [datetime.datetime(2026, 1, 1, n, tzinfo=utc) for n in range(24)]
    tables = [
        table(["x", "y", "_z"], [[day, n * 1000, None] for n, day in enumerate(days)]),
        table(["x", "y", "_z"], [[hour, Decimal(n), n % 3] for n, hour in enumerate(hours)]),
        table(["x", "y", "_z"], [[2026 - n, -n, None] for n in range(5)] + [[None, 1, 1]]),
        table(["x", "y", "_z"], [[0.5, 1.5, True]]),
        table(["x", "y", "_z"], [["a\x01b", None, 1], [None, 2, 3], ["a" * 100, 1, 1]]),
        table(["x", "y", "_z"], [[f"place {n}", n, n] for n in range(60)]),
    ]
    for kind, one in zip(["bar", "line", "line", "bar", "bar", "line"], tables, strict=True):
        drawn = draw_chart(kind, ["Y", "_z"], "x", one)
        assert drawn["shows"] == "Y, _z by x"
        root = xml.etree.ElementTree.fromstring(drawn["svg"])
        texts = {"".join(t.itertext()) for t in root.iter() if t.tag.endswith("}text")}
        assert {"Y", "_z"} <= texts, texts
        assert drawn["png"].startswith(b"\x89PNG")
    again = [draw_chart("bar", ["y"], "x", tables[-1]) for _ in range(2)]
    assert again[0] == again[1]
    shown = again[0]["svg"].decode()
    assert "place 49<" in shown
    assert "place 50<" not in shown
    assert draw_chart("bar", ["y"], "x", table(["x", "y"], [])) is None
    assert draw_chart("line", ["y"], "x", table(["x", "y"], [[None, None]])) is not None


def check_charts_of_nothing():
    one = table(["x", "the y"], [["a", "12"]])
    found = lab.error(lambda: draw_chart("bar", ["y"], "x", one))
    assert str(found) == "The chart shows 'y'; the query gives 'x', 'the y'"
    found = lab.error(lambda: draw_chart("bar", ["y"], "x", table(["x", "z"], [])))
    assert str(found) == "The chart shows 'y'; the query gives 'x', 'z'"
    found = lab.error(lambda: draw_chart("bar", ["the y"], "x", one))
    assert str(found) == "The chart shows 'the y'; '12' there is no number"
    with mock.patch.dict(sys.modules, {"matplotlib": None}):
        found = lab.error(lambda: draw_chart("bar", ["y"], "x", one))
    assert str(found) == "A chart needs matplotlib where its task runs: pip install matplotlib"


def check_a_table_has_a_limit():
    """150 MB, of which five rows are shown."""
    import resource

    lab.sql(
        "DROP TABLE IF EXISTS much; CREATE TABLE much AS"
        " SELECT n, repeat('x', 1000) x FROM generate_series(1, 150000) n",
        "SELECT 1",
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = read_table("warehouse", "SELECT n FROM much ORDER BY n", "", 5)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert found["cells"] == [(str(n),) for n in range(1, 6)]
    assert found["more"]
    assert grown < 20e3, f"{grown} kB"
    found = read_table("warehouse", "SELECT n FROM much WHERE n < 6 -- %s", "", 5)
    assert (len(found["rows"]), found["more"]) == (5, False)
    found = read_table("warehouse", "SELECT n FROM much WHERE n < 0;", "", 5)
    assert (found["columns"], found["cells"], found["numbers"]) == (["n"], [], [False])
    about = {"title": "", "tables": [], "start": lab.START, "end": lab.START}
    page = report_page(TEMPLATE, {**about, "tables": [{**found, "more": True}]})
    assert "The first 0 rows; there are more." in page
    assert "2026-11-20 00:00 UTC\n" in page


def check_a_template_of_ones_own():
    page = report_page(
        "{{ title }}{{ chart }}{% for a, b in tables[0].rows %}{{ a }}${{ b + 1 }}{% endfor %}"
        "{{ start.year }}{{ end.day }}\n",
        {
            "title": "<a>",
            "tables": [table(["a", "b"], [["&", 1]])],
            "start": lab.START,
            "end": lab.START,
        },
    )
    assert page == "&lt;a&gt;&amp;$2202620\n"
    found = lab.error(lambda: report_page("{{ tables[0].rwos | length }}", {"tables": [{}]}))
    assert "rwos" in str(found)


def check_a_page_appears_once_it_is_whole():
    place = os.path.join(os.environ["AIRFLOW_HOME"], "pages", "a.html")
    keep_page(place, "one")
    with open(place) as before:
        keep_page(place, "two\nünd")
        assert before.read() == "one"
    lab.error(lambda: keep_page(place, "three\ud800"))
    with open(place, encoding="utf-8") as after:
        assert after.read() == "two\nünd"
    keep_page(os.path.dirname(place) + "/", "index")
    assert sorted(os.listdir(os.path.dirname(place))) == ["a.html", "index.html"]
    keep_page("s3://lake", "whole bucket")
    assert lab.got("index.html") == {"": b"whole bucket"}


def check_a_mail_needs_a_sender():
    lab.mails()
    found = lab.error(lambda: send_mail("anonymous", ["a@example.com"], "a", "b"))
    assert str(found) == "The connection anonymous does not say from_email, an address"
    found = lab.error(lambda: send_mail("smtp_default", ["nobody@example.com"], "a", "b"))
    assert type(found).__name__ == "SMTPRecipientsRefused"
    assert lab.mails() == []
