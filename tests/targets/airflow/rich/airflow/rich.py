"""Everything that the language can say, for the tests of what it becomes: each kind,
each sort of schedule, each way to wait. What it does makes no sense.

Made by pipec from rich.pipe.yaml: everything on the schedule `hourly`.
Change that file and compile it again; changes here are lost.
"""

import copy
import json
import linecache
import logging
import os
import re
import shutil
import sys
import tempfile
import time
import types
import unicodedata
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from importlib import import_module
from itertools import count, repeat
from uuid import UUID

from airflow.providers.common.sql.hooks.sql import DbApiHook
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.providers.standard.sensors.python import PythonSensor
from airflow.sdk import DAG, BaseSensorOperator, DeltaDataIntervalTimetable
from airflow.sdk.exceptions import AirflowFailException
from dateutil.parser import isoparse

TIDY_PY = """\
\"""Tidies up.\"""


def tidy(day, depth, names):
    print(f"{day}: {depth} {names!r}")
"""


def call_function(path, arguments):
    """The result of the function `package.module.function` for keyword arguments."""
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)(**arguments)


def call_script(source, filename, function, arguments):
    """The result of a function in the text `source`, whose lines tracebacks show."""
    lines = [line + "\n" for line in source.split("\n")]
    linecache.cache[filename] = (len(source), None, lines, filename)
    script = sys.modules[filename] = types.ModuleType(filename)
    script.__file__ = filename
    exec(compile(source, filename, "exec"), script.__dict__)
    return getattr(script, function)(**arguments)


def copy_disk_to_s3(source, target):
    """Copies the file `source`, or all in the folder, onto or below `target`."""
    from airflow.providers.amazon.aws.hooks.s3 import S3Hook

    s3 = S3Hook().get_conn()
    bucket, _, onto = target.partition("://")[2].partition("/")
    paths = [
        os.path.join(top, name) for top, _, names in os.walk(source) for name in names
    ]
    for path in sorted(paths) or [source]:
        name = os.path.relpath(path, source) if paths else os.path.basename(path)
        below = name if not onto or onto.endswith("/") else ""
        s3.upload_file(path, bucket, onto + below)


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


def path_has(path, size=0):
    """Whether the file `path`, or one in that folder, has `size` bytes or more."""
    below = ((top, name) for top, _, names in os.walk(path) for name in names)
    if os.path.isfile(path):
        below = [(path,)]
    return any(os.path.getsize(os.path.join(*one)) >= size for one in below)


def csv_fields(records, separator):
    """Yields the fields of each row; quotes are those of RFC 4180.

    An empty field is None, a pair of quotes an empty text.
    """
    row, quoted, quotes = [], [], 0
    for record, end in records:
        if not quoted and '"' not in record:
            yield [text or None for text in record.split(separator)]
            continue
        for number, part in enumerate(record.split(separator)):
            if not quoted and not part.startswith('"'):
                row.append(part or None)
                continue
            quoted += [separator, part] if quoted and number else [part]
            quotes += part.count('"')
            if quotes % 2 == 0:
                text = "".join(quoted)
                field = text[1:-1].replace('""', '"')
                if text[-1] != '"' or len(field) != len(text) - quotes // 2 - 1:
                    raise ValueError(f"text after a quote that closes: {text[:200]!r}")
                row.append(field)
                quoted, quotes = [], 0
        if quoted:
            quoted.append(end)
        else:
            yield row
            row = []
    if quoted:
        raise ValueError(f"a quote is not closed: {''.join(quoted)[:200]!r}")


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
                near = os.path.join(folder, os.path.basename(name)[-60:])
                if not path.endswith("/") or os.path.basename(name)[0] not in "._":
                    s3.download_file(bucket, key, near)
                    yield near
                    os.remove(near)
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
        start = file.read(10)
    opener = open
    for module, mark in (
        ("gzip", rb"\x1f\x8b"),
        ("bz2", rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)"),
        ("lzma", rb"\xfd7zXZ\0"),
    ):
        if re.match(mark, start):
            opener = import_module(module).open
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
    if word in ("timestamp", "timestamptz", "datetime"):
        return isoparse
    if word in ("binary", "bytes"):
        return bytes.fromhex
    return date.fromisoformat if word == "date" else str


