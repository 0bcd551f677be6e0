"""Reports and mails, in all their parts.

Made by pipec from rich_mail.pipe.yaml: everything on the schedule `now`.
Change that file and compile it again; changes here are lost.
"""

import copy
import json
import logging
import os
import tempfile
from base64 import b64encode
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from functools import partial
from io import BytesIO
from itertools import islice

from airflow.providers.common.sql.hooks.sql import DbApiHook
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, Param
from pendulum import instance

REPORT_HTML = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title>
<style>
body {
  margin: 2rem auto; max-width: 56rem; padding: 0 1rem;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  color: #1f2328; background: #ffffff;
}
h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; }
h2 { margin: 2rem 0 0; font-size: 1.15rem; }
.note { margin: 0; color: #59636e; }
img { display: block; margin-top: 1.5rem; max-width: 100%; height: auto; }
.wide { margin-top: 1rem; overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td {
  padding: 0.3rem 1.5rem 0.3rem 0; border-bottom: 1px solid #d1d9e0;
  text-align: left; vertical-align: top; white-space: pre-wrap;
}
th { border-bottom-color: #59636e; }
.number { text-align: right; white-space: nowrap; }
</style>
</head>
<body>
<main>
<h1>{{ title }}</h1>
{%- set form, number = "%Y-%m-%d %H:%M %Z", ' class="number"' | safe %}
<p class="note">
{{ start.strftime(form) }}{{ " to " ~ end.strftime(form) if end != start }}
</p>
{%- if chart %}
{{ chart }}
{%- endif %}
{%- for table in tables %}
{%- if table.title %}
<h2>{{ table.title }}</h2>
{%- endif %}
{%- if table.cells %}
<div class="wide" role="region" aria-label="{{ table.title or title }}" tabindex="0">
<table>
<thead>
<tr>
{%- for name in table.columns %}
<th scope="col"{{ number if table.numbers[loop.index0] }}>{{ name }}</th>
{%- endfor %}
</tr>
</thead>
<tbody>
{%- for cells in table.cells %}
<tr>
{%- for cell in cells %}
<td{{ number if table.numbers[loop.index0] }}>{{ cell }}</td>
{%- endfor %}
</tr>
{%- endfor %}
</tbody>
</table>
</div>
{%- else %}
<p class="note">No rows.</p>
{%- endif %}
{%- if table.more %}
<p class="note">
The first {{ "{:,}".format(table.rows | length) }} rows; there are more.
</p>
{%- endif %}
{%- endfor %}
</main>
</body>
</html>
"""

PAGE_HTML = """\
<h1>{{ title }}</h1>
{% for (one,) in tables[0].rows %}{{ one }} ${{ one }}{% endfor %}
"""


def as_text(value, inside=False):
    """`value` as files hold it; with `inside`, as JSON holds it."""
    if isinstance(value, dict):
        pairs = (
            f"{as_text(str(k), True)}: {as_text(v, True)}" for k, v in value.items()
        )
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(as_text(one, True) for one in value) + "]"
    if value is None or isinstance(value, (int, float)):
        return json.dumps(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        value = value.isoformat(" ")
    if isinstance(value, timedelta):
        minutes, seconds = divmod(abs(value), timedelta(minutes=1))
        clock = (datetime.min + seconds).time().isoformat()[5:]
        sign = "-" if value < timedelta(0) else ""
        value = f"{sign}{minutes // 60:02}:{minutes % 60:02}{clock}"
    if isinstance(value, (set, frozenset)):
        value = ",".join(sorted(value))
    if isinstance(value, (bytes, bytearray, memoryview)):
        value = bytes(value).hex()
    return json.dumps(str(value), ensure_ascii=False) if inside else str(value)


def readable_column(values):
    """The values of a column as texts, and whether they are numbers.

    Numbers have at most six decimals, and commas only where one of them has five
    digits: years have none.
    """
    there = [value for value in values if value is not None]
    numbers = all(isinstance(one, (int, float, Decimal)) for one in there)
    if not there or not numbers or any(isinstance(one, bool) for one in there):
        return ["" if one is None else as_text(one) for one in values], False
    comma = "," if any(abs(float(one)) >= 10000 for one in there) else ""

    def text(value):
        if value is None:
            return ""
        if isinstance(value, int):
            return f"{value:{comma}}"
        if value and not 1e-6 <= abs(float(value)) < 1e15:
            return f"{value:g}"
        if isinstance(value, float):
            return f"{value:{comma}.6f}".rstrip("0").rstrip(".")
        decimals = min(max(-value.as_tuple().exponent, 0), 6)
        return f"{value:{comma}.{decimals}f}"

    return [text(value) for value in values], True


def chart_points(values, by, table):
    """What a chart is over (dates, numbers or texts), and its points in their order.

    A point is what it is over, a label of that, and a number of each of the `values`.
    """
    names = [name.lower() for name in table["columns"]]

    def column(name):
        if name.lower() not in names:
            there = ", ".join(map(repr, table["columns"]))
            raise LookupError(f"The chart shows {name!r}; the query gives {there}")
        return [row[names.index(name.lower())] for row in table["rows"]]

    def number(name, value):
        if value is None or isinstance(value, (int, float, Decimal)):
            return float("nan" if value is None else value)
        raise TypeError(f"The chart shows {name!r}; {value!r} there is no number")

    def label(text):
        text = "".join(one if one.isprintable() else " " for one in text)
        return text if len(text) <= 40 else text[:39] + "…"

    over = column(by)
    texts, numbers = readable_column(over)
    series = [[number(name, value) for value in column(name)] for name in values]
    points = list(zip(over, map(label, texts), *series))
    there = [point for point in points if point[0] is not None]
    dates = bool(there) and all(isinstance(point[0], date) for point in there)
    if dates or numbers:
        scale = "dates" if dates else "numbers"
        return scale, sorted(there, key=lambda point: point[0])
    return "texts", points


def draw_chart(kind, values, by, table):
    """The pictures of a chart of `values` over `by`, columns of a table.

    None if it has no rows. Bars over texts lie one below the other, the first fifty.
    """
    try:
        import matplotlib
        from matplotlib import dates, figure, ticker
    except ModuleNotFoundError as missing:
        raise ModuleNotFoundError(
            "A chart needs matplotlib where its task runs: pip install matplotlib"
        ) from missing

    scale, points = chart_points(values, by, table)
    lying = kind == "bar" and scale == "texts"
    points = points[:50] if lying else points
    if not points:
        return None
    over, labels, *series = zip(*points)
    at = dates.date2num(over) if scale == "dates" else over
    at = [float(one) for one in (range(len(over)) if scale == "texts" else at)]
    gaps = [after - one for one, after in zip(at, at[1:]) if after > one]
    wide = 0.8 * min(gaps, default=1) / len(series)
    settings = {
        "svg.fonttype": "none",  # Texts stay texts, which can be found and copied.
        "svg.hashsalt": "chart",  # The same chart is the same file.
        "text.parse_math": False,
    }
    with matplotlib.rc_context(settings):
        high = 0.8 + len(at) * max(0.3, 0.2 * len(series)) if lying else 4
        chart = figure.Figure(figsize=(8, high), layout="constrained")
        axes, drawn = chart.add_subplot(), []
        for number, heights in enumerate(series):
            color = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00")[number % 5]
            aside = [one + wide * (number - (len(series) - 1) / 2) for one in at]
            if kind == "line":
                mark = "o" if len(at) <= 40 else ""
                drawn += axes.plot(at, heights, color=color, marker=mark)
            elif lying:
                drawn.append(axes.barh(aside, heights, wide, color=color))
                axes.bar_label(drawn[-1], readable_column(heights)[0], padding=3)
            else:
                drawn.append(axes.bar(aside, heights, wide, color=color))
        axes.spines[["top", "right"]].set_visible(False)
        if lying:  # Each bar says its number.
            axes.spines["bottom"].set_visible(False)
            axes.xaxis.set_visible(False)
            axes.invert_yaxis()
            axes.set_yticks(at, labels)
        else:
            axes.set_xlabel(by)
            axes.yaxis.set_major_formatter(lambda one, _: readable_column([one])[0][0])
            axes.grid(axis="y", color="#dddddd")
            axes.set_axisbelow(True)
        if scale == "dates":
            axes.xaxis_date()
            form = dates.ConciseDateFormatter(axes.xaxis.get_major_locator())
            axes.xaxis.set_major_formatter(form)
        elif scale == "numbers":
            whole = all(one == int(one) for one in at)
            axes.xaxis.set_major_locator(ticker.MaxNLocator(integer=whole))
        elif not lying:
            step = 1 + len(at) // 20
            axes.set_xticks(at[::step], labels[::step], rotation=30, ha="right")
        chart.legend(drawn, values, loc="outside upper left", ncols=5, frameon=False)
        pictures = {}
        for form, left_out in (("svg", ("Date", "Creator")), ("png", ("Software",))):
            file = BytesIO()
            metadata = dict.fromkeys(left_out)
            chart.savefig(file, format=form, dpi=144, metadata=metadata)
            pictures[form] = file.getvalue()
    return {"shows": f"{', '.join(values)} by {by}", **pictures}


@contextmanager
def new_file(path, ending="", **about):
    """The path of a draft, which appears at `path` once all of it is written.

    In a folder, a path that ends with a slash, it is called `part-00000` and `ending`.
    `about` is what S3 is told of it, such as its `ContentType`.
    """
    if path.endswith("/"):
        path += f"part-00000{ending}"
    bucket, _, key = path.partition("://")[2].partition("/")
    beside = None if bucket else os.path.dirname(os.path.abspath(path))
    if beside:
        os.makedirs(beside, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=beside) as folder:
        draft = os.path.join(folder, "draft")
        yield draft
        if beside:
            os.replace(draft, path)
        else:
            from airflow.providers.amazon.aws.hooks.s3 import S3Hook

            s3 = S3Hook().get_conn()
            s3.upload_file(draft, bucket, key, ExtraArgs=about or None)


def keep_page(place, page):
    """Puts a page of HTML at `place`, or there as `index.html`, all of it at once."""
    bucket, slash, _ = place.partition("://")[2].partition("/")
    if bucket and not slash:
        place += "/"
    if place.endswith("/"):
        place += "index.html"
    with new_file(place, ContentType="text/html; charset=utf-8") as draft:
        with open(draft, "w", encoding="utf-8", newline="") as file:
            file.write(page)


def report_text(about):
    """The tables of a report as plain text."""
    start, end = (f"{about[one]:%Y-%m-%d %H:%M %Z}" for one in ("start", "end"))
    parts = [about["title"], start if start == end else f"{start} to {end}"]
    for table in about["tables"]:
        columns, cells = table["columns"], table["cells"]
        wide = [max(map(len, texts)) for texts in zip(columns, *cells)]
        aligned = [str.rjust if number else str.ljust for number in table["numbers"]]
        lines = [
            "  ".join(map(lambda text, to, size: to(text, size), row, aligned, wide))
            for row in (columns, ["-" * size for size in wide], *cells)
        ]
        parts += [table["title"], "\n".join(line.rstrip() for line in lines)]
        if not cells:
            parts.append("No rows.")
        if table["more"]:
            parts.append(f"The first {len(cells):,} rows; there are more.")
    return "\n\n".join(filter(None, parts)) + "\n"


def send_mail(smtp, to, subject, text, page=None, picture=None):
    """Sends a text through Airflow's connection `smtp`.

    Who reads HTML sees `page` instead; `picture`, a PNG, is what it calls `cid:chart`.
    """
    from airflow.providers.smtp.hooks.smtp import SmtpHook

    mail = EmailMessage()
    mail["Subject"] = " ".join(subject.split())
    mail["To"] = ", ".join(to)
    mail["Date"] = formatdate()
    mail.set_content(text, cte="quoted-printable")
    if page:
        mail.add_alternative(page, subtype="html", cte="quoted-printable")
    if page and picture:
        mail.get_payload()[1].add_related(
            picture, "image", "png", cid="<chart>", disposition="inline"
        )
    with SmtpHook(smtp) as hook:
        sender = hook.from_email or hook.smtp_user
        if "@" not in sender:
            raise ValueError(
                f"The connection {smtp} does not say from_email, an address"
            )
        mail["From"] = sender
        mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].strip(" >"))
        client = getattr(hook, "_smtp_client", None) or hook.smtp_client
        if refused := client.send_message(mail):
            logging.getLogger("airflow.task").error("Not mailed to: %s", refused)


def mail_report(page, about, chart, to, subject, smtp="smtp_default"):
    """Mails the page of a report, and its tables as text for who reads no HTML."""
    picture = chart["png"] if chart else None
    send_mail(smtp, to, subject, report_text(about), page, picture)


def read_table(read, sql, title, most):
    """The first `most` rows that `read` finds, and whether there are `more`.

    `cells` are those rows as texts; `numbers` says of each column whether it has only
    numbers.
    """
    with closing(read(sql=sql)) as found:
        columns = next(found)
        rows = [list(row) for row in islice(found, most + 1)]
    more = len(rows) > most
    rows = rows[:most]
    read = [readable_column(values) for values in zip(*rows)]
    return {
        "title": title,
        "columns": columns,
        "rows": rows,
        "more": more,
        "cells": list(zip(*(texts for texts, _ in read))),
        "numbers": [numbers for _, numbers in read] or [False] * len(columns),
    }


def report_page(template, about, chart=None, source=None):
    """The HTML that `template` makes of what is said `about` the report.

    The picture of the chart is in the page, unless there is another `source` of it.
    """
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    image = ""
    if chart:
        inside = "data:image/svg+xml;base64," + b64encode(chart["svg"]).decode()
        image = Markup('<img src="{}" alt="{}" width="768">').format(
            source or inside, chart["shows"]
        )
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    return environment.from_string(template).render(**about, chart=image)


def make_report(
    template, read, title, start, end, queries, rows=1000,
    draw=None, keep=None, place=None, send=None, mail=None,
):  # fmt: skip
    """Renders the jinja2 `template` for the results of `queries`, each a title and SQL
    for `read`.

    `draw` makes a chart of the first, `keep` puts the page at `place`, and `send` mails
    it; `mail` says to whom. A table has so many `rows` at most.
    """
    tables = [read_table(read, sql, name, rows) for name, sql in queries]
    start, end = datetime.fromisoformat(start), datetime.fromisoformat(end)
    about = {"title": title, "tables": tables, "start": start, "end": end}
    chart = draw(tables[0]) if draw else None
    if keep:
        keep(place, report_page(template, about, chart))
    if send:
        send(report_page(template, about, chart, "cid:chart"), about, chart, **mail)


def notice_texts(context, status, templates):
    """The texts of a notice: templates that also know `node_name` and `node_status`."""
    task, known = context["task"], copy.copy(context)
    known["node_name"] = context.get("node_name", task.task_id)
    known["node_status"] = status
    try:
        return [task.render_template(text + "{{ '' }}", known) for text in templates]
    except Exception:
        log = logging.getLogger("airflow.task")
        log.exception("A notice goes out as it was written: %s", templates)
        return templates


def notify_mail(context, to, status, subject, message, smtp="smtp_default"):
    """Mails that an activity is `status`; whatever goes wrong is only logged."""
    try:
        *to, subject, message = notice_texts(context, status, [*to, subject, message])
        send_mail(smtp, to, subject, message)
    except Exception:
        log = logging.getLogger("airflow.task")
        log.exception("The notice to %s was not mailed", ", ".join(to))


@contextmanager
def sql_session(conn_id, hook_params=None):
    """A connection in which moments without a zone are those of UTC."""
    hook = DbApiHook.get_connection(conn_id).get_hook(hook_params=hook_params)
    if hook.conn_type == "jdbc":
        os.environ["TZ"] = "UTC"  # Java looks there when it starts.
    zone = {
        "postgres": "SET TIME ZONE 'UTC'",
        "redshift": "SET TIME ZONE 'UTC'",
        "mysql": "SET time_zone = '+00:00'",
        "oracle": "ALTER SESSION SET TIME_ZONE = '+00:00'",
    }.get(hook.conn_type)
    with closing(hook.get_conn()) as connection:
        hook.set_autocommit(connection, False)
        if zone:
            with closing(connection.cursor()) as cursor:
                cursor.execute(zone)
        yield connection


def read_postgres(conn_id, sql, columns=None):
    """Yields the names of the columns, then the rows of a query, fetched in parts."""
    with sql_session(conn_id) as session, closing(session.cursor()) as cursor:
        # Without a cursor on the server all rows would be fetched at once.
        cursor.execute(f"DECLARE found CURSOR FOR {sql}")
        cursor.execute("FETCH FORWARD 1000 FROM found")
        yield columns or [column[0] for column in cursor.description]
        while rows := cursor.fetchall():
            yield from rows
            cursor.execute("FETCH FORWARD 1000 FROM found")


def run_time(dag_run):
    """The time that a run is for: the one it was given, else when it was asked for."""
    return instance(dag_run.logical_date or dag_run.run_after)


def tell_owner(status, context):
    """Tells `owner`."""
    notify_mail(
        context,
        to=["owner@example.com"],
        status=status,
        subject="{{ node_name }} is {{ node_status }}",
        message="{{ node_name }}: {{ (exception | default('')) }}",
    )


def tell_staff(status, context):
    """Tells `staff`."""
    notify_mail(
        context,
        to=["ada@example.com", "Grace <grace@example.com>"],
        status=status,
        subject="{{ '{{' }} done }}: {{ node_name }}",
        message="See it.",
        smtp="company",
    )


with DAG(
    dag_id="rich_mail",
    description="Reports and mails, in all their parts.",
    schedule=None,
    catchup=False,
    max_active_runs=5,
    params={
        "day": Param("2026-01-31T00:00:00+00:00", type="string", format="date-time")
    },
    user_defined_macros={"run_time": run_time},
    default_args={
        "retries": 2,
        "retry_delay": timedelta(minutes=10),
        "do_xcom_push": False,
        "on_failure_callback": partial(tell_owner, "failed"),
    },
    tags=["rich_mail"],
    doc_md=__doc__,
):
    # rich_mail.pipe.yaml:22
    tell = PythonOperator(
        task_id="tell",
        python_callable=partial(
            make_report,
            REPORT_HTML,
            partial(read_postgres, "db"),
            draw=partial(draw_chart, "bar", ["the orders", "price"], "product"),
            keep=keep_page,
            send=partial(mail_report, smtp="company"),
        ),
        op_kwargs={
            "title": (
                "Orders of "
                "{{ run_time(dag_run)"
                ".instance(macros.datetime.fromisoformat(params.day | replace('Z', "
                "'+00:00'))).strftime('%d %B') }}"
            ),
            "start": "{{ run_time(dag_run).isoformat() }}",
            "end": "{{ run_time(dag_run).isoformat() }}",
            "queries": [
                [
                    "By \"product\" {{ '{{' }} ds }}",
                    """\
SELECT product, count(*) AS "the orders", sum(price) AS price FROM orders
WHERE day = '{{ run_time(dag_run).instance(macros.datetime.fromisoformat(params.day | replace('Z', '+00:00'))).strftime('%Y-%m-%d') }}' GROUP BY product""",  # noqa: E501
                ],
                [
                    (
                        "By "
                        "{{ run_time(dag_run)"
                        ".instance(macros.datetime.fromisoformat(params.day | "
                        "replace('Z', '+00:00'))).strftime('%Y') }}"
                    ),
                    "SELECT 1",
                ],
            ],
            "rows": 20,
            "place": (
                "s3://lake/pages/"
                "{{ run_time(dag_run)"
                ".instance(macros.datetime.fromisoformat(params.day | replace('Z', "
                "'+00:00'))).strftime('%Y-%m-%d') }}/"
            ),
            "mail": {
                "to": ["ada@example.com", "Grace <grace@example.com>"],
                "subject": "Orders",
            },
        },
        on_success_callback=partial(tell_staff, "finished"),
    )

    # rich_mail.pipe.yaml:36
    own = PythonOperator(
        task_id="own",
        python_callable=partial(
            make_report, PAGE_HTML, partial(read_postgres, "db"), send=mail_report
        ),
        op_kwargs={
            "title": "Nothing",
            "start": "{{ run_time(dag_run).isoformat() }}",
            "end": "{{ run_time(dag_run).isoformat() }}",
            "queries": [["", "SELECT 1"]],
            "mail": {"to": ["owner@example.com"], "subject": "Nothing"},
        },
    )
