"""What the tests of expressions share: reading one with a small scope, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipec.diagnostic import Report
from pipec.expression import NOT_CONSTANT, Expr, Place, Type, Value, fold, infer, parse
from pipec.expression.evaluate import NotConstant
from pipec.expression.tree import Literal, Name
from pipec.expression.types import DATETIME, OBJECT, STRING, type_of
from pipec.source import Source

RUNTIME = {"start": DATETIME, "end": DATETIME, "visits": OBJECT, "visits.path": STRING}


@dataclass(frozen=True)
class Shop:
    """A scope: what is known only at run time, and parameters with their values."""

    values: dict[str, Value] = field(default_factory=dict)
    types: dict[str, Type] = field(default_factory=lambda: dict(RUNTIME))

    def type_of(self, name: Name, at: Place, report: Report) -> Type | None:
        word = ".".join(name.parts)
        return type_of(self.values[word]) if word in self.values else self.types.get(word)

    def lookup(self, parts: tuple[str, ...]) -> Value | NotConstant:
        return self.values.get(".".join(parts), NOT_CONSTANT)


@dataclass(frozen=True)
class Reading:
    """An expression after all three steps; what has gone wrong is None."""

    tree: Expr | None
    type: Type | None
    folded: Expr | None
    said: list[tuple[str, str]]
    """Code and underlined text of every diagnostic."""
    report: Report


def read(text: str, **values: Value) -> Reading:
    """The expression `text`, in a shop whose parameters have `values`."""
    source, report, shop = Source("shop.pipe.yaml", text), Report(), Shop(values)
    tree = parse(text, source.span, report)
    type = infer(tree, shop, source.span, report) if tree else None
    folded = fold(tree, shop.lookup, source.span, report) if tree else None
    said = [(one.code, one.span.text) for one in report.sorted()]
    for one in report.found:
        assert one.text()
        one.hint()
    return Reading(tree, type, folded, said, report)


def value(text: str, **values: Value) -> Value:
    """What `text` comes to, when nothing is wrong with it and all of it is known."""
    reading = read(text, **values)
    assert reading.said == []
    assert isinstance(reading.folded, Literal)
    assert reading.folded.type == reading.type
    return reading.folded.value
