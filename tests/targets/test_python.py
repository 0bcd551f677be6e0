"""Printed Python is left alone by `ruff format`, passes its checks, and reads back equal."""

from __future__ import annotations

import ast
import re
import subprocess
import sysconfig
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipec.targets.python import (
    Attribute,
    Binary,
    Call,
    Name,
    comment,
    docstring,
    imports,
    show,
    statement,
)
from pipec.targets.python.characters import shown, width
from pipec.targets.python.expression import expression
from pipec.targets.python.values import LOOSENESS, as_call

RUFF = str(Path(sysconfig.get_path("scripts")) / "ruff")
BATCH = settings(max_examples=8, derandomize=True)


def ruff(*arguments: str, text: str) -> str:
    """What ruff, with its default settings, makes of `text`."""
    done = subprocess.run(
        [RUFF, *arguments, "--isolated", "--no-cache", "--stdin-filename", "dag.py", "-"],
        input=text.encode(),
        capture_output=True,
        check=False,
    )
    assert not done.stderr, done.stderr.decode()
    return done.stdout.decode()


def formatted(text: str) -> str:
    return ruff("format", text=text)


def complaints(text: str, *, select: str = "AIR,E,F,I") -> list[str]:
    report = ruff("check", "--select", select, "--output-format", "concise", text=text)
    return re.findall(r"^dag\.py:.*", report, re.MULTILINE)


# Values that are read back


