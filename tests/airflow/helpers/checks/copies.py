"""Copies between files and tables."""

import datetime
import gzip
import os
from decimal import Decimal
from functools import partial

import lab
from helpers.copy_disk_to_s3 import copy_disk_to_s3
from helpers.copy_rows import copy_rows
from helpers.copy_s3_to_disk import copy_s3_to_disk
from helpers.copy_s3_to_s3 import copy_s3_to_s3
from helpers.insert_postgres import insert_postgres
from helpers.read_csv import read_csv
from helpers.read_json import read_json
from helpers.read_postgres import read_postgres
from helpers.read_tsv import read_tsv
from helpers.write_csv import write_csv
from helpers.write_json import write_json
from helpers.write_sql import write_sql
from helpers.write_tsv import write_tsv

try:
    from airflow.sdk import DAG
except ImportError:
    from airflow import DAG
from airflow.providers.standard.operators.python import PythonOperator

COLUMNS = [["region", "string"], ["order", "bigint"], ["at", "timestamp"]]
to_table = partial(write_sql, insert_postgres)
VISITS = 'CREATE TABLE visits (region text, "order" bigint, at timestamp)'
ODD = [
    'a,"b"\r\nc\td\\',
    " ",
    "é✗😀",
    r"\N",
    "'; DROP TABLE visits; --",
    "%s %(x)s ? {{ x }}",
    "last\r",
]

with DAG("copies", schedule=None, start_date=lab.START) as dag:
    hour = "{{ data_interval_start.strftime('%Y-%m-%d-%H') }}"
    PythonOperator(
        task_id="load_visits",
        python_callable=partial(copy_rows, read_csv, to_table),
        op_kwargs={
            "source": {"path": f"s3://lake/visits/{hour}/", "columns": COLUMNS, "header": True},
            "target": {
                "conn_id": "warehouse",
                "table": "public.visits",
                "replace": "at >= '{{ data_interval_start }}' AND at < '{{ data_interval_end }}'",
            },
        },
        do_xcom_push=False,
    )


def check_a_copy_can_be_run_again():
    lab.sql(f"DROP TABLE IF EXISTS visits; {VISITS}; SET TIME ZONE 'Asia/Tokyo'", "SELECT 1")
    lab.sql(
        "INSERT INTO visits VALUES ('before', 1, '2026-11-19 23:59:59'), ('after', 1, '2026-11-20 01:00')",
        "SELECT 1",
    )
    lab.put("visits/2026-11-20-00/_SUCCESS")
    lab.put(
        "visits/2026-11-20-00/a.csv",
        b'Region,Order,At\nCH,1,2026-11-20 00:00:00\n"x,y",,2026-11-20T00:59:59.5Z\n',
    )
    lab.put(
        "visits/2026-11-20-00/b.csv.gz",
        gzip.compress(b"Region,Order,At\n,3,2026-11-20 00:30\n"),
    )

    for _ in range(2):
        assert lab.states(lab.run(dag)) == {"": "success", "load_visits": "success"}
        assert sorted(lab.sql("SELECT * FROM visits"), key=lambda row: row[2]) == [
            ("before", 1, datetime.datetime(2026, 11, 19, 23, 59, 59)),
            ("CH", 1, datetime.datetime(2026, 11, 20)),
            (None, 3, datetime.datetime(2026, 11, 20, 0, 30)),
            ("x,y", None, datetime.datetime(2026, 11, 20, 0, 59, 59, 500000)),
            ("after", 1, datetime.datetime(2026, 11, 20, 1)),
        ]


def check_a_copy_that_fails_changes_nothing():
    lab.sql("DROP TABLE IF EXISTS visits", VISITS, "SELECT 1")
    lab.sql("INSERT INTO visits VALUES ('old', 0, NULL)", "SELECT 1")
    lab.put("kept.csv", b"kept")
    source = {"path": "s3://lake/bad.csv", "columns": COLUMNS}
    table = {"conn_id": "warehouse", "table": "visits", "replace": ""}
    good = "CH,1,2026-11-20 00:00:00\n" * 600
    for bad in ("CH,two,2026-11-20 00:00:00", "CH,1", "CH,1,2026-13-20", '"CH,1'):
        lab.put("bad.csv", f"{good}{bad}\n".encode())

        error = lab.error(lambda: copy_rows(read_csv, to_table, source, table))

        assert type(error) is ValueError, error
        assert "row 601 " in str(error), error
        assert lab.sql("SELECT region FROM visits") == [("old",)]
    file = {"path": "s3://lake/kept.csv"}
    lab.error(lambda: copy_rows(read_csv, write_csv, source, file))
    assert lab.got("kept.csv") == {"": b"kept"}


