"""The short forms: one line of text, parsed by the grammar in `grammar/forms.lark`."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from lark import Token, Tree, UnexpectedInput
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from pipec.diagnostic import Diagnostic, diagnostic
from pipec.fields.habits import habit
from pipec.fields.reader import Reader
from pipec.grammar import load
from pipec.source import Span
from pipec.syntax import Scalar

SHAPES = {
    "schedule": "every 1 day from 2026-01-01T00:00Z",
    "schedule cron": 'cron "0 6 * * *" in Europe/Zurich from 2026-01-01T00:00Z',
    "schedule once": "once from 2026-01-01T00:00Z",
    "schedule on": "on demand",
    "period": "10 minutes",
    "length": "10 minutes",
    "attempts": "3 every 10 minutes",
    "late": "after 2 hours, stop",
    "flow": "orders, stock[-1] -> report",
    "names": "load, check",
    "format": "csv(id bigint, name string)",
    "columns": "id bigint, name string",
    "workers": "edge NAME",
    "type": "list(string)",
    "rollup": "orders every daily by city with sum(price), count() into orders_by_day",
    "by": "city, product",
    "measures": "sum(price) as price, count()",
    "chart": "bar views by region",
}


def read_form(rule: str, scalar: Scalar, reader: Reader) -> Tree[Token] | None:
    """The parts of a short form; None, reported, when it does not have its shape."""
    found = _parse(rule, scalar.value)
    if isinstance(found, Tree):
        return found
    first, *_ = scalar.value.split(maxsplit=1) or [""]
    shape = SHAPES.get(f"{rule} {first}") or SHAPES[rule]
    start, end, expected, advice = habit(rule, scalar.value) or (*found, f"the form is `{shape}`")
    span = scalar.part(start, end) if end > start else scalar.span
    what = f"`{scalar.value[start:end]}`" if end > start else "the end"
    reader.report.add(BadForm(span, what, expected, advice))
    return None


def token_span(scalar: Scalar, token: Token) -> Span:
    """Where a part of the short form stands in the file."""
    start = token.start_pos or 0
    return scalar.part(start, start + len(token))


@lru_cache(maxsize=4096)
def _parse(rule: str, text: str) -> Tree[Token] | tuple[int, int, str]:
    """The tree, or where it went wrong: start, end and what was expected there."""
    if len(text) > 100_000:
        return 0, 0, "a line of reasonable length"
    try:
        found: Tree[Token] = _parser().parse(text, start=rule)
        return found
    except UnexpectedToken as error:
        token = error.token
        if token.type == "$END":
            return len(text), len(text), _expected(error.accepts or error.expected)
        start = token.start_pos or 0
        return start, start + len(token), _expected(error.accepts or error.expected)
    except UnexpectedCharacters as error:
        at = error.pos_in_stream or 0
        return at, at + 1, _expected(error.allowed or set())
    except UnexpectedInput:
        return 0, 0, "something else"


@lru_cache(maxsize=1)
def _parser() -> Any:
    return load("forms")


def _expected(terminals: Any) -> str:
    names = sorted({_TERMINALS.get(one, f"`{one.lower()}`") for one in terminals} - {""})
    return " or ".join(names) or "nothing more"


_TERMINALS = {
    "NAME": "a name",
    "WORD": "a word",
    "COLUMN": "a column's name",
    "INDEX": "a number",
    "QUOTED": "a quoted text",
    "STOP": "`stop`",
    "COMMA": "`,`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "LSQB": "`[`",
    "RSQB": "`]`",
    "$END": "the end",
    "__ANON_0": "`->`",
    "__ANON_1": "`..`",
}


@diagnostic
class BadForm(Diagnostic):
    """A short form has a fixed shape, described in the language reference."""

    code = "P211"
    title = "Not of the expected form"
    message = "found {found} where {expected} is expected"
    help = "{advice}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day since 2026-01-01}    # P211 since
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01}
        """

    found: str
    expected: str
    advice: str
