"""What people look at, by region and by kind of user, hour by hour and day by day, for
the web servers that choose what to show next and for the owner of the business.

Made by pipec from content_targeting.pipe.yaml: everything on the schedule `morning`.
Change that file and compile it again; changes here are lost.
"""

import copy
import json
import logging
import os
import re
import tempfile
import unicodedata
from contextlib import closing, contextmanager
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from importlib import import_module
from itertools import chain

from airflow.providers.common.sql.hooks.sql import DbApiHook
from airflow.providers.standard.operators.python import PythonOperator
from airflow.providers.standard.sensors.python import PythonSensor
from airflow.sdk import DAG, DeltaTriggerTimetable
from airflow.sdk.exceptions import AirflowFailException


def s3_prefix(uri, most):
    """Up to `most` keys of objects that begin with `uri`, folders left out."""
    from airflow.providers.amazon.aws.hooks.s3 import S3Hook

    bucket, _, prefix = uri.partition("://")[2].partition("/")
    pages = S3Hook().get_conn().get_paginator("list_objects_v2")
    found = []
    for page in pages.paginate(Bucket=bucket, Prefix=prefix):
        keys = [one["Key"] for one in page.get("Contents", ())]
        found += [key for key in keys if not key.endswith("/")]
        if len(found) >= most:
            break
    return found[:most]


def copy_into(session, table, uri, options, columns="", exact=True):
    """Loads what is at `uri`, or in each line of it, into `table` with COPY.

    In S3, COPY takes all objects whose keys begin like this. There must be no others
    than the one of this very key, unless that is not `exact`; a folder may be empty.
    """
    for place in uri.splitlines():
        if place.startswith("s3://") and exact:
            keys = s3_prefix(place, 2)
            if place.endswith("/") and not keys:
                continue
            if not place.endswith("/") and len(keys) > 1:
                raise ValueError(f"COPY from {place} would load all of {keys}")
        quoted = "'{}'".format(place.replace("'", "''"))
        with closing(session.cursor()) as cursor:
            cursor.execute(f"COPY {table}{columns} FROM {quoted} {options}")


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


def sql_parts(name):
    """The parts of `name`, which dots divide, each as it is written."""
    return re.findall(r'"(?:[^"]|"")+"|[^."]+', name)


def primary_key(cursor, table):
    """The columns of the primary key of `table`, in their order, as SQL takes them."""
    *before, name = (
        part[1:-1].replace('""', '"') if part[0] == '"' else part.lower()
        for part in sql_parts(table)
    )
    query = """
        SELECT used.column_name FROM information_schema.table_constraints AS made
        JOIN information_schema.key_column_usage AS used
        ON used.constraint_name = made.constraint_name
        AND used.table_schema = made.table_schema AND used.table_name = made.table_name
        WHERE made.constraint_type = 'PRIMARY KEY' AND made.table_name = %s
        AND made.table_schema = {} ORDER BY used.ordinal_position
    """
    schema = "%s" if before else "current_schema()"
    cursor.execute(query.format(schema), (name, *before[-1:]))
    found = ['"{}"'.format(row[0].replace('"', '""')) for row in cursor.fetchall()]
    if not found:
        raise ValueError(f"{table} has no primary key: the datanode has to name `keys`")
    return found


def merge_rows(cursor, table, rows, keys, columns, keep):
    """Takes the rows of the table `rows` to `table`, one of each key.

    Where there is a row with the same `keys`, it stays if they are to `keep` what is
    there, else it makes room. NULL is a key like any other.
    """
    keys = keys or primary_key(cursor, table)
    by = ", ".join(keys)
    cursor.execute(
        "CREATE TEMPORARY TABLE merged AS SELECT * FROM (SELECT *, row_number() OVER "
        f"(PARTITION BY {by} ORDER BY {by}) AS one_of_key FROM {rows}) AS numbered "
        "WHERE one_of_key = 1"
    )
    cursor.execute("ALTER TABLE merged DROP COLUMN one_of_key")
    known = sql_parts(table)[-1]
    pairs = [(f"{known}.{key}", f"merged.{key}") for key in keys]
    nulls = " OR ".join(f"{key} IS NULL" for key in keys)
    cursor.execute(f"SELECT 1 FROM merged WHERE {nulls} LIMIT 1")
    # Only where it is needed: it would keep Redshift from joining by the keys.
    either = " OR ({} IS NULL AND {} IS NULL)" if cursor.fetchall() else ""
    same = " AND ".join(
        f"({one} = {other}{either.format(one, other)})" for one, other in pairs
    )
    gone, there = ("merged", table) if keep else (table, "merged")
    cursor.execute(f"DELETE FROM {gone} USING {there} WHERE {same}")
    into = f" ({columns})" if columns else ""
    cursor.execute(f"INSERT INTO {table}{into} SELECT {columns or '*'} FROM merged")


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