def text_records(file, end="\n"):
    """Yields each record of an open text file, and what ends it.

    That is `end`; a line may end in other ways too. At the end of the file it is none.
    """
    if end == "\n":
        for line in file:
            record = line.rstrip("\r\n")
            yield record, line[len(record) :]
        return
    rest = ""
    while chunk := file.read(max(65536, len(rest))):
        *records, rest = (rest + chunk).split(end)
        for record in records:
            yield record, end
    if rest:
        yield rest, ""


def text_rows(fields, path, columns=None, header=False, end="\n"):
    """Yields the names of the columns (None if not known), then the rows at `path`.

    `fields` takes records apart. `columns` are pairs of name and type. Without them
    values are texts, under the names of the header. A header with just their names
    says their order. An empty text is NULL, but for texts and bytes. A blank line is a
    row only of a single column.
    """
    names = [name for name, _ in columns] if columns else None
    parsers = [text_parser(kind) for _, kind in columns] if columns else None
    empty = (str, bytes.fromhex)
    broken = (ArithmeticError, LookupError, ValueError)
    if names or not header:
        yield names
    for file in local_files(path):
        with open_text(file) as text:
            rows = fields(text_records(text, end))
            number, row, order = 1, None, None
            try:
                top = [name or "" for name in next(rows, ())] if header else None
                if top and names is None:
                    names = top
                    yield names
                if top and top != names and sorted(top) == sorted(names):
                    order = [top.index(name) for name in names]
                for row in rows:
                    if row in ([None], [""]) and len(names or ()) != 1:
                        continue
                    if names and len(row) != len(names):
                        raise ValueError(f"{len(row)} values for {len(names)} columns")
                    row = [row[place] for place in order] if order else row
                    pairs = zip(row, parsers or [str] * len(row))
                    yield [
                        parse(one) if one or one == "" and parse in empty else None
                        for one, parse in pairs
                    ]
                    number, row = number + 1, None
            except broken as error:
                what = f"row {number} of {os.path.basename(file)}"
                if row is not None:
                    what += f" is not {columns}: {str(row)[:200]}"
                raise ValueError(f"{what} ({error})") from error
    if header and names is None:
        yield None


def read_csv(path, columns=None, header=False, separator=",", record_separator="\n"):
    """Yields the names of the columns, then the rows."""

    def fields(records):
        return csv_fields(records, separator)

    return text_rows(fields, path, columns, header, record_separator)


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


class SecretBash(BashOperator):
    """Runs a command with secrets, read as it starts, in its environment.

    `secrets` maps an environment variable to the store of its value and the name there.
    """

    def __init__(self, secrets, **kwargs):
        super().__init__(**kwargs)
        self.secrets = secrets

    def get_env(self, context):
        """The environment of the command; its log shows no secret."""
        env = super().get_env(context)
        for variable, (store, name) in self.secrets.items():
            env[variable] = self._read(store, name)
            self._mask(env[variable])
        return env

    def _read(self, store, name):
        if store == "env":
            return os.environ[name]
        if store == "secretsmanager":
            from airflow.providers.amazon.aws.hooks import secrets_manager

            return secrets_manager.SecretsManagerHook().get_secret(name)
        try:
            from airflow.sdk import Variable
        except ImportError:  # Airflow 2
            from airflow.models import Variable
        return Variable.get(name)

    def _mask(self, value):
        try:
            from airflow.sdk.log import mask_secret
        except ImportError:  # Airflow 2 and 3.0
            from airflow.utils.log.secrets_masker import mask_secret
        mask_secret(value)


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


class SecretStagedBash(SecretBash, StagedBash):
    """A `StagedBash` with the secrets of a `SecretBash`."""