def read(node: ast.expr) -> Any:
    """What a printed expression says, in a form that can be compared."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return -number
        case ast.Name(id=name):
            return ("name", name)
        case ast.Attribute(value=value, attr=name):
            return ("attribute", read(value), name)
        case ast.Call(func=function, args=args, keywords=keywords):
            named = [(keyword.arg, read(keyword.value)) for keyword in keywords]
            return ("call", read(function), [read(arg) for arg in args], named)
        case ast.List(elts=items):
            return ("list", [read(item) for item in items])
        case ast.Tuple(elts=items):
            return ("tuple", [read(item) for item in items])
        case ast.Dict(keys=keys, values=values):
            return ("dict", [(read(k), read(v)) for k, v in zip(keys, values, strict=True) if k])
        case ast.BinOp(left=left, op=operator, right=right):
            return (type(operator).__name__, read(left), read(right))
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            return (type(operator).__name__, read(left), read(right))
        case ast.BoolOp(op=operator, values=[first, *others]):
            result = read(first)
            for other in others:
                result = (type(operator).__name__, result, read(other))
            return result
    raise AssertionError(ast.dump(node))


def meant(value: Any) -> Any:
    """What `value` says, in the same form."""
    match value:
        case Name():
            first, *others = value.text.split(".")
            result: Any = ("name", first)
            for name in others:
                result = ("attribute", result, name)
            return result
        case Attribute():
            return ("attribute", meant(value.value), value.name)
        case Call():
            named = [(key, meant(arg)) for key, arg in value.kwargs.items()]
            return ("call", meant(value.function), [meant(arg) for arg in value.args], named)
        case Binary():
            kind, *_ = read(ast.parse(f"a {value.operator} b", mode="eval").body)
            return (kind, meant(value.left), meant(value.right))
        case list() | tuple():
            return (type(value).__name__, [meant(item) for item in value])
        case dict():
            return ("dict", [(meant(k), meant(v)) for k, v in value.items()])
        case datetime() | timedelta():
            return meant(as_call(value))
        case _:
            return value


def written(text: str) -> list[ast.expr]:
    """The expressions of a file of assignments and bare expressions, from top to bottom."""
    lines = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Assign | ast.Expr)]
    return [node.value for node in sorted(lines, key=lambda node: node.lineno)]


def file_of(items: list[tuple[str | None, Any, int]]) -> str:
    lines = ["pass"]  # Text at the top would be a docstring.
    for target, value, indent in items:
        lines += [f"{' ' * outer}if x:" for outer in range(0, indent, 4)]
        lines += [f"{' ' * indent}pass", " " * indent + statement(target, value, indent)]
    return "\n".join(lines) + "\n"


def check_file(items: list[tuple[str | None, Any, int]]) -> None:
    text = file_of(items)
    assert formatted(text) == text
    for node, (_, value, _) in zip(written(text), items, strict=True):
        assert repr(read(node)) == repr(meant(value))


# Random values


class Maker:
    """Random values; the same seed makes the same ones."""

    def __init__(self, seed: int, *, is_simple: bool = False) -> None:
        """If `is_simple`, values are such that ruff has no parentheses to keep."""
        self.random = Random(seed)
        self.is_simple = is_simple

    def word(self) -> str:
        letters = self.random.choice([1, 2, 5, 9, 14] if self.is_simple else [1, 5, 9, 20, 45])
        return "t" + "".join(self.random.choices("abcdefgh", k=letters))

    def text(self) -> str:
        if self.is_simple:
            return self.word()
        match self.random.randrange(4):
            case 0:
                return self.word()
            case 1:
                return " ".join(self.random.choices(SENTENCE, k=self.random.randint(1, 25)))
            case 2:
                lines = self.random.choices(SCRIPT, k=self.random.randint(1, 6))
                return "\n".join(lines) + self.random.choice(["", "\n"])
            case _:
                return "".join(self.random.choices(AWKWARD, k=self.random.randint(0, 120)))

    def name(self) -> Name:
        module, whole = self.random.choice(
            [("", False), ("airflow.sdk", False), ("pendulum", True)]
        )
        return Name(self.word(), module, whole)

    def values(self, depth: int, *counts: int) -> list[Any]:
        return [self.value(depth) for _ in range(self.random.choice(counts))]

    def call(self, depth: int) -> Call:
        function: Name | Attribute = self.name()
        if self.random.random() < (0.1 if self.is_simple else 0.3):
            function = Attribute(self.chain(depth - 1), self.word())
        args = self.values(depth - 1, 0, 0, 1, 1, 2)
        return Call(
            function, tuple(args), {self.word(): v for v in self.values(depth - 1, 0, 1, 2, 4)}
        )

    def chain(self, depth: int) -> Name | Attribute | Call:
        if self.is_simple:  # One call, for longer chains get parentheses.
            return Call(self.name(), tuple(self.values(depth - 1, 0, 1, 3)))
        kind = self.random.random()
        if kind < 0.25 or depth <= 0:
            return self.name()
        return self.call(depth) if kind < 0.85 else Attribute(self.chain(depth - 1), self.word())

    def plain(self) -> Any:
        number = self.random
        match number.randrange(12):
            case 0 | 1 | 2:
                return self.name()
            case 3:
                return number.randint(-10, 10 ** number.randint(1, 30))
            case 4:
                return number.uniform(-1, 1) * 10 ** number.uniform(-300, 300)
            case 5:
                return number.choice([True, False, None])
            case 6:
                return timedelta(
                    microseconds=number.choice([0, 60, -3600, 86400]) * 10**6
                    + number.choice([0, 1])
                )
            case 7:
                clock = [number.choice([0, 0, 5]) for _ in range(4)]
                return datetime(2012, 11, number.randint(1, 28), *clock, tzinfo=UTC)
            case _:
                return self.text()

    def value(self, depth: int) -> Any:
        kind = self.random.random()
        if kind < 0.35 or depth <= 0:
            return self.plain()
        if kind < 0.45:
            return self.values(depth - 1, 0, 1, 2, 3, 6)
        if kind < 0.52:
            return tuple(self.values(depth - 1, 0, 1, 2, 3, 6))
        if kind < 0.62:
            keys = [self.word(), self.text(), self.random.randrange(10)]
            return {self.random.choice(keys): v for v in self.values(depth - 1, 0, 1, 2, 4)}
        if kind < 0.82:
            return self.call(depth)
        if kind < 0.86:
            return Attribute(self.chain(depth), self.word())
        if self.is_simple and depth < 5:
            return self.name()
        # A bare `a and b` says nothing, and ruff lets it run over the end of the line.
        operators = [">>", "+"] if self.is_simple else [*LOOSENESS, *[">>"] * len(LOOSENESS)]
        operator = self.random.choice(operators)
        return Binary(operator, self.value(depth - 1), self.value(depth - 1))

    def statement(self) -> tuple[str | None, Any, int]:
        target = self.random.choice([None, self.word()])
        value = self.value(5 if self.is_simple else self.random.randint(1, 5))
        return target, value, self.random.choice([0, 4, 8])


SENTENCE = [
    "load",
    "the orders",
    "it's",
    '"big"',
    f"s3://bucket/{'key/' * 20}",
    "\\",
    "漢字漢字",
    "🚨",
    "x" * 95,
]
SCRIPT = [
    "set -e",
    "aws s3 cp a b \\",
    "  --quiet",
    'echo "it\'s"',
    "",
    "tab\there",
    "blank ",
    '"""',
    "'''",
    '"',
    "y z " * 30,
]
AWKWARD = [*"\"'\\\n\r\t \x00\x0c\x85\xa0\xad\u2028\u200b\ud800äß漢字だ🚨e\u0301abcdef  "]

