"""What people look at, by region and by kind of user, hour by hour and day by day, for
the web servers that choose what to show next and for the owner of the business.

Made by pipec from content_targeting.pipe.yaml: everything on the schedule `hourly`.
Change that file and compile it again; changes here are lost.
"""

import copy
import csv
import gzip
import json
import logging
import os
import re
import shutil
import tempfile
import unicodedata
from contextlib import closing
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from itertools import count, islice

from airflow.providers.common.sql.hooks.sql import DbApiHook
from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.providers.common.sql.sensors.sql import SqlSensor
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.providers.standard.sensors.external_task import ExternalTaskSensor
from airflow.providers.standard.sensors.python import PythonSensor
from airflow.sdk import DAG, DeltaDataIntervalTimetable
from airflow.sdk.exceptions import AirflowException, AirflowFailException
from dateutil.parser import isoparse


def any_row(value):
    """True: a row is a row, whatever `value` it begins with."""
    return True


def chosen_columns(rows, columns):
    """Yields `columns`, their names, then of each row what belongs to them.

    `rows` begin with the names of all their columns.
    """
    names = next(rows, columns)
    places = [names.index(name) for name in columns]
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


def local_files(path):
    """Yields the path of the file `path`, or of all below; of a copy, if it is in S3.

    In a folder, what begins with a dot or an underscore is no data, as for Hadoop.
    """
    if path.startswith("s3://"):
        from airflow.providers.amazon.aws.hooks.s3 import S3Hook

        s3 = S3Hook().get_conn()
        with tempfile.TemporaryDirectory() as folder:
            for bucket, key, name in s3_objects(s3, path):
                if not path.endswith("/") or os.path.basename(name)[0] not in "._":
                    s3.download_file(bucket, key, f"{folder}/copy")
                    yield f"{folder}/copy"
    elif os.path.isdir(path):
        found = [
            os.path.join(top, name) for top, _, names in os.walk(path) for name in names
        ]
        yield from (
            one for one in sorted(found) if os.path.basename(one)[0] not in "._"
        )
    else:
        yield path


def open_text(path):
    """The file `path`, open as UTF-8 text with its line ends as they are."""
    with open(path, "rb") as file:
        opener = gzip.open if file.read(2) == b"\x1f\x8b" else open
    return opener(path, "rt", encoding="utf-8-sig", newline="")


def text_parser(kind):
    """The function that makes a value of the column type `kind` from a text.

    A type that is not known here stays a text.
    """
    word = kind.lower().partition("(")[0].split()[0]
    if word in ("tinyint", "smallint", "int", "integer", "bigint"):
        return int
    if word in ("float", "double", "real"):
        return float
    if word in ("decimal", "numeric"):
        return Decimal
    if word in ("bool", "boolean"):
        truth = {
            "t": True,
            "true": True,
            "1": True,
            "f": False,
            "false": False,
            "0": False,
        }
        return lambda text: truth[text.lower()]
    if word in ("timestamp", "datetime"):
        return isoparse
    return date.fromisoformat if word == "date" else str


def text_rows(parse, path, columns=None, header=False):
    """Yields the names of the columns (None if not known), then the rows at `path`.

    `columns` are pairs of name and type. Without them values are texts, under the
    names of the header. A header with just their names says their order. An empty text
    is NULL.
    """
    names = [name for name, _ in columns] if columns else None
    parsers = [text_parser(kind) for _, kind in columns] if columns else None
    if names or not header:
        yield names
    for file in local_files(path):
        with open_text(file) as lines:
            rows = parse(lines)
            top = next(rows, None) if header else None
            if top and names is None:
                names = top
                yield names
            order = None
            if top and top != names and sorted(top) == sorted(names):
                order = [top.index(name) for name in names]
            for number, row in enumerate(filter(None, rows), 1):
                try:
                    if names and len(row) != len(names):
                        raise ValueError(f"{len(row)} values for {len(names)} columns")
                    row = [row[place] for place in order] if order else row
                    pairs = zip(row, parsers or [str] * len(row))
                    yield [parser(text) if text else None for text, parser in pairs]
                except (ArithmeticError, LookupError, ValueError) as error:
                    raise ValueError(f"row {number} is not {columns}: {row}") from error
    if header and names is None:
        yield None


