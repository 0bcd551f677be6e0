"""JSON is read as Python reads it, with places; and what is not JSON is reported where it stands."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipec.definition.scan import scan
from pipec.diagnostic import Report
from pipec.source import Source
from pipec.syntax import Mapping, Scalar, Sequence, Tree

TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
VALUES: st.SearchStrategy[Any] = st.recursive(
    TEXT
    | st.integers()
    | st.booleans()
    | st.none()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def plain(tree: Tree | None) -> Any:
    """The value that Python's reader gives for the same text."""
    match tree:
        case Mapping():
            return {key.value: plain(value) for key, value in tree}
        case Sequence():
            return [plain(one) for one in tree.items]
        case Scalar(quoted=True):
            return tree.value
        case Scalar():
            return json.loads(tree.value)
    raise AssertionError(tree)


def scalars(tree: Tree) -> list[Scalar]:
    match tree:
        case Mapping():
            return [one for key, value in tree for one in (key, *scalars(value))]
        case Sequence():
            return [one for item in tree.items for one in scalars(item)]
    return [tree]


def read(text: str) -> tuple[Tree | None, list[tuple[str, int, int]]]:
    report = Report()
    tree = scan(Source("shop.json", text), report)
    return tree, [(one.code, one.span.line, one.span.column) for one in report.sorted()]


@given(VALUES, st.booleans(), st.sampled_from([None, 2]))
def test_reads_what_python_reads(value: Any, ascii: bool, indent: int | None) -> None:
    text = json.dumps(value, ensure_ascii=ascii, indent=indent)
    tree, said = read(text)
    assert said == []
    assert plain(tree) == value


@given(VALUES, st.booleans())
def test_knows_where_every_letter_stands(value: Any, ascii: bool) -> None:
    tree, _ = read(json.dumps(value, ensure_ascii=ascii))
    assert tree is not None
    for one in scalars(tree):
        assert json.loads(one.span.text) == (one.value if one.quoted else json.loads(one.value))
        for at, letter in enumerate(one.value if one.quoted else ""):
            shown = one.part(at, at + 1).text
            assert shown in (letter, "\\")  # An escape is shown by its first letter.


def python_takes(text: str) -> bool:
    def refuse(word: str) -> None:
        raise ValueError(word)

    try:
        json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError):
        return False
    return True


@settings(max_examples=400)
@given(
    VALUES,
    st.data(),
    st.sampled_from(["", *"{}[],:\"'\\n0-#/tu", "\n", "//", "NaN", " ", "\x01", "”", "\\ud800"]),
)
def test_refuses_what_python_refuses(value: Any, data: st.DataObject, put: str) -> None:
    text = json.dumps(value, ensure_ascii=False)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(start + 2, len(text))))
    broken = text[:start] + put + text[end:]
    tree, said = read(broken)
    if python_takes(broken) and "\\ud" not in broken.lower():
        assert tree is not None
        assert plain(tree) == json.loads(broken)
        assert {code for code, *_ in said} <= {"P509"}
    elif "\\ud" not in broken.lower():
        assert tree is None
        assert said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": "one\ntwo"}', [("P501", 1, 11)]),
        ('{"a": "one\ttwo"}', [("P501", 1, 11)]),
        ('{"a": "one\r\ntwo"}', [("P501", 1, 11)]),
        ('{"a": "one\n  two\n  three",\n "b": "\n"}', [("P501", 1, 11), ("P501", 4, 8)]),
        ('{"a": "one,\n "b": "two"}', [("P500", 1, 7)]),
        ('{"a": "1",}', [("P502", 1, 10)]),
        ('["1", "2",\n]', [("P502", 1, 10)]),
        ('["1",, "2"]', [("P500", 1, 6)]),
        ('{"a": ,"b": "1"}', [("P500", 1, 7)]),
        ('{"a": "1"} // done', [("P503", 1, 12)]),
        ('# all\n{"a": /* one */ "1"}', [("P503", 1, 1), ("P503", 2, 7)]),
        ("{'a': \"1\"}", [("P504", 1, 2)]),
        ("{“a”: “1”}", [("P504", 1, 2), ("P504", 1, 7)]),
        ('{"a": "it\'s"}', []),
        ('{"a": NaN, "b": True, "c": None}', [("P505", 1, 7), ("P505", 1, 17), ("P505", 1, 28)]),
        ('{a: "1", 2: "3"}', [("P505", 1, 2), ("P505", 1, 10)]),
        (
            '{"a": 012, "b": +1, "c": .5, "d": 1., "e": 0x1f}',
            [("P505", 1, column) for column in (7, 17, 26, 35, 44)],
        ),
        ('{"a" "1"}', [("P500", 1, 6)]),
        ('{"a": "1" "b": "2"}', [("P500", 1, 11)]),
        ('["a": "1"]', [("P500", 1, 5)]),
        ('{"a": ["1"}', [("P500", 1, 11)]),
        ('{"a": "1"}}', [("P500", 1, 11)]),
        ('{"a": "1"}\n{"b": "2"}', [("P507", 2, 1)]),
        ('{"a": "1"} end', [("P500", 1, 12)]),
        ('{"a": "\\q"}', [("P500", 1, 8)]),
        ('{"a": "\\u12"}', [("P500", 1, 8)]),
        ('{"a": "\\ud83d"}', [("P500", 1, 8)]),
        ('{"a": "\\ud83d\\ude00"}', []),
        ("", [("P511", 1, 1)]),
        (" \n ", [("P511", 1, 1)]),
        ("[" * 100, [("P004", 1, 65)]),
        ('\ufeff{"a": "1"}', [("P508", 1, 1)]),
        ('{"a": "1", "b": "2", "a": "3"}', [("P509", 1, 22)]),
    ],
)
def test_says_where_it_is_no_json(text: str, said: list[tuple[str, int, int]]) -> None:
    tree, found = read(text)
    assert found == said
    assert (tree is None) == bool({code for code, *_ in said} - {"P508", "P509"})


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ('{"a": [\n"1",\n', "the `[` of line 1", 2),
        ('{"a":\n"one\\"', 'the `"` of line 2', 2),
        ('{\n"a": ', "the `{` of line 1", 2),
        ('{"a"', "the `{` of line 1", 1),
    ],
)
def test_says_what_was_open_when_it_ended(text: str, words: str, line: int) -> None:
    report = Report()
    assert scan(Source("shop.json", text), report) is None
    [found] = report.found
    assert (found.code, found.span.line) == ("P506", line)
    assert words in found.text()


def test_of_equal_keys_the_last_counts() -> None:
    tree, _ = read('{"a": "1", "b": "2", "a": "3"}')
    assert plain(tree) == {"b": "2", "a": "3"}


def test_is_as_fast_as_it_has_to_be() -> None:
    text = json.dumps([{"id": f"Object{n}", "command": "echo one\n" * 20} for n in range(2000)])
    import time

    start = time.process_time()
    assert read(text)[0] is not None
    assert time.process_time() - start < 3
