"""What people look at, by region and by kind of user, hour by hour and day by day, for
the web servers that choose what to show next and for the owner of the business.

Made by pipec from content_targeting.pipe.yaml: everything on the schedule `hourly`.
Change that file and compile it again; changes here are lost.
"""

import copy
import json
import logging
import os
import re
import shutil
import tempfile
import time
import unicodedata
from base64 import b64decode
from contextlib import closing, contextmanager
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from importlib import import_module

from airflow.providers.common.sql.hooks.sql import DbApiHook
from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.providers.standard.sensors.external_task import ExternalTaskSensor
from airflow.providers.standard.sensors.python import PythonSensor
from airflow.sdk import DAG, DeltaDataIntervalTimetable
from airflow.sdk.exceptions import AirflowException, AirflowFailException


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


def dynamodb_has(table, region=None, size=0):
    """Whether the table is there and can be read; with `size`, if it has an item."""
    from airflow.providers.amazon.aws.hooks.base_aws import AwsBaseHook

    client = AwsBaseHook(client_type="dynamodb", region_name=region).get_conn()
    try:
        found = client.describe_table(TableName=table)["Table"]
        if not size or found["TableStatus"] not in ("ACTIVE", "UPDATING"):
            return found["TableStatus"] in ("ACTIVE", "UPDATING")
        pages = client.get_paginator("scan").paginate(TableName=table, Limit=1)
        return any(page["Items"] for page in pages)
    except client.exceptions.ResourceNotFoundException:
        return False


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


def capacity_pace(client, table, kind, share):
    """The function that waits until what was used is a `share` of a table's capacity.

    It takes the units of `kind` that some items used, and how many these are; what it
    returns is how many to take next: about as many as a second allows. None instead
    without a share, and for a table whose capacity is on demand.
    """
    found = client.describe_table(TableName=table)["Table"] if share else {}
    rate = found.get("ProvisionedThroughput", {}).get(kind, 0) * (share or 0)
    start, used = time.monotonic(), 0

    def pace(units, items):
        nonlocal used
        used += units
        time.sleep(max(0, start + used / rate - time.monotonic()))
        return max(1, int(items * rate / units)) if units else items

    return pace if rate else None


def scan_items(table, region=None, share=None, names=()):
    """Yields the items, with the types of their values: {"id": {"N": "1"}}.

    `names` are those of the attributes to read; without, all are. `share` is how much
    of the table's read capacity to take.
    """
    from airflow.providers.amazon.aws.hooks.base_aws import AwsBaseHook

    client = AwsBaseHook(client_type="dynamodb", region_name=region).get_conn()
    pace = capacity_pace(client, table, "ReadCapacityUnits", share)
    asked = {"TableName": table, "ReturnConsumedCapacity": "TOTAL"}
    if names:
        marks = {f"#{number}": name for number, name in enumerate(names)}
        asked["ExpressionAttributeNames"] = marks
        asked["ProjectionExpression"] = ", ".join(marks)
    if pace:
        asked["Limit"] = 25
    while True:
        page = client.scan(**asked)
        yield from page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        asked["ExclusiveStartKey"] = page["LastEvaluatedKey"]
        if pace:
            units = page["ConsumedCapacity"]["CapacityUnits"]
            asked["Limit"] = pace(units, max(1, page["ScannedCount"]))


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


def exact_json(value):
    """The JSON of `value`, in which a Decimal is a number."""
    if isinstance(value, Decimal):
        return as_text(value)
    if isinstance(value, dict):
        pairs = (f"{json.dumps(k)}: {exact_json(v)}" for k, v in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(exact_json, value)) + "]"
    return json.dumps(value, default=as_text, ensure_ascii=False)


def from_dynamodb(attribute):
    """The value of an attribute such as {"N": "1"}; its tag may be in lower case.

    A set is a list.
    """
    [(tag, found)] = attribute.items()
    tag = tag.upper()
    if tag in ("S", "BOOL"):
        return found
    if tag == "N":
        return Decimal(found)
    if tag == "B":
        return b64decode(found) if isinstance(found, str) else bytes(found)
    if tag in ("SS", "NS", "BS"):
        return [from_dynamodb({tag[0]: one}) for one in found]
    if tag == "L":
        return [from_dynamodb(one) for one in found]
    if tag == "M":
        return {name: from_dynamodb(one) for name, one in found.items()}
    if tag in ("NULL", "NUL", "NULLVALUE"):
        return None
    raise ValueError(f"{tag} is no type of DynamoDB")


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


