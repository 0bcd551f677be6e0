"""What reading a field needs to know: the report, the parameters' values, the files around."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping as Values
from dataclasses import field, replace
from functools import cached_property
from typing import Any

from pipec.diagnostic import Diagnostic, Report, diagnostic, did_you_mean, listed
from pipec.expression import NOT_CONSTANT, Hole, Place, Type, fold, infer, parse, pieces, show
from pipec.expression.tree import Expr, Literal, Name, walk
from pipec.frozen import frozen
from pipec.source import Span
from pipec.syntax import Mapping, Scalar, Sequence, Tree
from pipec.values import Splice, Text

Files = Callable[[str], str | None]
"""The text of a file beside the pipeline, by its path from there; None when there is none."""


@frozen
class Constant:
    """The value of a parameter. `assumed` marks one that nobody gave: it only has the type."""

    value: Any
    assumed: bool = False


@frozen
class Reader:
    """The surroundings of a field that is being read."""

    report: Report
    constants: Values[str, Constant] = field(default_factory=dict)
    unknown_until_run: frozenset[str] = frozenset()
    """The parameters whose value comes when the work runs."""
    absent: frozenset[str] = frozenset()
    """The optional parameters that nobody gave a value."""
    broken: frozenset[str] = frozenset()
    """Parameters that were reported and left out: nobody should miss them as well."""
    files: Files = lambda path: None

    def having(self, values: Values[str, Any]) -> Reader:
        """The same surroundings with further constants, such as those of a matrix."""
        more = {name: Constant(value) for name, value in values.items()}
        return replace(self, constants={**self.constants, **more})

    def text(self, scalar: Scalar) -> Text:
        """The scalar as a text: its expressions parsed, the constants in them replaced."""
        if "${{" not in scalar.value:
            return Text((scalar.value,) if scalar.value else (), scalar.span)
        found: list[str | Splice] = []
        for piece in pieces(scalar.value, scalar.part, self.report):
            if not isinstance(piece, Hole):
                found.append(piece.text)
            elif (expr := self._parse(piece.text, piece.start, scalar)) is not None:
                found.append(Splice(expr, scalar, piece.start))
        return Text(tuple(found), scalar.span)

    def plain(self, scalar: Scalar) -> Scalar | None:
        """The scalar with its expressions replaced by their values, which must be known now."""
        if "${{" not in scalar.value:
            return scalar
        before = self.report.errors
        parts = self.text(scalar).pieces
        values = [one if isinstance(one, str) else self.value(one) for one in parts]
        lists = [one for one in values if isinstance(one, tuple)]
        if lists:
            self.report.add(ListInText(scalar.span))
        if lists or NOT_CONSTANT in values or self.report.errors > before:
            return None
        return Scalar(scalar.span, "".join(map(show, values)), True)

    def is_absent(self, tree: Tree) -> bool:
        """True when all that is written there is an optional parameter without a value."""
        if not self.absent or not isinstance(tree, Scalar):
            return False
        alone = _ALONE.fullmatch(tree.value)
        return alone is not None and alone[1] in self.absent

    def value(self, splice: Splice) -> Any:
        """The constant value of an expression; `NOT_CONSTANT`, reported, when it has none."""
        if isinstance(splice.expr, Literal):
            return splice.expr.value
        for one in walk(splice.expr):
            if not isinstance(one, Name):
                continue
            name, place = one.parts[0], splice.at(*one.part(0))
            if name in self.broken:
                pass
            elif name in self.unknown_until_run or name in (
                "start",
                "end",
                "run",
                "self",
                "node",
                "input",
                "output",
            ):
                self.report.add(KnownOnlyAtRun(place, name))
            else:
                near = did_you_mean(name, self.constants, f"there are {listed(self.constants)}")
                help_ = near if self.constants else "declare it under `params:`"
                self.report.add(UnknownParameter(place, name, help_))
            return NOT_CONSTANT
        start, end = splice.expr.start, splice.expr.end
        before = self.report.errors
        infer(splice.expr, _NO_NAMES, splice.at, self.report)
        if self.report.errors == before:
            self.report.add(KnownOnlyAtRun(splice.at(start, end), splice.at(start, end).text))
        return NOT_CONSTANT

    def assumed(self, tree: Tree) -> bool:
        """True when what is written there rests on a parameter that nobody gave a value."""
        if not self._assumed:
            return False
        match tree:
            case Mapping():
                return any(self.assumed(value) for _, value in tree)
            case Sequence():
                return any(map(self.assumed, tree.items))
            case Scalar():
                return "${{" in tree.value and self._names(tree)

    def check_syntax(self, tree: Tree) -> None:
        """Report the expressions there that cannot be read, whatever their values may be."""
        match tree:
            case Mapping():
                for _, value in tree:
                    self.check_syntax(value)
            case Sequence():
                for one in tree.items:
                    self.check_syntax(one)
            case Scalar():
                replace(self, constants={}).text(tree)

    def quietly(self) -> Reader:
        """The same surroundings, where nothing that is reported reaches the user."""
        return replace(self, report=Report())

    @cached_property
    def _assumed(self) -> frozenset[str]:
        return frozenset(name for name, one in self.constants.items() if one.assumed)

    def _names(self, scalar: Scalar) -> bool:
        """Whether the scalar names an assumed parameter."""
        quiet = replace(self, report=Report(), constants={})
        return any(
            isinstance(one, Name) and one.parts[0] in self._assumed
            for splice in quiet.text(scalar).splices
            for one in walk(splice.expr)
        )

    def _parse(self, text: str, start: int, scalar: Scalar) -> Expr | None:
        def at(begin: int, end: int) -> Span:
            return scalar.part(start + begin, start + end)

        expr = parse(text, at, self.report)
        if expr is None:
            return None
        return fold(expr, self._constant, at, self.report)

    def _constant(self, parts: tuple[str, ...]) -> Any:
        known = self.constants.get(parts[0]) if len(parts) == 1 else None
        return NOT_CONSTANT if known is None else known.value


_ALONE = re.compile(r"\s*\$\{\{\s*(\w+)\s*\}\}\s*")


class _NoNames:
    """A scope for expressions whose names were all replaced."""

    def type_of(self, name: Name, at: Place, report: Report) -> Type | None:
        return None


_NO_NAMES = _NoNames()


@diagnostic
class KnownOnlyAtRun(Diagnostic):
    """This field must be known when the pipeline is compiled.

    `start`, `end` and secrets have a value only while an instance runs. Names, schedules,
    numbers and periods shape the pipeline itself, so they can only use parameters.
    """

    code = "P210"
    title = "Known only when it runs"
    message = "`{name}` has no value yet when the pipeline is compiled"
    help = "use a parameter with a value, or write the value itself"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        activities:
          mail:
            shell: echo mail
            schedule: daily
            timeout: ${{ start }}    # P210 start
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        activities:
          mail:
            shell: echo mail
            schedule: daily
            timeout: 10 minutes
        """

    name: str


