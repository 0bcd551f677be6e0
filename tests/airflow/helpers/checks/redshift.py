"""What Redshift does, as far as PostgreSQL does the same; what it does not, by its shape."""

import contextlib
import json
import os
import resource

import lab
from helpers import sql_transaction
from helpers.copy_into import copy_into
from helpers.copy_rows import copy_rows
from helpers.copy_through import copy_through
from helpers.insert_postgres import insert_postgres
from helpers.insert_query import insert_query
from helpers.insert_read import insert_read
from helpers.load_redshift import load_redshift
from helpers.read_csv import read_csv
from helpers.unload import unload
from helpers.write_csv import write_csv

OLD = [(1, "a", "old"), (2, "b", "old"), (None, "c", "old")]
NEW = [(2, "b", "new"), (3, "a", "new"), (None, "c", "new")]


def table(*rows, key="", name="stock"):
    """A table of three columns that holds these rows."""
    lab.sql(
        f"DROP TABLE IF EXISTS {name}",
        f"CREATE TABLE {name} (id int, kind text, note text{key})",
        *(f"INSERT INTO {name} VALUES ({value(a)}, {value(b)}, {value(c)})" for a, b, c in rows),
        "SELECT 1",
    )


def value(of):
    return "NULL" if of is None else f"'{of}'"


def stored(name="stock"):
    found = lab.sql(f"SELECT id, kind, note FROM {name}")
    return sorted(map(tuple, found), key=str)


def given(session, table, rows):
    """Loads rows as COPY would, which PostgreSQL cannot."""
    insert_postgres(session, table, iter([["id", "kind", "note"], *rows]))


def load(mode, rows=NEW, **more):
    load_redshift(given, {"rows": rows}, "warehouse", "stock", mode, **more)


def check_append_adds_all():
    table(*OLD)
    load("append")
    assert stored() == sorted([*OLD, *NEW], key=str)


def check_truncate_leaves_the_new_rows_or_those_of_other_intervals():
    table(*OLD)
    load("truncate")
    assert stored() == sorted(NEW, key=str)
    table(*OLD)
    load("truncate", replace="id = 1")
    assert stored() == sorted([*OLD[1:], *NEW], key=str)


def check_keep_existing_adds_what_has_another_key():
    table(*OLD)
    load("keep_existing", keys=["id", "kind"])
    assert stored() == sorted([*OLD, (3, "a", "new")], key=str)
    load("keep_existing", keys=["id", "kind"])
    assert stored() == sorted([*OLD, (3, "a", "new")], key=str)


def check_overwrite_existing_makes_room():
    table(*OLD)
    for _ in range(2):
        load("overwrite_existing", keys=["id", "kind"])
        assert stored() == sorted([OLD[0], *NEW], key=str)


def check_one_of_several_with_the_same_key_is_taken():
    for mode in ("keep_existing", "overwrite_existing"):
        table()
        load(mode, [(1, "a", "x"), (1, "a", "y"), (2, "b", "z")], keys=["id"])
        assert [row[0] for row in stored()] == [1, 2]


def check_the_primary_key_is_found():
    table(*OLD[:2], key=", PRIMARY KEY (kind, id)")
    load("overwrite_existing", NEW[:2])
    assert stored() == [(1, "a", "old"), *NEW[:2]]
    table(*OLD)
    error = lab.error(lambda: load("keep_existing"))
    assert "stock has no primary key: the datanode has to name `keys`" in str(error), error


def check_a_schema_and_capitals_are_found():
    lab.sql(
        'DROP SCHEMA IF EXISTS "My Shop" CASCADE',
        'CREATE SCHEMA "My Shop"',
        'CREATE TABLE "My Shop"."Or""ders" ("Id" int PRIMARY KEY, note text)',
        """INSERT INTO "My Shop"."Or""ders" VALUES (1, 'old')""",
        "SELECT 1",
    )

    def rows(session, table):
        insert_postgres(session, table, iter([["Id", "note"], [1, "new"], [2, "new"]]))

    name = '"My Shop"."Or""ders"'
    load_redshift(rows, {}, "warehouse", name, "keep_existing")
    assert lab.sql(f"SELECT * FROM {name} ORDER BY 1") == [(1, "old"), (2, "new")]


def check_results_of_a_query_are_loaded():
    query = "SELECT id, note AS kind, 'made' FROM staging WHERE id IS NOT NULL"
    table(*OLD)
    load("append", transform=query)
    assert stored() == sorted([*OLD, (2, "new", "made"), (3, "new", "made")], key=str)
    table(*OLD)
    load("overwrite_existing", transform=query, keys=["id"])
    wanted = [OLD[0], OLD[2], (2, "new", "made"), (3, "new", "made")]
    assert stored() == sorted(wanted, key=str)
    table()
    staging = "id int, kind text, note text"
    query = "SELECT note, id FROM staging"
    load("append", transform=query, staging=staging, columns="note, id")
    assert stored() == sorted([(row[0], None, row[2]) for row in NEW], key=str)


def check_nothing_is_done_when_something_fails():
    for mode in ("append", "truncate", "keep_existing", "overwrite_existing"):
        table(*OLD)

        def broken(session, table):
            given(session, table, NEW)
            raise RuntimeError("half of it")

        error = lab.error(
            lambda broken=broken, mode=mode: load_redshift(
                broken, {}, "warehouse", "stock", mode, keys=["id"]
            )
        )
        assert "half of it" in str(error), error
        assert stored() == sorted(OLD, key=str)


