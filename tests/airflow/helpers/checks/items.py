"""Items of DynamoDB: read, written and looked for."""

import contextlib
import datetime
import gzip
import json
import os
import threading
import time
import urllib.request
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import lab
from helpers.copy_rows import copy_rows
from helpers.dynamodb_has import dynamodb_has
from helpers.put_items import put_items
from helpers.read_csv import read_csv
from helpers.read_dynamodb import read_dynamodb
from helpers.read_export_items import read_export_items
from helpers.read_json_items import read_json_items
from helpers.read_postgres import read_postgres
from helpers.scan_items import scan_items
from helpers.write_csv import write_csv
from helpers.write_dynamodb import write_dynamodb
from helpers.write_export_items import write_export_items
from helpers.write_json_items import write_json_items

ITEMS = [
    {"id": {"N": "1"}},
    {
        "id": {"N": "-12345678901234567890.123456789"},
        "name": {"S": 'a,"b"\n\\N 🦆\x02'},
        "none": {"NULL": True},
        "yes": {"BOOL": True},
        "data": {"B": bytes(range(256))},
        "tags": {"SS": ["a", "b"]},
        "sizes": {"NS": ["1.5", "2"]},
        "raws": {"BS": [b"\0", b"\xff"]},
        "map": {"M": {"Item": {"L": [{"N": "1"}, {"M": {}}, {"BOOL": False}]}, "x": {"S": ""}}},
    },
    {"id": {"N": "3"}, "Item": {"S": "only a name"}},
]


def dynamodb():
    import boto3

    return boto3.client("dynamodb")


def moto():
    """What stands in for DynamoDB, in this process."""
    from moto.dynamodb.models import dynamodb_backends

    return dynamodb_backends["123456789012"]["us-east-1"]


def table(name, key="N", throughput=None):
    """An empty table."""
    with contextlib.suppress(dynamodb().exceptions.ResourceNotFoundException):
        dynamodb().delete_table(TableName=name)
    given = {"BillingMode": "PAY_PER_REQUEST"}
    if throughput:
        names = ("ReadCapacityUnits", "WriteCapacityUnits")
        given = {"ProvisionedThroughput": dict(zip(names, throughput, strict=True))}
    dynamodb().create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": key}],
        **given,
    )


def stored(name):
    """The items of a table, with sets in one order."""
    found = {}
    for item in scan_items(name):
        for value in item.values():
            for tag in {"SS", "NS", "BS"} & value.keys():
                value[tag] = sorted(value[tag])
        found[item["id"]["N"]] = item
    return found


WANTED = {item["id"]["N"]: item for item in ITEMS}


def check_whole_items_survive():
    table("from")
    table("to")
    put_items(ITEMS, "from")
    assert stored("from") == WANTED

    copy_rows(scan_items, put_items, {"table": "from"}, {"table": "to"})
    assert stored("to") == WANTED

    for path in ("s3://lake/items/", "s3://lake/items.gz"):
        table("to")
        copy_rows(scan_items, write_export_items, {"table": "from"}, {"path": path})
        copy_rows(read_export_items, put_items, {"path": path}, {"table": "to"})
        assert stored("to") == WANTED
    lines = lab.got("items/")["part-00000"].decode().splitlines()
    assert '{"id":{"n":"1"}}' in lines
    assert '{"id":{"n":"3"},"Item":{"s":"only a name"}}' in lines


def check_json_keeps_what_it_can():
    table("from")
    put_items(ITEMS, "from")
    copy_rows(scan_items, write_json_items, {"table": "from"}, {"path": "s3://lake/json/"})
    text = lab.got("json/")["part-00000"].decode()
    assert '"id": -12345678901234567890.123456789,' in text
    found = {str(one["id"]): one for one in map(json.loads, text.splitlines())}
    odd = next(one for one in found.values() if "map" in one)
    assert odd["map"] == {"Item": [1, {}, False], "x": ""}
    assert (odd["none"], odd["yes"], odd["data"][:4]) == (None, True, "0001")

    table("to")
    copy_rows(read_json_items, put_items, {"path": "s3://lake/json/"}, {"table": "to"})
    again = stored("to")
    for name in ("id", "name", "none", "yes", "map"):
        for key, item in WANTED.items():
            assert again[key].get(name) == item.get(name), (key, name)


