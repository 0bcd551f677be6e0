"""The texts of a pipeline as texts of a definition: each `${{ ... }}` as `#{ ... }`."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal

from pipec.definition.names import NamesToTheirs, Unsaid, theirs
from pipec.definition.unsaid import (
    EvaluatedText,
    UnsaidMove,
    UnsaidNumber,
    UnsaidPart,
    UnsaidText,
    UnsaidValue,
)
from pipec.diagnostic import Diagnostic, Report
from pipec.expression import NOT_CONSTANT, joda
from pipec.expression.evaluate import NotConstant, fold
from pipec.expression.functions import FUNCTIONS
from pipec.expression.infer import operation
from pipec.expression.spell import spell
from pipec.expression.tree import Binary, Call, Expr, Format, ListOf, Literal, Name, Unary
from pipec.expression.types import (
    DATETIME,
    DOUBLE,
    INT,
    PERIOD,
    STRING,
    Type,
    show,
)
from pipec.grid.period import Period
from pipec.values import Splice, Text


def from_ours(text: Text, names: NamesToTheirs, report: Report) -> str:
    """The `text` of a pipeline as the text of a field of a definition.

    It means exactly the same there; `report` says what cannot be said, and is then all that counts.
    """
    written, words = "", ""
    for piece in (*text.pieces, None):
        if isinstance(piece, Splice):
            tree = fold(piece.expr, _later, piece.at, report)
            if not isinstance(tree, Literal) or isinstance(tree.value, tuple):
                written += _plain(words, text, report) + _evaluated(tree, piece, names, report)
                words = ""
            else:
                words += show(tree.value)
        else:
            words += piece or ""
    return written + _plain(words, text, report)


def _plain(words: str, text: Text, report: Report) -> str:
    if "#{" in words:
        report.add(EvaluatedText(text.span))
    return words


def _later(parts: tuple[str, ...]) -> NotConstant:
    return NOT_CONSTANT


def _evaluated(expr: Expr, splice: Splice, names: NamesToTheirs, report: Report) -> str:
    try:
        return f"#{{{_Writer(splice, names).text(expr)}}}"
    except _UnsaidError as found:
        report.add(found.diagnostic)
        return ""


class _UnsaidError(Exception):
    """AWS Data Pipeline cannot say a part of an expression."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic)
        self.diagnostic = diagnostic


