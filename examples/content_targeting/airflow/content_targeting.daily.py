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
import shutil
import tempfile
import unicodedata
from contextlib import closing, contextmanager
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from importlib import import_module
from itertools import chain

from airflow.providers.common.sql.hooks.sql import DbApiHook
from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.providers.standard.sensors.external_task import ExternalTaskSensor
from airflow.sdk import DAG, DeltaDataIntervalTimetable
from airflow.sdk.exceptions import AirflowException, AirflowFailException


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


def s3_objects(s3, uri):
    """Yields (bucket, key, name) of the object `uri`, or of all below after a slash."""
    bucket, _, prefix = uri.partition("://")[2].partition("/")
    if prefix and not prefix.endswith("/"):
        yield bucket, prefix, prefix.rpartition("/")[2]
        return
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    for page in pages:
        for key in (found["Key"] for found in page.get("Contents", ())):
            if not key.endswith("/"):
                yield bucket, key, key[len(prefix) :]


class StagedBash(BashOperator):
    """Runs a command that finds `inputs` in folders and leaves `outputs` in others.

    Both map an environment variable, the path of a folder, to what is in S3: a folder
    if the address ends with a slash, else an object. An input of several instances has
    a line `NAME ADDRESS` for each, which becomes a folder of that name; the address may
    be a path of this machine.
    """

    template_fields = (*BashOperator.template_fields, "inputs", "outputs")

    def __init__(self, inputs=None, outputs=None, aws_conn_id="aws_default", **kwargs):
        super().__init__(append_env=True, **kwargs)
        self.inputs = inputs or {}
        self.outputs = outputs or {}
        self.aws_conn_id = aws_conn_id
        self.stage = ""

    def execute(self, context):
        """Copies the outputs to S3 only after the command has succeeded."""
        from airflow.providers.amazon.aws.hooks.s3 import S3Hook

        s3 = S3Hook(self.aws_conn_id).get_conn()
        self.stage = tempfile.mkdtemp(prefix="stage-")
        try:
            folders = {v: f"{self.stage}/{v}" for v in (*self.inputs, *self.outputs)}
            for folder in folders.values():
                os.mkdir(folder)
            for name, uri in self.inputs.items():
                if uri and not uri.endswith("\n"):
                    self._download(s3, uri, folders[name])
                for line in uri.splitlines() if uri.endswith("\n") else ():
                    instance, _, place = line.partition(" ")
                    self._bring(s3, place, os.path.join(folders[name], instance))
            self.env = {**(self.env or {}), **folders}
            result = super().execute(context)
            for name, uri in self.outputs.items():
                self._upload(s3, folders[name], uri)
            return result
        finally:
            self.on_kill()

    def on_kill(self):
        """Ends the command if it still runs, and removes its folders."""
        process = self.subprocess_hook.sub_process
        if process and process.poll() is None:
            super().on_kill()
        shutil.rmtree(self.stage, ignore_errors=True)

    def _bring(self, s3, place, folder):
        """Makes `folder` hold what is at `place`, in S3 or on this machine."""
        if place.startswith("/"):
            os.symlink(place, folder)
            return
        os.mkdir(folder)
        self._download(s3, place, folder)

    def _download(self, s3, uri, folder):
        """Copies what is at `uri`; the second file of a name gets a `2-` before it."""
        for bucket, key, name in s3_objects(s3, uri):
            *parents, name = [p for p in name.split("/") if p not in ("", ".", "..")]
            parent = os.path.join(folder, *parents)
            os.makedirs(parent, exist_ok=True)
            path, number = os.path.join(parent, name), 1
            while os.path.exists(path):
                number += 1
                path = os.path.join(parent, f"{number}-{name}")
            s3.download_file(bucket, key, path)

    def _upload(self, s3, folder, uri):
        """Copies all files of `folder` below `uri`, or its only file onto it."""
        bucket, _, key = uri.partition("://")[2].partition("/")
        walk = os.walk(folder)
        paths = sorted(
            os.path.join(top, name) for top, _, names in walk for name in names
        )
        whole = not key or key.endswith("/")
        if not whole and len(paths) != 1:
            raise ValueError(f"{len(paths)} files were left for the one object {uri}")
        for path in paths:
            name = os.path.relpath(path, folder) if whole else ""
            s3.upload_file(path, bucket, key + name)


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


