"""Every diagnostic of an expression, by its own example: it fails where marked, and fixed it does not."""

from __future__ import annotations

import importlib
import pkgutil
import re
import textwrap

import pytest
import yaml

import pipec.expression
from pipec.diagnostic import CATALOGUE, Diagnostic, Report
from pipec.expression import Hole, Place, fold, infer, parse, pieces
from pipec.source import Source

from .reading import Shop

for found in pkgutil.iter_modules(pipec.expression.__path__, "pipec.expression."):
    importlib.import_module(found.name)  # Some are loaded only when a text has their mistake.

OURS = [
    one for code, one in sorted(CATALOGUE.items()) if one.__module__.startswith("pipec.expression.")
]
MARK = re.compile(r"\s# (P\d{3}) (.+)$", re.MULTILINE)


def shifted(source: Source, by: int) -> Place:
    return lambda start, end: source.span(by + start, by + end)


def said(example: str) -> list[tuple[str, str]]:
    """What is said of the expressions in an example, and at which text."""
    source, report = Source("shop.pipe.yaml", example), Report()
    for token in yaml.scan(example):
        if not isinstance(token, yaml.ScalarToken):
            continue
        quote = len(token.style or "")
        first, last = token.start_mark.index + quote, token.end_mark.index - quote
        assert example[first:last] == token.value, "text must run on one to one in an example"
        for piece in pieces(token.value, shifted(source, first), report):
            if isinstance(piece, Hole):
                at = shifted(source, first + piece.start)
                tree = parse(piece.text, at, report)
                if tree is not None:
                    infer(tree, Shop(), at, report)
                    fold(tree, Shop().lookup, at, report)
    return [(one.code, one.span.text) for one in report.sorted()]


@pytest.mark.parametrize("one", OURS, ids=lambda it: it.code)
def test_its_example(one: type[Diagnostic]) -> None:
    fails, fixed = textwrap.dedent(one.fails), textwrap.dedent(one.fixed)
    marks = MARK.findall(fails)
    assert marks
    assert said(fails) == [(code, text.strip()) for code, text in marks]
    assert {code for code, _ in marks} == {one.code}
    assert said(fixed) == []


@pytest.mark.parametrize("one", OURS, ids=lambda it: it.code)
def test_it_is_explained(one: type[Diagnostic]) -> None:
    assert one.__doc__
    paragraphs = one.__doc__.strip().split("\n\n")
    assert len(paragraphs) >= 2
    assert one.title
    assert one.message
    assert one.help


def test_codes_are_in_our_range() -> None:
    codes = [int(one.code[1:]) for one in OURS]
    assert len(codes) == 24
    assert all(20 <= code <= 39 or 240 <= code <= 259 for code in codes)
