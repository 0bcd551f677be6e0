"""What tests of definitions share: reading them from text, and what is said of them."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from pipec.definition.check import check_definition
from pipec.definition.read import read_definition
from pipec.definition.values import Definition
from pipec.diagnostic import Diagnostic, Report
from pipec.source import Source


def read(texts: Mapping[str, str]) -> tuple[tuple[Definition, ...], list[Diagnostic]]:
    """The definitions of the first file, with what the others add, and all that is said of them."""
    first, *added = (Source(name, text) for name, text in texts.items())
    report = Report()
    found = read_definition(first, report, *added)
    for one in found:
        check_definition(one, report)
    return found, report.sorted()


def one(text: str, name: str = "shop.json") -> Definition:
    """The one definition in a text of which nothing is said."""
    found, said = read({name: textwrap.dedent(text)})
    assert said == []
    [definition] = found
    return definition


def said(text: str, name: str = "shop.json") -> list[tuple[str, str]]:
    """Code and underlined text of all that is said of a text."""
    return [(it.code, it.span.text) for it in read({name: textwrap.dedent(text)})[1]]