@contextmanager
def new_text(path, compression="none"):
    """A text file to write, which appears at `path` once all of it is written.

    It is packed as `compression` says, or else the end of its name.
    """
    endings = {"gzip": ".gz", "bzip2": ".bz2", "xz": ".xz"}
    modules = {".gz": "gzip", ".bz2": "bz2", ".xz": "lzma"}
    ending = endings.get(compression) or os.path.splitext(path)[1]
    opener = import_module(modules[ending]).open if ending in modules else open
    with new_file(path, ending) as draft:
        with opener(draft, "wt", encoding="utf-8", newline="") as file:
            yield file


def write_csv(
    rows, path, header=False, separator=",", record_separator="\n", compression="none"
):
    """Writes `rows` (the names of their columns first), with quotes where needed.

    NULL is an empty field, an empty text is a pair of quotes.
    """
    marks = re.escape(separator + record_separator)
    special = re.compile(f'[{marks}"\r\n]|^\ufeff|^$')

    def field(value):
        if value is None:
            return ""
        text = as_text(value)
        return '"{}"'.format(text.replace('"', '""')) if special.search(text) else text

    names = next(rows, None)
    with new_text(path, compression) as file:
        for row in chain([names] if header and names else [], rows):
            file.write(separator.join(map(field, row)) + record_separator)


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
    # content_targeting.pipe.yaml:75
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

    # content_targeting.pipe.yaml:75
    sum_day = SQLExecuteQueryOperator(
        task_id="sum_day",
        conn_id="web",
        sql="""\
-- The hours of this day, added up.
DELETE FROM public.targeting_by_day WHERE day = '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}';

INSERT INTO public.targeting_by_day (day, region, kind, section, views)
SELECT '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}', region, kind, section, sum(views)
FROM public.targeting_by_hour
WHERE hour >= '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}' AND hour < '{{ data_interval_end.strftime('%Y-%m-%dT%H:%M:%S') }}'
GROUP BY region, kind, section;
""",  # noqa: E501
    )

    # content_targeting.pipe.yaml:76
    choose = SQLExecuteQueryOperator(
        task_id="choose",
        conn_id="web",
        sql="""\
-- What the web servers show first: the most viewed section of each region and kind of user.
DELETE FROM public.targeting_choices WHERE day = '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}';

INSERT INTO public.targeting_choices (day, region, kind, section, share)
SELECT DISTINCT ON (region, kind)
  day,
  region,
  kind,
  section,
  round(views / sum(views) OVER (PARTITION BY region, kind), 3)
FROM public.targeting_by_day
WHERE day = '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}'
ORDER BY region, kind, views DESC, section;
""",  # noqa: E501
    )

    # content_targeting.pipe.yaml:77
    take_out = PythonOperator(
        task_id="take_out",
        python_callable=partial(copy_rows, read_postgres, write_csv),
        op_kwargs={
            "source": {
                "conn_id": "web",
                "sql": (
                    "SELECT * FROM public.targeting_by_day WHERE day >= '"
                    "{{ data_interval_start | ts }}' AND day < '"
                    "{{ data_interval_end | ts }}'"
                ),
            },
            "target": {
                "path": (
                    "s3://acme-targeting/reports/"
                    "{{ data_interval_start.strftime('%Y-%m-%d') }}/views.csv"
                )
            },
            "columns": ["day", "region", "kind", "section", "views"],
        },
    )

    # content_targeting.pipe.yaml:78
    write_report = StagedBash(
        task_id="write_report",
        bash_command="""\
script=$(mktemp)
trap 'rm -f "$script"' EXIT
cat > "$script" <<'END_OF_SCRIPT'
{% raw %}#!/usr/bin/env python3
\"""Writes the page for the owner of the business: what was viewed on one day, where and by whom.\"""

import csv
import os
import sys
from collections import Counter
from html import escape
from pathlib import Path

KINDS = {"buyer": "#1b6e53", "regular": "#4a9d7c", "new": "#e0a030", "guest": "#b9c0c4"}

PAGE = \"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>What people look at, {day}</title>
<style>
  body {{ font: 16px/1.5 system-ui, sans-serif; color: #22302b; max-width: 46rem; margin: 3rem auto; padding: 0 1rem }}
  h1 {{ font-size: 1.6rem; margin-bottom: 0 }}
  h2 {{ font-size: 1.1rem; margin-top: 2.5rem }}
  p.lead {{ color: #5b6b65; margin-top: .2rem }}
  table {{ border-collapse: collapse; width: 100% }}
  th, td {{ text-align: left; padding: .35rem .6rem; border-bottom: 1px solid #e3e8e5 }}
  th {{ font-weight: 600; color: #5b6b65 }}
  td.number, th.number {{ text-align: right; font-variant-numeric: tabular-nums }}
  svg text {{ font: 13px system-ui, sans-serif; fill: #22302b }}
</style>
<h1>What people look at</h1>
<p class="lead">{day}: {total} pages viewed in {regions} regions.</p>
<h2>Views by region and kind of user</h2>
{chart}
<h2>What each of them likes best</h2>
<table>
<tr><th>Region<th>Kind of user<th>Section<th class="number">Views<th class="number">Share</tr>
{rows}
</table>
</html>
\"""


def main(day: str, source: Path, target: Path) -> None:
    views: Counter[tuple[str, str, str]] = Counter()
    for file in sorted(source.glob("*.csv")):
        with file.open(newline="") as lines:
            for _day, region, kind, section, count in csv.reader(lines):
                views[region, kind, section] += int(count)
    regions = Counter()
    for (region, _kind, _section), count in views.items():
        regions[region] += count
    page = PAGE.format(
        day=escape(day),
        total=f"{views.total():,}",
        regions=len(regions),
        chart=chart(views, regions),
        rows="\\n".join(favourites(views)),
    )
    (target / "index.html").write_text(page, encoding="utf-8")
    print(f"{views.total()} views on {day}")


def chart(views: Counter, regions: Counter) -> str:
    \"""One bar for each region, the largest first, with a stretch for each kind of user.\"""
    left, width, step = 110, 560, 34
    scale = width / max(regions.values(), default=1)
    parts = []
    for row, (region, total) in enumerate(regions.most_common()):
        y, x = row * step, float(left)
        parts.append(
            f'<text x="{left - 10}" y="{y + 17}" text-anchor="end">{escape(region)}</text>'
        )
        for kind, colour in KINDS.items():
            count = sum(n for (r, k, _), n in views.items() if (r, k) == (region, kind))
            title = f"<title>{escape(region)}, {kind}: {count}</title>"
            size = f'x="{x:.1f}" y="{y}" width="{count * scale:.1f}" height="24"'
            parts.append(f'<rect {size} fill="{colour}">{title}</rect>')
            x += count * scale
        parts.append(f'<text x="{x + 8:.1f}" y="{y + 17}">{total}</text>')
    below = len(regions) * step + 12
    for place, (kind, colour) in enumerate(KINDS.items()):
        x = left + place * 100
        parts.append(f'<rect x="{x}" y="{below}" width="14" height="14" fill="{colour}"/>')
        parts.append(f'<text x="{x + 20}" y="{below + 12}">{kind}</text>')
    size = f'viewBox="0 0 {left + width + 60} {below + 20}" width="100%"'
    return f'<svg {size} role="img" aria-label="Views by region">\\n' + "\\n".join(parts) + "\\n</svg>"


def favourites(views: Counter) -> list[str]:
    \"""A row of the table for each region and kind of user: the section viewed most.\"""
    rows = []
    for region, kind in sorted({(region, kind) for region, kind, _ in views}):
        sections = {s: n for (r, k, s), n in views.items() if (r, k) == (region, kind)}
        best = min(sections, key=lambda section: (-sections[section], section))
        share = sections[best] / sum(sections.values())
        cells = "".join(f"<td>{escape(text)}" for text in (region, kind, best))
        numbers = f'<td class="number">{sections[best]}<td class="number">{share:.0%}'
        rows.append(f"<tr>{cells}{numbers}</tr>")
    return rows


main(sys.argv[1], Path(os.environ["INPUT1_STAGING_DIR"]), Path(os.environ["OUTPUT1_STAGING_DIR"])){% endraw %}
END_OF_SCRIPT
/usr/bin/env python3 "$script" '{{ data_interval_start.strftime('%Y-%m-%d') }}'""",  # noqa: E501
        inputs={
            "INPUT1_STAGING_DIR": (
                "s3://acme-targeting/reports/"
                "{{ data_interval_start.strftime('%Y-%m-%d') }}/views.csv"
            )
        },
        outputs={
            "OUTPUT1_STAGING_DIR": (
                "s3://acme-targeting/reports/"
                "{{ data_interval_start.strftime('%Y-%m-%d') }}/page/"
            )
        },
        skip_on_exit_code=None,
    )

    count_views_wait >> sum_day >> choose
    sum_day >> take_out >> write_report
