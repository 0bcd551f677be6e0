"""Numbers, periods and texts, as they are written in an expression."""

from __future__ import annotations

import re

from pipec.diagnostic import Diagnostic, diagnostic
from pipec.expression import types
from pipec.expression.tree import Complaint, Literal
from pipec.expression.types import DOUBLE, INT, LARGEST_INT, PERIOD, STRING


class NoLiteralError(Exception):
    """What is written has the form of a literal, and there is no such value."""

    def __init__(self, complaint: Complaint) -> None:
        self.complaint = complaint


def integer(text: str, start: int) -> Literal:
    """The int that is written `text`."""
    # Counted first: Python itself refuses to read thousands of digits.
    if len(text.lstrip("0")) > len(str(LARGEST_INT)) or int(text) > LARGEST_INT:
        raise _too_large(text, start, "an int")
    return Literal(int(text), INT, start, start + len(text))


def double(text: str, start: int) -> Literal:
    """The double that is written `text`."""
    value = float(text)
    if value == float("inf"):
        raise _too_large(text, start, "a double")
    return Literal(value, DOUBLE, start, start + len(text))


def period(text: str, start: int) -> Literal:
    """The period that is written `text`."""
    value = types.period(text)
    if value is None:
        raise _too_large(text, start, "a period")
    return Literal(value, PERIOD, start, start + len(text))


def string(text: str, start: int) -> Literal:
    """The text that is written `text`, quotes and escapes included."""
    for escape in re.finditer(r"\\(.)", text):
        if escape[1] not in _ESCAPES:
            raise _unknown_escape(escape[0], start + escape.start())
    value = re.sub(r"\\(.)", lambda escape: _ESCAPES[escape[1]], text[1:-1])
    return Literal(value, STRING, start, start + len(text))


@diagnostic
class UnknownEscape(Diagnostic):
    """A backslash in a quoted text stands before a character that it does not go with.

    It goes with a quote, with another backslash, with `n` (a line break) and with `t` (a tab).
    """

    code = "P025"
    title = "Unknown escape"
    message = "`{escape}` stands for no character"
    help = "write two backslashes, `\\\\`, to have one in the text"
    fails = r"""
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --folder ${{ 'orders\dump' }}     # P025 \d
        """
    fixed = r"""
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --folder ${{ 'orders\\dump' }}
        """

    escape: str


@diagnostic
class LiteralTooLarge(Diagnostic):
    """A number has more digits than its type holds.

    An int has 64 bits and goes up to 9223372036854775807, a double up to about 1.8e308. An
    identifier that only looks like a number belongs in quotes.
    """

    code = "P026"
    title = "Number too large"
    message = "`{number}` is more than {kind} holds"
    help = "put it in quotes if it is an identifier rather than a number"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --order ${{ 10000000000000000000 }}   # P026 10000000000000000000
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --order ${{ '10000000000000000000' }}
        """

    number: str
    kind: str


_ESCAPES = {"\\": "\\", "'": "'", '"': '"', "n": "\n", "t": "\t"}


def _unknown_escape(escape: str, start: int) -> NoLiteralError:
    return NoLiteralError(Complaint(start, start + 2, lambda span: UnknownEscape(span, escape)))


def _too_large(text: str, start: int, kind: str) -> NoLiteralError:
    shown = text if len(text) <= 40 else f"{text[:37]}..."
    return NoLiteralError(
        Complaint(start, start + len(text), lambda span: LiteralTooLarge(span, shown, kind))
    )