texts = st.one_of(
    st.text(
        st.one_of(st.sampled_from(AWKWARD), st.characters(), st.characters(max_codepoint=127)),
        max_size=150,
    ),
    st.lists(st.sampled_from(SENTENCE), max_size=30).map(" ".join),
    st.lists(st.sampled_from(SCRIPT), max_size=6).map("\n".join),
)


@pytest.mark.parametrize("seed", range(4))
def test_statements_are_formatted_and_exact(seed: int) -> None:
    maker = Maker(seed)
    check_file([maker.statement() for _ in range(500)])


@pytest.mark.parametrize("seed", range(2))
def test_statements_are_what_ruff_makes_of_one_line(seed: int) -> None:
    maker = Maker(seed, is_simple=True)
    items = [maker.statement() for _ in range(500)]
    lines = ["pass"]
    for target, value, _ in items:
        lines.append(
            f"{target} = {expression(value).flat}" if target else expression(value).flat or ""
        )
    printed = ["pass", *(statement(target, value) for target, value, _ in items)]
    assert formatted("\n".join(lines) + "\n") == "\n".join(printed) + "\n"


@BATCH
@given(st.lists(texts, min_size=10, max_size=40))
def test_texts_are_formatted_and_exact(texts: list[str]) -> None:
    check_file([("target", text, 4) for text in texts])


@pytest.mark.parametrize("seed", range(2))
def test_values_fit_where_they_are_put(seed: int) -> None:
    maker = Maker(seed)
    text = "x = 1\n"
    for _ in range(200):
        value, call = maker.value(3), Call(Name("call"), tuple(maker.values(2, 0, 1, 3)))
        text += f"""

@{show(call, 0, before=1)}
class A:
    call(
        key={show(value, 8, before=4, after=1)},
        text="{"z" * 80}",
    )
    with {show(call, 4, before=5, after=8)} as dag:
        pass
"""
    assert formatted(text) == text


TEXTS = [
    "",
    "'",
    '"',
    "it's",
    'say "yes"',
    'it\'s "yes"',
    "\\",
    "ends in \\",
    'ends in "',
    "\n",
    "one line\n",
    "\r\n",
    "a\rb\tc",
    "\x00\x1b\x7f\x85\xa0\xad\u2028\u200b\u202e\ufeff",
    "\ud800 alone",
    "Größe, 漢字, 🚨 and e\u0301",
    "漢字 " * 40,
    "no-blank/" * 30,
    "x" * 300,
    " " * 200,
    '"' * 200,
    "'\"" * 90,
    "\\" * 150,
    "\n" * 50,
    "set -e\nrun\n",
    "set -e\nrun\ndone",
    "\nstarts empty\nand\ngoes on\n",
    "trailing \nblanks  \nhere ",
    "tabs\there\nand\tthere\nalways\n",
    'three """ quotes\nfour """" quotes\nand five """""',
    'raw \\d\nand "quoted"\n"last"',
    "continued \\\nhere \\\nand ends in \\",
    "even \\\\\nat the\nend \\\\",
    '"first" \\\nsecond\nthird\n',
    f"a script\nwith one line that is {'far ' * 20} too long\n",
    f"'''\n{'漢' * 43}\n{'漢' * 45} 漢\n",
]


