"""The inside of one `${{ ... }}`, read into a tree."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from pipec import grammar
from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.expression import literals
from pipec.expression.dateformat import complaints
from pipec.expression.tree import (
    Binary,
    Call,
    Complaint,
    Expr,
    Format,
    ListOf,
    Literal,
    Name,
    Place,
    Unary,
    depth,
)
from pipec.expression.types import BOOL

if TYPE_CHECKING:
    from lark import Lark, Token

LONGEST = 10_000
"""Characters that one expression may have."""

DEEPEST = 100
"""How many expressions may stand inside each other."""


def parse(text: str, at: Place, report: Report) -> Expr | None:
    """What `text`, the inside of one `${{ ... }}`, says; None if it cannot be read."""
    tree, wrong = _read(text)
    for complaint in wrong:
        report.add(complaint.placed(at(complaint.start, complaint.end)))
    return tree


@diagnostic
class EmptyExpression(Diagnostic):
    """Nothing stands between `${{` and `}}`.

    Between the braces stands a value: `start`, the name of a parameter, a field of an object.
    An empty text needs no expression at all.
    """

    code = "P023"
    title = "Empty expression"
    message = "there is no value between the braces"
    help = "name one, as in `${{{{ start }}}}`, or leave the braces out"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --since ${{ }} --quiet     # P023 ${{ }}
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --since ${{ start }} --quiet
        """


@diagnostic
class ExpressionTooLarge(Diagnostic):
    """An expression is too long or nests too deeply to be meant.

    It may have 10,000 characters, and 100 expressions inside each other, where every operator
    and every function counts once. A text of many parts needs no `+`: `${{ a }}/${{ b }}`.
    """

    code = "P024"
    title = "Expression too large"
    message = "this expression {what}"
    help = "split it into several `${{{{ ... }}}}` one after the other"
    fails = f"""
        pipeline: shop
        schedules: {{daily: every 1 day from 2026-01-01T00:00Z}}
        defaults: {{schedule: daily}}
        activities:
          mail:
            shell: ./mail --orders ${{{{{"-" * 120}1}}}} --quiet     # P024 {"-" * 120}1
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --orders ${{ 1 }} --quiet
        """

    what: str


@lru_cache(maxsize=8192)
def _read(text: str) -> tuple[Expr | None, tuple[Complaint, ...]]:
    from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

    size = len(text)
    if not text.strip():
        # With the braces, since nothing else is there to point at.
        return None, (Complaint(-3, size + 2, EmptyExpression),)
    if size > LONGEST:
        return None, (_too_large(text, f"has {size} characters"),)
    try:
        tree: Expr = _parser().parse(text)  # type: ignore[assignment]
    except UnexpectedCharacters as error:
        from pipec.expression import strange  # Needed by those alone who make such mistakes.

        return None, (strange.character(text, error.pos_in_stream or 0),)
    except UnexpectedToken as error:
        from pipec.expression import misread

        found, expected = error.token, error.expected
        position = size if found.type == "$END" else found.start_pos or 0
        return None, (misread.word(text, position, found.type, expected),)
    except literals.NoLiteralError as refused:
        return None, (refused.complaint,)
    except UnexpectedInput:
        raise AssertionError("lark found something else than a character or a word") from None
    if depth(tree) > DEEPEST:
        return None, (_too_large(text, f"nests more than {DEEPEST} deep"),)
    if isinstance(tree, Format):
        start = tree.end - len(tree.pattern) if tree.pattern else tree.end - 1
        return tree, tuple(complaints(tree.pattern, start))
    return tree, ()


def _too_large(text: str, what: str) -> Complaint:
    start = len(text) - len(text.lstrip())
    return Complaint(start, len(text.rstrip()), lambda span: ExpressionTooLarge(span, what))


@cache
def _parser() -> Lark:
    return grammar.load("expression", transformer=Builder())


class Builder:
    """Makes a node of each rule of the grammar, as soon as lark has recognised it."""

    def expression(self, found: list[Any]) -> Expr:
        value: Expr = found[0]
        if len(found) == 1:
            return value
        token: Token = found[1]
        pattern = token[1:].strip()
        end = (token.start_pos or 0) + len(token.rstrip())
        return Format(value, pattern, value.start, end)

    def binary(self, found: list[Any]) -> Expr:
        left, operator, right = found
        return Binary(str(operator), left, right, left.start, right.end)

    def unary(self, found: list[Any]) -> Expr:
        operator, value = found
        return Unary(str(operator), value, operator.start_pos, value.end)

    def group(self, found: list[Any]) -> Expr:
        opening, value, closing = found
        if isinstance(value, Name | Call):  # Their own offsets tell where their names are.
            return value
        whole: Expr = replace(value, start=opening.start_pos, end=closing.end_pos)
        return whole

    def call(self, found: list[Any]) -> Expr:
        name, _, *arguments, closing = found
        inside = tuple(arguments[0]) if arguments else ()
        return Call(str(name), inside, name.start_pos, closing.end_pos)

    def list_of(self, found: list[Any]) -> Expr:
        opening, *items, closing = found
        inside = tuple(items[0]) if items else ()
        return ListOf(inside, opening.start_pos, closing.end_pos)

    def arguments(self, found: list[Any]) -> list[Any]:
        return found

    def name(self, found: list[Token]) -> Expr:
        token = found[0]
        start, end = token.start_pos or 0, token.end_pos or 0
        if token in ("true", "false"):
            return Literal(token == "true", BOOL, start, end)
        return Name(tuple(token.split(".")), start, end)

    def integer(self, found: list[Token]) -> Expr:
        return literals.integer(*_text(found[0]))

    def double(self, found: list[Token]) -> Expr:
        return literals.double(*_text(found[0]))

    def period(self, found: list[Token]) -> Expr:
        return literals.period(*_text(found[0]))

    def string(self, found: list[Token]) -> Expr:
        return literals.string(*_text(found[0]))


def _text(token: Token) -> tuple[str, int]:
    return str(token), token.start_pos or 0
