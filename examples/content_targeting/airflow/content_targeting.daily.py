"""What people look at, by region and by kind of user, hour by hour and day by day, for
the web servers that choose what to show next and for the owner of the business.

Made by pipec from content_targeting.pipe.yaml: everything on the schedule `daily`.
Change that file and compile it again; changes here are lost.
"""

import copy
import json
import logging
import os
import re
import tempfile
import unicodedata
from base64 import b64encode
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from functools import partial
from io import BytesIO
from itertools import count, islice, repeat
from uuid import UUID

from airflow.providers.common.sql.hooks.sql import DbApiHook
from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.providers.standard.sensors.external_task import ExternalTaskSensor
from airflow.sdk import DAG, DeltaDataIntervalTimetable
from airflow.sdk.exceptions import AirflowException, AirflowFailException

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


def chosen_columns(rows, columns):
    """Yields `columns`, their names, then of each row what belongs to them.

    `rows` begin with the names of all their columns, perhaps with other capitals.
    """
    names = next(rows, columns)
    lower = [name.lower() for name in names]
    places = [
        names.index(name) if name in names else lower.index(name.lower())
        for name in columns
    ]
    yield columns
    for row in rows:
        yield [row[place] for place in places]


def copy_rows(read, write, source, target, columns=None):
    """Writes the rows of `read(**source)` by `write(rows, **target)` as they come.

    `columns` are the names of those that are written, in their order; else all are.
    """
    with closing(read(**source)) as rows:
        write(chosen_columns(rows, columns) if columns else rows, **target)


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


