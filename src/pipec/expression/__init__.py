"""The language inside `${{ ... }}`: split out of a text, read, typed, and computed.

pieces   a text as words and `${{ ... }}`
parse    the inside of one as a tree
infer    the type of a tree
fold     a tree with all that is known computed
show     a value as it is spliced into text
"""

from __future__ import annotations

from pipec.expression.evaluate import NOT_CONSTANT, Lookup, fold
from pipec.expression.infer import Scope, infer
from pipec.expression.parse import parse
from pipec.expression.pieces import Hole, Piece, Words, pieces
from pipec.expression.tree import Expr, Place
from pipec.expression.types import Type, Value, show
from pipec.grid.period import Period

__all__ = [
    "NOT_CONSTANT",
    "Expr",
    "Hole",
    "Lookup",
    "Period",
    "Piece",
    "Place",
    "Scope",
    "Type",
    "Value",
    "Words",
    "fold",
    "infer",
    "parse",
    "pieces",
    "show",
]