def test_awkward_texts_are_exact_wherever_they_stand() -> None:
    items: list[tuple[str | None, Any, int]] = []
    for text in TEXTS:
        call = Name("call")
        for value in (
            text,
            Call(call, (text,)),
            Call(call, (text, 1), {"key": text, "other": [text]}),
            {"key": text, text: (text,)},
            Binary("+", text, Name("rest")),
            Binary("%", Name("first"), (text, text)),
        ):
            items += [("target", value, indent) for indent in (0, 4)]
    check_file(items)


def test_no_printed_line_is_too_long() -> None:
    call = Name("call")
    edges = [f"a\nb\n{'word ' * 15}{'x' * rest}" for rest in range(6, 14)]
    long_name = Call(Name("a_function_with_a_name_that_is_too_long_for_what_is_left"), (1,))
    items: list[tuple[str | None, Any, int]] = [
        (None, Call(call, ({"a key that leaves not much room": long_name, "b": 1},)), 4)
    ]
    for text in [*TEXTS, *edges]:
        items += [
            ("target", {"key": [text], "other": Call(call, (), {"key": text, "more": text})}, 4),
            ("target", text, 4),
            ("target", Call(call, (text,)), 4),
        ]
    text = file_of(items)
    assert complaints(text, select="E501") == []
    assert formatted(text) == text
    shown = f"f({show(edges[-1] + ' word', 0, before=2, after=1)})"
    assert max(map(len, shown.split("\n"))) <= 88


def test_width_and_escapes_agree_with_ruff() -> None:
    readable = [char for char in map(chr, range(0x80, 0x20000)) if shown(char) == char][::11]
    assert {width(char) for char in readable} == {0, 1, 2}
    fitting = ['"' + char * 20 + " " + "a" * (85 - 20 * width(char)) + '"' for char in readable]
    assert complaints("\n".join(fitting), select="E501") == []
    longer = "\n".join(f"{line}#" for line in fitting)
    assert len(complaints(longer, select="E501")) == len(fitting)


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (timedelta(0), "timedelta(0)"),
        (timedelta(minutes=90), "timedelta(hours=1, minutes=30)"),
        (timedelta(days=7), "timedelta(days=7)"),
        (timedelta(hours=-1), "timedelta(hours=-1)"),
        (timedelta(milliseconds=1), "timedelta(microseconds=1000)"),
        (datetime(2012, 11, 28, tzinfo=UTC), "datetime(2012, 11, 28, tzinfo=timezone.utc)"),
        (
            datetime(2012, 11, 28, 7, tzinfo=UTC),
            "datetime(2012, 11, 28, 7, 0, tzinfo=timezone.utc)",
        ),
        (
            datetime(2012, 11, 28, 17, 33, 2, tzinfo=timezone(timedelta(hours=1))),
            "datetime(2012, 11, 28, 16, 33, 2, tzinfo=timezone.utc)",
        ),
        (1e16, "1e16"),
        (-0.0, "-0.0"),
        ((1,), "(1,)"),
        (Name("datetime", "pendulum", whole=True), "pendulum.datetime"),
        (Binary("-", Name("a"), Binary("-", Name("b"), Name("c"))), "a - (b - c)"),
        (Binary("<", Binary("<", Name("a"), Name("b")), Name("c")), "(a < b) < c"),
        (Binary(">>", [Name("a")], Binary("+", Name("b"), 1)), "[a] >> b + 1"),
    ],
)
def test_short_values(value: Any, printed: str) -> None:
    assert show(value) == printed


def test_a_script_stands_line_by_line() -> None:
    script = "set -e\naws s3 ls\ndate\n"
    assert show(Call(Name("Bash"), (), {"task_id": "list", "command": script}), 4) == (
        'Bash(\n        task_id="list",\n        command="""\\\nset -e\naws s3 ls\ndate\n""",\n    )'
    )


