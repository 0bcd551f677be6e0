"""Columns and formats: what the rows of a file or a table look like."""

from __future__ import annotations

from lark import Token, Tree

from pipec.diagnostic import Diagnostic, diagnostic, did_you_mean, listed
from pipec.fields.forms import read_form, token_span
from pipec.fields.key import FieldType, key, keys
from pipec.fields.reader import Reader
from pipec.fields.scalars import WrongType, boolean, expect_scalar, one_of, string
from pipec.frozen import node
from pipec.source import NOWHERE, Span
from pipec.syntax import Mapping, Scalar
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
    _check_unique(found, reader)
    return tuple(found) if reader.report.errors == before else None


def _check_unique(columns: list[Column], reader: Reader) -> None:
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

FORMATS = ("csv", "tsv", "json", "custom")
SEPARATORS = {"csv": ",", "tsv": "\t", "custom": "\x01"}


@node
class Format:
    """How rows stand in a file."""

    name: str
    columns: tuple[Column, ...] = key(columns, "The columns, in their order.", default=())
    separator: str = key(string, "What stands between the fields.", default="")
    escape: str = key(string, "What takes the meaning from a separator inside a field.", default="")
    record_separator: str = key(string, "What ends a row.", default="\n")
    compression: str = key(one_of("none", "gzip"), "How the file is packed.", default="none")
    header: bool = key(boolean, "True when the first row holds the names.", default=False)
    span: Span = NOWHERE


def _read_format(tree: Syntax, reader: Reader) -> Format | None:
    if isinstance(tree, Mapping):
        return _long_format(tree, reader)
    found = expect_scalar(tree, "a format such as `csv(id bigint, name string)`", reader)
    it = reader.plain(found) if found else None
    form = read_form("format", it, reader) if it else None
    if form is None or it is None:
        return None
    name, inside = form.children
    assert isinstance(name, Token)
    if name not in FORMATS:
        near = did_you_mean(name, FORMATS, f"the formats are {listed(FORMATS)}")
        reader.report.add(UnknownFormat(token_span(it, name), str(name), near))
        return None
    before = reader.report.errors
    inner = columns_of(inside, it, reader) if isinstance(inside, Tree) else []
    _check_unique(inner, reader)
    if reader.report.errors > before:
        return None
    return Format(
        name=str(name), columns=tuple(inner), separator=SEPARATORS.get(name, ""), span=it.span
    )


def _long_format(tree: Mapping, reader: Reader) -> Format | None:
    from pipec.fields.read import read_fields

    kinds = [name for name, _ in tree if name.value in FORMATS]
    if not kinds:
        strange = [name for name, _ in tree if name.value not in keys(Format)]
        there = f"the formats are {listed(FORMATS)}"
        for name in strange[:1]:
            near = did_you_mean(name.value, FORMATS, there)
            reader.report.add(UnknownFormat(name.span, name.value[:60], near))
        if not strange:
            expected = f"one of the formats {listed(FORMATS)}"
            reader.report.add(WrongType(tree.span, expected, "none of them"))
        return None
    if len(kinds) > 1:
        found = f"`{kinds[0].value}` and `{kinds[1].value}`"
        reader.report.add(WrongType(kinds[1].span, "one format", found))
        return None
    kind = kinds[0].value
    rest = Mapping(tree.span, tuple(entry for entry in tree.entries if entry[0] is not kinds[0]))
    given = read_fields(Format, rest, reader, f"format `{kind}`")
    if given is None:
        return None
    given.setdefault("separator", SEPARATORS.get(kind, ""))
    return Format(name=kind, **given, span=tree.span)


format_ = FieldType("format, such as `csv(id bigint, name string)`", _read_format)


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


@diagnostic
class UnknownFormat(Diagnostic):
    """The rows of a file are written in one of a few formats."""

    code = "P233"
    title = "Unknown format"
    message = "there is no format `{name}`"
    help = "{near}"
    fails = """
        pipeline: shop
        datanodes:
          orders: s3 s3://shop/orders/ as cvs(id bigint)    # P233 cvs
        """
    fixed = """
        pipeline: shop
        datanodes:
          orders: s3 s3://shop/orders/ as csv(id bigint)
        """

    name: str
    near: str
