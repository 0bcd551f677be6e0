"""What is said of a word that stands where it cannot: what is missing, and what would be right."""

from __future__ import annotations

import re

from pipec.diagnostic import Diagnostic, diagnostic, nearest
from pipec.expression.tree import Complaint
from pipec.expression.types import UNITS


def word(text: str, at: int, kind: str, expected: set[str]) -> Complaint:
    """The complaint about the word at `at`, where the grammar had `expected` others.

    `kind` and `expected` are names of terminals of the grammar.
    """
    brackets = _brackets(text, at)
    closing = {"RPAR", "RSQB"} & expected
    if "NAME" in expected and not (kind == "$END" and closing):
        return _missing_value(text, at)
    if kind in ("RPAR", "RSQB") or (kind == "$END" and brackets):
        wrong = at if kind != "$END" or not brackets else brackets[-1]
        return Complaint(wrong, wrong + 1, lambda span: UnbalancedBracket(span, text[wrong]))
    if kind == "FORMAT":
        end = len(text.rstrip())
        return Complaint(at, end, lambda span: MisplacedFormat(span, text[at:end]))
    found = _word_at(text, at)
    before = _word_before(text, at)
    return Complaint(
        at,
        at + len(found),
        lambda span: MissingOperator(span, found, before, _joining(before, found)),
    )


@diagnostic
class MissingValue(Diagnostic):
    """An operator, a bracket or a comma has no value beside it.

    Every operator has a value on both sides (a sign has one after it), every comma too, and the
    colon of a format comes after a datetime.
    """

    code = "P029"
    title = "Missing value"
    message = "a value is missing {where}"
    help = "write one there, such as a name, a number or a text in quotes"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --since ${{ start - }} --quiet     # P029 -
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --since ${{ start - 1 day }} --quiet
        """

    where: str


@diagnostic
class MissingOperator(Diagnostic):
    """Two values stand side by side, with nothing that says what becomes of them.

    Texts join with `+`. A period is a whole count, a blank and a unit: seconds, minutes, hours,
    days, weeks, months or years. Arguments stand in brackets, with commas between them.
    """

    code = "P030"
    title = "Missing operator"
    message = "`{found}` cannot follow `{before}` directly"
    help = "{advice}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --since ${{ start - 28 dayz }}     # P030 dayz
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --since ${{ start - 28 days }}
        """

    found: str
    before: str
    advice: str


@diagnostic
class UnbalancedBracket(Diagnostic):
    """A bracket has no partner.

    Round brackets hold the arguments of a function, or say what is computed first; square
    brackets hold a list. Each closes with its own kind.
    """

    code = "P031"
    title = "Unbalanced bracket"
    message = "`{bracket}` has no partner"
    help = "add the other bracket, or take this one out"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --since ${{ midnight(start }} --quiet     # P031 (
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --since ${{ midnight(start) }} --quiet
        """

    bracket: str


@diagnostic
class MisplacedFormat(Diagnostic):
    """The format of a datetime stands inside brackets.

    A colon and all that follows it, up to the closing braces, is the format of the whole
    expression. Inside an expression the function `format` writes a datetime.
    """

    code = "P032"
    title = "Misplaced format"
    message = "`{found}` stands inside a bracket, where no format can"
    help = "move it behind the last bracket, or use `format(start, 'YYYY-MM-dd')` there"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --since ${{ midnight(start:%Y-%m-%d) }}     # P032 :%Y-%m-%d)
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --since ${{ midnight(start):%Y-%m-%d }}
        """

    found: str


_WORD = re.compile(r"""'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|\w+(?:\.\w+)*|\.\d+|\S""")


def _missing_value(text: str, at: int) -> Complaint:
    """Points at what asks for the value: the word before, or at the start, the one after."""
    before, after = _last_word(text, at), _word_at(text, at)
    if before is not None:
        start, end = before.span()
        where = f"after `{before[0]}`"
    else:
        start, end = at, at + len(after)
        where = f"before `{after}`"
    return Complaint(start, end, lambda span: MissingValue(span, where))


def _joining(before: str, found: str) -> str:
    """How the two words `before` and `found` could be brought together."""
    if found == ",":
        return "commas stand between the arguments of a function and the items of a list"
    if re.fullmatch(r"\d*\.?\d+", before) and re.match(r"[^\W\d]", found):
        if "." in before:
            return "the count of a period is a whole number"
        unit = nearest(found, UNITS) or "day"
        return f"a period is written like `{before} {unit}{'' if before == '1' else 's'}`"
    if found == "[":
        return "a list is used as a whole: its items have no numbers"
    if found in ("and", "or", "not", "if", "else", "in", "is"):
        return "there are no conditions"
    return "texts join with `+`"


def _brackets(text: str, end: int) -> list[int]:
    """Where the brackets are that open before `end` and do not close before it."""
    opened: list[int] = []
    for found in _WORD.finditer(text, 0, end):
        if found[0] in ("(", "["):
            opened.append(found.start())
        elif found[0] in (")", "]") and opened:
            opened.pop()
    return opened


def _word_at(text: str, at: int) -> str:
    found = _WORD.match(text, at)
    return found[0] if found else ""


def _last_word(text: str, end: int) -> re.Match[str] | None:
    words = list(_WORD.finditer(text, 0, end))
    return words[-1] if words else None


def _word_before(text: str, end: int) -> str:
    last = _last_word(text, end)
    return last[0] if last else ""
