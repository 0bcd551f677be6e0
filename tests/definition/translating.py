"""What tests of both languages of expressions share: names of a small shop, and what texts come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pipec.compiler import Front
from pipec.definition.from_ours import from_ours
from pipec.definition.ids import names_of
from pipec.definition.names import Chain, Chained, Meant, Unsaid, named
from pipec.definition.to_ours import Note, to_ours
from pipec.diagnostic import Diagnostic, Report
from pipec.expression import NOT_CONSTANT, Value, fold, parse, pieces, show
from pipec.expression.evaluate import NotConstant
from pipec.expression.pieces import Words
from pipec.expression.tree import Literal, Name
from pipec.expression.types import DOUBLE, INT, PERIOD, S3, STRING, Type, list_of
from pipec.grid.period import Period
from pipec.links import texts
from pipec.source import Source
from pipec.syntax import Scalar
from pipec.values import Splice, Text

SHOP: Mapping[str, tuple[str, Type]] = {
    "myBucket": ("bucket", S3),
    "myShop": ("shop", STRING),
    "myCount": ("count", INT),
    "myPrice": ("price", DOUBLE),
    "myDays": ("days", list_of(STRING)),
    "mySpan": ("span", PERIOD),
    "*myKey": ("key", STRING),
    "input.directoryPath": ("input.path", STRING),
    "output.tableName": ("output.table", STRING),
    "input.tableName": ("input.table", STRING),
    "output.directoryPath": ("output.path", STRING),
    "table": ("self.table", STRING),
    "tableName": ("self.table", STRING),
    "myColor": ("self.color", STRING),
}
"""What is called how: theirs, ours, and the type."""


@dataclass(frozen=True)
class Theirs:
    """Names of theirs in the texts of an object; all that begin with `my` are parameters."""

    told: bool = False
    types: Mapping[str, Type] = field(default_factory=dict)

    def ours(self, chain: Chain) -> Meant | Unsaid | None:
        text = ".".join(chain)
        if text in self.types:
            return named(text, self.types[text])
        if text in SHOP:
            return named(*SHOP[text])
        if len(chain) == 1 and text.lstrip("*").startswith("my"):
            return named(names_of([text])[text])
        return None


@dataclass(frozen=True)
class Ours:
    """Names of ours in the texts of an object."""

    through_node: bool = False

    def theirs(self, name: Name) -> Chained | Unsaid | None:
        word = ".".join(name.parts)
        return next((Chained(it, type) for it, (ours, type) in SHOP.items() if ours == word), None)


VALUES: Mapping[str, Value] = {
    "start": datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC),
    "end": datetime(2026, 2, 3, 16, 5, 6, tzinfo=UTC),
    "bucket": "s3://shop",
    "shop": 'it\'s "ours"',
    "count": 7,
    "price": 2.5,
    "days": ("Mon", "Tue"),
    "span": Period(2, "month"),
    "key": "secret",
    "input.path": "s3://shop/orders/",
    "output.table": "orders",
    "input.table": "stock",
    "output.path": "s3://shop/stock/",
    "self.color": "green",
    "self.table": "stock",
}


def scalar(text: str, name: str = "shop.json") -> Scalar:
    source = Source(name, text)
    return Scalar(source.span(0, len(text)), text, True, ((0, 0),))


def ours(text: str, names: Theirs | None = None) -> tuple[str, list[Note]]:
    """A text of theirs in our language, and what is noted."""
    notes: list[Note] = []
    return to_ours(scalar(text), names or Theirs(), notes), notes


def read(text: str) -> Text:
    """A text of ours as the compiler reads it."""
    given, report = scalar(text, "shop.pipe.yaml"), Report()
    found: list[str | Splice] = []
    for piece in pieces(text, given.part, report):
        if isinstance(piece, Words):
            found.append(piece.text)
            continue
        start = piece.start
        tree = parse(piece.text, lambda a, b, start=start: given.part(start + a, start + b), report)
        assert tree is not None, report.found
        found.append(Splice(tree, given, start))
    assert not report.found, (text, report.found)
    return Text(tuple(found), given.span)


def theirs(text: str, names: Ours | None = None) -> tuple[str, list[Diagnostic]]:
    """A text of ours in their language, and what is said of it."""
    report = Report()
    return from_ours(read(text), names or Ours(), report), report.sorted()


def comes_to(text: str, values: Mapping[str, Value] = VALUES) -> Value:
    """What a text of ours is when all is known: a value if it is one expression alone."""

    def lookup(parts: tuple[str, ...]) -> Value | NotConstant:
        return values.get(".".join(parts), NOT_CONSTANT)

    report = Report()
    found: list[Value] = []
    for piece in read(text).pieces:
        if isinstance(piece, Splice):
            tree = fold(piece.expr, lookup, piece.at, report)
            assert isinstance(tree, Literal), (text, tree, report.found)
            found.append(tree.value)
        else:
            found.append(piece)
    assert not report.found, (text, report.found)
    return found[0] if len(found) == 1 else "".join(map(show, found))


def text_of(text: str, values: Mapping[str, Value] = VALUES) -> str:
    """What stands in a text of ours when all is known; the items of a list with commas."""
    found = comes_to(text, values)
    return ", ".join(map(show, found)) if isinstance(found, tuple) else show(found)


def said_of(front: Front) -> list[Diagnostic]:
    """All that is said of the texts of activities when they are written for AWS Data Pipeline."""
    report = Report()
    for pipeline in front.checked:
        for text in texts(list(pipeline.activities.values())):
            from_ours(text, Ours(), report)
    return report.sorted()