class _Writer:
    """Writes the expression of one `${{ ... }}`. What is known in it was computed before."""

    def __init__(self, splice: Splice, names: NamesToTheirs) -> None:
        self.splice = splice
        self.names = names

    def text(self, expr: Expr) -> str:
        """What gives the text that `expr` has."""
        code, found = self.write(expr)
        text = self._as_text(expr, code, found, joined=False)
        return text[1:-1] if text[0] == "(" else text

    def write(self, expr: Expr) -> tuple[str, Type]:
        """What gives the value of `expr`, and its type. A bracket it begins with is around it all."""
        match expr:
            case Literal():
                return self._literal(expr), expr.type
            case Name():
                meant = theirs(expr, self.names)
                if isinstance(meant, Unsaid):
                    said = ".".join(expr.parts)
                    raise self._unsaid(expr, UnsaidValue, said, meant.why)
                return meant.text, meant.type
            case Format(value=value, pattern=pattern):
                return self._format(expr, self.write(value)[0], pattern), STRING
            case Unary(value=value):
                code, found = self.write(value)
                if (found.item or found) not in (INT, DOUBLE):
                    raise self._unsaid(
                        expr, UnsaidMove, "the opposite of a period that is not known"
                    )
                return f"(0 - {code})", found
            case Binary():
                return self._binary(expr)
            case Call():
                return self._call(expr)
            case ListOf():
                raise self._unsaid(expr, UnsaidValue, spell(expr)[:60], _LISTS)

    def _binary(self, expr: Binary) -> tuple[str, Type]:
        left, right = expr.left, expr.right
        if isinstance(left, Literal) and left.type == PERIOD:
            left, right = right, left
        if isinstance(right, Literal) and isinstance(right.value, Period):
            code, found = self.write(left)
            if found == DATETIME:
                return self._moved(expr, code, right.value, expr.operator), DATETIME
        (one, first), (other, second) = self.write(left), self.write(right)
        if {first, second} == {DATETIME, PERIOD}:
            if expr.operator == "-":
                what = "earlier by a period that is not known before it runs"
                raise self._unsaid(expr, UnsaidMove, what)
            moment, by = (one, other) if first == DATETIME else (other, one)
            return f"plusPeriod({moment},{by})", DATETIME
        gives = operation(expr.operator, (first, second)) or STRING
        if expr.operator == "+" and (gives.item or gives) == STRING:
            one = self._as_text(left, one, first, joined=True)
            other = self._as_text(right, other, second, joined=True)
        # Nobody has written down what is computed first: brackets leave no doubt.
        if expr.operator == "+" and isinstance(left, Binary) and left.operator == "+":
            one = one[1:-1] if one[0] == "(" else one
        return f"({one} {expr.operator} {other})", gives

    def _moved(self, expr: Expr, moment: str, by: Period, operator: str) -> str:
        count, unit = by.count, by.unit
        if unit == "second" and count % 60 == 0:
            count, unit = count // 60, "minute"
        if unit == "second":
            raise self._unsaid(expr, UnsaidMove, f"by {by}")
        forward = (operator == "+") == (count >= 0)
        return f"{'plus' if forward else 'minus'}{unit.title()}s({moment},{abs(count)})"

    def _call(self, call: Call) -> tuple[str, Type]:
        function, arguments = call.function, call.arguments
        gives = FUNCTIONS[function].signatures[0].gives if function in FUNCTIONS else STRING
        count = arguments[1] if len(arguments) == 2 else None
        if isinstance(count, Literal) and isinstance(count.value, int) and count.value < 0:
            pair = ("plus", "minus")
            before, after = pair if function.startswith("plus") else pair[::-1]
            opposite = f"{after}{function.removeprefix(before)}"
            return f"{opposite}({self.write(arguments[0])[0]},{-count.value})", gives
        return f"{function}({','.join(self.write(one)[0] for one in arguments)})", gives

    def _format(self, expr: Expr, moment: str, pattern: str) -> str:
        found = joda.from_strftime(pattern)
        if isinstance(found, joda.Unsayable):
            near = f"write {found.near}" if found.near else "leave it out"
            raise self._unsaid(expr, UnsaidPart, found.letters, near)
        made = [f"format({moment},{self._string(expr, one)})" for one in found]
        return made[0] if len(made) == 1 else f"({' + '.join(made)})"

    def _as_text(self, expr: Expr, code: str, found: Type, *, joined: bool) -> str:
        """What gives the text of `expr`, whose value `code` gives."""
        if isinstance(expr, Literal):
            return self._string(expr, show(expr.value)) if expr.type != STRING else code
        plain = found.item or found
        # How they write a datetime is certain only of a field, and of one that stands alone.
        if plain == DATETIME and (joined or not isinstance(expr, Name)):
            return self._format(expr, code, "%Y-%m-%dT%H:%M:%S")
        if plain == DOUBLE and (joined or not isinstance(expr, Name)):
            raise self._unsaid(expr, UnsaidNumber)
        return code

    def _literal(self, literal: Literal) -> str:
        match literal.value:
            case bool() as value:
                return self._string(literal, show(value))
            case int() as value:
                return str(value) if value >= 0 else f"(0 - {-value})"
            case float() as value:
                text = format(Decimal(repr(abs(value))), "f")
                text = text if "." in text else f"{text}.0"
                return text if value >= 0 else f"(0 - {text})"
            case str() as value:
                return self._string(literal, value)
            case Period() as value:
                return self._string(literal, show(value))
            case datetime() as value:
                return self._datetime(literal, value.astimezone(UTC))
            case tuple():
                raise self._unsaid(literal, UnsaidValue, spell(literal)[:60], _LISTS)

    def _datetime(self, literal: Literal, value: datetime) -> str:
        if value.second or value.microsecond:
            raise self._unsaid(literal, UnsaidMove, f"to {show(value)}, inside of a minute")
        day = f"{value.year},{value.month},{value.day}"
        if value.hour == value.minute == 0:
            return f"makeDate({day})"
        return f"makeDateTime({day},{value.hour},{value.minute})"

    def _string(self, expr: Expr, text: str) -> str:
        """`text` in quotes; nothing is known of what could stand for a quote inside of them."""
        if found := re.search(r"[\\\n\r{}]", text):
            raise self._unsaid(expr, UnsaidText, repr(found[0])[1:-1].replace("\\\\", "\\"))
        if "'" not in text:
            return f"'{text}'"
        if '"' not in text:
            return f'"{text}"'
        parts = re.findall(r"[^']+|'+", text)
        return f"({' + '.join(self._string(expr, part) for part in parts)})"

    def _unsaid(self, expr: Expr, kind: type[Diagnostic], *values: str) -> _UnsaidError:
        return _UnsaidError(kind(self.splice.at(expr.start, expr.end), *values))


_LISTS = "it has lists in its fields and parameters, not in expressions"