def check_what_dynamodb_itself_exports_is_read():
    line = {"Item": {"id": {"N": "1"}, "m": {"M": {"a": {"B": "AP8="}}}}}
    lab.put("export/1.json.gz", gzip.compress(json.dumps(line).encode() + b"\n"))
    old = 'id\x03{"n":"2"}\x02name\x03{"s":"old"}\n'
    lab.put("export/2", old.encode())
    assert list(read_export_items("s3://lake/export/")) == [
        {"id": {"N": "1"}, "m": {"M": {"a": {"B": b"\x00\xff"}}}},
        {"id": {"N": "2"}, "name": {"S": "old"}},
    ]


COLUMNS = [
    ["id", "bigint"], ["price", "decimal(10,2)"], ["ratio", "double"], ["ok", "boolean"],
    ["at", "timestamp"], ["day", "date"], ["name", "string"], ["raw", "binary"], ["doc", "json"],
]  # fmt: skip
MOMENT = datetime.datetime(2026, 2, 28, 1, 2, 3, 450000)
ROWS = [
    [
        1,
        Decimal("12.50"),
        0.1,
        True,
        MOMENT,
        MOMENT.date(),
        "",
        b"\0\xff",
        '{"a": [1, 2.50, null]}',
    ],
    [2, None, None, None, None, None, None, None, None],
    [3, Decimal(-1), -1e100, False, MOMENT, MOMENT.date(), "x", b"", "[]"],
]


def check_rows_become_items_and_rows_again():
    table("rows")
    names = [name for name, _ in COLUMNS]
    write_dynamodb(iter([names, *ROWS]), "rows", columns=COLUMNS)
    items = stored("rows")
    assert items["2"] == {"id": {"N": "2"}}
    assert items["1"]["doc"] == {"M": {"a": {"L": [{"N": "1"}, {"N": "2.50"}, {"NULL": True}]}}}
    assert items["1"]["at"] == {"S": "2026-02-28 01:02:03.450000"}
    first, *rows = read_dynamodb("rows", COLUMNS)
    assert first == names
    rows.sort(key=lambda row: row[0])
    assert [row[:8] for row in rows] == [row[:8] for row in ROWS]
    assert [json.loads(row[8] or "null") for row in rows] == [{"a": [1, 2.5, None]}, None, []]

    error = lab.error(lambda: list(read_dynamodb("rows", [["name", "bigint"]])))
    assert type(error) is ValueError, error
    assert "name is 'x'" in str(error), error


def check_a_table_of_a_database_and_back():
    table("orders")
    lab.sql(
        "DROP TABLE IF EXISTS origin",
        "CREATE TABLE origin AS SELECT n AS id, n / 4.0 AS price, NULL::text AS note,"
        " timestamp '2026-01-01' + n * interval '1 minute' AS at FROM generate_series(1, 60) n",
        "SELECT 1",
    )
    source = {"conn_id": "warehouse", "sql": "SELECT * FROM origin"}
    for _ in range(2):  # The second time changes nothing.
        copy_rows(read_postgres, write_dynamodb, source, {"table": "orders"})
        assert len(stored("orders")) == 60
    assert stored("orders")["2"] == {
        "id": {"N": "2"},
        "price": {"N": "0.50000000000000000000"},
        "at": {"S": "2026-01-01 00:02:00"},
    }


def check_the_last_of_several_with_one_key_stays():
    table("twice")
    lab.put("twice.csv", b"".join(b"%d,%d\n" % (n % 30, n) for n in range(100)))
    source = {"path": "s3://lake/twice.csv", "columns": [["id", "int"], ["n", "int"]]}
    copy_rows(read_csv, write_dynamodb, source, {"table": "twice"})
    assert {key: item["n"]["N"] for key, item in stored("twice").items()} == {
        str(n % 30): str(n) for n in range(70, 100)
    }


def check_looking():
    with contextlib.suppress(dynamodb().exceptions.ResourceNotFoundException):
        dynamodb().delete_table(TableName="later")
    assert not dynamodb_has("later")
    assert not dynamodb_has("later", size=1)
    table("later")
    assert dynamodb_has("later")
    assert not dynamodb_has("later", size=1)
    assert dynamodb_has("later", region="us-east-1")
    assert not dynamodb_has("later", region="eu-central-1")
    put_items([{"id": {"N": "1"}}], "later")
    assert dynamodb_has("later", size=1)