def check_every_value_survives():
    """Through every format, and from there into a table again."""
    types = {
        "s": "text", "i": "bigint", "d": "double precision", "n": "decimal(20,5)",
        "b": "boolean", "t": "timestamp", "y": "date", "user": "varchar(40)",
    }  # fmt: skip
    fields = ", ".join(f'"{name}" {kind}' for name, kind in types.items())
    moment = datetime.datetime(2026, 2, 28, 1, 2, 3, 450000)
    rows = [
        (odd, 2**53 + 1, 0.1, Decimal("12.50000"), True, moment, moment.date(), odd) for odd in ODD
    ]
    rows += [(None,) * 8, ("x", -1, -1e300, Decimal(-1), False, moment, moment.date(), "y")]
    lab.sql(
        f"DROP TABLE IF EXISTS origin, arrived; CREATE TABLE origin ({fields}); CREATE TABLE arrived ({fields})",
        "SELECT 1",
    )
    to_table(iter([list(types), *rows]), conn_id="warehouse", table="origin")
    assert lab.sql("SELECT * FROM origin") == rows

    source = {"conn_id": "warehouse", "sql": "SELECT * FROM origin"}
    target = {"conn_id": "warehouse", "table": "public.arrived", "replace": ""}
    disk = os.path.join(os.environ["AIRFLOW_HOME"], "there")
    columns = [list(pair) for pair in types.items()]
    formats = [
        (read_csv, write_csv, {"header": True}),
        (read_csv, write_csv, {"separator": "|"}),
        (read_tsv, write_tsv, {}),
        (read_tsv, write_tsv, {"separator": ",", "header": True}),
        (read_json, write_json, {}),
    ]
    for number, (read, write, options) in enumerate(formats):
        s3 = f"s3://lake/there/{number}"
        for path in (f"{disk}/{number}/", f"{disk}/{number}.gz", f"{s3}/", f"{s3}.gz"):
            copy_rows(read_postgres, write, source, {"path": path, **options})
            copy_rows(read, to_table, {"path": path, "columns": columns, **options}, target)
            assert lab.sql("SELECT * FROM arrived") == rows, (write, path)
    assert sorted(os.listdir(disk))[:2] == ["0", "0.gz"]
    assert os.listdir(f"{disk}/0") == ["part-00000"]
    copy_rows(read_postgres, to_table, source, target)
    assert lab.sql("SELECT * FROM arrived") == rows


def check_what_files_look_like():
    rows = [["a", "b"], ("", None), (None, None), ('q"', "1,2"), ("x\ny", True), ("tab\t\\", 1)]
    for write, options, text in [
        (write_csv, {}, '"",\n,\n"q""","1,2"\n"x\ny",true\ntab\t\\,1\n'),
        (write_tsv, {"header": True}, 'a\tb\n\t\\N\n\\N\t\\N\nq"\t1,2\nx\\\ny\ttrue\ntab\\\t\\\\\t1\n'),
        (write_json, {}, '{"a": "", "b": null}\n{"a": null, "b": null}\n{"a": "q\\"", "b": "1,2"}\n'
         '{"a": "x\\ny", "b": true}\n{"a": "tab\\t\\\\", "b": 1}\n'),
    ]:  # fmt: skip
        write(iter(rows), "s3://lake/look/", **options)
        assert lab.got("look/") == {"part-00000": text.encode()}
    lab.put("bom.csv", "\ufeffx,y\r\n1,\r\n\r\n".encode())
    assert list(read_csv("s3://lake/bom.csv", header=True)) == [["x", "y"], ["1", None]]
    assert list(read_csv("s3://lake/none/", header=True)) == [None]
    write_csv(iter([None]), "s3://lake/look/")
    assert lab.got("look/") == {"part-00000": b""}


def check_memory_does_not_grow():
    """150 MB: from a table to a file, and from there to a table."""
    import resource

    lab.sql(
        "DROP TABLE IF EXISTS many, more; CREATE TABLE more (n int, x text)",
        "CREATE TABLE many AS SELECT n, repeat('x', 1000) x FROM generate_series(1, 150000) n",
        "SELECT 1",
    )
    path = os.path.join(os.environ["AIRFLOW_HOME"], "many.csv")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    select = {"conn_id": "warehouse", "sql": "SELECT * FROM many"}
    copy_rows(read_postgres, write_csv, select, {"path": path})
    table = {"conn_id": "warehouse", "table": "more"}
    copy_rows(read_csv, to_table, {"path": path, "columns": [["n", "int"], ["x", "text"]]}, table)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert lab.sql("SELECT count(*) FROM more") == [(150000,)]
    assert os.path.getsize(path) > 150e6
    assert grown < 50e3, f"{grown} kB"


def check_custom_statements():
    lab.sql(f"DROP TABLE IF EXISTS visits; {VISITS}", "SELECT 1")
    lab.put("custom.csv", b"CH,1\nIT,2\n")
    copy_rows(
        read_csv, to_table, {"path": "s3://lake/custom.csv"},
        {"conn_id": "warehouse", "table": "visits", "insert": "INSERT INTO visits (region, \"order\") SELECT ? || '?%', ? :: int % 2"},
    )  # fmt: skip
    assert lab.sql('SELECT region, "order" FROM visits') == [("CH?%", 1), ("IT?%", 0)]
    found = list(
        read_postgres(
            "warehouse", "SELECT region AS \"R\", 'x%s' FROM visits WHERE region LIKE 'C%';"
        )
    )
    assert found == [["R", "?column?"], ("CH?%", "x%s")]


def check_copies_of_files():
    lab.put("from/a", b"A")
    lab.put("from/deep/b#?.csv", b"B")
    disk = os.path.join(os.environ["AIRFLOW_HOME"], "files")

    copy_s3_to_s3("s3://lake/from/", "s3://lake/to/")
    assert lab.got("to/") == {"a": b"A", "deep/b#?.csv": b"B"}
    copy_s3_to_s3("s3://lake/from/a", "s3://lake/to/sub/")
    copy_s3_to_s3("s3://lake/from/a", "s3://lake/to/sub/c")
    assert lab.got("to/sub/") == {"a": b"A", "c": b"A"}
    copy_s3_to_disk("s3://lake/from/", f"{disk}/")
    copy_s3_to_disk("s3://lake/from/a", f"{disk}/c")
    assert sorted(os.listdir(disk)) == ["a", "c", "deep"]
    copy_disk_to_s3(f"{disk}/", "s3://lake/back/")
    copy_disk_to_s3(f"{disk}/c", "s3://lake/back/d")
    copy_disk_to_s3(f"{disk}/c", "s3://lake/back/e/")
    assert lab.got("back/") == {"a": b"A", "c": b"A", "deep/b#?.csv": b"B", "d": b"A", "e/c": b"A"}