def test_a_script_with_backslashes_is_raw() -> None:
    assert statement("script", "aws s3 ls \\\n  s3://bucket\ndate\n") == (
        'script = r"""aws s3 ls \\\n  s3://bucket\ndate\n"""'
    )


def test_a_blank_at_the_end_of_a_line_is_seen() -> None:
    assert statement("text", "one \ntwo\nthree\n") == 'text = """\\\none\\x20\ntwo\nthree\n"""'
    assert statement("text", "\\ \ntwo\nthree") == 'text = """\\\n\\\\\\x20\ntwo\nthree"""'


def test_what_stands_alone_in_a_call_needs_no_parentheses_of_its_own() -> None:
    order = Binary(">>", Name("a" * 50), Name("b" * 50))
    assert show(Call(Name("call"), (order,))) == f"call(\n    {'a' * 50}\n    >> {'b' * 50}\n)"
    assert show([order]) == f"[\n    (\n        {'a' * 50}\n        >> {'b' * 50}\n    )\n]"


def test_and_breaks_where_or_does() -> None:
    both = Binary("or", Binary("and", Name("a" * 50), Name("b" * 20)), Name("c" * 20))
    assert (
        statement("x", both) == f"x = (\n    {'a' * 50}\n    and {'b' * 20}\n    or {'c' * 20}\n)"
    )


def test_a_long_text_comes_in_pieces_cut_at_blanks() -> None:
    assert statement("message", "the orders of the day " * 5) == (
        'message = (\n    "the orders of the day the orders of the day the orders of the day the orders of "\n'
        '    "the day the orders of the day "\n)'
    )


@pytest.mark.parametrize("value", [float("inf"), float("nan"), {1, 2}, b"", datetime(2012, 11, 28)])
def test_what_has_no_exact_form_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        show([value])


@pytest.mark.parametrize("name", ["", "a b", "1a", "class", "a..b", "a\n", "f()", "None"])
def test_text_never_becomes_a_name(name: str) -> None:
    for make in (
        Name,
        lambda text: Name("a", text, whole=True),
        lambda text: Attribute(Name("a"), text),
    ):
        with pytest.raises(ValueError, match="not a name"):
            make(name)
    with pytest.raises(ValueError, match="not a name"):
        Call(Name("call"), (), {name: 1})
    with pytest.raises(ValueError, match="not a name"):
        statement(name, 1)


def test_text_never_becomes_an_operator() -> None:
    with pytest.raises(ValueError, match="not an operator"):
        Binary("; import os;", 1, 2)


# Imports

modules = st.sampled_from(
    """airflow airflow.sdk airflow.sensors.base asynchat datetime functools os os.path pendulum json
    tomllib yaml1 yaml2 yaml10 Zed zed _thread a_b a.b compression""".split()  # noqa: SIM905
)
members = st.sampled_from(
    """DAG Dag dag a1 a2 a10 A B2 B10 CONST CONST_A timedelta _x X_y Xy xY S3KeySensor S3 s3
    a_name_that_is_so_long_that_few_fit_a_line AndAClassOfThatKind""".split()  # noqa: SIM905
)
pairs = st.sets(st.tuples(modules, members | st.just("")), min_size=1, max_size=25)


@settings(BATCH, max_examples=60)
@given(pairs, st.booleans())
@example({("a", "b" * length) for length in range(60, 76)}, False)
def test_imports_are_sorted_and_formatted(pairs: set[tuple[str, str]], future: bool) -> None:
    text = imports([], [*pairs, *[("__future__", "annotations")] * future]) + "\n\nx = 1\n"
    assert complaints(text, select="I") == []
    assert formatted(text) == text


def test_only_a_long_import_is_wrapped() -> None:
    for length in range(60, 70):
        text = imports([], [("airflow.sdk", "a" * length)])
        assert ("\n" in text) == (len("from airflow.sdk import ") + length > 88)
        assert complaints(f"{text}\n\nx = 1\n", select="I") == []
        assert formatted(f"{text}\n") == f"{text}\n"


