"""What is said of a character that begins no word of an expression."""

from __future__ import annotations

import unicodedata

from pipec.diagnostic import Diagnostic, diagnostic
from pipec.expression.tree import Complaint


def character(text: str, at: int) -> Complaint:
    """The complaint about the character at `at`, which begins no word of the language."""
    found = text[at]
    if found in "'\"":
        end = len(text[at:].split("\n", 1)[0].rstrip()) + at
        return Complaint(at, end, lambda span: UnclosedText(span, found))
    advice = _CHARACTERS.get(found, "outside of quotes stand names, numbers, periods and operators")
    if unicodedata.category(found) in ("Pi", "Pf"):
        advice = "texts stand in straight quotes, `'` or `\"`"
    return Complaint(at, at + 1, lambda span: StrangeCharacter(span, found, advice))


@diagnostic
class StrangeCharacter(Diagnostic):
    """A character stands outside of quotes that has no meaning in an expression.

    Expressions are made of names, numbers, periods, texts in quotes, lists, functions and the
    operators `+ - * / ^`. There are no comparisons and no filters.
    """

    code = "P027"
    title = "Strange character"
    message = "`{character}` has no meaning in an expression"
    help = "{advice}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --since ${{ @start }}     # P027 @
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --since ${{ start }}
        """

    character: str
    advice: str


@diagnostic
class UnclosedText(Diagnostic):
    """A text in quotes has no closing quote on its line.

    Quotes are single or double, and the same at both ends. Inside, `\\'` and `\\"` are quotes that
    do not end the text.
    """

    code = "P028"
    title = "Unclosed text"
    message = "nothing closes this `{quote}` on its line"
    help = "end the text with `{quote}`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --subject ${{ 'orders }}     # P028 'orders
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --subject ${{ 'orders' }}
        """

    quote: str


_CHARACTERS = {
    "@": "a name stands alone, without `@`",
    "$": "a name stands alone, without `$`",
    "#": "a name stands alone, without `#`",
    "{": "names need no braces of their own",
    "}": "names need no braces of their own",
    "|": "there are no filters; a datetime is written with `start:%Y-%m-%d`",
    "%": "there is no remainder; the letters of a format come after a colon, `start:%Y`",
    "=": "expressions do not compare",
    "<": "expressions do not compare",
    ">": "expressions do not compare",
    "!": "expressions do not compare",
    "&": "texts join with `+`",
    "~": "texts join with `+`",
    ".": "no blank stands before or after the dot of a field",
    "`": "texts stand in single or double quotes",
    "?": "there are no conditions",
    "\\": "a backslash has a meaning in quotes only",
    ";": "arguments are separated by commas",
}