class WatchLate(BaseSensorOperator):
    """Tells of the activities of this run that are late, and changes nothing else.

    A rule is how long after the run was due, which activities, and what is called with
    each that is not done by then. A run that began later (to catch up) is left alone.
    Between its looks the watch is deferred: it takes no slot and no process.
    """

    ended = ("success", "failed", "upstream_failed", "skipped", "removed")

    def __init__(self, rules, deferrable=True, **kwargs):
        # Where late work holds all slots, the first one free is for telling of it.
        super().__init__(mode="reschedule", priority_weight=1000, **kwargs)
        self.rules = rules
        self.deferrable = deferrable
        self.as_teardown()  # A run does not fail because the watch over it has.

    def execute(self, context):
        """Looks. Where nothing can be deferred it has no memory, and takes one rule."""
        if self.deferrable:
            self.watch(context)
        else:
            super().execute(context)

    def resume_execution(self, next_method, next_kwargs, context):
        """Looks again: a limit has passed, all is done, or the trigger has failed."""
        if (next_kwargs or {}).get("traceback"):
            self.log.warning("The trigger failed: %s", next_kwargs["traceback"])
            time.sleep(60)
        self.watch(context)

    def poke(self, context):
        return self.look(context) is None

    def watch(self, context):
        """Looks, then waits for the next limit, or until nothing more can be late."""
        try:
            ahead = self.look(context)
        except Exception:
            self.log.exception("What is done is not known; it looks again in a minute")
            time.sleep(60)
            ahead = self.look(context)
        if ahead is None:
            return
        from airflow.providers.standard.triggers.external_task import WorkflowTrigger

        activities, seconds = ahead
        run, ti = context["dag_run"], context["ti"]
        which = {"run_ids": [ti.run_id]}
        if not hasattr(ti, "get_task_states"):  # Airflow 2
            which = {"execution_dates": [run.execution_date]}
        trigger = WorkflowTrigger(
            external_dag_id=ti.dag_id,
            external_task_ids=activities[:100],  # As many as fit into a request.
            allowed_states=list(self.ended),
            poke_interval=self.poke_interval,
            **which,
        )
        timeout = timedelta(seconds=seconds)
        self.defer(trigger=trigger, method_name="execute", timeout=timeout)

    def look(self, context):
        """Tells of what is late now; what may be next, and the seconds until then.

        None when nothing may be. The time of the look is kept, or it would tell again.
        """
        run, ti = context["dag_run"], context["ti"]
        due = context.get("data_interval_end") or run.run_after
        now = datetime.now(timezone.utc)
        seen = ti.xcom_pull(task_ids=self.task_id, key="seen")
        since = datetime.fromisoformat(seen) if seen else run.start_date or now
        rules = [rule for rule in self.rules if due + rule[0] > since]
        if not rules:
            return None
        states = self.states(context)
        if any(due + after <= now for after, _, _ in rules):
            ti.xcom_push(key="seen", value=now.isoformat())
        ahead = []
        for after, names, notices in rules:
            wait = (due + after - now).total_seconds()
            late = [name for name in names if states.get(name) not in self.ended]
            if wait > 0:
                ahead += [(wait, name) for name in late]
            else:
                for name in late:
                    self.tell(context, name, notices)
        if not ahead:
            return None
        return [name for _, name in ahead], min(wait for wait, _ in ahead)

    def states(self, context):
        """The states of the activities; one that was ended for being late has none."""
        run, ti = context["dag_run"], context["ti"]
        if hasattr(ti, "get_task_states"):
            runs = ti.get_task_states(dag_id=ti.dag_id, run_ids=[ti.run_id])
            states = runs[ti.run_id]
        else:  # Airflow 2
            states = {one.task_id: one.state for one in run.get_task_instances()}
        return {
            name: states.get(name)
            for _, names, _ in self.rules
            for name in names
            if states.get(name) != "failed"
            or not ti.xcom_pull(task_ids=name, key="late")
        }

    def tell(self, context, activity, notices):
        about = copy.copy(context)
        about["node_name"] = activity
        for notice in notices:
            try:
                notice(about)
            except Exception:
                self.log.exception("A notice was not sent")


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


def only_on_schedule(context):
    """Refuses runs that are not on the schedule `hourly`."""
    return refuse_others(
        "every 1 hour from 2026-01-31T00:07Z until 2026-03-31T00:07Z", context
    )


def tell_everyone(status, context):
    """Tells `everyone`."""
    notify_sns(
        context,
        topic="arn:aws:sns:us-east-1:111122223333:everyone",
        status=status,
        subject="{{ node_name }} is {{ node_status }}",
        message="{{ '{{' }} done }}",
    )