def test_imports_are_read_off_the_values() -> None:
    period = timedelta(hours=1)
    call = Call(
        Attribute(Call(Name("Load", "shop.tasks"), (), {"every": [period]}), "after"),
        (Name("TriggerRule.ALL_DONE", "airflow.sdk"), Name("wait")),
        {"start": {"at": (Name("datetime", "pendulum", whole=True),)}},
    )
    order = Binary(">>", Name("first"), Call(Name("chain", "airflow.sdk")))
    assert imports([call, order], [("functools", "partial")]) == (
        "from datetime import timedelta\nfrom functools import partial\n\n"
        "import pendulum\nfrom airflow.sdk import TriggerRule, chain\nfrom shop.tasks import Load"
    )
    assert imports([1, "text"]) == ""


# Comments and docstrings


@BATCH
@given(st.lists(st.tuples(texts, st.sampled_from([4, 8])), min_size=10))
@example([(text, indent) for text in TEXTS for indent in (4, 8)])
@example(
    [
        ("two\n\n    code\n    more", 4),
        (f"- {'item ' * 30}\n- item", 8),
        ("x " * 43 + '"', 4),
        (" " * 90 + "x\n" + " " * 90 + "x", 8),
    ]
)
def test_prose_is_formatted_and_inert(items: list[tuple[str, int]]) -> None:
    text = ""
    for text_of_item, indent in items:
        margin = " " * indent
        text += f"\n\nclass A:\n{'    def f(self):' + chr(10) if indent == 8 else ''}{margin}"
        text += docstring(text_of_item, indent) + f"\n\n{margin}pass\n{margin}"
        text += comment(text_of_item, indent) + "\n"
    text = "x = 1\n" + text
    assert formatted(text) == text
    assert complaints(text, select="E,W605") == []
    assert len(ast.parse(text).body) == len(items) + 1


def test_a_docstring_says_its_text() -> None:
    said = docstring('"Big" orders \\ per day, it\'s """all""" of them: "yes"')
    assert ast.literal_eval(said) == '"Big" orders \\ per day, it\'s """all""" of them: "yes"'
    assert docstring("One line.\n") == '"""One line."""'
    assert docstring("First.\n\nSecond.", 4) == '"""First.\n\n    Second.\n    """'


def test_a_comment_cannot_declare_an_encoding_or_end_early() -> None:
    said = comment("coding: rot13\nimport os\r\nimport sys\u2028\x0cimport re")
    assert said == "# coding : rot13\n# import os\n# import sys\\u2028\\x0cimport re"


# A whole file


def test_a_whole_file_passes_every_check() -> None:
    dag = Call(
        Name("DAG", "airflow.sdk"),
        (),
        {
            "dag_id": "shop",
            "schedule": Call(
                Name("DeltaDataIntervalTimetable", "airflow.timetables.interval"), (timedelta(1),)
            ),
            "start_date": datetime(2026, 11, 28, tzinfo=UTC),
            "catchup": True,
        },
    )
    bash = Name("BashOperator", "airflow.providers.standard.operators.bash")
    load = Call(bash, (), {"task_id": "load", "bash_command": f"set -e\n{'load ' * 20}\ndone\n"})
    mail = Call(bash, (), {"task_id": "mail", "bash_command": "mail the orders of the day " * 8})
    order = Binary(">>", [Name("load")] * 12, Name("mail"))
    body = [
        statement("mail", mail, 4),
        statement("load", load, 4),
        comment("Orders first. " * 10, 4),
        statement(None, order, 4),
    ]
    text = "\n".join(
        [
            docstring("The shop.\n\nOrders, stock, mail."),
            "",
            imports([dag, load, mail, order]),
            "",
            f"with {show(dag, before=5, after=8)} as dag:",
            *(f"    {line}" for line in body),
            "",
        ]
    )
    assert formatted(text) == text
    assert complaints(text) == []
