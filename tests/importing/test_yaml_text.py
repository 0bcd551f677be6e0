"""What is printed is read as what was meant, and looks as people write it."""

from __future__ import annotations

import itertools
import string
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipec.diagnostic import Report
from pipec.importing.yaml_text import Commented, Flow, Value, yaml_text
from pipec.parse import parse
from pipec.parse.unreadable import NulCharacter
from pipec.source import Source
from pipec.syntax import Mapping, Scalar, Sequence, Tree

PORTS = Path(__file__).parent.parent / "ports"


def read(text: str) -> object:
    report = Report()
    tree = parse(Source("shop.pipe.yaml", text), report)
    assert not [one for one in report.found if not isinstance(one, NulCharacter)], text
    assert tree is not None
    return plainly(tree)


def plainly(tree: Tree) -> object:
    """Texts, lists of values, tuples of entries in their order, and nothing where nothing stands."""
    match tree:
        case Scalar():
            return None if tree.is_null else tree.value
        case Sequence():
            return [plainly(one) for one in tree.items]
        case Mapping():
            return tuple((key.value, plainly(one)) for key, one in tree)


def meant(value: Value) -> object:
    """The same of what is printed."""
    match value:
        case Commented() | Flow():
            return meant(value.value)
        case dict():
            return tuple((key, meant(one)) for key, one in value.items())
        case list():
            return [meant(one) for one in value]
        case _:
            return value


def everywhere(text: str) -> dict[str, Value]:
    """The text in every place that a text can have."""
    inside: dict[str, Value] = {text: text, "z": Flow([text, {text: text}, text])}
    one: dict[str, Value] = {text: Commented(text, (text,), True)}
    return {
        text: text,
        "in": {text: Flow({text: text, "y": text}), "z": [text, one, [text, text], inside]},
        "last": text,
    }


def survives(document: dict[str, Value], header: tuple[str, ...] = ()) -> None:
    text = yaml_text(document, header)
    assert read(text) == meant(document), text
    assert text.endswith("\n")


WORDS = [
    *("", "~", "null", "Null", "NULL", "true", "no", "on", "012", "1.10", "0x1f", "12:30", ".inf"),
    *("=", "<<", "-", "?", ":", "|", ">", "---", "...", "--- a", "... a", "- a", "? a", ": a"),
    *("a:", "a: b", "a : b", "a #b", "a# b", "# a", "a, b", "[a]", "{a}", "*a", "&a", "!a", "!!str a"),
    *("%YAML 1.1", "@a", "`a`", "|-", ">-", "x[-1]", "x[-7..-1], y", "a -> b", "'a'", '"a"'),
    *("${{ x }}", "${{ x }}/a", "${{ x }}, ${{ y }}", "s3://${{ x }}/a", "$${{ a", "{{ a }}", "${a}"),
    *("it's", 'say "no"', 'it\'s "no"', "it's \\", "C:\\temp", '"it\'s: \\', " a", "a ", "  ", "\ta"),
    *("a\t", "a\tb", "a: \tb", "a \t#b", "é", "表", "🎉", "a\xa0b", "\xa0", "\xada", "\u200b", "\ufeff"),
    *("\ufeffa", "a\u2028b", "a\u2029", "\x85", "a\x85b", "\x00", "\x1b[1m", "\x7f", "\x9f", "\ufffe"),
    *("\uffff", "\U0010ffff", "\u202etxt", "x" * 90, "x" * 1100, "x: " * 700, "'\"" * 600),
    *("\n", "\n\n", "a\n", "a\n\n", "a\n\n\n", "\na", "\n\na\n", " a\nb", "a\n b", "a \nb ", "a\n "),
    *("a\n \n", "a\n\n  \n\n", " \na", "\n \na", "   \na\n", "\n  \n", "\ta\nb", "a\n\tb\n", "\n\ta"),
    *("a\r\nb\r\n", "a\rb", "\r", "a\n\r", "a\n# b\nc", "# a\nb\n", "a:\n  b: c\n", "- a\n- b", "---\na"),
    *("a\n---\nb\n", "a\n...\n", "%a\nb", "a\n\x85b", "a\n\u2028", "a\n\x00b", "a\n\x1b", "a\n\ufeffb"),
    *("a\n\ufeff", "\ufeffa\nb", "a\n\xa0b", "it's\n\"no\"", "a\\\nb", "a\n\n\n b\n\n\n", "|\na", "a\n" * 50),
]  # fmt: skip
"""What YAML has a use of its own for, what it loses, and what it cannot hold."""


@pytest.mark.parametrize("text", WORDS, ids=lambda it: ascii(it[:20]))
def test_any_text_comes_back(text: str) -> None:
    survives(everywhere(text), (text,))


