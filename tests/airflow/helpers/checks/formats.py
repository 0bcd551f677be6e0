"""Copies between tables and files in the formats that need more than text: types, packing, size."""

import datetime
import json
import os
import subprocess
import sys
from decimal import Decimal
from functools import partial
from itertools import product
from unittest.mock import patch

import lab
from helpers.copy_rows import copy_rows
from helpers.insert_postgres import insert_postgres
from helpers.read_csv import read_csv
from helpers.read_dynamodb_export import read_dynamodb_export
from helpers.read_json import read_json
from helpers.read_parquet import read_parquet
from helpers.read_postgres import read_postgres
from helpers.read_regex import read_regex
from helpers.read_tsv import read_tsv
from helpers.write_csv import write_csv
from helpers.write_dynamodb_export import write_dynamodb_export
from helpers.write_json import write_json
from helpers.write_parquet import write_parquet
from helpers.write_regex import write_regex
from helpers.write_sql import write_sql
from helpers.write_tsv import write_tsv

UTC = datetime.UTC
to_table = partial(write_sql, insert_postgres)
TYPES = {
    "s": "text", "i": "bigint", "k": "smallint", "d": "double precision", "n": "decimal(20,5)",
    "b": "boolean", "t": "timestamp", "z": "timestamptz", "y": "date", "raw": "bytea", "j": "json",
    "user": "varchar(40)",
}  # fmt: skip
COLUMNS = [
    [name, {"double precision": "double", "bytea": "binary"}.get(kind, kind)]
    for name, kind in TYPES.items()
]
ODD = [
    "",
    "\\N",
    "\\",
    'a,"b"\r\nc\td',
    " ",
    "é✗😀\u2028",
    "'; DROP TABLE x; --",
    "{{ x }}",
    "|;\r",
]


def rows():
    moment = datetime.datetime(2026, 2, 28, 1, 2, 3, 450000)
    there = moment.replace(tzinfo=UTC)
    parts = {"a": [1, None, "x"], "é": {"b": True}}
    found = [
        (odd, 2**53 + 1, -7, 0.1, Decimal("12.50000"), True, moment, there, moment.date(), odd.encode(), parts, odd)
        for odd in ODD
    ]  # fmt: skip
    return [*found, (None,) * 12, ("x", -1, 0, -1e300, Decimal(-1), False, moment, there, moment.date(), b"\0\xff", [], "")]  # fmt: skip


def tables():
    """Of the same columns, the first filled; what it holds."""
    fields = ", ".join(f'"{name}" {kind}' for name, kind in TYPES.items())
    made = f"CREATE TABLE origin ({fields}); CREATE TABLE arrived ({fields})"
    lab.sql(f"DROP TABLE IF EXISTS origin, arrived; {made}", "SELECT 1")
    written = [[json.dumps(v) if isinstance(v, list) else v for v in row] for row in rows()]
    to_table(iter([list(TYPES), *written]), conn_id="warehouse", table="origin")
    return held("origin")


def held(table):
    found = lab.sql(f"SELECT * FROM {table}")
    return [tuple(bytes(v) if isinstance(v, memoryview) else at(v) for v in row) for row in found]


def at(value):
    """A time with a zone in UTC."""
    known = isinstance(value, datetime.datetime) and value.tzinfo
    return value.astimezone(UTC) if known else value