def write_json_items(items, path, compression="none"):
    """Writes `items`, whose values have types, one object a line.

    A set is a list there, and bytes are a text of hexadecimal digits.
    """
    with new_text(path, compression) as file:
        for item in items:
            found = {name: from_dynamodb(value) for name, value in item.items()}
            file.write(exact_json(found) + "\n")


def start_on_morning(time, n):
    """The start of the interval of `morning` that is n after the one at `time`."""
    return step_start(
        datetime(2012, 11, 28, tzinfo=timezone.utc), timedelta(days=1), time, n
    )


def load_users_starts(start, end):
    """The instances of `load_users` at the start of the run's interval."""
    return starts_counted(
        start_on_morning,
        start,
        0,
        0,
        first=datetime(2012, 11, 28, tzinfo=timezone.utc),
        last=datetime(2012, 11, 28, tzinfo=timezone.utc),
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
    # content_targeting.pipe.yaml:43
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

    # content_targeting.pipe.yaml:84
    keep_people = StagedBash(
        task_id="keep_people",
        bash_command="""\
#!/usr/bin/env bash
# Keeps what people looked at: drops the robots, and the part of each URL after its section. An
# address becomes a number, so that it can be found in a range.
set -euo pipefail
awk -F, '
  BEGIN { OFS = "," }
  tolower($5) !~ /bot|crawler|spider/ {
    split($1, ip, ".")
    split($3, url, "/")
    print sprintf("%.0f", ((ip[1] * 256 + ip[2]) * 256 + ip[3]) * 256 + ip[4]), $2, url[2], $4
  }
' "$INPUT1_STAGING_DIR"/*.csv > "$OUTPUT1_STAGING_DIR"/visits.csv
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

    # content_targeting.pipe.yaml:85
    load_visits = PythonOperator(
        task_id="load_visits",
        python_callable=partial(load_redshift, copy_into),
        op_kwargs={
            "source": {
                "uri": (
                    "s3://acme-targeting/visits/"
                    "{{ data_interval_start.strftime('%Y/%m/%d/%H') }}/"
                ),
                "options": (
                    "IAM_ROLE default FORMAT AS CSV EMPTYASNULL DATEFORMAT AS 'auto' "
                    "TIMEFORMAT AS 'auto'"
                ),
                "columns": " (ip, user_id, section, at)",
            },
            "conn_id": "warehouse",
            "table": "staging.visits",
            "mode": "truncate",
            "replace": (
                "at >= '{{ data_interval_start | ts }}' AND at < '"
                "{{ data_interval_end | ts }}'"
            ),
        },
    )

    # content_targeting.pipe.yaml:52
    purchases_table_exists = PythonSensor(
        task_id="purchases.table_exists",
        python_callable=dynamodb_has,
        op_kwargs={"table": "purchases"},
        mode="reschedule",
        poke_interval=timedelta(minutes=1),
        timeout=timedelta(days=1),
        execution_timeout=None,
        max_active_tis_per_dag=None,
    )

    # content_targeting.pipe.yaml:86
    keep_purchases = PythonOperator(
        task_id="keep_purchases",
        python_callable=partial(copy_rows, scan_items, write_json_items),
        op_kwargs={
            "source": {"table": "purchases"},
            "target": {
                "path": (
                    "s3://acme-targeting/purchases/"
                    "{{ data_interval_start.strftime('%Y/%m/%d/%H') }}.jsonl"
                )
            },
        },
    )

    # content_targeting.pipe.yaml:87
    pick_purchases = StagedBash(
        task_id="pick_purchases",
        bash_command="""\
script=$(mktemp)
trap 'rm -f "$script"' EXIT
cat > "$script" <<'END_OF_SCRIPT'
#!/usr/bin/env python3
\"""Of all purchases, keeps those of the day before `$2`, as rows that belong to the hour `$1`.\"""

import csv
import json
import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

hour, end = sys.argv[1:]
last = datetime.fromisoformat(end)
first = last - timedelta(days=1)
kept = 0
source = Path(os.environ["INPUT1_STAGING_DIR"])
target = Path(os.environ["OUTPUT1_STAGING_DIR"]) / "purchases.csv"
with target.open("w", newline="", encoding="utf-8") as file:
    rows = csv.writer(file, lineterminator="\\n")
    for part in sorted(source.rglob("*")):
        for line in part.read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            at = datetime.fromisoformat(item["bought_at"].replace("Z", ""))
            if first <= at < last:
                rows.writerow((hour, item["user_id"], item["cents"], at))
                kept += 1
print(f"{kept} purchases from {first} to {last}")
END_OF_SCRIPT
/usr/bin/env python3 "$script" '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}' '{{ data_interval_end.strftime('%Y-%m-%dT%H:%M:%S') }}'""",  # noqa: E501
        inputs={
            "INPUT1_STAGING_DIR": (
                "s3://acme-targeting/purchases/"
                "{{ data_interval_start.strftime('%Y/%m/%d/%H') }}.jsonl"
            )
        },
        outputs={
            "OUTPUT1_STAGING_DIR": (
                "s3://acme-targeting/bought/"
                "{{ data_interval_start.strftime('%Y/%m/%d/%H') }}/"
            )
        },
        skip_on_exit_code=None,
    )

    # content_targeting.pipe.yaml:91
    load_purchases = PythonOperator(
        task_id="load_purchases",
        python_callable=partial(load_redshift, copy_into),
        op_kwargs={
            "source": {
                "uri": (
                    "s3://acme-targeting/bought/"
                    "{{ data_interval_start.strftime('%Y/%m/%d/%H') }}/"
                ),
                "options": (
                    "IAM_ROLE default FORMAT AS CSV EMPTYASNULL DATEFORMAT AS 'auto' "
                    "TIMEFORMAT AS 'auto'"
                ),
                "columns": " (hour, user_id, cents, bought_at)",
            },
            "conn_id": "warehouse",
            "table": "staging.purchases",
            "mode": "truncate",
            "replace": (
                "hour >= '{{ data_interval_start | ts }}' AND hour < '"
                "{{ data_interval_end | ts }}'"
            ),
        },
    )

    # content_targeting.pipe.yaml:92
    load_users_wait = WaitForInstances(
        task_id="load_users.wait",
        external_dag_id="content_targeting.morning",
        external_task_id="load_users",
        starts=load_users_starts,
        failed_states=["failed", "upstream_failed"],
        deferrable=True,
        poke_interval=timedelta(minutes=1),
        timeout=timedelta(days=7),
        retry_delay=timedelta(minutes=1),
        execution_timeout=None,
        max_active_tis_per_dag=None,
    )

    # content_targeting.pipe.yaml:92
    sort_users = SQLExecuteQueryOperator(
        task_id="sort_users",
        conn_id="warehouse",
        sql=[
            """\
-- What kind of user each one is in this hour: buyer (bought something in the last day), new (signed
-- up less than a day ago), or regular. Whoever has signed up since this morning is a guest.
DELETE FROM staging.kinds_of_user WHERE hour = '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}'""",  # noqa: E501
            """\
INSERT INTO staging.kinds_of_user (hour, user_id, kind)
SELECT
  '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}',
  u.user_id,
  CASE
    WHEN b.user_id IS NOT NULL THEN 'buyer'
    WHEN u.signed_up >= '{{ data_interval_end.subtract(days=1).strftime('%Y-%m-%dT%H:%M:%S') }}' THEN 'new'
    ELSE 'regular'
  END
FROM staging.users AS u
LEFT JOIN (
  SELECT DISTINCT user_id FROM staging.purchases WHERE hour = '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}'
) AS b ON b.user_id = u.user_id
WHERE u.as_of = '{{ data_interval_start.strftime('%Y-%m-%d') }}'""",  # noqa: E501
        ],
    )

    # content_targeting.pipe.yaml:93
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

    # content_targeting.pipe.yaml:93
    count_views = SQLExecuteQueryOperator(
        task_id="count_views",
        conn_id="warehouse",
        sql=[
            """\
-- What was looked at in this hour, by region and by kind of user. A rerun replaces the hour.
DELETE FROM public.targeting_by_hour WHERE hour = '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}'""",  # noqa: E501
            """\
INSERT INTO public.targeting_by_hour (hour, region, kind, section, views)
SELECT
  '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}',
  COALESCE(r.region, 'elsewhere'),
  COALESCE(k.kind, 'guest'),
  v.section,
  count(*)
FROM staging.visits AS v
LEFT JOIN staging.ranges AS r
  ON v.ip BETWEEN r.first_ip AND r.last_ip
LEFT JOIN staging.kinds_of_user AS k
  ON k.user_id = v.user_id AND k.hour = '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}'
WHERE v.at >= '{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }}' AND v.at < '{{ data_interval_end.strftime('%Y-%m-%dT%H:%M:%S') }}'
GROUP BY 2, 3, 4""",  # noqa: E501
        ],
    )

    weblogs_exists >> keep_people >> load_visits
    purchases_table_exists >> keep_purchases >> pick_purchases >> load_purchases
    [load_users_wait, load_purchases] >> sort_users
    [load_visits, sort_users, load_ranges_wait] >> count_views
