"""What the language reads, how strongly its operators bind, and what it says of the rest."""

from __future__ import annotations

import pytest

from pipec.diagnostic import Report
from pipec.expression import Period, parse
from pipec.expression.parse import DEEPEST, LONGEST
from pipec.expression.tree import (
    Binary,
    Call,
    Expr,
    Format,
    ListOf,
    Literal,
    Name,
    Unary,
    children,
    depth,
    rebuilt,
    walk,
)
from pipec.expression.types import type_of
from pipec.source import Source

from .reading import read


def known(value: int | float | str | bool | Period) -> Literal:
    return Literal(value, type_of(value))


def tree(text: str) -> Expr:
    reading = read(text)
    assert reading.tree is not None
    return reading.tree


def brackets(expr: Expr) -> str:
    """The tree with a bracket around each operator."""
    match expr:
        case Literal(value=value):
            return str(value)
        case Name(parts=parts):
            return ".".join(parts)
        case Unary(operator=operator, value=value):
            return f"({operator}{brackets(value)})"
        case Binary(operator=operator, left=left, right=right):
            return f"({brackets(left)}{operator}{brackets(right)})"
        case Call(function=function, arguments=arguments):
            return f"{function}({', '.join(map(brackets, arguments))})"
        case Format(value=value, pattern=pattern):
            return f"{brackets(value)}:{pattern}"
        case ListOf(items=items):
            return f"[{', '.join(map(brackets, items))}]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", known(12)),
        ("007", known(7)),
        ("1.5", known(1.5)),
        (".5", known(0.5)),
        ("9223372036854775807", known(2**63 - 1)),
        ("true", known(True)),
        ("false", known(False)),
        ("True", Name(("True",))),
        ("'it''s'"[:4], known("it")),
        ('"it\'s"', known("it's")),
        (r"'it\'s \\ \"x\"\n\t'", known('it\'s \\ "x"\n\t')),
        ("28 days", known(Period(28, "day"))),
        ("1 MONTH", known(Period(1, "month"))),
        ("30   seconds", known(Period(30, "second"))),
        ("start", Name(("start",))),
        ("node.output.path", Name(("node", "output", "path"))),
        ("load.1.path", Name(("load", "1", "path"))),
        ("day", Name(("day",))),
        ("days", Name(("days",))),
        ("[]", ListOf(())),
        ("[1, [a]]", ListOf((known(1), ListOf((Name(("a",)),))))),
        ("now()", Call("now", ())),
        ("day(start)", Call("day", (Name(("start",)),))),
        ("start:%Y/%m/%d/%H", Format(Name(("start",)), "%Y/%m/%d/%H")),
        ("  start  :  %H:%M o'clock  ", Format(Name(("start",)), "%H:%M o'clock")),
    ],
)
def test_reads(text: str, expected: Expr) -> None:
    assert tree(text) == expected


def test_trees_of_equal_numbers_of_other_types_differ() -> None:
    assert len({tree("1"), tree("1.0"), tree("true")}) == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b * c", "(a+(b*c))"),
        ("a - b - c", "((a-b)-c)"),
        ("a / b * c", "((a/b)*c)"),
        ("(a + b) * c", "((a+b)*c)"),
        ("-a ^ b", "(-(a^b))"),
        ("a ^ -b", "(a^(-b))"),
        ("a ^ b ^ c", "(a^(b^c))"),
        ("--a", "(-(-a))"),
        ("a * -b + c", "((a*(-b))+c)"),
        ("start - 1 day:%d", "(start-1 day):%d"),
        ("f(a + 1, [b])", "f((a+1), [b])"),
    ],
)
def test_binds(text: str, expected: str) -> None:
    assert brackets(tree(text)) == expected


@pytest.mark.parametrize(
    "text", ["a+(b * 'c')", " f( a , [1 day, 2] ) ^ (-x.y) - 1.5 ", "(a + b) * c:%Y"]
)
def test_nodes_know_their_characters(text: str) -> None:
    for node in walk(tree(text)):
        part = text[node.start : node.end]
        assert part == part.strip()
        inner = tree(part)
        assert inner == node


def test_walks_outer_before_inner_and_left_before_right() -> None:
    walked = [brackets(node) for node in walk(tree("f(a, -b) + c"))]
    assert walked == ["(f(a, (-b))+c)", "f(a, (-b))", "a", "(-b)", "b", "c"]


def test_a_name_knows_the_characters_of_its_parts() -> None:
    text = "1 + node.output.path"
    name = next(node for node in walk(tree(text)) if isinstance(node, Name))
    assert [text[slice(*name.part(index))] for index in range(3)] == ["node", "output", "path"]
    assert text[slice(*name.part(0, 1))] == "node.output"