@diagnostic
class ListInText(Diagnostic):
    """A parameter that is a list stands for a whole list; it is no part of a text."""

    code = "P207"
    title = "List inside a text"
    message = "a list cannot stand here"
    help = "use it where a list is taken, such as `args: ${{{{ names }}}}`, or take a parameter of another type"
    fails = """
        pipeline: shop
        params: {days: {type: list(string), default: [daily]}}
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        activities:
          mail:
            shell: echo mail
            schedule: ${{ days }}    # P207 ${{ days }}
        """
    fixed = """
        pipeline: shop
        params: {days: {type: string, default: daily}}
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        activities:
          mail:
            shell: echo mail
            schedule: ${{ days }}
        """


@diagnostic
class UnknownParameter(Diagnostic):
    """An expression names a parameter that `params:` does not have."""

    code = "P110"
    title = "Unknown parameter"
    message = "there is no parameter `{name}`"
    help = "{near}"
    fails = """
        pipeline: shop
        params: {first_run: {type: datetime, default: 2026-01-01T00:00Z}}
        schedules: {daily: "every 1 day from ${{ frist_run }}"}    # P110 frist_run
        """
    fixed = """
        pipeline: shop
        params: {first_run: {type: datetime, default: 2026-01-01T00:00Z}}
        schedules: {daily: "every 1 day from ${{ first_run }}"}
        """

    name: str
    near: str