def batches(rows):
    """Yields lists of rows that a database takes in one statement, whatever their size.

    They have at most 500 rows and 30000 values, and not much more than a million bytes.
    """
    some, size = [], 0
    for row in rows:
        some.append(row)
        size += sum(len(value) for value in row if isinstance(value, (str, bytes)))
        most = min(500, 30_000 // max(1, len(row)))
        if len(some) >= most or size > 1_000_000:
            yield some
            some, size = [], 0
    if some:
        yield some


def into_columns(cursor, table, names, quote='"'):
    """What names these columns in an INSERT, and the types of each.

    A name is that of the column that is so written, else of one with other capitals.
    """
    if not names:
        return "", None
    cursor.execute(f"SELECT * FROM {table} WHERE 1 = 0")
    kinds = {column[0]: column[1] for column in cursor.description}
    cursor.fetchall()
    known = {name.lower(): name for name in kinds}
    found = [name if name in kinds else known.get(name.lower()) for name in names]
    if None in found:
        name = names[found.index(None)]
        raise ValueError(f"{table} has no column {name}: it has {', '.join(kinds)}")
    marked = (f"{quote}{one.replace(quote, quote * 2)}{quote}" for one in found)
    return f" ({', '.join(marked)})", [kinds[one] for one in found]


def sql_marks(sql, style):
    """`sql`, with the mark for a value in place of each `?`.

    One in quotes, or in a comment, stays. `style` is that of a driver, as PEP 249
    calls it, or its name if that knows no way to write `%s` in a text: there, such
    a text is put together from two.
    """
    numbers, joint = count(1), {"pymssql": "+", "mysql.connector": " "}.get(style)

    def mark(found):
        text = found[0]
        if text == "?":
            return {"qmark": "?", "numeric": f":{next(numbers)}"}.get(style, "%s")
        if joint and text[0] in "-/":
            return re.sub("%(?=[sd])", "% ", text)
        if joint and text[0] == "'":
            return re.sub("%(?=[sd])", f"%'{joint}'", text)
        return text.replace("%", "%%") if style == "format" else text

    parts = r"""--[^\n]*|/\*.*?\*/|'[^']*'|"[^"]*"|`[^`]*`|[?%]"""
    return re.sub(parts, mark, sql, flags=re.DOTALL)


def to_postgres(value, kind):
    """`value` as a column takes it, whose type is `kind` if that is known."""
    if isinstance(value, dict) or (isinstance(value, list) and kind in (114, 3802)):
        # 114 is json, 3802 jsonb: lists may be arrays, too.
        return as_text(value)
    if isinstance(value, (UUID, set)):
        return as_text(value)
    return bool(value) if kind == 16 and isinstance(value, int) else value


def insert_postgres(session, table, rows, insert=None):
    """Inserts `rows`, the names of their columns first, into `table`.

    `insert` is a statement with a `?` for each value, instead of the usual one.
    """
    names = next(rows, None)
    with closing(session.cursor()) as cursor:
        fields, kinds = into_columns(cursor, table, None if insert else names)
        for some in batches(rows):
            some = [list(map(to_postgres, row, kinds or repeat(None))) for row in some]
            marks = f"({', '.join('?' * len(some[0]))})"
            if insert:
                cursor.executemany(sql_marks(insert, "format"), some)
            else:  # The drivers would send row by row.
                marks = ", ".join([marks] * len(some))
                sql = f"INSERT INTO {table}{fields} VALUES {marks}"
                cursor.execute(
                    sql_marks(sql, "format"), [v for row in some for v in row]
                )


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


def notify_sns(context, topic, status, subject, message):
    """Publishes that an activity is `status`; whatever goes wrong is only logged."""
    try:
        from airflow.providers.amazon.aws.hooks.sns import SnsHook

        subject, message = notice_texts(context, status, [subject, message])
        # SNS takes one line of printable ASCII, shorter than 100 characters.
        plain = unicodedata.normalize("NFKD", " ".join(subject.split()))
        words = "".join(c for c in plain if " " <= c <= "~").split()
        line = " ".join(words)[:99] or status
        SnsHook(region_name=topic.split(":")[3]).get_conn().publish(
            TopicArn=topic, Subject=line, Message=message[:60000] or line
        )
    except Exception:
        log = logging.getLogger("airflow.task")
        log.exception("The notice to %s was not sent", topic)


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


def refuse_others(schedule, context, start_of=None):
    """Fails a run for good that is for no interval of `schedule`.

    Somebody started it, for a time of its own: what it would wait for never comes, and
    nothing waits for it. `start_of(time, n)` says where on the grid a time is, if the
    timetable does not.
    """
    run, start = context["dag_run"], context.get("data_interval_start")
    known = start is not None and run.logical_date == start
    if known and (start_of is None or start_of(start, 0) == start):
        return
    raise AirflowFailException(
        f"{run.dag_id} runs {schedule}, and no interval of that begins at "
        f"{run.logical_date}. Clear a run to have it again; those that are missing are "
        f"made by `airflow backfill create --dag-id {run.dag_id}`, in Airflow 2 by "
        f"`airflow dags backfill {run.dag_id}`"
    )


def starts_inside(start_of, since, until, first, last=None):
    """The starts, from `first` to `last`, of the intervals between `since` and `until`.

    `start_of(time, n)` is the start of the interval that is n after the one at `time`.
    """
    start = start_of(since, 0)
    if start < since:
        start = start_of(since, 1)
    starts = []
    while (end := start_of(start, 1)) <= until:
        if first <= start and (last is None or start <= last):
            starts.append(start)
        start = end
    return starts


def step_start(anchor, step, time, n):
    """The start of the interval that is n after the one which holds `time`."""
    passed = (time - anchor).total_seconds() // step.total_seconds()
    return anchor + step * (int(passed) + n)


class WaitForInstances(ExternalTaskSensor):
    """Waits for the instances of a task that start when `starts(start, end)` says.

    `start` and `end` are the interval of this run. Where there are none it does not
    wait: for Airflow 3 an empty list means all instances that ever were. An instance
    that has failed ends it for good; a wait that Airflow loses is tried again.
    """

    some = ()

    def __init__(self, starts, mode="reschedule", **kwargs):
        super().__init__(mode=mode, **kwargs)
        self.starts = starts

    def execute(self, context):
        """Asks for 500 instances at a time, as many as fit into a request."""
        # A run on demand may have no interval, only a time.
        start = context.get("data_interval_start") or context["dag_run"].run_after
        end = context.get("data_interval_end") or start
        self.some = wanted = self.starts(start, end)
        self.parts = [wanted[n : n + 500] for n in range(0, len(wanted), 500)]
        if len(self.parts) > 1:
            self.deferrable = False
        if wanted:
            super().execute(context)

    def execute_complete(self, context, event=None):
        """Is called when Airflow has asked for all of them."""
        return self._for_good(super().execute_complete, context, event)

    def poke(self, context):
        found = []
        for self.some in self.parts:
            found.append(self._for_good(super().poke, context))
        return all(found)

    def _for_good(self, ask, *args):
        try:
            return ask(*args)
        except AirflowException as failed:
            raise AirflowFailException(str(failed)) from failed

    def _get_dttm_filter(self, context):
        return self.some


@contextmanager
def sql_transaction(conn_id, hook_params=None):
    """A connection; all that is done is done, or nothing."""
    with sql_session(conn_id, hook_params) as connection:
        try:
            yield connection
            connection.commit()
        except BaseException:
            # Some drivers of JDBC would keep what was done when they close.
            connection.rollback()
            raise


def write_sql(
    insert_rows,
    rows,
    conn_id,
    table,
    insert=None,
    replace=None,
    create=(),
    hook_params=None,
):
    """Inserts `rows` (the names of their columns first), all of them or none.

    `replace` says which rows to delete first, in SQL; an empty text means all. `insert`
    is a statement with a `?` for each value, `create` are those that come first.
    """
    with sql_transaction(conn_id, hook_params) as session:
        with closing(session.cursor()) as cursor:
            for statement in create:
                cursor.execute(statement)
            if replace is not None:
                where = f" WHERE {replace}" if replace else ""
                cursor.execute(f"DELETE FROM {table}{where}")
        insert_rows(session, table, rows, insert)


def start_on_hourly(time, n):
    """The start of the interval of `hourly` that is n after the one at `time`."""
    return step_start(
        datetime(2012, 11, 28, tzinfo=timezone.utc), timedelta(hours=1), time, n
    )


def count_views_starts(start, end):
    """The instances of `count_views` within the run's interval."""
    return starts_inside(
        start_on_hourly,
        start,
        end,
        first=datetime(2012, 11, 28, tzinfo=timezone.utc),
        last=datetime(2012, 11, 28, 23, 0, tzinfo=timezone.utc),
    )


def only_on_schedule(context):
    """Refuses runs that are not on the schedule `daily`."""
    return refuse_others(
        "every 1 day from 2012-11-28T00:00Z until 2012-11-29T00:00Z", context
    )


def tell_oncall(status, context):
    """Tells `oncall`."""
    notify_sns(
        context,
        topic="arn:aws:sns:us-east-1:111122223333:targeting",
        status=status,
        subject="{{ node_name }} is {{ node_status }}",
        message=(
            "{{ node_name }} for "
            "{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }} to "
            "{{ data_interval_end.strftime('%Y-%m-%dT%H:%M:%S') }}"
        ),
    )


# 6 runs at a time: 5 for the work, 1 because a wait may reach over so many.
with DAG(
    dag_id="content_targeting.daily",
    description=(
        "What people look at, by region and by kind of user, hour by hour and day by "
        "day, for the web servers that choose what to show next and for the owner of "
        "the business."
    ),
    schedule=DeltaDataIntervalTimetable(timedelta(days=1)),
    start_date=datetime(2012, 11, 28, tzinfo=timezone.utc),
    end_date=datetime(2012, 11, 28, tzinfo=timezone.utc),
    catchup=True,
    max_active_runs=6,
    default_args={
        "retries": 2,
        "retry_delay": timedelta(minutes=10),
        "execution_timeout": timedelta(minutes=30),
        "max_active_tis_per_dag": 5,
        "do_xcom_push": False,
        "on_failure_callback": partial(tell_oncall, "failed"),
        "pre_execute": only_on_schedule,
    },
    tags=["content_targeting"],
    doc_md=__doc__,
):
    # content_targeting.pipe.yaml:94
    count_views_wait = WaitForInstances(
        task_id="count_views.wait",
        external_dag_id="content_targeting",
        external_task_id="count_views",
        starts=count_views_starts,
        failed_states=["failed", "upstream_failed"],
        deferrable=True,
        poke_interval=timedelta(minutes=1),
        timeout=timedelta(days=7),
        retry_delay=timedelta(minutes=1),
        execution_timeout=None,
        max_active_tis_per_dag=None,
    )

    # content_targeting.pipe.yaml:94
    sum_day = SQLExecuteQueryOperator(
        task_id="sum_day",
        conn_id="warehouse",
        sql=[
            """\
-- The hours of this day, added up.
DELETE FROM public.targeting_by_day WHERE day = '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}'""",  # noqa: E501
            """\
INSERT INTO public.targeting_by_day (day, region, kind, section, views)
SELECT '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}', region, kind, section, sum(views)
FROM public.targeting_by_hour
WHERE hour >= '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}' AND hour < '{{ data_interval_end.strftime('%Y-%m-%dT%H:%M:%S') }}'
GROUP BY region, kind, section""",  # noqa: E501
        ],
    )

    # content_targeting.pipe.yaml:95
    choose = SQLExecuteQueryOperator(
        task_id="choose",
        conn_id="warehouse",
        sql=[
            """\
-- What the web servers show first: the most viewed section of each region and kind of user.
DELETE FROM public.targeting_choices WHERE day = '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}'""",  # noqa: E501
            """\
INSERT INTO public.targeting_choices (day, region, kind, section, share)
SELECT day, region, kind, section, round(CAST(views AS decimal(18, 6)) / views_of_all, 3)
FROM (
  SELECT
    day,
    region,
    kind,
    section,
    views,
    sum(views) OVER (PARTITION BY region, kind) AS views_of_all,
    row_number() OVER (PARTITION BY region, kind ORDER BY views DESC, section) AS place
  FROM public.targeting_by_day
  WHERE day = '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}'
) AS ranked
WHERE place = 1""",  # noqa: E501
        ],
    )

    # content_targeting.pipe.yaml:96
    hand_out = PythonOperator(
        task_id="hand_out",
        python_callable=partial(
            copy_rows, read_postgres, partial(write_sql, insert_postgres)
        ),
        op_kwargs={
            "source": {
                "conn_id": "warehouse",
                "sql": (
                    "SELECT * FROM public.targeting_choices WHERE day >= '"
                    "{{ data_interval_start | ts }}' AND day < '"
                    "{{ data_interval_end | ts }}'"
                ),
            },
            "target": {
                "conn_id": "web",
                "table": "public.targeting_choices",
                "replace": (
                    "day >= '{{ data_interval_start | ts }}' AND day < '"
                    "{{ data_interval_end | ts }}'"
                ),
            },
        },
    )

    # content_targeting.pipe.yaml:97
    tell_owner = PythonOperator(
        task_id="tell_owner",
        python_callable=partial(
            make_report,
            REPORT_HTML,
            partial(read_postgres, "warehouse"),
            draw=partial(draw_chart, "bar", ["views", "by_buyers"], "region"),
            keep=keep_page,
            send=mail_report,
        ),
        op_kwargs={
            "title": (
                "What people looked at on "
                "{{ data_interval_start.strftime('%Y-%m-%d') }}"
            ),
            "start": "{{ data_interval_start.isoformat() }}",
            "end": "{{ data_interval_end.isoformat() }}",
            "queries": [
                [
                    "Views by region",
                    """\
SELECT region, sum(views) AS views, sum(CASE WHEN kind = 'buyer' THEN views ELSE 0 END) AS by_buyers
FROM public.targeting_by_day WHERE day = '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}' GROUP BY region ORDER BY views DESC""",  # noqa: E501
                ],
                [
                    "What each kind of user likes best",
                    """\
SELECT region, kind, section, share FROM public.targeting_choices
WHERE day = '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}' ORDER BY region, kind""",  # noqa: E501
                ],
            ],
            "place": (
                "s3://acme-targeting/reports/"
                "{{ data_interval_start.strftime('%Y-%m-%d') }}/"
            ),
            "mail": {
                "to": ["owner@acme.example"],
                "subject": (
                    "What people looked at on "
                    "{{ data_interval_start.strftime('%Y-%m-%d') }}"
                ),
            },
        },
    )

    count_views_wait >> sum_day >> choose >> hand_out
    [sum_day, choose] >> tell_owner