def check_every_type_survives_every_format():
    origin = tables()
    assert origin == rows()
    source = {"conn_id": "warehouse", "sql": "SELECT * FROM origin"}
    target = {"conn_id": "warehouse", "table": "arrived", "replace": []}
    disk = os.path.join(os.environ["AIRFLOW_HOME"], "formats")
    typed = {"columns": COLUMNS}
    formats = [
        (read_csv, write_csv, {"separator": ";"}, {}),
        (read_csv, write_csv, {"record_separator": "|;"}, {"compression": "bzip2"}),
        (read_tsv, write_tsv, {"separator": ",", "escape": "^"}, {"compression": "xz"}),
        (read_tsv, write_tsv, {"separator": "<|>", "record_separator": "\x02", "escape": "!"}, {}),
        (read_json, write_json, {}, {"compression": "gzip"}),
        (read_parquet, write_parquet, {}, typed),
        (read_parquet, write_parquet, {}, {**typed, "compression": "gzip"}),
        (read_dynamodb_export, write_dynamodb_export, {}, typed),
        (read_dynamodb_export, write_dynamodb_export, {}, {**typed, "compression": "gzip"}),
    ]
    for number, (read, write, both, written) in enumerate(formats):
        path = f"s3://lake/formats/{number}" if number % 2 else f"{disk}/{number}/"
        copy_rows(read_postgres, write, source, {"path": path, **both, **written})
        copy_rows(read, to_table, {"path": path, **typed, **both}, target)
        assert held("arrived") == origin, (write, path)
    parts = {number: os.listdir(f"{disk}/{number}")[0] for number in range(0, len(formats), 2)}
    endings = {0: "", 2: ".xz", 4: ".gz", 6: ".parquet", 8: ".gz"}
    assert parts == {number: f"part-00000{ending}" for number, ending in endings.items()}


def check_parquet_to_and_from_every_format():
    """The file that comes back is the one that went."""
    origin = tables()
    source = {"conn_id": "warehouse", "sql": "SELECT * FROM origin"}
    disk = os.path.join(os.environ["AIRFLOW_HOME"], "pairs")
    first, again, between = (f"{disk}/{name}" for name in ("first", "again", "between"))
    typed = {"columns": COLUMNS}
    copy_rows(read_postgres, write_parquet, source, {"path": first, **typed})
    others = [
        (read_csv, write_csv, {}),
        (read_tsv, write_tsv, {}),
        (read_json, write_json, {}),
        (read_dynamodb_export, write_dynamodb_export, {}),
    ]
    for (read, write, options), columns in product(others, (None, COLUMNS)):
        given = {"columns": columns} if columns else {}
        copy_rows(read_parquet, write, {"path": first, **given}, {"path": between, **options})
        copy_rows(read, write_parquet, {"path": between, **typed}, {"path": again, **typed})
        assert list(read_parquet(again)) == list(read_parquet(first)), write
    target = {"conn_id": "warehouse", "table": "arrived", "replace": []}
    copy_rows(read_parquet, to_table, {"path": again}, target)
    assert held("arrived") == origin


def check_what_a_parquet_file_holds():
    import pyarrow
    import pyarrow.parquet

    path = os.path.join(os.environ["AIRFLOW_HOME"], "look.parquet")
    columns = [["i", "int"], ["k", "tinyint"], ["n", "decimal"], ["m", "decimal(5)"], ["f", "float"],
               ["t", "timestamp"], ["z", "timestamptz"], ["y", "date"], ["v", "varchar(3)"]]  # fmt: skip
    zone = datetime.timezone(datetime.timedelta(hours=2))
    moment = datetime.datetime(2026, 1, 1, 12)
    there = moment.replace(tzinfo=zone)
    given = [[name for name, _ in columns], [1, 2, Decimal("1.5"), 3, 1.5, there, there, moment.date(), 5],
             ["1", "2", "1.5", "3", "1.5", moment, moment, "2026-01-01", True]]  # fmt: skip
    for codec in ("snappy", "none", "gzip", "zstd"):
        write_parquet(iter(given), path, columns, codec)
        found = pyarrow.parquet.ParquetFile(path)
        packed = found.metadata.row_group(0).column(0).compression
        assert packed == {"none": "UNCOMPRESSED"}.get(codec, codec.upper())
        assert {one.name: str(one.type) for one in found.schema_arrow} == {
            "i": "int32", "k": "int8", "n": "decimal128(38, 18)", "m": "decimal128(5, 0)",
            "f": "double", "t": "timestamp[us]", "z": "timestamp[us, tz=UTC]",
            "y": "date32[day]", "v": "string",
        }  # fmt: skip
    times = found.read(["t", "z"]).to_pylist()
    ten, utc = datetime.datetime(2026, 1, 1, 10), moment.replace(tzinfo=UTC)
    assert times == [{"t": ten, "z": ten.replace(tzinfo=UTC)}, {"t": moment, "z": utc}]
    write_parquet(iter([None]), path, columns)
    assert list(read_parquet(path)) == [[name for name, _ in columns]]
    for bad, said in [
        ([300, "tinyint"], "not all of x are int8"),
        ([Decimal("1.234"), "decimal(5,2)"], "not all of x are decimal128(5, 2)"),
        ([1.5, "int"], "not all of x are int32"),
        (["one", "double"], "not all of x are double"),
        ([moment, "date"], "not all of x are date32[day]"),
    ]:
        rest = iter([["x"], [None], bad[:1]])
        error = lab.error(lambda rest=rest, kind=bad[1]: write_parquet(rest, path, [["x", kind]]))
        assert type(error) is ValueError, error
        assert said in str(error), error
    error = lab.error(lambda: write_parquet(iter([["x", "y"], [1, 2]]), path, [["x", "int"]]))
    assert str(error) == "2 values for 1 columns"
    assert list(read_parquet(path)) == [[name for name, _ in columns]], "a draft appeared"