def load_redshift(
    load,
    source,
    conn_id,
    table,
    mode,
    keys=(),
    columns="",
    before=(),
    replace="",
    transform="",
    staging="",
):
    """Lets `load(session, table, **source)` fill a table: all of it, or nothing.

    `mode` is "append"; "truncate", which deletes first, `replace` being a condition in
    SQL; "keep_existing" or "overwrite_existing", by `keys`, else by the primary key.
    Statements come `before`. `transform` is a query of the table `staging`, whose
    columns are like those of `table` if they are not given; `columns` are those that
    get its results.
    """
    with sql_transaction(conn_id) as session, closing(session.cursor()) as cursor:
        for statement in before:
            cursor.execute(statement)
        if mode == "truncate":  # TRUNCATE would take effect at once, whatever follows.
            where = f" WHERE {replace}" if replace else ""
            cursor.execute(f"DELETE FROM {table}{where}")
        merges = mode in ("keep_existing", "overwrite_existing")
        if not (merges or transform):
            return load(session, table, **source)
        like = f"LIKE {table} INCLUDING DEFAULTS"
        cursor.execute(f"CREATE TEMPORARY TABLE staging ({staging or like})")
        load(session, "staging", **source)
        into = f" ({columns})" if columns else ""
        rows = "staging"
        if transform and merges:
            rows = "transformed"
            cursor.execute(f"CREATE TEMPORARY TABLE transformed ({like})")
            cursor.execute(f"INSERT INTO transformed{into}\n{transform}")
        if merges:
            keep = mode == "keep_existing"
            merge_rows(cursor, table, rows, keys, columns, keep)
        else:
            cursor.execute(f"INSERT INTO {table}{into}\n{transform}")


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
        "execution_timeout": timedelta(minutes=30),
        "max_active_tis_per_dag": 5,
        "do_xcom_push": False,
        "on_failure_callback": partial(tell_oncall, "failed"),
        "pre_execute": only_on_schedule,
    },
    tags=["content_targeting"],
    doc_md=__doc__,
):
    # content_targeting.pipe.yaml:47
    ranges_not_empty = PythonSensor(
        task_id="ranges.not_empty",
        python_callable=s3_has,
        op_kwargs={"uri": "s3://acme-targeting/geo/ranges.csv", "size": 1},
        mode="reschedule",
        poke_interval=timedelta(minutes=1),
        timeout=timedelta(days=1),
        execution_timeout=None,
        max_active_tis_per_dag=None,
    )

    # content_targeting.pipe.yaml:81
    load_ranges = PythonOperator(
        task_id="load_ranges",
        python_callable=partial(load_redshift, copy_into),
        op_kwargs={
            "source": {
                "uri": "s3://acme-targeting/geo/ranges.csv",
                "options": (
                    "IAM_ROLE default FORMAT AS CSV EMPTYASNULL DATEFORMAT AS 'auto' "
                    "TIMEFORMAT AS 'auto'"
                ),
                "columns": " (first_ip, last_ip, region)",
            },
            "conn_id": "warehouse",
            "table": "staging.ranges",
            "mode": "truncate",
        },
    )

    # content_targeting.pipe.yaml:82
    take_users = PythonOperator(
        task_id="take_users",
        python_callable=partial(copy_rows, read_postgres, write_csv),
        op_kwargs={
            "source": {
                "conn_id": "crm",
                "sql": (
                    "SELECT '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}' "
                    "AS as_of, user_id, signed_up FROM users WHERE signed_up < '"
                    "{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}'"
                ),
            },
            "target": {
                "path": (
                    "s3://acme-targeting/users/"
                    "{{ data_interval_start.strftime('%Y-%m-%d') }}.csv"
                )
            },
            "columns": ["as_of", "user_id", "signed_up"],
        },
        executor="airflow.providers.edge3.executors.EdgeExecutor",
        queue="onprem",
    )

    # content_targeting.pipe.yaml:83
    load_users = PythonOperator(
        task_id="load_users",
        python_callable=partial(load_redshift, copy_into),
        op_kwargs={
            "source": {
                "uri": (
                    "s3://acme-targeting/users/"
                    "{{ data_interval_start.strftime('%Y-%m-%d') }}.csv"
                ),
                "options": (
                    "IAM_ROLE default FORMAT AS CSV EMPTYASNULL DATEFORMAT AS 'auto' "
                    "TIMEFORMAT AS 'auto'"
                ),
                "columns": " (as_of, user_id, signed_up)",
            },
            "conn_id": "warehouse",
            "table": "staging.users",
            "mode": "truncate",
            "replace": (
                "as_of >= '{{ data_interval_start | ts }}' AND as_of < '"
                "{{ data_interval_start.add(days=1) | ts }}'"
            ),
        },
    )

    ranges_not_empty >> load_ranges
    take_users >> load_users
