"""A text is split where `${{ ... }}` stands in it, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipec.diagnostic import Report
from pipec.expression import Hole, Words, pieces
from pipec.source import Source


def split(text: str) -> tuple[list[str], list[tuple[str, str]]]:
    """The pieces, holes in braces, and what was said."""
    source, report = Source("shop.pipe.yaml", text), Report()
    found = pieces(text, source.span, report)
    for one in found:
        if isinstance(one, Hole):
            assert text[one.start - 3 : one.end + 2] == "${{" + one.text + "}}"
        else:
            assert text[one.start : one.end].replace("$${{", "${{") == one.text
    shown = [f"{{{one.text}}}" if isinstance(one, Hole) else one.text for one in found]
    return shown, [(one.code, one.span.text) for one in report.sorted()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("orders", ["orders"]),
        ("$VAR ${VAR} {{ x }} {% y %} }}", ["$VAR ${VAR} {{ x }} {% y %} }}"]),
        ("${{ start }}", ["{ start }"]),
        ("a${{b}}c${{d}}", ["a", "{b}", "c", "{d}"]),
        ("${{a}}${{b}}", ["{a}", "{b}"]),
        ("$${{ a }}", ["${{ a }}"]),
        ("$$${{ a }}", ["$${{ a }}"]),
        ("x $${{ a }} ${{ b }}", ["x ${{ a }} ", "{ b }"]),
        ("${{ 'a}}b' }}", ["{ 'a}}b' }"]),
        ("""${{ "it's }}" + '"' }}!""", ["""{ "it's }}" + '"' }""", "!"]),
        (r"${{ 'it\'s }}' }}", [r"{ 'it\'s }}' }"]),
        ("${{ '${{' }}", ["{ '${{' }"]),
        ("${{ start:%H o'clock }} and 'x' }}", ["{ start:%H o'clock }", " and 'x' }}"]),
        ("${{ start:%H}}}", ["{ start:%H}", "}"]),
        ("${{ 'a }} b", ["{ 'a }", " b"]),
        ("${{ a\n + b }}", ["{ a\n + b }"]),
    ],
)
def test_splits(text: str, expected: list[str]) -> None:
    assert split(text) == (expected, [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a ${{ start", ["a ${{ start"]),
        ("${{ start } ${{ end }}", ["${{ start } ", "{ end }"]),
        ("${{ start:%Y ${{ end }}", ["${{ start:%Y ", "{ end }"]),
        ("${{", ["${{"]),
    ],
)
def test_reports_what_nothing_closes(text: str, expected: list[str]) -> None:
    assert split(text) == (expected, [("P020", "${{")])


@given(st.text(alphabet="${}'\":\\ a\n", max_size=60))
def test_every_character_is_in_one_piece(text: str) -> None:
    source, report = Source("", text), Report()
    at = 0
    for one in pieces(text, source.span, report):
        match one:
            case Words(start=start, end=end):
                assert (start, end > start) == (at, True)
                at = end
            case Hole(start=start, end=end):
                assert start - 3 == at
                at = end + 2
    assert at == len(text)
    if "${{" not in text.replace("$${{", ""):
        assert report.found == []


def test_is_linear_in_what_nothing_closes() -> None:
    assert len(split("${{:" * 20_000)[1]) == 20_000