def read_csv(path, columns=None, header=False, separator=","):
    """Yields the names of the columns, then the rows; quotes are those of RFC 4180."""
    csv.field_size_limit(2**31 - 1)
    return text_rows(
        lambda lines: csv.reader(lines, delimiter=separator), path, columns, header
    )


def read_sql(conn_id, sql):
    """Yields the names of the columns, then the rows of a query, fetched in parts."""
    hook = DbApiHook.get_hook(conn_id)
    fetch = None
    if hook.conn_type in ("postgres", "redshift"):
        # Without a cursor on the server all rows would be fetched at once.
        sql, fetch = f"DECLARE found CURSOR FOR {sql}", "FETCH FORWARD 1000 FROM found"
    with closing(hook.get_conn()) as connection, closing(connection.cursor()) as cursor:
        cursor.execute(sql)
        if fetch:
            cursor.execute(fetch)
        yield [column[0] for column in cursor.description]
        while rows := cursor.fetchmany(1000):
            yield from rows
            if fetch:
                cursor.execute(fetch)


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


def s3_has(uri, size=0):
    """Whether the object `uri`, or one below its slash, has `size` bytes or more."""
    from airflow.providers.amazon.aws.hooks.s3 import S3Hook

    s3 = S3Hook()
    bucket, _, key = uri.partition("://")[2].partition("/")
    if key and not key.endswith("/"):
        found = s3.head_object(key, bucket)
        return found is not None and found["ContentLength"] >= size
    pages = (
        s3.get_conn()
        .get_paginator("list_objects_v2")
        .paginate(Bucket=bucket, Prefix=key)
    )
    return any(
        found["Size"] >= size and not found["Key"].endswith("/")
        for page in pages
        for found in page.get("Contents", ())
    )


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


def starts_counted(start_of, time, since, until, first, last=None):
    """The starts, from `first` to `last`, of intervals counted from the one at `time`.

    `start_of(time, n)` is the start of the interval that is n after the one at `time`.
    """
    starts = [start_of(time, n) for n in range(since, until + 1)]
    return [one for one in starts if first <= one and (last is None or one <= last)]


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


def sql_marks(hook, sql):
    """`sql`, with the mark for a value in place of each `?` that is not in quotes."""
    numbers = count(1)

    def mark(found):
        if found[0] == "?":
            oracle = hook.conn_type == "oracle"
            return f":{next(numbers)}" if oracle else hook.placeholder
        return found[0].replace("%", "%%") if hook.placeholder == "%s" else found[0]

    return re.sub(r"""'[^']*'|"[^"]*"|[?%]""", mark, sql)


def sql_name(hook, name):
    """`name`, whose parts dots divide, with quotes around the parts that need them."""
    quote = "`" if hook.conn_type == "mysql" else '"'
    reserved = getattr(hook, "reserved_words", ())
    return ".".join(
        part
        if re.fullmatch(r"[A-Za-z_]\w*|[\"`\[].*", part)
        and part.lower() not in reserved
        else f"{quote}{part}{quote}"
        for part in name.split(".")
    )


def insert_rows(hook, cursor, table, rows, insert=None):
    """Inserts `rows`, the names of their columns first, into `table`.

    `insert` is a statement with a `?` for each value, instead of the usual one.
    """
    names, into = next(rows, None), sql_name(hook, table)
    fields = f" ({', '.join(sql_name(hook, name) for name in names)})" if names else ""
    while some := [
        [json.dumps(value) if isinstance(value, dict) else value for value in row]
        for row in islice(rows, 500)
    ]:
        marks = f"({', '.join('?' * len(some[0]))})"
        if insert or hook.conn_type not in ("postgres", "redshift"):
            sql = insert or f"INSERT INTO {into}{fields} VALUES {marks}"
            cursor.executemany(sql_marks(hook, sql), some)
        else:  # These drivers would send row by row.
            marks = ", ".join([marks] * len(some))
            sql = f"INSERT INTO {into}{fields} VALUES {marks}"
            cursor.execute(sql_marks(hook, sql), [v for row in some for v in row])


