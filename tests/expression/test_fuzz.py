"""No text whatever makes the language raise: what is wrong with it is said."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pipec.diagnostic import Report
from pipec.expression import Hole, Period, pieces
from pipec.expression.functions import FUNCTIONS
from pipec.expression.tree import Literal
from pipec.expression.types import fits, type_of
from pipec.source import Source

from .reading import read

VALUES: dict[str, Any] = {
    "n": 3,
    "zero": 0,
    "price": 1e308,
    "word": "orders",
    "words": ("one", "two"),
    "numbers": (1, 2.5),
    "nobody": (),
    "then": datetime(9999, 12, 31, 23, tzinfo=UTC),
    "by": Period(-3, "month"),
    "pattern": "YYYY-'W'ww",
}
WORDS = st.one_of(
    st.sampled_from([*FUNCTIONS, *VALUES, "start", "visits", "visits.path", "true", "unknown.x"]),
    st.sampled_from(list("+-*/^(),[]:.'\"\\ \n%{}")),
    st.sampled_from(["1", "0", "9223372036854775807", "1.5", "28 days", "1 year", "'x'", ":%Y", '"1 day"']),
    st.text(max_size=3),
)  # fmt: skip


@st.composite
def expressions(draw: st.DrawFn, depth: int = 4) -> str:
    """A text that is an expression, though its types seldom go together."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from([*VALUES, "start", "visits", "2", "0.5", "3 weeks", "'a b'"]))
    inner = expressions(depth - 1)
    match draw(st.integers(0, 4)):
        case 0 | 1:
            return f"{draw(inner)} {draw(st.sampled_from('+-*/^'))} {draw(inner)}"
        case 2:
            return draw(st.sampled_from(["-{}", "({})", "[{}]"])).format(draw(inner))
        case 3:
            return f"[{draw(inner)}, {draw(inner)}]"
        case _:
            name = draw(st.sampled_from(list(FUNCTIONS)))
            count = len(FUNCTIONS[name].signatures[0].takes)
            return f"{name}({', '.join(draw(inner) for _ in range(count))})"


def check(text: str) -> None:
    reading = read(text, **VALUES)
    assert (reading.tree is None) <= bool(reading.said)
    for one in reading.report.found:
        assert 0 <= one.span.start <= one.span.end <= len(text)
    if reading.said or reading.type is None:
        return
    # What has a type and no complaint has, as soon as it is known, a value of that type.
    if isinstance(reading.folded, Literal):
        assert fits(type_of(reading.folded.value), reading.type)


@given(st.text(max_size=40))
def test_any_text(text: str) -> None:
    check(text)


@given(st.lists(WORDS, max_size=15))
def test_any_words(words: list[str]) -> None:
    check(" ".join(words))


@settings(max_examples=300)
@given(expressions())
def test_any_expression(text: str) -> None:
    reading = read(text, **VALUES)
    assert reading.tree is not None
    check(text)


@given(st.lists(st.one_of(WORDS, st.sampled_from(["${{", "}}", "$${{"])), max_size=15))
def test_any_text_with_braces(words: list[str]) -> None:
    text = "".join(words)
    source, report = Source("", text), Report()
    for piece in pieces(text, source.span, report):
        if isinstance(piece, Hole):
            check(piece.text)