def check_rows_of_the_same_database_and_statements_before():
    table(*NEW, name="source")
    lab.sql("DROP TABLE IF EXISTS made", "SELECT 1")
    before = ["CREATE TABLE IF NOT EXISTS made (id int, kind text, note text)"]
    source = {"query": "SELECT kind, id FROM source", "columns": " (kind, id)"}
    load_redshift(insert_query, source, "warehouse", "made", "append", before=before)
    assert stored("made") == sorted([(row[0], row[1], None) for row in NEW], key=str)


def check_what_stands_in_for_copy():
    lab.put("rows.csv", b"2,b,new\n3,a,new\n,c,new\n")
    table(*OLD)
    columns = [["id", "int"], ["kind", "string"], ["note", "string"]]
    source = {"path": "s3://lake/rows.csv", "columns": columns}

    def read(session, table, **more):
        insert_read(read_csv, insert_postgres, session, table, **more)

    load_redshift(
        read, {"source": source, "columns": ["id", "kind", "note"]},
        "warehouse", "stock", "overwrite_existing", keys=["id", "kind"],
    )  # fmt: skip
    assert stored() == sorted([OLD[0], *NEW], key=str)


class Recorder:
    """Stands in for a connection to Redshift: keeps what it is told."""

    def __init__(self):
        self.told, self.ended = [], ""

    def cursor(self):
        return self

    def execute(self, statement, values=()):
        self.told.append(statement)

    def commit(self):
        self.ended = "commit"

    def rollback(self):
        self.ended = "rollback"

    def close(self):
        pass


def copied(uri, **more):
    session = Recorder()
    copy_into(session, "stock", uri, "IAM_ROLE default FORMAT AS CSV", **more)
    return session.told


def check_copy_reads_what_is_meant_and_no_more():
    for key in ("load/a", "load/ab", "load/it's", "load/folder/1", "load/folder/below/2"):
        lab.put(key, b"1")
    assert copied("s3://lake/load/ab", columns=" (id, kind)") == [
        "COPY stock (id, kind) FROM 's3://lake/load/ab' IAM_ROLE default FORMAT AS CSV"
    ]
    assert copied("s3://lake/load/it's") == [
        "COPY stock FROM 's3://lake/load/it''s' IAM_ROLE default FORMAT AS CSV"
    ]
    assert len(copied("s3://lake/load/folder/\ns3://lake/load/ab")) == 2
    assert copied("s3://lake/load/nothing/") == []
    assert len(copied("s3://lake/load/a", exact=False)) == 1
    assert len(copied("dynamodb://stock")) == 1
    error = lab.error(lambda: copied("s3://lake/load/a"))
    assert "COPY from s3://lake/load/a would load all of" in str(error), error


def check_unload_quotes_its_query():
    session = Recorder()

    @contextlib.contextmanager
    def recorded(conn_id, hook_params=None):
        assert conn_id == "warehouse"
        yield session
        session.commit()

    own, unload.__globals__["sql_transaction"] = unload.__globals__["sql_transaction"], recorded
    try:
        query = r"SELECT '\a' FROM stock"
        unload("warehouse", query, "s3://lake/it's/", "IAM_ROLE default", before=["SET x TO 'y'"])
    finally:
        unload.__globals__["sql_transaction"] = own
    assert own is sql_transaction.sql_transaction
    assert session.ended == "commit"
    assert session.told == [
        "SET x TO 'y'",
        r"UNLOAD ('SELECT ''\\a'' FROM stock') TO 's3://lake/it''s/' IAM_ROLE default",
    ]


def check_nothing_is_left_on_the_way_through_s3():
    lab.put("passing/other/1", b"stays")
    lab.put("passing/own/left", b"by an earlier attempt")
    seen = []

    def first(path):
        assert not lab.got("passing/own/")
        for number in range(3):
            lab.put(f"passing/own/{number}", b"x")

    def second(path, fail=False):
        seen.append(len(lab.s3().list_objects_v2(Bucket="lake", Prefix=path)["Contents"]))
        if fail:
            raise RuntimeError("on the way")

    place, before = "s3://lake/passing/own/", {"path": ""}
    copy_through(first, second, place, before, {"path": "passing/own/"})
    assert seen == [3]
    assert not lab.got("passing/own/")
    after = {"path": "passing/own/", "fail": True}
    error = lab.error(lambda: copy_through(first, second, place, before, after))
    assert "on the way" in str(error), error
    assert not lab.got("passing/own/")
    assert lab.got("passing/other/") == {"1": b"stays"}


def check_memory_does_not_grow_with_the_rows():
    """40,000 rows, 20 MB, from a file into a table and out again: measured in this process."""
    place = os.path.join(os.environ["AIRFLOW_HOME"], "many_rows.csv")
    text = "x" * 500
    with open(place, "w") as file:
        file.writelines(f"{number},{text},\n" for number in range(40_000))
    table()
    columns = [["id", "int"], ["kind", "string"], ["note", "string"]]

    def read(session, table, **more):
        insert_read(read_csv, insert_postgres, session, table, **more)

    def peak():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

    source = {"source": {"path": place, "columns": columns}, "columns": ["id", "kind", "note"]}
    before = peak()
    load_redshift(read, source, "warehouse", "stock", "append")
    from helpers.read_postgres import read_postgres

    query = {"conn_id": "warehouse", "sql": "SELECT * FROM stock"}
    copy_rows(read_postgres, write_csv, query, {"path": place})
    print(json.dumps({"peak before": before, "after 40,000 rows": peak()}))
    assert peak() - before < 12, (before, peak())
    assert lab.sql("SELECT count(*) FROM stock") == [(40_000,)]
    table()
