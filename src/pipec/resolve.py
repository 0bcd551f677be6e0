"""A text with the names in it replaced by what they stand for: only run-time values are left."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import Any

from pipec.diagnostic import Report
from pipec.expression import NOT_CONSTANT, fold, show
from pipec.expression.tree import Binary, Call, Expr, Format, ListOf, Literal, Name, Unary
from pipec.expression.types import STRING
from pipec.frozen import frozen
from pipec.ir import Pipeline
from pipec.links import Links
from pipec.scope import Scope, fields_of, read_field
from pipec.values import Splice, Text

AT_RUN = ("start", "end", "run")
"""What only an instance knows."""


@frozen
class Resolver:
    """Resolves the texts of one object. The pipeline is checked: every name leads somewhere."""

    pipeline: Pipeline
    links: Links
    owner: Any = None
    told: bool = False

    def text(self, text: Text) -> Text:
        """`text` in which only what a run knows is left.

        That is `start`, `end`, `run`, parameters of a run, `node`, and which instances an input
        reads.
        """
        pieces: list[str | Splice] = []
        for piece in text.pieces:
            if isinstance(piece, str):
                pieces.append(piece)
                continue
            inside = self._inlined(piece)
            pieces += [inside] if isinstance(inside, Splice) else inside
        return replace(text, pieces=tuple(_joined(pieces)))

    def constant(self, text: Text) -> str | None:
        """The text, if an instance is not needed to know it."""
        return self.text(text).constant

    def _inlined(self, splice: Splice) -> Splice | list[str | Splice]:
        if isinstance(splice.expr, Name):
            found = self._text_of(splice.expr, splice)
            if found is not None:
                return list(found.pieces)
        expr = fold(self._expr(splice.expr, splice), lambda _: NOT_CONSTANT, splice.at, Report())
        if isinstance(expr, Literal):
            return [show(expr.value)]
        return replace(splice, expr=expr)

    def _text_of(self, name: Name, splice: Splice) -> Text | None:
        """The field that a name leads to; None for what only the run knows."""
        first = name.parts[0]
        if first in AT_RUN or (self.told and first == "node") or first in self.pipeline.params:
            return None
        scope = Scope(self.pipeline, self.links, self.owner, told=self.told)
        lead = scope.leads_to(name, splice.at, Report())
        assert lead is not None  # Checked: every name leads somewhere.
        if read_field(name, lead):
            return None
        found, depth = lead
        field = fields_of(found.thing)[".".join(name.parts[depth:])]
        return Resolver(found.pipeline, self.links, found.thing).text(field)

    def _expr(self, expr: Expr, splice: Splice) -> Expr:
        match expr:
            case Name():
                found = self._text_of(expr, splice)
                return expr if found is None else _as_expr(found)
            case Unary():
                return replace(expr, value=self._expr(expr.value, splice))
            case Format():
                return replace(expr, value=self._expr(expr.value, splice))
            case Binary():
                left, right = self._expr(expr.left, splice), self._expr(expr.right, splice)
                return replace(expr, left=left, right=right)
            case Call():
                inside = tuple(self._expr(one, splice) for one in expr.arguments)
                return replace(expr, arguments=inside)
            case ListOf():
                return replace(expr, items=tuple(self._expr(one, splice) for one in expr.items))
            case Literal():
                return expr


def _as_expr(text: Text) -> Expr:
    parts: list[Expr] = [
        piece.expr if isinstance(piece, Splice) else Literal(piece, STRING) for piece in text.pieces
    ]
    if not parts or not isinstance(parts[0], Literal):
        parts.insert(0, Literal("", STRING))
    return reduce(lambda one, other: Binary("+", one, other), parts)


def _joined(pieces: list[str | Splice]) -> list[str | Splice]:
    """The pieces, neighbouring texts made one."""
    result: list[str | Splice] = []
    for piece in pieces:
        if isinstance(piece, str) and result and isinstance(result[-1], str):
            result[-1] += piece
        elif piece != "":
            result.append(piece)
    return result