def check_parquet_of_others():
    import pyarrow
    import pyarrow.parquet

    folder = os.path.join(os.environ["AIRFLOW_HOME"], "others/")
    os.makedirs(folder)
    parts = pyarrow.struct([("n", pyarrow.decimal128(5, 2)), ("m", pyarrow.map_(pyarrow.string(), pyarrow.int64()))])  # fmt: skip
    nano = [1767225600123456789, None]
    table = pyarrow.table(
        {
            "ns": pyarrow.array(nano, pyarrow.timestamp("ns")),
            "zone": pyarrow.array(nano, pyarrow.timestamp("ns", "Europe/Zurich")),
            "parts": pyarrow.array([{"n": Decimal("1.50"), "m": [("a", 1)]}, None], parts),
            "list": pyarrow.array([[1, None], []], pyarrow.list_(pyarrow.int32())),
            "map": pyarrow.array(
                [[("k", 1)], None], pyarrow.map_(pyarrow.string(), pyarrow.int64())
            ),
            "word": pyarrow.array(["a", "b"]).dictionary_encode(),
            "big": pyarrow.array([2**64 - 1, 0], pyarrow.uint64()),
        }
    )
    pyarrow.parquet.write_table(table, f"{folder}a")
    pyarrow.parquet.write_table(table, f"{folder}b", use_deprecated_int96_timestamps=True)
    moment = datetime.datetime(2026, 1, 1, 0, 0, 0, 123456)
    whole = [
        (moment, moment.replace(tzinfo=UTC), '{"n": 1.50, "m": {"a": 1}}', "[1, null]", '{"k": 1}', "a", 2**64 - 1),
        (None, None, None, "[]", None, "b", 0),
    ]  # fmt: skip
    for name in "ab":
        names, *found = read_parquet(f"{folder}{name}")
        plain = [(*row[:1], row[1] and row[1].replace(tzinfo=UTC), *row[2:]) for row in found]
        assert (names, plain) == (table.column_names, whole), found
    picked = [["word", "string"], ["big", "decimal"], ["parts", "json"]]
    assert list(read_parquet(folder, picked)) == [
        ["word", "big", "parts"],
        *[("a", Decimal(2**64 - 1), whole[0][2]), ("b", 0, None)] * 2,
    ]
    error = lab.error(lambda: list(read_parquet(folder, [["Word", "string"]])))
    assert str(error).startswith("a: no column Word: it has ['ns', 'zone',"), error
    lab.put("others/a.csv", b"a,b\n")
    error = lab.error(lambda: list(read_parquet("s3://lake/others/a.csv")))
    assert type(error) is ValueError
    assert str(error).startswith("a.csv: "), error


def check_parquet_says_what_is_missing():
    for call in (
        lambda: list(read_parquet("/none")),
        lambda: write_parquet(iter([]), "/none", [["x", "int"]]),
    ):
        with patch.dict(sys.modules, {"pyarrow": None}):
            error = lab.error(call)
        assert "pip install pyarrow" in str(error), error


