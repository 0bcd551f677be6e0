"""Patterns that Java reads and Python does not are known, and what is proposed is read by both."""

from __future__ import annotations

import re

import pytest

from pipec.formats._patterns import compiled, only_java


@pytest.mark.parametrize(
    ("pattern", "part", "instead", "text"),
    [
        (r"(\p{Alpha}+)", r"\p{Alpha}", "[A-Za-z]", "x"),
        (r"(\P{Punct}+)", r"\P{Punct}", r"[^!-/:-@\[-`{-~]", "x"),
        (r"([a]\pL)", r"\pL", "[A-Za-z]", "ax"),
        (r"(\h+)", r"\h", r"[ \t]", "\t"),
        (r"(a\R)", r"\R", r"(?:\r\n|[\n\r])", "a\n"),
        (r"(\v)", r"\v", r"[\n\x0b\f\r]", "\r"),
        (r"(\x{e9})", r"\x{e9}", r"\u00e9", "é"),
        (r"(\cA\e)", r"\cA", r"\x01", "\x01\x1b"),
        (r"(\e)", r"\e", r"\x1b", "\x1b"),
        (r"\Qa.b\E(.)", r"\Qa.b\E", r"a\.b", "a.bc"),
        (r"(?>a)(b)", "(?>", "(?:", "ab"),
        (r"(?<name>a)", "(?<name>", "(", "a"),
        (r"(a)\k<name>", r"\k<name>", r"\1", "aa"),
        (r"(a++b)", "++", "+", "aab"),
        (r"(a{2}+)", "{2}+", "{2}", "aa"),
        (r"([a[b]]+)", "[", r"\[", "a]"),
    ],
)
def test_only_java(pattern: str, part: str, instead: str, text: str) -> None:
    found = only_java(pattern)
    assert found is not None
    assert found[0] == part
    assert f"`{instead}`" in found[1]
    mended = pattern.replace(part, instead, 1) if part != "[" else pattern.replace("[a[", r"[a\[")
    if only_java(mended) is None:
        again = compiled(mended)
        assert isinstance(again, re.Pattern)
        assert again.fullmatch(text)


@pytest.mark.parametrize(
    "pattern", [r"(x)\z", r"\G(x)", "([a-z&&[^b]]+)", r"(\X)"], ids=["end", "start", "and", "any"]
)
def test_only_java_without_the_same_in_python(pattern: str) -> None:
    assert only_java(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        r"^(\S+) (\S+) (\S+)$",
        r"(?i)(a)(?:b)(?=c)(?!d)(?<=e)(?<!f)",
        r"([+*]+)(\}+)(\++)([\[\]&]+)(\\&&)",
        r"(\d{1,2}?)(\w*?)\.\s(\u00e9|\x41|\t|\\p)\1",
        r"([^\]]*)\Z",
    ],
)
def test_both(pattern: str) -> None:
    assert only_java(pattern) is None
    assert isinstance(compiled(pattern), re.Pattern)


@pytest.mark.parametrize(
    "pattern",
    ["((x)", "(x", "*", "(" * 5000, "(a{99999999999})", "(?u)(x)", "(?L)(x)", "[z-a]", "\\"],
)
def test_neither(pattern: str) -> None:
    assert isinstance(compiled(pattern), str)
    assert only_java(pattern) is None


def test_classes_are_those_of_ascii() -> None:
    found = compiled(r"(\w)(\d)(\s)")
    assert isinstance(found, re.Pattern)
    assert found.fullmatch("a1 ")
    assert not found.fullmatch("é1 ")
    assert not found.fullmatch("a\u0661 ")
