"""What the functions of Dag files do to the values and names of databases.

`run_checks.py` runs them in the Python of an Airflow. The environment says what `web` and `old` (MySQL)
and `crm` (JDBC) lead to, and where the JDBC driver is.
"""

import datetime
import itertools
import json
import os
import uuid
from contextlib import closing
from decimal import Decimal
from functools import partial
from pathlib import Path

import lab
from helpers.as_text import as_text
from helpers.copy_rows import copy_rows
from helpers.insert_jdbc import insert_jdbc
from helpers.insert_mysql import insert_mysql
from helpers.insert_postgres import insert_postgres
from helpers.read_csv import read_csv
from helpers.read_jdbc import read_jdbc
from helpers.read_json import read_json
from helpers.read_mysql import read_mysql
from helpers.read_postgres import read_postgres
from helpers.read_tsv import read_tsv
from helpers.run_statements import run_statements
from helpers.run_with import run_with
from helpers.sql_transaction import sql_transaction
from helpers.write_csv import write_csv
from helpers.write_json import write_json
from helpers.write_sql import write_sql
from helpers.write_tsv import write_tsv

HOME = Path(os.environ["AIRFLOW_HOME"])
DRIVER = {"driver_class": "org.h2.Driver", "driver_path": os.environ["PIPEC_JAR"]}
PLACES = {
    "warehouse": (read_postgres, insert_postgres, {}),
    "web": (read_mysql, insert_mysql, {}),
    "old": (read_mysql, insert_mysql, {}),
    "crm": (read_jdbc, insert_jdbc, {"hook_params": DRIVER}),
}
"""The databases: a PostgreSQL, a MySQL by each of its drivers, an H2 behind JDBC."""

TYPES = {
    "id": "int", "big": "bigint", "price": "decimal(30,5)", "amount": "double", "ok": "boolean",
    "at": "timestamp", "day": "date", "clock": "time", "words": "string", "raw": "binary",
    "doc": "json", "code": "uuid", "moment": "timestamptz",
}  # fmt: skip
SPELT = {
    "warehouse": {
        "double": "double precision", "time": "time(6)", "string": "text", "binary": "bytea",
        "timestamp": "timestamp(6)", "json": "jsonb",
    },
    "web": {
        "boolean": "tinyint(1)", "timestamp": "datetime(6)", "time": "time(6)", "uuid": "char(36)",
        "string": "longtext", "binary": "longblob", "timestamptz": "timestamp(6) NULL",
    },
    "crm": {
        "double": "double precision", "timestamp": "timestamp(6)", "time": "time(6)", "json": "varchar",
        "string": "clob", "binary": "blob", "timestamptz": "timestamp(6) with time zone",
    },
}  # fmt: skip
SPELT["old"] = SPELT["web"]
ODD = [
    'a,"b"\r\nc\td\\', " ", "é✗😀🦆", r"\N", "'; DROP TABLE t; --", "%s %(x)s %% ? {{ x }} {% y %}",
    "last\r", ":name ${x} $1 $$ :1", "`a` [b] \"c\" 'd'", "\\' \\\\ \\n", "{d '2026-01-01'}", "\u2028",
    "x" * 20_000,
]  # fmt: skip
NOW = datetime.datetime(2026, 3, 29, 2, 30, 0, 50_000)


def values(number: int, words: str) -> list:
    """A row of every type."""
    return [
        number, -(2**63) + number, Decimal("1234567890123456789012345.00001"), 0.1 + number,
        number % 2 == 0, NOW + datetime.timedelta(microseconds=number), NOW.date(),
        datetime.time(1, 2, 3, number + 1), words, bytes(range(256)), {"a": [1, 2.5, None, "ä'\""]},
        uuid.UUID(int=number), NOW.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=number))),
    ]  # fmt: skip


ROWS = [values(number, words) for number, words in enumerate(ODD)] + [[99, *[None] * 12]]


def same(row: list) -> list:
    """A row as it is to compare: what has no type of its own in some database, by its meaning."""
    found = []
    for kind, value in zip(TYPES.values(), row, strict=True):
        if value is None:
            found.append(None)
        elif kind == "json":
            found.append(json.loads(value) if isinstance(value, str) else value)
        elif kind == "uuid":
            found.append(str(value))
        elif kind == "time":
            found.append(as_text(value).rstrip("0"))
        elif kind == "boolean":
            found.append(bool(value))
        elif kind == "binary":
            found.append(bytes(value))
        elif kind == "timestamptz":
            found.append(value.replace(tzinfo=None) - (value.utcoffset() or datetime.timedelta()))
        else:
            plain = (int, float, str, Decimal, datetime.datetime, datetime.date)
            assert type(value) in plain, value
            found.append(value)
    return found


