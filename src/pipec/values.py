"""What the fields of an object hold: texts, references, flows, columns and the like."""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from pipec.expression.tree import Expr
from pipec.expression.tree import Literal as Constant
from pipec.frozen import frozen
from pipec.grid import PLAIN, Period, Window
from pipec.source import NOWHERE, Span
from pipec.syntax import Scalar


@frozen
class Ref:
    """A name that something must have; what sort of thing is said by the field it stands in."""

    name: str
    span: Span = field(default=NOWHERE, compare=False)


class Exact(str):
    """The name of a column that is written in double quotes: capitals and all are meant."""

    __slots__ = ()


@frozen
class Splice:
    """One `${{ ... }}` of a text: its expression, and where in which scalar its inside starts."""

    expr: Expr
    scalar: Scalar = field(compare=False, repr=False)
    offset: int = field(compare=False)

    def at(self, start: int, end: int) -> Span:
        """Where the characters `start` to `end` of the expression stand in the file."""
        return self.scalar.part(self.offset + start, self.offset + end)


def known(piece: str | Splice) -> str | None:
    """What a piece of a text says, if that is known before the run."""
    if isinstance(piece, str):
        return piece
    return str(piece.expr.value) if isinstance(piece.expr, Constant) else None


@frozen
class Text:
    """The user's own text, with expressions in it that may wait for the run to have a value."""

    pieces: tuple[str | Splice, ...]
    span: Span = field(default=NOWHERE, compare=False)

    @property
    def constant(self) -> str | None:
        """The text itself, when no expression stands in it."""
        if any(isinstance(piece, Splice) for piece in self.pieces):
            return None
        return "".join(str(piece) for piece in self.pieces)

    @property
    def splices(self) -> tuple[Splice, ...]:
        """The expressions in it, in order."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Splice))


NO_TEXT = Text(())
"""The text of a field that nobody wrote."""


@frozen
class Script:
    """A script that stands in a file: beside the pipeline (compiled in), or in S3 (fetched)."""

    path: Text
    content: Text | None
    """The text of a script beside the pipeline; None for one in S3."""

    @property
    def span(self) -> Span:
        """Where the path stands."""
        return self.path.span


@frozen
class Input:
    """A datanode that is read, and which of its instances are."""

    ref: Ref
    window: Window = PLAIN
    span: Span = field(default=NOWHERE, compare=False)


@frozen
class Flow:
    """What is read and what is written, in the order of the file."""

    inputs: tuple[Input, ...] = ()
    outputs: tuple[Ref, ...] = ()
    span: Span = field(default=NOWHERE, compare=False)


@frozen
class Column:
    """A column of a table or of a file: its name, and its type in lower case."""

    name: str
    type: str
    sizes: tuple[int, ...] = ()
    span: Span = field(default=NOWHERE, compare=False)

    def __str__(self) -> str:
        sizes = f"({','.join(map(str, self.sizes))})" if self.sizes else ""
        return f"{self.name} {self.type}{sizes}"


@frozen
class Measure:
    """What a rollup computes of each group of rows: `sum(price) as price`."""

    function: str
    column: str = ""
    """Empty for a count of rows."""
    alias: str = ""
    """The name that the user gives it; may be empty."""
    span: Span = field(default=NOWHERE, compare=False)


@frozen
class Chart:
    """What a chart shows of rows: columns of values, over another column."""

    kind: str
    values: tuple[str, ...]
    over: str
    span: Span = field(default=NOWHERE, compare=False)


@frozen
class Attempts:
    """How often an instance is tried, and how long to wait in between."""

    count: int
    every: Period
    span: Span = field(default=NOWHERE, compare=False)


@frozen
class Late:
    """How long after its due time an instance that is not complete counts as late."""

    after: Period
    stop: bool = False
    span: Span = field(default=NOWHERE, compare=False)


@frozen
class Secret:
    """A value that is read where the work runs, and stands in no output."""

    store: Literal["airflow", "secretsmanager", "env"]
    name: str
    span: Span = field(default=NOWHERE, compare=False)