@pytest.mark.parametrize("first", ["", *string.punctuation, " "])
def test_punctuation_at_both_ends_comes_back(first: str) -> None:
    for second, last in itertools.product(["", *string.punctuation, " "], repeat=2):
        survives({"a": f"{first}{second}b{last}", "z": Flow([f"{first}{second}b{last}", last])})
        survives({f"{first}a{second}{last}": Flow({f"{first}a{last}": f"{last} {second}"})})


texts = (
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
    | st.text(alphabet="ab:-{}[]'\"#&*!|>%@`\n \t,$.0~?=<\r\\\x85\u2028é", max_size=12)
    | st.sampled_from(WORDS)
    | st.lists(st.sampled_from(WORDS), max_size=4).map("\n".join)
)
said = st.lists(texts, max_size=2).map(tuple)


def around(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    many = st.lists(values, max_size=3) | st.dictionaries(texts, values, max_size=3)
    return many | st.builds(Flow, many) | st.builds(Commented, values, said, st.booleans())


@settings(max_examples=1000, database=None)
@given(st.dictionaries(texts, st.recursive(texts | st.none(), around, max_leaves=12)), said)
def test_any_document_comes_back(document: dict[str, Value], header: tuple[str, ...]) -> None:
    survives(document, header)


def test_keys_of_any_length_come_back() -> None:
    survives({key * length: "a" for key in "k:" for length in range(980, 1040)})


def test_deep_comments_still_have_room() -> None:
    value: Value = "a"
    for _ in range(60):
        value = {"k": Commented(value, ("a few words about what stands below them " * 3,))}
    survives({"top": value})


def test_half_a_surrogate_pair_is_refused_where_it_stands() -> None:
    report = Report()
    assert yaml_text({"a": "b", "c": "d\ud83d"}) == 'a: b\nc: "d\\ud83d"\n'
    assert parse(Source("shop.pipe.yaml", yaml_text({"a": "b", "c": "d\ud83d"})), report) is None
    assert [one.span.line for one in report.found] == [2]


@pytest.mark.parametrize(
    ("text", "line", "flow"),
    [
        ("s3://shop/orders/", "s3://shop/orders/", "s3://shop/orders/"),
        ("${{ lake }}/orders/", "${{ lake }}/orders/", '"${{ lake }}/orders/"'),
        ("csv(a string, b int)", "csv(a string, b int)", '"csv(a string, b int)"'),
        ("orders[-1]", "orders[-1]", '"orders[-1]"'),
        ("it's here", "it's here", "it's here"),
        ("it's: here", '"it\'s: here"', '"it\'s: here"'),
        ('say: "no"', "'say: \"no\"'", "'say: \"no\"'"),
        (r"\d: \w", r"'\d: \w'", r"'\d: \w'"),
        ('it\'s: "no"', '|-\n  it\'s: "no"', "'it''s: \"no\"'"),
        ("order #7", '"order #7"', '"order #7"'),
        ("2026-01-01T00:00Z", "2026-01-01T00:00Z", "2026-01-01T00:00Z"),
        ("12:30", "12:30", "12:30"),
        ("no", "no", "no"),
        ("null", '"null"', '"null"'),
        ("~", '"~"', '"~"'),
        ("", '""', '""'),
        (";", '";"', '";"'),
        ("\t", '"\\t"', '"\\t"'),
        ("a\xa0b", '"a\\xa0b"', '"a\\xa0b"'),
        ("Zürich", "Zürich", "Zürich"),
        (None, "", ""),
    ],
)
def test_quotes_stand_where_yaml_needs_them(text: str | None, line: str, flow: str) -> None:
    assert yaml_text({"a": text}) == f"a: {line}".rstrip() + "\n"
    assert yaml_text({"a": Flow({"b": text, "c": "d"})}) == f"a: {{b: {flow}, c: d}}\n"


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("a\nb", "|-\n  a\n  b\n"),
        ("a\nb\n", "|\n  a\n  b\n"),
        ("a\n\nb\n\n", "|+\n  a\n\n  b\n\n"),
        ("  a\nb\n", "|2\n    a\n  b\n"),
        ("\n  a\nb", "|2-\n\n    a\n  b\n"),
        ("\nb\n", "|\n\n  b\n"),
        ("a:\n\tb\n", "|\n  a:\n  \tb\n"),
        ("\ta\n", "|2\n  \ta\n"),
        ("a \nb", "|-\n  a \n  b\n"),
        ("a\r\nb", '"a\\r\\nb"\n'),
        ("\n", '"\\n"\n'),
        ("a\n\x1b", '"a\\n\\x1b"\n'),
    ],
)
def test_several_lines_stand_below_a_bar(text: str, block: str) -> None:
    assert yaml_text({"a": text}) == f"a: {block}"