def tell_oncall(status, context):
    """Tells `oncall`."""
    notify_sns(
        context,
        topic="arn:aws:sns:eu-west-1:111122223333:alerts",
        status=status,
        subject=(
            "{{ node_name }} ("
            "{{ {'raw.exists': 'exists', 'landing.exists': 'exists', "
            "'lookup.not_empty': 'not_empty', 'class': 'shell', 'copy_rows': 'copy', "
            "'partial': 'copy', 'list': 'script', 'DAG': 'python', 'datetime': "
            "'python', 'matrix.eu': 'shell', 'matrix.us': 'shell'}.get(node_name, "
            "'wait') }}) is {{ node_status }}"
        ),
        message="""\
{{ node_name }} for {{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }} to {{ data_interval_end.strftime('%Y-%m-%dT%H:%M:%S') }}, due {{ data_interval_end.strftime('%d.%m. %H:%M') }}
{{ (exception | default('')) }}
{{ ti.log_url }}
""",  # noqa: E501
    )


# 77 runs at a time: 5 for the work, 72 because a wait may reach over so many.
with DAG(
    dag_id="rich",
    description=(
        "Everything that the language can say, for the tests of what it becomes: each "
        "kind, each sort of schedule, each way to wait. What it does makes no sense."
    ),
    schedule=DeltaDataIntervalTimetable(timedelta(hours=1)),
    start_date=datetime(2026, 1, 31, 0, 7, tzinfo=timezone.utc),
    end_date=datetime(2026, 3, 30, 23, 7, tzinfo=timezone.utc),
    catchup=True,
    max_active_runs=77,
    default_args={
        "owner": "ada",
        "retries": 3,
        "retry_delay": timedelta(minutes=1, seconds=30),
        "execution_timeout": timedelta(minutes=45),
        "max_active_tis_per_dag": 5,
        "do_xcom_push": False,
        "on_failure_callback": partial(tell_oncall, "failed"),
        "pre_execute": only_on_schedule,
    },
    tags=["rich", "tests", '50 % "quoted"'],
    doc_md=__doc__,
):
    # rich.pipe.yaml:51
    raw_exists = PythonSensor(
        task_id="raw.exists",
        python_callable=s3_has,
        op_kwargs={
            "uri": "s3://lake/raw/{{ data_interval_start.strftime('%Y/%m/%d/%H') }}/"
        },
        mode="reschedule",
        poke_interval=timedelta(minutes=1),
        timeout=timedelta(days=1),
        execution_timeout=None,
        max_active_tis_per_dag=None,
    )

    # rich.pipe.yaml:53
    landing_exists = PythonSensor(
        task_id="landing.exists",
        python_callable=path_has,
        op_kwargs={
            "path": "/srv/landing/{{ data_interval_start.strftime('%Y%m%d%H') }}.csv"
        },
        mode="reschedule",
        poke_interval=timedelta(minutes=1),
        timeout=timedelta(days=1),
        execution_timeout=None,
        max_active_tis_per_dag=None,
        executor="airflow.providers.edge3.executors.EdgeExecutor",
        queue="onprem",
    )

    # rich.pipe.yaml:52
    lookup_not_empty = PythonSensor(
        task_id="lookup.not_empty",
        python_callable=s3_has,
        op_kwargs={"uri": "s3://lake/lookup/geo.csv", "size": 1},
        mode="reschedule",
        poke_interval=timedelta(minutes=1),
        timeout=timedelta(days=1),
        execution_timeout=None,
        max_active_tis_per_dag=None,
    )

    # rich.pipe.yaml:69
    class_ = SecretStagedBash(
        task_id="class",
        bash_command="""\
set -eu
sort "$INPUT1_STAGING_DIR"/*.csv | ./dedupe --token "$TOKEN" > "$OUTPUT1_STAGING_DIR"/clean.csv
""",  # noqa: E501
        inputs={
            "INPUT1_STAGING_DIR": (
                "s3://lake/raw/{{ data_interval_start.strftime('%Y/%m/%d/%H') }}/"
            ),
            "INPUT2_STAGING_DIR": "s3://lake/lookup/geo.csv",
        },
        outputs={
            "OUTPUT1_STAGING_DIR": (
                "s3://lake/clean/{{ data_interval_start.strftime('%Y/%m/%d/%H') }}/"
            )
        },
        secrets={"TOKEN": ("airflow", "rich_token")},
        env={"DAY": "{{ data_interval_start.strftime('%Y-%m-%d') }}"},
        skip_on_exit_code=None,
        on_failure_callback=[
            partial(tell_oncall, "failed"),
            partial(tell_everyone, "failed"),
        ],
        on_success_callback=partial(tell_everyone, "finished"),
    )

    # rich.pipe.yaml:77
    copy_rows_ = PythonOperator(  # noqa: AIR001
        task_id="copy_rows",
        python_callable=partial(
            copy_rows, read_csv, partial(write_sql, insert_postgres)
        ),
        op_kwargs={
            "source": {
                "path": (
                    "s3://lake/raw/{{ data_interval_start.strftime('%Y/%m/%d/%H') }}/"
                ),
                "columns": [["id", "bigint"], ["name", "string"], ["at", "timestamp"]],
            },
            "target": {
                "conn_id": "db",
                "table": 'public."rows"',
                "replace": (
                    "at >= '{{ data_interval_start | ts }}' AND at < '"
                    "{{ data_interval_end | ts }}'"
                ),
            },
        },
    )

    # rich.pipe.yaml:78
    partial_ = PythonOperator(  # noqa: AIR001
        task_id="partial",
        python_callable=copy_disk_to_s3,
        op_kwargs={
            "source": "/srv/landing/{{ data_interval_start.strftime('%Y%m%d%H') }}.csv",
            "target": (
                "s3://lake/clean/{{ data_interval_start.strftime('%Y/%m/%d/%H') }}/"
            ),
        },
        retries=0,
        retry_delay=timedelta(minutes=10),
        executor="airflow.providers.edge3.executors.EdgeExecutor",
        queue="onprem",
    )

    # rich.pipe.yaml:76
    list_ = BashOperator(  # noqa: AIR001
        task_id="list",
        bash_command="""\
script=$(mktemp)
trap 'rm -f "$script"' EXIT
cat > "$script" <<'END_OF_SCRIPT'
#!/usr/bin/env python3
import sys

print(sys.argv[1:], "{{ '{{' }} not a template }}")
END_OF_SCRIPT
/usr/bin/env python3 "$script" '{{ data_interval_start.strftime('%d') }}' 'a b'""",
        skip_on_exit_code=None,
        execution_timeout=timedelta(hours=2),
    )

    # rich.pipe.yaml:79
    DAG_ = PythonOperator(  # noqa: AIR001
        task_id="DAG",
        python_callable=partial(call_script, TIDY_PY, "tidy.py", "tidy"),
        op_kwargs={
            "arguments": {
                "day": "{{ data_interval_start.strftime('%Y-%m-%d') }}",
                "depth": 3,
                "names": ["a", "{{ '{{' }} b }}"],
            }
        },
        max_active_tis_per_dag=2,
    )

    # rich.pipe.yaml:85
    datetime_ = PythonOperator(  # noqa: AIR001
        task_id="datetime",
        python_callable=partial(call_function, "shop.mail.send"),
        op_kwargs={"arguments": {"to": "ada@example.com"}},
    )

    # rich.pipe.yaml:97
    matrix_eu = BashOperator(  # noqa: AIR001
        task_id="matrix.eu", bash_command="echo eu", skip_on_exit_code=None
    )

    # rich.pipe.yaml:97
    matrix_us = BashOperator(  # noqa: AIR001
        task_id="matrix.us", bash_command="echo us", skip_on_exit_code=None
    )

    # The watch over activities that are late.
    late_watch = WatchLate(
        task_id="late.watch",
        rules=[
            (
                timedelta(hours=2),
                ["class", "copy_rows", "list", "DAG", "matrix.eu", "matrix.us"],
                [partial(tell_oncall, "late")],
            ),
            (timedelta(minutes=30), ["partial"], [partial(tell_oncall, "late")]),
        ],
        retries=2,
        retry_delay=timedelta(minutes=10),
        execution_timeout=None,
        max_active_tis_per_dag=None,
        on_failure_callback=None,
    )

    [raw_exists, lookup_not_empty] >> class_
    raw_exists >> copy_rows_
    landing_exists >> partial_
    [class_, partial_] >> list_ >> DAG_