def check_lines_that_a_pattern_takes_apart():
    pattern = r'(\S+) - \[([^\]]*)\] "([^"]*)" (\d*)'
    columns = [["ip", "string"], ["at", "timestamp"], ["request", "string"], ["bytes", "int"]]
    lab.sql(
        "DROP TABLE IF EXISTS visits",
        "CREATE TABLE visits (ip text, at timestamp, request text, bytes int)",
        "SELECT 1",
    )
    text = '::1 - [2026-01-01 00:00:00] "GET /{{ x }} é🦆" 17\r\n\r\n10.0.0.1 - [] "" \r\n'
    lab.put("visits.log", text.encode())
    table = {"conn_id": "warehouse", "table": "visits"}
    source = {"path": "s3://lake/visits.log", "pattern": pattern, "columns": columns}
    copy_rows(read_regex, to_table, source, table)
    assert lab.sql("SELECT * FROM visits") == [
        ("::1", datetime.datetime(2026, 1, 1), "GET /{{ x }} é🦆", 17),
        ("10.0.0.1", None, None, None),
    ]
    again = {"path": "s3://lake/again.log", "pattern": pattern, "output": '{0} - [{1}] "{2}" {3}'}
    select = {"conn_id": "warehouse", "sql": "SELECT * FROM visits"}
    copy_rows(read_postgres, write_regex, select, again)
    assert lab.got("again.log") == {"": text.replace("\r\n\r\n", "\n").replace("\r", "").encode()}
    lab.sql("INSERT INTO visits VALUES ('10.0.0.2', NULL, 'a \"quoted\" one', 1)", "SELECT 1")
    error = lab.error(lambda: copy_rows(read_postgres, write_regex, select, again))
    assert type(error) is ValueError
    assert "row 3 would not be read again as ['10.0.0.2', None, 'a \"quoted\"" in str(error), error
    assert lab.got("again.log")[""].count(b"\n") == 2
    lab.put("visits.log", text.encode() * 40000 + b"nonsense " * 1000)
    error = lab.error(lambda: copy_rows(read_regex, to_table, source, table))
    assert "row 80001 of visits.log (the pattern does not match 'nonsense nonsense" in str(error)
    assert len(str(error)) < 300
    assert lab.sql("SELECT count(*) FROM visits") == [(3,)]


SIZE = """
import json, resource, sys
from importlib import import_module

name, path, written, both, typed = sys.argv[1], sys.argv[2], *map(json.loads, sys.argv[3:])
write = getattr(import_module(f"helpers.write_{name}"), f"write_{name}")
read = getattr(import_module(f"helpers.read_{name}"), f"read_{name}")

def rows(count):
    yield [name for name, _ in typed["columns"]]
    for number in range(count):
        yield [number, f"{number:0500}", None, number / 7]

for count in (40_000, 120_000):
    write(rows(count), path, **both, **written)
    assert sum(1 for _ in read(path, **both, **typed)) == count + 1
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def check_memory_does_not_grow_with_the_file():
    """What 80,000 rows more hold, 40 MB and more, is not in memory."""
    typed = {"columns": [["n", "int"], ["text", "string"], ["null", "date"], ["part", "double"]]}
    disk = os.path.join(os.environ["AIRFLOW_HOME"], "large")
    for name, path, written, both in [
        ("csv", disk, {}, {"record_separator": "|"}),
        ("tsv", disk, {"compression": "gzip"}, {}),
        ("json", disk, {}, {}),
        ("parquet", "s3://lake/large", typed, {}),
    ]:
        words = [name, path, *map(json.dumps, (written, both, typed))]
        environment = {**os.environ, "PYTHONPATH": str(lab.HELPERS)}
        done = subprocess.run(
            [sys.executable, "-c", SIZE, *words], env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        few, many = map(int, done.stdout.split()[-2:])
        assert many - few < 20_000, f"{name}: {few} kB and {many} kB"
