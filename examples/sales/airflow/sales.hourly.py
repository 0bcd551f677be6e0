"""What the shop sells, by city and product, from hours to months.

Made by pipec from sales.pipe.yaml: everything on the schedule `hourly`.
Change that file and compile it again; changes here are lost.
"""

import json
import os
import re
import tempfile
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from importlib import import_module
from itertools import count, repeat
from uuid import UUID

from airflow.providers.common.sql.hooks.sql import DbApiHook
from airflow.providers.standard.operators.python import PythonOperator
from airflow.providers.standard.sensors.python import PythonSensor
from airflow.sdk import DAG, DeltaDataIntervalTimetable
from airflow.sdk.exceptions import AirflowFailException
from dateutil.parser import isoparse


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


def roll_up_files(insert_rows, read, source, conn_id, staging, columns, before, after):
    """Loads `columns` of the rows of `read(**source)` into the table `staging`.

    It exists in this session alone. Statements stand before and after; all that they
    do is done, or nothing.
    """
    with sql_transaction(conn_id) as session:
        with closing(session.cursor()) as cursor:
            for statement in before:
                cursor.execute(statement)
        with closing(read(**source)) as rows:
            insert_rows(session, staging, chosen_columns(rows, columns))
        with closing(session.cursor()) as cursor:
            for statement in after:
                cursor.execute(statement)


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


def only_on_schedule(context):
    """Refuses runs that are not on the schedule `hourly`."""
    return refuse_others("every 1 hour from 2026-03-02T00:00Z", context)


# 29 runs at a time: 5 for the work, 24 because a wait may reach over so many.
with DAG(
    dag_id="sales.hourly",
    description="What the shop sells, by city and product, from hours to months.",
    schedule=DeltaDataIntervalTimetable(timedelta(hours=1)),
    start_date=datetime(2026, 3, 2, tzinfo=timezone.utc),
    catchup=True,
    max_active_runs=29,
    default_args={
        "retries": 2,
        "retry_delay": timedelta(minutes=5),
        "do_xcom_push": False,
        "pre_execute": only_on_schedule,
    },
    tags=["sales"],
    doc_md=__doc__,
):
    # sales.pipe.yaml:23
    receipts_exists = PythonSensor(
        task_id="receipts.exists",
        python_callable=s3_has,
        op_kwargs={
            "uri": (
                "s3://acme-sales/receipts/"
                "{{ data_interval_start.strftime('%Y/%m/%d/%H') }}/"
            )
        },
        mode="reschedule",
        poke_interval=timedelta(minutes=1),
        timeout=timedelta(hours=6),
    )

    # sales.pipe.yaml:31
    sum_up_hourly = PythonOperator(  # noqa: AIR001
        task_id="sum_up.hourly",
        python_callable=partial(roll_up_files, insert_postgres, read_csv),
        op_kwargs={
            "source": {
                "path": (
                    "s3://acme-sales/receipts/"
                    "{{ data_interval_start.strftime('%Y/%m/%d/%H') }}/"
                ),
                "columns": [
                    ["city", "string"],
                    ["product", "string"],
                    ["pieces", "int"],
                    ["price", "decimal"],
                ],
            },
            "conn_id": "shop",
            "staging": "rollup_{{ data_interval_start.strftime('%Y%m%dT%H%M%S') }}",
            "columns": ["city", "product", "pieces", "price"],
            "before": [
                (
                    "CREATE TEMPORARY TABLE rollup_"
                    "{{ data_interval_start.strftime('%Y%m%dT%H%M%S') }} (city text, "
                    "product text, pieces integer, price numeric(10,2))"
                )
            ],
            "after": [
                (
                    "DELETE FROM sales.by_hour WHERE interval_start >= '"
                    "{{ data_interval_start | ts }}' AND interval_start < '"
                    "{{ data_interval_end | ts }}'"
                ),
                """\
INSERT INTO sales.by_hour (interval_start, city, product, receipts, pieces, price, max_price, sum_pieces, count_pieces)
SELECT '{{ data_interval_start | ts }}', city, product, count(*), sum(pieces), sum(price), max(price), sum(pieces), count(pieces)
FROM rollup_{{ data_interval_start.strftime('%Y%m%dT%H%M%S') }}
GROUP BY city, product""",  # noqa: E501
            ],
        },
        execution_timeout=timedelta(minutes=30),
        max_active_tis_per_dag=5,
    )

    receipts_exists >> sum_up_hourly