def write_sql(rows, conn_id, table, insert=None, replace=None, create=None):
    """Inserts `rows` (the names of their columns first), all of them or none.

    `replace` deletes first: all rows if it is an empty list, for [column, start, end]
    those from `start` to before `end`. `insert` is a statement with a `?` for each
    value, `create` one that comes first.
    """
    hook = DbApiHook.get_hook(conn_id)
    with closing(hook.get_conn()) as connection, closing(connection.cursor()) as cursor:
        if hook.supports_autocommit:
            hook.set_autocommit(connection, False)
        if create:
            cursor.execute(create)
        if replace is not None:
            delete = f"DELETE FROM {sql_name(hook, table)}"
            if replace:
                at = sql_name(hook, replace[0])
                delete += f" WHERE {at} >= ? AND {at} < ?"
            cursor.execute(sql_marks(hook, delete), tuple(replace[1:]))
        insert_rows(hook, cursor, table, rows, insert)
        connection.commit()


def start_on_morning(time, n):
    """The start of the interval of `morning` that is n after the one at `time`."""
    return step_start(
        datetime(2012, 11, 28, tzinfo=timezone.utc), timedelta(days=1), time, n
    )


def load_ranges_starts(start, end):
    """The instances of `load_ranges` at the start of the run's interval."""
    return starts_counted(
        start_on_morning,
        start,
        0,
        0,
        first=datetime(2012, 11, 28, tzinfo=timezone.utc),
        last=datetime(2012, 11, 28, tzinfo=timezone.utc),
    )