@pytest.mark.parametrize("text", ["-a", "a + b", "f(a, b)", "[a, b]", "a:%Y", "a", "1"])
def test_rebuilding_with_the_same_children_changes_nothing(text: str) -> None:
    node = tree(text)
    assert rebuilt(node, children(node)) == node
    assert all(isinstance(it, Name) for it in children(node))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("start +", ("P029", "+")),
        ("* 2", ("P029", "*")),
        ("a ** 2", ("P029", "*")),
        ("f(a,)", ("P029", ",")),
        ("()", ("P029", "(")),
        (":%Y", ("P029", ":")),
        ("start end", ("P030", "end")),
        ("start 'x y'", ("P030", "'x y'")),
        ("28days", ("P030", "days")),
        ("1.5 days", ("P030", "days")),
        ("a, b", ("P030", ",")),
        ("xs[0]", ("P030", "[")),
        ("f(a", ("P031", "(")),
        ("f(", ("P031", "(")),
        ("f(g(a), [b", ("P031", "[")),
        ("f(')'", ("P031", "(")),
        ("a)", ("P031", ")")),
        ("(a]", ("P031", "]")),
        ("(start:%Y)", ("P032", ":%Y)")),
        ("a == b", ("P027", "=")),
        ("a . b", ("P027", ".")),
        ("“a”", ("P027", "“")),
        ("a + 'b", ("P028", "'b")),
        ("'a\nb'", ("P028", "'a")),
        (r"'a\d'", ("P025", r"\d")),
        ("9223372036854775808", ("P026", "9223372036854775808")),
        ("1234567890123456789 days", ("P026", "1234567890123456789 days")),
        ("start:%Q", ("P021", "%Q")),
        ("start: %Y%", ("P021", "%")),
        ("start:", ("P022", ":")),
        ("start:daily", ("P022", "daily")),
    ],
)
def test_says(text: str, said: tuple[str, str]) -> None:
    assert read(text).said == [said]


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("3 dayz", "a period is written like `3 days`"),
        ("28days", "a period is written like `28 days`"),
        ("1.5 days", "the count of a period is a whole number"),
        ("a or b", "there are no conditions"),
        ("start:YYYY-MM-dd", "in strftime letters this is `%Y-%m-%d`"),
        ("start:yyyy/MM/dd/HH", "in strftime letters this is `%Y/%m/%d/%H`"),
        ("start:YY-MM-DD HH:mm:ss", "in strftime letters this is `%y-%m-%d %H:%M:%S`"),
        ("start:daily", "a format is written like `%Y-%m-%d` or `%H:%M`"),
        ("start:%F", "write `%Y-%m-%d`"),
        ("start:%-d", "write `%d`"),
        ("start:%P", "write `%p`"),
        ("start:%Y 100% sure", "write `%%` for a percent sign"),
    ],
)
def test_advises(text: str, advice: str) -> None:
    (found,) = read(text).report.found
    assert found.hint() == advice


def test_every_wrong_letter_of_a_format_is_reported() -> None:
    assert read("start:%Q %Y %q").said == [("P021", "%Q"), ("P021", "%q")]


def test_points_into_the_file() -> None:
    text = "shell: echo ${{ start + }}"
    source, report = Source("shop.pipe.yaml", text), Report()
    opening = text.index("${{") + 3
    assert parse(" start + ", lambda i, j: source.span(opening + i, opening + j), report) is None
    (found,) = report.found
    assert (found.span.start, found.span.text) == (text.index("+"), "+")


def test_an_empty_expression_is_shown_with_its_braces() -> None:
    text = "echo ${{  }}"
    source, report = Source("shop.pipe.yaml", text), Report()
    assert parse("  ", lambda i, j: source.span(8 + i, 8 + j), report) is None
    assert [(one.code, one.span.text) for one in report.found] == [("P023", "${{  }}")]


@pytest.mark.parametrize(
    "text",
    [
        "-" * (DEEPEST + 1) + "1",
        "1" + "+1" * (DEEPEST + 1),
        "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1),
        "f(" * 3000 + ")" * 3000,
        "1+" * 200_000 + "1",
        "9" * 20_000,
    ],
)
def test_refuses_what_is_too_large(text: str) -> None:
    assert [code for code, _ in read(text).said] == ["P024"]


def test_reads_what_is_just_small_enough() -> None:
    assert depth(tree("-" * (DEEPEST - 1) + "1")) == DEEPEST
    assert tree("(" * 4000 + "1" + ")" * 4000) == known(1)
    assert tree("'" + "x" * (LONGEST - 2) + "'") == known("x" * (LONGEST - 2))


def test_many_digits_are_refused_without_being_read() -> None:
    assert [code for code, _ in read("9" * 9_000).said] == ["P026"]
    assert [code for code, _ in read("9" * 9_000 + ".0").said] == ["P026"]