class Between(BaseHTTPRequestHandler):
    """Stands before DynamoDB: counts what is asked, and may do only a part of it."""

    asked: ClassVar[list] = []
    most = 25

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        action = self.headers.get("X-Amz-Target", "").partition(".")[2]
        document, left = json.loads(body or b"{}"), {}
        self.asked.append((action, json.loads(body or b"{}")))
        if action == "BatchWriteItem":
            ((name, puts),) = document["RequestItems"].items()
            left = {name: puts[self.most :]} if puts[self.most :] else {}
            document["RequestItems"] = {name: puts[: self.most]}
            body = json.dumps(document).encode()
        headers = {k: v for k, v in self.headers.items() if k.lower() != "content-length"}
        request = urllib.request.Request(self.server.behind + self.path, body, headers)
        with urllib.request.urlopen(request) as found:
            answer = found.read()
        if left:
            answer = json.dumps({**json.loads(answer), "UnprocessedItems": left}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def between(most=25):
    """What is asked of DynamoDB meanwhile, of which no more than `most` puts are done at a time."""
    before = {name: os.environ[name] for name in ("AWS_ENDPOINT_URL", "AIRFLOW_CONN_AWS_DEFAULT")}
    Between.asked, Between.most = [], most
    server = ThreadingHTTPServer(("127.0.0.1", 0), Between)
    server.behind = before["AWS_ENDPOINT_URL"]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    extra = {"endpoint_url": address, "region_name": "us-east-1"}
    os.environ["AWS_ENDPOINT_URL"] = address
    os.environ["AIRFLOW_CONN_AWS_DEFAULT"] = json.dumps({"conn_type": "aws", "extra": extra})
    try:
        yield Between.asked
    finally:
        os.environ.update(before)
        server.shutdown()


def check_what_was_not_taken_is_put_again():
    table("slow")
    items = [{"id": {"N": str(number)}} for number in range(60)]
    with between(most=10) as asked:
        put_items(iter(items), "slow")
    assert len(stored("slow")) == 60
    sizes = [
        len(puts)
        for action, document in asked
        if action == "BatchWriteItem"
        for puts in document["RequestItems"].values()
    ]
    assert sizes == [25, 15, 5, 25, 15, 5, 10], sizes

    with between(most=0):
        time.sleep, slept = (lambda seconds: None), time.sleep
        try:
            error = lab.error(lambda: put_items(iter(items), "slow"))
        finally:
            time.sleep = slept
    assert "slow has not taken 25 of 25 items" in str(error), error


def check_no_more_is_read_than_is_asked_for():
    """20,000 items, 20 MB: a page of them at a time."""
    table("many")
    text = "x" * 1000
    for n in range(20_000):  # Not over HTTP: that takes minutes.
        moto().put_item("many", {"id": {"N": str(n)}, "text": {"S": text}})
    with between() as asked:
        rows = read_dynamodb("many", [["id", "bigint"], ["text", "string"]])
        next(rows), next(rows)
        assert [action for action, _ in asked] == ["Scan"]
        assert sum(1 for _ in rows) == 19_999
    pages = sum(action == "Scan" for action, _ in asked)
    assert 20 <= pages <= 30, pages

    path = os.path.join(os.environ["AIRFLOW_HOME"], "many.csv")
    copy_rows(
        read_dynamodb, write_csv, {"table": "many", "columns": [["id", "int"]]}, {"path": path}
    )
    with open(path) as lines:
        assert sum(1 for _ in lines) == 20_000


def check_a_share_of_the_capacity_is_taken():
    """Here a page is a unit, whatever its size, so four are read in a second."""
    table("shared", throughput=(10, 10))
    put_items(({"id": {"N": str(n)}} for n in range(700)), "shared")
    began = time.monotonic()
    with between() as asked:
        assert len(list(scan_items("shared", share=0.4))) == 700
    took = time.monotonic() - began
    limits = [document["Limit"] for action, document in asked if action == "Scan"]
    assert limits == [25, 100, 400, 1600], limits
    assert 0.75 <= took < 5, took

    began = time.monotonic()
    put_items(({"id": {"N": str(n)}} for n in range(100)), "shared", share=0.2)
    took = time.monotonic() - began
    assert 1.5 <= took < 5, took  # Four batches of a unit, 2 a second.

    table("free")
    put_items(({"id": {"N": str(n)}} for n in range(100)), "free")
    began = time.monotonic()
    assert len(list(scan_items("free", share=0.1))) == 100
    assert time.monotonic() - began < 5