def test_blank_lines_at_the_end_of_a_text_do_not_become_more() -> None:
    page = yaml_text({"a": {"b": "c\n\n"}, "d": {"e": Commented("f", blank_before=True)}})
    assert page == "a:\n  b: |+\n    c\n\nd:\n  e: f\n"


def test_what_does_not_fit_into_its_line_takes_several() -> None:
    long: dict[str, Value] = {"type": "string", "one_of": ["x" * 30, "y" * 38]}
    assert yaml_text({"ab": Flow(long)}) == (
        f"ab: {{type: string, one_of: [{'x' * 30}, {'y' * 38}]}}\n"
    )
    assert len(yaml_text({"ab": Flow(long)})) == 101
    assert yaml_text({"abc": Flow(long)}) == (
        f"abc:\n  type: string\n  one_of:\n    - {'x' * 30}\n    - {'y' * 38}\n"
    )


PAGE = """\
# Imported from `orders.json`.
#
# Not carried over: the field `pipelineLogUri`, because the logs of the engine that runs this are
# kept by the engine.

pipeline: orders
description: Loads the orders of a day.

params:
  lake: {type: s3, default: s3://shop}
  password: {secret: airflow shop_password}

defaults:
  schedule: daily

datanodes:
  orders: s3 ${{ lake }}/orders/ as csv

  # Was "Stock #2".
  stock: {s3: "${{ lake }}/stock/", when: exists}

activities:
  load:
    redshift:
    # The service tried 2 times.
    attempts: 3 every 10 minutes
    options:
      - GZIP
      # For dates.
      - "DATEFORMAT: auto"
      # Two words.
      - a: b
        c:
          - d
      - - e
        - ~
    shell: |
      for it in *; do
        echo "$it"
      done
"""


def test_a_page() -> None:
    header = (
        "Imported from `orders.json`.\n\nNot carried over: the field `pipelineLogUri`, because the "
        "logs of the engine that runs this are kept by the engine.",
    )
    load: Value = {
        "redshift": None,
        "attempts": Commented("3 every 10 minutes", ("The service tried 2 times.",)),
        "options": [
            "GZIP",
            Commented("DATEFORMAT: auto", ("For dates.",)),
            {"a": Commented("b", ("Two words.",)), "c": ["d"]},
            ["e", None],
        ],
        "shell": 'for it in *; do\n  echo "$it"\ndone\n',
    }
    stock: Value = Flow({"s3": "${{ lake }}/stock/", "when": "exists"})
    document: dict[str, Value] = {
        "pipeline": "orders",
        "description": "Loads the orders of a day.",
        "params": {
            "lake": Flow({"type": "s3", "default": "s3://shop"}),
            "password": Flow({"secret": "airflow shop_password"}),
        },
        "defaults": {"schedule": "daily"},
        "datanodes": {
            "orders": "s3 ${{ lake }}/orders/ as csv",
            "stock": Commented(stock, ('Was "Stock #2".',), blank_before=True),
        },
        "activities": {"load": load},
    }
    assert yaml_text(document, header) == PAGE
    survives(document, header)


BY_HAND = {
    "aws_billing_to_redshift": ["    create: >-"],
    "efs_backup": ["  efs_source:", "  efs_backup:", "  instance_type:", "    args: ["],
    "pig_example": ["  example: {"],
    "traffic": ["    sql: "],
    "tsv_to_redshift": [],
}
"""The lines of pages written by hand that are folded, too long, or in quotes without need."""


@pytest.mark.parametrize("name", BY_HAND)
def test_pages_written_by_hand_are_printed_as_they_are(name: str) -> None:
    page = (PORTS / f"{name}.pipe.yaml").read_text(encoding="utf-8")
    document = as_written(yaml.compose(page))
    assert isinstance(document, dict)
    printed = yaml_text(document)
    assert read(printed) == read(page)
    lost = [line for line in page.splitlines() if line not in printed.splitlines()]
    odd = [line for line in lost if not line.startswith("      CREATE TABLE")]
    assert all(any(line.startswith(one) for one in BY_HAND[name]) for line in odd), odd
    assert (printed == page) == (not BY_HAND[name])


def as_written(tree: yaml.Node | None) -> Value:
    """What stands there, and whether it stands in braces."""
    match tree:
        case yaml.ScalarNode():
            return None if tree.value == "" and tree.style is None else str(tree.value)
        case yaml.SequenceNode():
            items = [as_written(one) for one in tree.value]
            return Flow(items) if tree.flow_style else items
        case yaml.MappingNode():
            entries = {key.value: as_written(one) for key, one in tree.value}
            return Flow(entries) if tree.flow_style else entries
    raise AssertionError(tree)