def agree(rows: list, about: object) -> None:
    """Whether the rows mean what they were made to."""
    assert len(rows) == len(ROWS), about
    for one, other in zip(map(same, rows), map(same, ROWS), strict=True):
        for column, left, right in zip(TYPES, one, other, strict=True):
            assert left == right, (about, column, left, right)


def table(place: str, name: str) -> None:
    """An empty table for rows of every type."""
    spelt = SPELT[place]
    named = {one: one if place != "crm" else f'"{one.upper()}"' for one in TYPES}
    columns = ", ".join(f"{named[one]} {spelt.get(kind, kind)}" for one, kind in TYPES.items())
    do(place, f"DROP TABLE IF EXISTS {name}", f"CREATE TABLE {name} ({columns})")


def do(place: str, *statements: str) -> None:
    """Execute statements, and keep what they do."""
    driver = DRIVER if place == "crm" else None
    with sql_transaction(place, driver) as session, closing(session.cursor()) as cursor:
        for one in statements:
            cursor.execute(one)


def source(place: str, sql: str) -> dict:
    options = PLACES[place][2]
    return {"conn_id": place, "sql": sql, **options}


def found(place: str, name: str, order: str = "id") -> list:
    """The rows of a table."""
    read = PLACES[place][0]
    return list(map(list, read(**source(place, f"SELECT * FROM {name} ORDER BY {order}"))))[1:]


def write(place: str, name: str, **options):
    """The function that writes to a table, and its arguments."""
    insert, given = PLACES[place][1:]
    return partial(write_sql, insert), {"conn_id": place, "table": name, **given, **options}


def put(place: str, name: str, rows: list, **options) -> None:
    function, given = write(place, name, **options)
    function(iter(rows), **given)


def check_values_survive_between_databases():
    for place in PLACES:
        table(place, "origin")
        put(place, "origin", [list(TYPES), *ROWS])
        agree(found(place, "origin"), place)
    for one, other in itertools.product(PLACES, repeat=2):
        table(other, "arrived")
        function, given = write(other, "arrived", replace="")
        read = source(one, "SELECT * FROM origin")
        for _ in range(2):
            copy_rows(PLACES[one][0], function, read, given)
        agree(found(other, "arrived"), (one, other))


def check_values_survive_in_files():
    formats = [(read_csv, write_csv), (read_tsv, write_tsv), (read_json, write_json)]
    columns = [list(pair) for pair in TYPES.items()]
    texts = {}
    for (place, (read, _, _)), (back, out) in itertools.product(PLACES.items(), formats):
        table(place, "origin")
        put(place, "origin", [list(TYPES), *ROWS])
        for path in (f"s3://lake/{place}.txt", str(HOME / "there" / place)):
            query = source(place, "SELECT * FROM origin")
            copy_rows(read, out, query, {"path": path}, columns=list(TYPES))
            table(place, "arrived")
            function, given = write(place, "arrived")
            copy_rows(back, function, {"path": path, "columns": columns}, given)
            agree(found(place, "arrived"), (place, out))
        texts[place, out] = (HOME / "there" / place).read_text(encoding="utf-8")
    # A file does not tell where its rows come from, except by what SQL leaves open.
    lines = {place: text for (place, out), text in texts.items() if out is write_csv}
    assert lines["web"] == lines["old"]
    assert "0.05" not in lines["crm"] or "02:30:00.050000" in lines["crm"]


def check_names():
    """Names of columns are found whatever their capitals, and quoted as they are."""
    odd = ["order", "Mixed Case", "per%cent", "dot.ted", "ä", "question?", 'say "x"', "back`tick"]
    for place in PLACES:
        mark = "`" if place in ("web", "old") else '"'
        names = [one for one in odd if place != "crm" or "?" not in one]
        quoted = [mark + one.replace(mark, mark * 2) + mark for one in names]
        do(place, "DROP TABLE IF EXISTS odd", f"CREATE TABLE odd ({', '.join(f'{one} int' for one in quoted)})")  # fmt: skip
        said = [one.upper() if one == "Mixed Case" else one for one in names]
        put(place, "odd", [said, range(len(names))])
        query = f"SELECT {quoted[1]}, {quoted[0]} AS {mark}An Alias{mark} FROM odd"
        assert list(map(list, PLACES[place][0](**source(place, query)))) == [
            ["Mixed Case", "An Alias"],
            [1, 0],
        ], place
        wrong = lab.error(lambda place=place: put(place, "odd", [["order", "ordr"], [1, 2]]))
        assert type(wrong) is ValueError, wrong
        assert "odd has no column ordr: it has order, Mixed Case" in str(wrong), wrong