def only_on_schedule(context):
    """Refuses runs that are not on the schedule `hourly`."""
    return refuse_others(
        "every 1 hour from 2012-11-28T00:00Z until 2012-11-29T00:00Z", context
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


# 29 runs at a time: 5 for the work, 24 because a wait may reach over so many.
with DAG(
    dag_id="content_targeting",
    description=(
        "What people look at, by region and by kind of user, hour by hour and day by "
        "day, for the web servers that choose what to show next and for the owner of "
        "the business."
    ),
    schedule=DeltaDataIntervalTimetable(timedelta(hours=1)),
    start_date=datetime(2012, 11, 28, tzinfo=timezone.utc),
    end_date=datetime(2012, 11, 28, 23, 0, tzinfo=timezone.utc),
    catchup=True,
    max_active_runs=29,
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
    # content_targeting.pipe.yaml:37
    weblogs_exists = PythonSensor(
        task_id="weblogs.exists",
        python_callable=s3_has,
        op_kwargs={
            "uri": (
                "s3://acme-targeting/weblogs/"
                "{{ data_interval_start.strftime('%Y/%m/%d/%H') }}/"
            )
        },
        mode="reschedule",
        poke_interval=timedelta(minutes=1),
        timeout=timedelta(hours=6),
        execution_timeout=None,
        max_active_tis_per_dag=None,
    )

    # content_targeting.pipe.yaml:46
    purchases_query = SqlSensor(
        task_id="purchases.query",
        conn_id="crm",
        sql=(
            "SELECT 1 FROM public.closed_hours WHERE hour = '"
            "{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}'"
        ),
        success=any_row,
        mode="reschedule",
        poke_interval=timedelta(minutes=1),
        timeout=timedelta(hours=6),
        execution_timeout=None,
        max_active_tis_per_dag=None,
    )

    # content_targeting.pipe.yaml:70
    keep_people = StagedBash(
        task_id="keep_people",
        bash_command=r"""#!/usr/bin/env bash
# Keeps what people looked at: drops the robots, and the part of each URL after its section.
set -euo pipefail
awk -F, 'BEGIN { OFS = "," } tolower($5) !~ /bot|crawler|spider/ { split($3, url, "/"); print $1, $2, url[2], $4 }' \
  "$INPUT1_STAGING_DIR"/*.csv > "$OUTPUT1_STAGING_DIR"/visits.csv
wc -l < "$OUTPUT1_STAGING_DIR"/visits.csv
""",  # noqa: E501
        inputs={
            "INPUT1_STAGING_DIR": (
                "s3://acme-targeting/weblogs/"
                "{{ data_interval_start.strftime('%Y/%m/%d/%H') }}/"
            )
        },
        outputs={
            "OUTPUT1_STAGING_DIR": (
                "s3://acme-targeting/visits/"
                "{{ data_interval_start.strftime('%Y/%m/%d/%H') }}/"
            )
        },
        skip_on_exit_code=None,
    )

    # content_targeting.pipe.yaml:71
    load_visits = PythonOperator(
        task_id="load_visits",
        python_callable=partial(copy_rows, read_csv, write_sql),
        op_kwargs={
            "source": {
                "path": (
                    "s3://acme-targeting/visits/"
                    "{{ data_interval_start.strftime('%Y/%m/%d/%H') }}/"
                ),
                "columns": [
                    ["ip", "string"],
                    ["user_id", "string"],
                    ["section", "string"],
                    ["at", "timestamp"],
                ],
            },
            "target": {
                "conn_id": "web",
                "table": "staging.visits",
                "replace": [
                    "at",
                    "{{ data_interval_start | ts }}",
                    "{{ data_interval_end | ts }}",
                ],
            },
        },
    )

    # content_targeting.pipe.yaml:72
    sort_users = SQLExecuteQueryOperator(
        task_id="sort_users",
        conn_id="crm",
        sql="""\
-- What kind of user each one is in this hour: new (signed up less than a day ago),
-- buyer (bought something in the last day), or regular.
DELETE FROM public.kinds_of_user WHERE hour = '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}';

INSERT INTO public.kinds_of_user (hour, user_id, kind)
SELECT
  '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}',
  u.user_id,
  CASE
    WHEN EXISTS (
      SELECT 1 FROM public.purchases AS p
      WHERE p.user_id = u.user_id
        AND p.bought_at >= '{{ data_interval_end.subtract(days=1).strftime('%Y-%m-%dT%H:%M:%S') }}' AND p.bought_at < '{{ data_interval_end.strftime('%Y-%m-%dT%H:%M:%S') }}'
    ) THEN 'buyer'
    WHEN u.signed_up >= '{{ data_interval_end.subtract(days=1).strftime('%Y-%m-%dT%H:%M:%S') }}' THEN 'new'
    ELSE 'regular'
  END
FROM public.users AS u
WHERE u.signed_up < '{{ data_interval_end.strftime('%Y-%m-%dT%H:%M:%S') }}';
""",  # noqa: E501
    )

    # content_targeting.pipe.yaml:73
    load_kinds = PythonOperator(
        task_id="load_kinds",
        python_callable=partial(copy_rows, read_sql, write_sql),
        op_kwargs={
            "source": {
                "conn_id": "crm",
                "sql": (
                    "SELECT * FROM public.kinds_of_user WHERE hour >= '"
                    "{{ data_interval_start | ts }}' AND hour < '"
                    "{{ data_interval_end | ts }}'"
                ),
            },
            "target": {
                "conn_id": "web",
                "table": "staging.kinds_of_user",
                "replace": [
                    "hour",
                    "{{ data_interval_start | ts }}",
                    "{{ data_interval_end | ts }}",
                ],
            },
        },
    )

    # content_targeting.pipe.yaml:74
    load_ranges_wait = WaitForInstances(
        task_id="load_ranges.wait",
        external_dag_id="content_targeting.morning",
        external_task_id="load_ranges",
        starts=load_ranges_starts,
        failed_states=["failed", "upstream_failed"],
        deferrable=True,
        poke_interval=timedelta(minutes=1),
        timeout=timedelta(days=7),
        retry_delay=timedelta(minutes=1),
        execution_timeout=None,
        max_active_tis_per_dag=None,
    )

    # content_targeting.pipe.yaml:74
    count_views = SQLExecuteQueryOperator(
        task_id="count_views",
        conn_id="web",
        sql="""\
-- What was looked at in this hour, by region and by kind of user. A rerun replaces the hour.
DELETE FROM public.targeting_by_hour WHERE hour = '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}';

INSERT INTO public.targeting_by_hour (hour, region, kind, section, views)
SELECT
  '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}',
  COALESCE(r.region, 'elsewhere'),
  COALESCE(k.kind, 'guest'),
  v.section,
  count(*)
FROM staging.visits AS v
LEFT JOIN staging.ranges AS r
  ON v.ip::inet BETWEEN r.first_ip::inet AND r.last_ip::inet
LEFT JOIN staging.kinds_of_user AS k
  ON k.user_id = v.user_id AND k.hour = '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}'
WHERE v.at >= '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}' AND v.at < '{{ data_interval_end.strftime('%Y-%m-%dT%H:%M:%S') }}'
GROUP BY 2, 3, 4;
""",  # noqa: E501
    )

    weblogs_exists >> keep_people >> load_visits
    purchases_query >> sort_users >> load_kinds
    [load_visits, load_kinds, load_ranges_wait] >> count_views
