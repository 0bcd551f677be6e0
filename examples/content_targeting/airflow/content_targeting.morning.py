"""What people look at, by region and by kind of user, hour by hour and day by day, for
the web servers that choose what to show next and for the owner of the business.

Made by pipec from content_targeting.pipe.yaml: everything on the schedule `morning`.
Change that file and compile it again; changes here are lost.
"""

import copy
import csv
import gzip
import json
import logging
import os
import re
import tempfile
import unicodedata
from contextlib import closing
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from itertools import count, islice

from airflow.providers.common.sql.hooks.sql import DbApiHook
from airflow.providers.standard.operators.python import PythonOperator
from airflow.providers.standard.sensors.python import PythonSensor
from airflow.sdk import DAG, DeltaTriggerTimetable
from airflow.sdk.exceptions import AirflowFailException
from dateutil.parser import isoparse


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


def step_start(anchor, step, time, n):
    """The start of the interval that is n after the one which holds `time`."""
    passed = (time - anchor).total_seconds() // step.total_seconds()
    return anchor + step * (int(passed) + n)


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


def only_on_schedule(context):
    """Refuses runs that are not on the schedule `morning`."""
    return refuse_others(
        "every 1 day from 2012-11-28T00:00Z until 2012-11-29T00:00Z at start",
        context,
        start_of=start_on_morning,
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
            "{{ data_interval_start.add(days=1).strftime('%Y-%m-%dT%H:%M:%S') }}"
        ),
    )


# 6 runs at a time: 5 for the work, 1 because a wait may reach over so many.
with DAG(
    dag_id="content_targeting.morning",
    description=(
        "What people look at, by region and by kind of user, hour by hour and day by "
        "day, for the web servers that choose what to show next and for the owner of "
        "the business."
    ),
    schedule=DeltaTriggerTimetable(timedelta(days=1)),
    start_date=datetime(2012, 11, 28, tzinfo=timezone.utc),
    end_date=datetime(2012, 11, 28, tzinfo=timezone.utc),
    catchup=True,
    max_active_runs=6,
    default_args={
        "retries": 2,
        "retry_delay": timedelta(minutes=10),
        "do_xcom_push": False,
        "on_failure_callback": partial(tell_oncall, "failed"),
        "pre_execute": only_on_schedule,
    },
    tags=["content_targeting"],
    doc_md=__doc__,
):
    # content_targeting.pipe.yaml:41
    ranges_not_empty = PythonSensor(
        task_id="ranges.not_empty",
        python_callable=s3_has,
        op_kwargs={"uri": "s3://acme-targeting/geo/ranges.csv", "size": 1},
        mode="reschedule",
        poke_interval=timedelta(minutes=1),
        timeout=timedelta(days=1),
    )

    # content_targeting.pipe.yaml:69
    load_ranges = PythonOperator(
        task_id="load_ranges",
        python_callable=partial(copy_rows, read_csv, write_sql),
        op_kwargs={
            "source": {
                "path": "s3://acme-targeting/geo/ranges.csv",
                "columns": [
                    ["first_ip", "string"],
                    ["last_ip", "string"],
                    ["region", "string"],
                ],
            },
            "target": {"conn_id": "web", "table": "staging.ranges"},
        },
        execution_timeout=timedelta(minutes=30),
        max_active_tis_per_dag=5,
    )

    ranges_not_empty >> load_ranges