def check_a_copy_that_fails_changes_nothing():
    for place in PLACES:
        do(place, "DROP TABLE IF EXISTS kept", "CREATE TABLE kept (id int NOT NULL)")
        do(place, "INSERT INTO kept VALUES (0)")
        for bad in ([[None]], [["x"]]):
            rows = [["id"], *([number] for number in range(1200)), *bad]
            lab.error(lambda place=place, rows=rows: put(place, "kept", rows, replace=""))
            assert found(place, "kept") == [[0]], place
        put(place, "kept", [["id"], [1]], replace="id >= 1 AND id < 2")
        put(place, "kept", [["id"], [1]], replace="id >= 1 AND id < 2")
        assert found(place, "kept") == [[0], [1]], place


def check_custom_statements():
    for place in PLACES:
        do(place, "DROP TABLE IF EXISTS made", "CREATE TABLE made (a varchar(40), b int)")
        mysql = place in ("web", "old")
        joined = "concat(?, '?%s''x')" if mysql else "CAST(? AS varchar(40)) || '?%s''x'"
        dual = "" if place == "warehouse" else "FROM DUAL"
        insert = f"INSERT INTO made (a, b) SELECT {joined}, ? {dual}"
        put(place, "made", [None, ["x{{ y }}", 3], [None, 4]], insert=insert)
        rows = found(place, "made", "b")
        assert rows == [["x{{ y }}?%s'x", 3], [None, 4]], (place, rows)


def check_statements_are_one_transaction():
    """Of JDBC; a driver shows what went wrong only behind a first result."""
    do("crm", "DROP TABLE IF EXISTS ran", "CREATE TABLE ran (a varchar(99))")
    told = ["INSERT INTO ran VALUES ('?; {{ x }} :y')", "SELECT * FROM ran", "DELETE FROM nothing"]
    assert "nothing" in str(lab.error(lambda: run_statements("crm", told, DRIVER))).lower()
    assert found("crm", "ran", "a") == []
    run_statements("crm", told[:2], DRIVER)
    assert found("crm", "ran", "a") == [["?; {{ x }} :y"]]


def check_statements_take_values():
    for place in PLACES:
        driver = PLACES[place][2].get("hook_params")
        do(place, "DROP TABLE IF EXISTS given", "CREATE TABLE given (a varchar(99), b int)")
        told = [
            "-- it's ? and 100%s\nINSERT INTO given VALUES (?, ?)",
            "INSERT INTO given VALUES ('? %s', 3) /* ? */",
            "UPDATE given SET a = 'it''s' WHERE b = ? AND a <> '?'",
        ]
        odd = "it's {{ x }} %s ? :1"
        run_with(place, told, [odd, "1", "3"], driver)
        assert found(place, "given", "b") == [[odd, 1], ["it's", 3]], place
        assert "2 values for 3" in str(
            lab.error(partial(run_with, place, told, ["x", "1"], driver))
        )
        wrong = [told[0], "DELETE FROM nothing WHERE a = ?"]
        lab.error(partial(run_with, place, wrong, [odd, "2", "x"], driver))
        assert len(found(place, "given", "b")) == 2, place


def check_empty_tables():
    for place in PLACES:
        table(place, "origin")
        assert list(PLACES[place][0](**source(place, "SELECT * FROM origin"))) != []
        put(place, "origin", [list(TYPES)])
        put(place, "origin", [None])
        assert found(place, "origin") == []


def check_memory_does_not_grow():
    """40 MB from each database to itself; a reader may stop early."""
    import resource

    for place in PLACES:
        words = {"web": "longtext", "old": "longtext", "crm": "clob"}.get(place, "text")
        for name in ("many", "more"):
            do(place, f"DROP TABLE IF EXISTS {name}", f"CREATE TABLE {name} (n int, x {words})")
        rows = ([number, "é" * 1000] for number in range(40_000))
        put(place, "many", itertools.chain([["n", "x"]], rows))
        begin = memory(place)
        seen = []

        def watched(rows, place=place, seen=seen):
            for number, row in enumerate(rows):
                if number == 39_000:
                    seen.append(memory(place))
                yield row

        function, given = write(place, "more")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        read = PLACES[place][0](**source(place, "SELECT * FROM many"))
        function(watched(read), **given)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        assert place == "crm" or grown < 20_000, f"{place}: {grown} kB"
        assert seen[0] - begin < 10e6, f"{place}: {seen[0] - begin} bytes"
        count = "SELECT count(*), min(n), max(n), max(length(x)) FROM more"
        length = 2000 if place in ("web", "old") else 1000
        rows = list(map(list, PLACES[place][0](**source(place, count))))
        assert rows[1] == [40_000, 0, 39_999, length], rows
        started = PLACES[place][0](**source(place, "SELECT * FROM many"))
        assert [next(started)[0].lower(), next(started)[0]] == ["n", 0]
        started.close()


def memory(place: str) -> int:
    """What Java holds, if that is where the database is."""
    if place != "crm":
        return 0
    from jpype import JClass

    JClass("java.lang.System").gc()
    about = JClass("java.lang.Runtime").getRuntime()
    return about.totalMemory() - about.freeMemory()
