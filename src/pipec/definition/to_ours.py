"""The texts of a definition as texts of a pipeline file: each `#{ ... }` as `${{ ... }}`."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TypeAlias

from pipec.definition import patterns
from pipec.definition.expression import Misread, read, split
from pipec.definition.names import Chain, Meant, NamesToOurs, Unsaid, ours
from pipec.diagnostic import Report, nearest
from pipec.expression import joda
from pipec.expression.functions import FUNCTIONS
from pipec.expression.infer import infer
from pipec.expression.parse import parse
from pipec.expression.pieces import Hole
from pipec.expression.spell import quoted, spell
from pipec.expression.tree import (
    Binary,
    Call,
    Expr,
    Format,
    ListOf,
    Literal,
    Name,
    Place,
    children,
    rebuilt,
    walk,
)
from pipec.expression.types import (
    DATETIME,
    PERIOD,
    STRING,
    UNITS,
    Type,
    period,
)
from pipec.frozen import frozen
from pipec.grid.period import Period
from pipec.source import Span
from pipec.syntax import Scalar

UNDECIDED = "undecided"
"""What stands for an expression that nobody but its writer can translate.

`#{runsOn.@headNode}` becomes `${{ undecided('#{runsOn.@headNode}') }}`: there is no such function,
so that `pipec check` points at each place where something is left to decide.
"""


@frozen
class Note:
    """Something that a person should look at in the translation of a text."""

    span: Span
    what: str
    """The expression of theirs."""
    why: str
    decide: bool
    """True when `undecided(...)` stands in its place, or the text is as it was; false when the
    translation is exact, and worth a look because it may never have been what was meant."""


def to_ours(text: Scalar, names: NamesToOurs, notes: list[Note]) -> str:
    """The `text` of a field of a definition as text of a pipeline file.

    All but `#{ ... }` means the same there: what would be an expression of ours is escaped. What
    a person has to look at is added to `notes`.
    """
    if "#{" not in text.value:
        return _text([text.value])
    joined = _Translation(text, names, notes).lists()
    if joined is not None:
        return joined
    found: list[_Piece] = []
    for piece in split(text.value):
        if isinstance(piece, Hole):
            found += _Translation(text, names, notes, piece).pieces()
        else:
            found.append(piece.text)
            _unclosed(text, piece.start, piece.text, notes)
    return _text(found)


def uses(text: str) -> tuple[tuple[Chain, Type | None], ...]:
    """The names of theirs in `text`, in order, each with the type that a function asks it to be."""
    found: dict[tuple[Chain, Type | None], None] = {}
    for piece in split(text):
        tree = read(piece.text) if isinstance(piece, Hole) else None
        if tree is None or isinstance(tree, Misread):
            continue
        wanted: dict[int, Type] = {}
        for one in walk(tree):
            if isinstance(one, Call) and one.function in FUNCTIONS:
                takes = FUNCTIONS[one.function].signatures[-1].takes
                wanted |= {id(it): type for it, type in zip(one.arguments, takes, strict=False)}
            if isinstance(one, Name):
                found[one.parts, wanted.get(id(one))] = None
    return tuple(found)


_Piece: TypeAlias = str | Expr
"""Words, or an expression of ours."""


def _text(found: list[_Piece]) -> str:
    """The text of a pipeline file that consists of these pieces."""
    written, words = "", ""
    for piece in (*found, ""):
        if isinstance(piece, str):
            words += piece
            continue
        plain = words.rstrip("$")
        written += plain.replace("${{", "$${{")
        if dollars := words[len(plain) :]:  # They would escape the expression behind them.
            written += f"${{{{ {quoted(dollars)} }}}}"
        written += f"${{{{ {spell(piece)} }}}}"
        words = ""
    return written + words.replace("${{", "$${{")


def _unclosed(text: Scalar, start: int, words: str, notes: list[Note]) -> None:
    for found in re.finditer(r"#\{[^\n]*", words):
        span = text.part(start + found.start(), start + found.end())
        notes.append(Note(span, found[0], "nothing closes this `#{`: it is kept as it is", True))


class _UndecidedError(Exception):
    """A part of an expression has no translation."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class _Translation:
    """One `#{ ... }` on its way; all of it goes, or nothing."""

    def __init__(
        self, text: Scalar, names: NamesToOurs, notes: list[Note], hole: Hole | None = None
    ) -> None:
        self.text = text
        self.names = names
        self.notes = notes
        self.hole = hole or Hole(text.value, 0, len(text.value))
        self.looks: list[str] = []

    def lists(self) -> str | None:
        """A whole text `[#{one}, #{other}]` where these are lists; None for every other text."""
        if not re.fullmatch(r"\s*\[\s*#\{.*\}\s*\]\s*", self.text.value, re.DOTALL):
            return None
        found = split(self.text.value)
        if len(found) < 3:
            return None
        opening, *inside, closing = found
        between = [one.text.strip() for one in inside[1::2]]
        trees = [read(one.text) for one in inside[::2]]
        if (opening.text.strip(), closing.text.strip(), {*between, ","}) != ("[", "]", {","}):
            return None
        if any(isinstance(tree, Misread) for tree in trees):
            return None
        try:
            whole = ListOf(tuple(self.of(tree) for tree in trees if not isinstance(tree, Misread)))
        except _UndecidedError:
            return None
        given = [infer(item, _Types(self.known), self.place, Report()) for item in whole.items]
        if not any(type is not None and type.item for type in given):
            return None
        return _text([whole])

    def pieces(self) -> list[_Piece]:
        """What stands for it in a text of ours."""
        tree = read(self.hole.text)
        try:
            if isinstance(tree, Misread):
                raise _UndecidedError(tree.why)
            made = self.top(tree)
            for piece in made:
                self.check(piece)
        except _UndecidedError as found:
            self.note(found.why, decide=True)
            return [Call(UNDECIDED, (Literal(f"#{{{self.hole.text}}}", STRING),))]
        for look in dict.fromkeys(self.looks):
            self.note(look, decide=False)
        return made

    def note(self, why: str, *, decide: bool) -> None:
        start, end = self.hole.start - 2, self.hole.end + 1
        what = f"#{{{self.hole.text}}}"
        self.notes.append(Note(self.text.part(start, end), what, why, decide))

    def top(self, tree: Expr) -> list[_Piece]:
        """What stands for a whole expression: a format may be cut into several."""
        match tree:
            case Call("format", (moment, Literal(value=str() as pattern))):
                made: list[_Piece] = []
                for part in self.parts(pattern, self.of(moment)):
                    made += _formats(part[0], part[1]) if isinstance(part, tuple) else [part]
                return made
            case Call(function) if function in FUNCTIONS and _gives(function) == DATETIME:
                self.looks.append(
                    "a guide shows datetimes that were computed with a `z` at their end;"
                    " here they have none"
                )
        made_of = self.of(tree)
        if isinstance(made_of, Literal) and isinstance(made_of.value, str):
            return [made_of.value]
        return [made_of]

    def parts(self, pattern: str, moment: Expr) -> list[tuple[str, Expr] | Expr]:
        """What a pattern writes of `moment`: formats of it, and numbers."""
        found = patterns.parts(pattern, moment)
        if isinstance(found, joda.Unsayable):
            near = f"; nearest is {found.near}" if found.near else ""
            raise _UndecidedError(
                f"no format writes what `{found.letters}` of the pattern `{pattern}` does{near}"
            )
        if not pattern:
            raise _UndecidedError("an empty pattern writes nothing")
        self.looks += patterns.slips(pattern)
        return [(one, moment) if isinstance(one, str) else one for one in found]

    def of(self, tree: Expr) -> Expr:
        """`tree` in our language."""
        match tree:
            case Literal():
                return tree
            case Name():
                return self.name(tree)
            case Call():
                return self.call(tree)
        return rebuilt(tree, tuple(self.of(child) for child in children(tree)))

    def name(self, name: Name) -> Expr:
        found = ours(name.parts, self.names)
        if isinstance(found, Unsaid):
            raise _UndecidedError(found.why)
        return found.expr

    def call(self, call: Call) -> Expr:
        if call.function not in FUNCTIONS:
            near = nearest(call.function, FUNCTIONS)
            more = f"; nearest is `{near}`" if near else ""
            raise _UndecidedError(f"no function is called `{call.function}`{more}")
        match call:
            case Call("format", (moment, Literal(value=str() as pattern))):
                return self.formatted(pattern, self.of(moment))
            case Call("plusPeriod", (moment, Literal(value=str() as length))):
                by = period(length)
                if by is None:
                    raise _UndecidedError(f"`{length}` is not a period")
                return Binary("+", self.of(moment), Literal(by, PERIOD))
            case Call(function, (moment, Literal(value=int() as count))):
                word, unit = function[:-1], None
                for one in UNITS:
                    unit = one if word in (f"plus{one.title()}", f"minus{one.title()}") else unit
                if unit is not None:
                    operator = "+" if function.startswith("plus") else "-"
                    return Binary(operator, self.of(moment), Literal(Period(count, unit), PERIOD))
        return replace(call, arguments=tuple(map(self.of, call.arguments)))

    def formatted(self, pattern: str, moment: Expr) -> Expr:
        """A pattern inside of an expression: texts and numbers that are joined."""
        made: list[Expr] = []
        for part in self.parts(pattern, moment):
            if not isinstance(part, tuple):
                made.append(part)
                continue
            again = joda.from_strftime(part[0])
            assert not isinstance(again, joda.Unsayable), "it came from such a pattern"
            made += [Call("format", (moment, Literal(one, STRING))) for one in again]
        first, *rest = made
        if not (isinstance(first, Call) and first.function == "format"):
            first, rest = Literal("", STRING), made  # Numbers would be added.
        for one in rest:
            first = Binary("+", first, one)
        return first

    @property
    def known(self) -> dict[Chain, Type | None]:
        """The types of the names of ours in it."""
        found: dict[Chain, Type | None] = {}
        for hole in split(self.text.value):
            tree = read(hole.text) if isinstance(hole, Hole) else None
            if tree is None or isinstance(tree, Misread):
                continue
            for one in walk(tree):
                meant = ours(one.parts, self.names) if isinstance(one, Name) else None
                if isinstance(meant, Meant) and isinstance(meant.expr, Name):
                    found[meant.expr.parts] = meant.type
        return found

    def check(self, piece: _Piece) -> None:
        """See to it that the language takes what was made."""
        if isinstance(piece, str):
            return
        report = Report()
        infer(piece, _Types(self.known), self.place, report)
        if not report.found:
            parse(spell(piece), self.place, report)
        if report.found:
            raise _UndecidedError(report.found[0].text())

    def place(self, start: int, end: int) -> Span:
        return self.text.span


def _gives(function: str) -> Type:
    return FUNCTIONS[function].signatures[0].gives


@frozen
class _Types:
    """The scope of names whose types are known."""

    known: dict[Chain, Type | None]

    def type_of(self, name: Name, at: Place, report: Report) -> Type | None:
        """The type of what `name` stands for; None when nobody knows."""
        return self.known.get(name.parts)


_BARE = "%Y-%m-%dT%H:%M:%S"
"""How a datetime is written that has no format."""


def _formats(pattern: str, moment: Expr) -> list[_Piece]:
    """`moment` in a strftime format, where text at its ends, and around braces, is words."""
    if pattern == _BARE:
        return [moment]
    made: list[_Piece] = []
    for part in re.split(r"([{}]+)", pattern):
        letters = [it for it in re.finditer(r"%(.)", part) if it[1] != "%"]
        if not letters:
            made.append(part.replace("%%", "%"))
            continue
        first, last = letters[0].start(), letters[-1].end()
        before, after = part[:first], part[last:]
        made += [before.replace("%%", "%"), Format(moment, part[first:last])]
        made.append(after.replace("%%", "%"))
    return made
