"""`dynamodb`: a table of Amazon DynamoDB."""

from __future__ import annotations

import re

from pipec.diagnostic import Diagnostic, diagnostic
from pipec.facets import Items
from pipec.fields.columns import columns as columns_type
from pipec.fields.key import FieldType, key
from pipec.fields.reader import Reader
from pipec.fields.scalars import expect_scalar, string
from pipec.fields.share import share
from pipec.formats.dynamodb_export import DynamodbExport
from pipec.formats.json import Json
from pipec.frozen import node
from pipec.links import Found
from pipec.syntax import Tree
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.hive import dynamodb_table
from pipec.targets.airflow.look import bytes_sensor
from pipec.targets.airflow.rows import Rows, said
from pipec.targets.airflow.template import escape
from pipec.targets.airflow.work import Work
from pipec.targets.datapipeline import rows as row
from pipec.targets.datapipeline.says import says
from pipec.targets.python.values import Call, Value, partial
from pipec.values import Column, Splice, Text


def _table(tree: Tree, reader: Reader) -> Text | None:
    found = expect_scalar(tree, "the name of a table", reader)
    if found is None:
        return None
    name = reader.text(found)
    known = "".join("" if isinstance(piece, Splice) else piece for piece in name.pieces)
    whole = name.constant is not None
    if not re.fullmatch(r"[\w.-]{3,255}" if whole else r"[\w.-]{0,255}", known, re.ASCII):
        reader.report.add(NotATableName(name.span, known[:60]))
        return None
    return name


@node
class Dynamodb(Items):
    """A table of Amazon DynamoDB.

    Without `columns`, whole items are copied between such tables and to and from files of `json` and
    `dynamodb_export`. The shares are of the capacity that the table is provisioned with: a copy
    waits in between so as to take no more of it. A table whose capacity is on demand is read and
    written as fast as it goes. Hive and COPY take half of it, unless a share is given.
    """

    dynamodb: Text = key(
        FieldType("name of a table", _table), "The name of the table: 3 to 255 of `A-Za-z0-9_.-`."
    )
    columns: tuple[Column, ...] = key(
        columns_type, "The attributes that are taken, as columns.", default=()
    )
    region: str = key(string, "The AWS region of the table.", default="")
    read_share: float | None = key(
        share, "How much of its read capacity a copy takes.", default=None
    )
    write_share: float | None = key(
        share, "How much of its write capacity a copy takes.", default=None
    )

    @property
    def table(self) -> Text:
        """The name of the table: what `table` means in an expression."""
        return self.dynamodb


says(
    Dynamodb,
    "DynamoDBDataNode",
    row.text("tableName", "dynamodb"),
    row.items_format(),
    row.text("region", "region"),
    row.number("readThroughputPercent", "read_share"),
    row.number("writeThroughputPercent", "write_share"),
)


def place(kind: Dynamodb, found: Found, work: Work) -> dict[str, Value]:
    """The arguments that say which table a function works on."""
    there: dict[str, Value] = {"table": work.of(found).template(kind.dynamodb)}
    if kind.region and not work.local:
        there["region"] = escape(kind.region)
    return there


@airflow.sources.of(Dynamodb)
def read_in_airflow(kind: Dynamodb, found: Found, target: Found, work: Work) -> Rows:
    """The function that reads its items as rows, and its arguments."""
    columns = kind.columns or target.thing.kind.columns
    arguments = {**place(kind, found, work), **_paced(kind.read_share)}
    return work.helper("read_dynamodb"), {**arguments, "columns": named(columns)}


@airflow.targets.of(Dynamodb)
def write_in_airflow(kind: Dynamodb, found: Found, mode: str, work: Work) -> Rows:
    """The function that writes rows to it as items, and its arguments."""
    arguments = {**place(kind, found, work), **_paced(kind.write_share)}
    if kind.columns:
        arguments["columns"] = named(kind.columns)
    return work.helper("write_dynamodb"), arguments


airflow.tables.of(Dynamodb)(dynamodb_table)


@airflow.item_sources.of(Dynamodb)
def read_items_in_airflow(kind: Dynamodb, found: Found, work: Work) -> Rows:
    """The function that reads its items as they are, and its arguments."""
    return work.helper("scan_items"), {**place(kind, found, work), **_paced(kind.read_share)}


@airflow.item_targets.of(Dynamodb)
def write_items_in_airflow(kind: Dynamodb, found: Found, work: Work) -> Rows:
    """The function that writes items to it as they are, and its arguments."""
    return work.helper("put_items"), {**place(kind, found, work), **_paced(kind.write_share)}


@airflow.item_sources.of(Json)
def read_json_items(format_: Json, found: Found, work: Work) -> Rows:
    """The function that reads the objects of a file as items, and its arguments."""
    return _files("read_json_items", found, work)


@airflow.item_targets.of(Json)
def write_json_items(format_: Json, found: Found, work: Work) -> Rows:
    """The function that writes items as the objects of a file, and its arguments."""
    return work.helper("write_json_items"), _file(format_, found, work)


@airflow.item_sources.of(DynamodbExport)
def read_export_items(format_: DynamodbExport, found: Found, work: Work) -> Rows:
    """The function that reads the items of an export, and its arguments."""
    return _files("read_export_items", found, work)


@airflow.item_targets.of(DynamodbExport)
def write_export_items(format_: DynamodbExport, found: Found, work: Work) -> Rows:
    """The function that writes an export, and its arguments."""
    return work.helper("write_export_items"), _file(format_, found, work)


def _files(function: str, found: Found, work: Work) -> Rows:
    read = work.helper(function)
    if work.several(found):
        each = partial(work.helper("each_item"), read)
        return each, {"paths": work.places(found)}
    return read, {"path": work.place(found)}


def _file(format_: Json | DynamodbExport, found: Found, work: Work) -> dict[str, Value]:
    return {"path": work.place(found), **said(format_, work, compression="none")}


@airflow.looks.of(Dynamodb)
def look_in_airflow(kind: Dynamodb, found: Found, size: int, work: Work) -> Call:
    """The sensor that waits until it is there, or holds an item."""
    return bytes_sensor(work, "dynamodb_has", place(kind, found, work), size)


def named(columns: tuple[Column, ...]) -> list[Value]:
    """Columns as the functions of a Dag file take them."""
    return [[escape(one.name), one.type] for one in columns]


def _paced(part: float | None) -> dict[str, Value]:
    return {"share": part} if part is not None else {}


airflow.tables.of(Dynamodb)(dynamodb_table)


@diagnostic
class NotATableName(Diagnostic):
    """DynamoDB takes names of 3 to 255 characters: letters of English, digits, `_`, `.` and `-`."""

    code = "P294"
    title = "Not the name of a table in DynamoDB"
    message = "DynamoDB has no tables called `{name}`"
    help = "write 3 to 255 letters, digits, `_`, `.` or `-`"
    fails = """
        pipeline: shop
        datanodes:
          purchases: {dynamodb: shop/purchases}    # P294 shop/purchases
        """
    fixed = """
        pipeline: shop
        datanodes:
          purchases: {dynamodb: shop.purchases}
        """

    name: str
