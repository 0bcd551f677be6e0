"""How rows stand in a file: one of the formats, in its short or its long form."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lark import Token, Tree

from pipec.diagnostic import Diagnostic, Report, diagnostic, did_you_mean, listed
from pipec.facets import Data, Format
from pipec.fields.columns import check_unique, columns_of
from pipec.fields.forms import read_form, token_span
from pipec.fields.key import FieldType, keys
from pipec.fields.read import MissingField, read_fields
from pipec.fields.reader import Reader
from pipec.fields.scalars import WrongType, expect_scalar, one_of, scalar, what
from pipec.source import Span
from pipec.syntax import Mapping, Scalar, is_nothing
from pipec.syntax import Tree as Syntax

PACKINGS = one_of("none", "gzip", "bzip2", "xz")
"""How a file of text may be packed."""


def stored(kind: Any) -> Any:
    """The format of a datanode with the packing that the datanode itself asks for; None without one."""
    if kind.format is None or kind.compression == "none":
        return kind.format
    return replace(kind.format, compression=kind.compression)


def check_packing(kind: Data, name: str, span: Span, report: Report) -> None:
    """Report files that are packed in one way as the datanode says, and in another as its format does."""
    if kind.format is None or kind.compression == "none":
        return
    usual = "none" if kind.format.packed else "snappy"
    if kind.format.compression not in (usual, kind.compression):
        report.add(PackedTwice(span, name, kind.compression, kind.format.compression))


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
    place = token_span(it, name)
    cls = _class(str(name), place, reader)
    if cls is None:
        return None
    before = reader.report.errors
    inner = columns_of(inside, it, reader) if isinstance(inside, Tree) else []
    check_unique(inner, reader)
    for field in keys(cls).values():
        if field.required:
            words = f"format `{name}`", field.name, field.type.name
            reader.report.add(MissingField(place, *words))
    if reader.report.errors > before:
        return None
    return _checked(cls(columns=tuple(inner)), lambda *_: it.span, reader)


def _long_format(tree: Mapping, reader: Reader) -> Format | None:
    from pipec.kinds import keywords, kind_class

    formats = keywords("formats")
    kinds = [entry for entry in tree if entry[0].value in formats]
    if not kinds:
        taken = {field for one in formats for field in keys(kind_class("formats", one))}
        strange = [name for name, _ in tree if name.value not in taken]
        for name in strange[:1]:
            _class(name.value, name.span, reader)
        if not strange:
            expected = f"one of the formats {listed(formats)}"
            reader.report.add(WrongType(tree.span, expected, "none of them"))
        return None
    if len(kinds) > 1:
        found = f"`{kinds[0][0].value}` and `{kinds[1][0].value}`"
        reader.report.add(WrongType(kinds[1][0].span, "one format", found))
        return None
    [(kind, value)] = kinds
    cls = _class(kind.value, kind.span, reader)
    assert cls is not None
    rest = tuple(entry for entry in tree.entries if entry[0] is not kind)
    if not is_nothing(value):
        twice = tree.get(cls.main)
        if twice is not None:
            expected = f"nothing, as `{cls.main}` is what follows `{kind.value}`"
            reader.report.add(WrongType(twice.span, expected, what(twice)))
            return None
        rest = ((Scalar(kind.span, cls.main), value), *rest)
    before = reader.report.errors
    given = read_fields(cls, Mapping(tree.span, rest), reader, f"format `{kind.value}`")
    if given is None or reader.report.errors > before:
        return None

    def at(*fields: str) -> Span:
        named = [
            value if one == cls.main and not is_nothing(value) else tree.get(one) for one in fields
        ]
        return next((one.span for one in named if one is not None), tree.span)

    return _checked(cls(**given), at, reader)


def _class(name: str, place: Span, reader: Reader) -> Any:
    """The class of the format of this name; None, reported, when there is none."""
    from pipec.kinds import keywords, kind_class

    formats = keywords("formats")
    if name in formats:
        return kind_class("formats", name)
    near = did_you_mean(name, formats, f"the formats are {listed(formats)}")
    reader.report.add(UnknownFormat(place, name[:60], near))
    return None


def _checked(made: Format, at: Any, reader: Reader) -> Format | None:
    before = reader.report.errors
    made.check(at, reader.report)
    return made if reader.report.errors == before else None


def _some(it: Scalar, reader: Reader) -> str | None:
    if not it.value:
        reader.report.add(WrongType(it.span, "at least one character", what(it)))
    return it.value or None


def _one(it: Scalar, reader: Reader) -> str | None:
    if len(it.value) != 1:
        reader.report.add(WrongType(it.span, "one character", what(it)))
    return it.value if len(it.value) == 1 else None


format_ = FieldType("format, such as `csv(id bigint, name string)`", _read_format)
characters = scalar("text of one or more characters", _some)
character = scalar("character", _one)


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


@diagnostic
class PackedTwice(Diagnostic):
    """A file is packed once: `compression` stands in the datanode or in its format."""

    code = "P467"
    title = "Packed in two ways"
    message = "`{name}` is packed with `{one}`, and its format says `{other}`"
    help = "say it once"
    fails = """
        pipeline: shop
        datanodes:
          orders:    # P467 orders
            s3: s3://shop/orders.csv
            format: {csv: , compression: xz}
            compression: gzip
        """
    fixed = """
        pipeline: shop
        datanodes:
          orders:
            s3: s3://shop/orders.csv
            format: {csv: , compression: xz}
        """

    name: str
    one: str
    other: str
