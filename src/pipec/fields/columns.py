"""Columns: what the rows of a file or a table hold."""

from __future__ import annotations

from lark import Token, Tree

from pipec.diagnostic import Diagnostic, diagnostic, did_you_mean, listed
from pipec.fields.forms import read_form, token_span
from pipec.fields.key import FieldType
from pipec.fields.reader import Reader
from pipec.fields.scalars import expect_scalar
from pipec.source import Span
from pipec.syntax import Scalar
from pipec.syntax import Tree as Syntax
from pipec.values import Column, Exact

TYPES = {
    "string": "text", "varchar": "text", "char": "text", "text": "text",
    "tinyint": "whole", "smallint": "whole", "int": "whole", "integer": "whole", "bigint": "whole",
    "float": "real", "real": "real", "double": "real", "decimal": "real", "numeric": "real",
    "bool": "truth", "boolean": "truth",
    "date": "date", "timestamp": "instant", "timestamptz": "instant", "datetime": "instant",
    "binary": "bytes", "bytes": "bytes", "json": "text", "uuid": "text",
}  # fmt: skip
"""The types a column may have, and the family each belongs to."""


def _read_columns(tree: Syntax, reader: Reader) -> tuple[Column, ...] | None:
    items = (tree,) if not hasattr(tree, "items") else tree.items
    found: list[Column] = []
    before = reader.report.errors
    for item in items:
        one = expect_scalar(item, "columns such as `id bigint, name string`", reader)
        it = reader.plain(one) if one else None
        form = read_form("columns", it, reader) if it else None
        if form is not None and it is not None:
            found += columns_of(form, it, reader)
    check_unique(found, reader)
    return tuple(found) if reader.report.errors == before else None


def check_unique(columns: list[Column], reader: Reader) -> None:
    """Report each column whose name was given before."""
    seen: set[str] = set()
    for column in columns:
        if column.name in seen:
            reader.report.add(ColumnTwice(column.span, column.name))
        seen.add(column.name)


def columns_of(form: Tree[Token], it: Scalar, reader: Reader) -> list[Column]:
    """The columns of a parsed list of them; those of an unknown type are reported and left out."""
    found = []
    for one in form.children:
        assert isinstance(one, Tree)
        name, type_, *sizes = (token for token in one.children if isinstance(token, Token))
        word = type_.lower()
        if word not in TYPES:
            near = did_you_mean(word, TYPES, f"the types are {listed(sorted(TYPES), 30)}")
            reader.report.add(UnknownColumnType(token_span(it, type_), str(type_), near))
            continue
        numbers = tuple(int(size) for size in sizes if size.isdecimal())
        said = column_name(str(name), token_span(it, name), reader)
        found.append(Column(said, word, numbers, token_span(it, name)))
    return found


def column_name(written: str, span: Span, reader: Reader) -> str:
    """The name of a column, without the double quotes that it may be written in."""
    if written[:1] in ("'", "`", "["):
        reader.report.add(OtherQuotes(span, written, written.strip("'`[]")))
    return Exact(written[1:-1]) if written[:1] == written[-1:] == '"' else written


columns = FieldType("columns, such as `id bigint, name string`", _read_columns)


@diagnostic
class UnknownColumnType(Diagnostic):
    """A column has one of the types that files and databases share."""

    code = "P231"
    title = "Unknown type of column"
    message = "there is no type `{type}`"
    help = "{near}"
    fails = """
        pipeline: shop
        datanodes:
          orders: s3 s3://shop/orders/ as csv(id bigint, name strng)    # P231 strng
        """
    fixed = """
        pipeline: shop
        datanodes:
          orders: s3 s3://shop/orders/ as csv(id bigint, name string)
        """

    type: str
    near: str


@diagnostic
class OtherQuotes(Diagnostic):
    """The name of a column may stand in double quotes, whatever its database uses for that.

    What is written in them is meant exactly: `"City"` is not `city` where capitals make a difference.
    Without quotes, a database understands a name as it always does. Single quotes are for texts.
    """

    code = "P256"
    title = "Other quotes than double ones"
    message = "`{written}` is not how the name of a column is quoted"
    help = 'write `"{name}"`; in YAML, the whole of it then stands in single quotes'
    fails = """
        pipeline: shop
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, columns: "id bigint, 'City' string"}    # P256 'City'
        """
    fixed = """
        pipeline: shop
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, columns: 'id bigint, "City" string'}
        """

    written: str
    name: str


@diagnostic
class ColumnTwice(Diagnostic):
    """Each column has a name of its own."""

    code = "P232"
    title = "Column given twice"
    message = "the column `{name}` was given before"
    fails = """
        pipeline: shop
        datanodes:
          orders:
            s3: s3://shop/orders/
            format:
              csv:
              columns: id bigint, id string    # P232 id
        """
    fixed = """
        pipeline: shop
        datanodes:
          orders:
            s3: s3://shop/orders/
            format:
              csv:
              columns: id bigint, name string
        """

    name: str
