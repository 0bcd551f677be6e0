"""Mistakes that no example can show: bytes, sizes, depths, the command line; and what they leave alone."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from pipec.compiler import read_project
from pipec.diagnostic import CATALOGUE, Diagnostic, Report
from pipec.lower import Settings
from pipec.lower.params import value_scalar
from pipec.parse import decode
from pipec.render.marks import marks
from pipec.source import Source
from tests.reading import files, read, said

SHOP = """\
pipeline: shop
schedules: {daily: every 1 day from 2026-01-01T00:00Z}
defaults: {schedule: daily}
activities:
"""


def test_not_utf_8() -> None:
    report = Report()
    assert decode("shop.pipe.yaml", "pipeline: café".encode("latin-1"), report) is None
    [found] = report.found
    assert (found.code, found.span.line, found.span.column) == ("P001", 1, 14)
    assert found.text() == "the byte 0xe9 does not occur in UTF-8 text"
    assert "Latin-1" in found.hint()


def test_utf_16() -> None:
    report = Report()
    assert decode("shop.pipe.yaml", "pipeline: shop".encode("utf-16"), report) is None
    assert "UTF-16" in report.found[0].hint()


@pytest.mark.parametrize("start", ["", "\ufeff"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["unix", "windows"])
def test_files_from_any_system(start: str, ending: str) -> None:
    text = f"{start}{SHOP}  mail:\n    shell: |\n      ./mail\n      ./post ${{{{ strat }}}}\n"
    report = Report()
    source = decode("shop.pipe.yaml", text.replace("\n", ending).encode(), report)
    assert source is not None
    read_project([source], lambda _: Settings(), report)
    [found] = report.found
    assert (found.code, found.span.text, found.span.line) == ("P120", "strat", 8)


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "---\n", "~\n"])
def test_empty_file(text: str) -> None:
    assert said(text) == [("P002", "")]


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x7f", "\ufffe", "\ud800"])
def test_control_character(character: str) -> None:
    assert said(f"pipeline: shop\n# é\nowner: {character}\n") == [("P013", character)]


def test_other_characters_are_text() -> None:
    assert said("pipeline: shop\nowner: 表 \u00a0 \u2028 😀 \ue000\n") == []


def test_a_tab_after_a_key_is_a_blank() -> None:
    assert said(f"{SHOP}  mail:\n    shell:\t./mail\t--all\t# this\n") == []


def test_environment_that_is_not_there() -> None:
    text = "pipeline: shop\nenvironments: {test: {}}\n"
    [found] = read(files(text), Settings(environment="tset"))[1]
    assert (found.code, found.hint()) == ("P115", "did you mean `test`?")
    assert read(files("pipeline: shop\n"), Settings(environment="test"))[1] == []


@pytest.mark.parametrize(
    ("declared", "value", "code"),
    [
        ("int", "three", "P202"),
        ("{type: string, one_of: [a, b]}", "c", "P261"),
        ("{secret: env PIN}", "1234", "P262"),
        ("list(int)", "1,two", "P202"),
        ("list(int)", "1, 2", ""),
        ("list(int)", "[1, 2]", ""),
        ("list(int)", "", ""),
        ("datetime", "2026-01-01T06:00", ""),
        ("period", "3 days", ""),
        ("bool", "yes", "P204"),
    ],
)
def test_value_from_the_command_line(declared: str, value: str, code: str) -> None:
    settings = Settings(values={"size": value_scalar("--set", value)})
    found = read(files(f"pipeline: shop\nparams: {{size: {declared}}}\n"), settings)[1]
    assert [(one.code, one.span.source.name) for one in found] == (
        [(code, "--set")] if code else []
    )


def test_value_for_no_parameter() -> None:
    settings = Settings(values={"sise": value_scalar("--set", "3")})
    [found] = read(files("pipeline: shop\nparams: {size: int}\n"), settings)[1]
    assert (found.code, found.hint()) == ("P111", "did you mean `size`?")


def test_too_large_a_matrix() -> None:
    numbers = list(range(101))
    text = f"{SHOP}  mail: {{shell: ./mail, matrix: {{a: {numbers}, b: {numbers}}}}}\n"
    assert [code for code, _ in said(text)] == ["P302"]


def test_alias_bomb() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    started = time.monotonic()
    assert [code for code, _ in said("\n".join(lines))] == ["P005"]
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("brackets", ["[]", "{}"])
def test_deep_nesting(brackets: str) -> None:
    opening, closing = brackets
    for text in (opening * 100_000, f"a: {opening * 100}{closing * 100}"):
        [(code, where)] = said(text)
        assert (code, where) == ("P004", opening)


def test_deep_expression() -> None:
    text = f"{SHOP}  mail:\n    shell: ${{{{ {'(' * 10_000}1{')' * 10_000} }}}}\n"
    [(code, _)] = said(text)
    assert CATALOGUE[code].severity == "error"


@pytest.mark.parametrize(
    ("filler", "clean"), [("# {}\n", True), ("  - {}\n", True), ("{}", True), ("  x{}\n", False)]
)
def test_file_of_five_megabytes(filler: str, clean: bool) -> None:
    count = 5_000_000 // len(filler.format(100_000))
    text = "pipeline: shop\ntags:\n  - a" + "".join(filler.format(n) for n in range(count))
    started = time.monotonic()
    front, _ = read({"shop.pipe.yaml": text.replace("a  -", "a\n  -", 1)})
    assert time.monotonic() - started < 60
    assert bool(front.checked) == clean


def test_ten_thousand_activities() -> None:
    lines = ["  a0: {shell: ./a}"]
    lines += [f"  a{n}: {{shell: ./a, after: a{n - 1}}}" for n in range(1, 10_000)]
    started = time.monotonic()
    front, found = read({"shop.pipe.yaml": SHOP + "\n".join(lines)})
    assert found == []
    assert len(front.checked) == 1
    assert time.monotonic() - started < 60


def test_a_cycle_is_spelt_out() -> None:
    text = f"""{SHOP}
  load: {{shell: ./load, flow: stock -> orders}}
  count: {{shell: ./count, flow: orders -> sales}}
  mail: {{shell: ./mail, flow: sales -> stock, after: count}}
datanodes: {{orders: s3 s3://shop/a/, sales: s3 s3://shop/b/, stock: s3 s3://shop/c/}}
"""
    found = read(files(text))[1]
    assert {one.code for one in found} == {"P304"}
    assert (
        "this waits for itself: `load` needs `stock`, made by `mail`, which needs `sales`, made by `count`, which needs `orders`, made by `load`"
        in {one.text() for one in found}
    )


def test_cycle_of_ten_thousand() -> None:
    lines = [f"  a{n}: {{shell: ./a, after: a{(n + 1) % 10_000}}}" for n in range(10_000)]
    assert [code for code, _ in said(SHOP + "\n".join(lines))] == ["P304"]


ONE_FILE = [
    one
    for _, one in sorted(CATALOGUE.items())
    if one.fails and one.severity == "error" and one.code < "P400" and "# file" not in one.fails
]


def test_one_broken_file_leaves_the_others_alone() -> None:
    """A folder with one broken file for each mistake: the good files are checked as ever."""
    good = "pipeline: {0}\nschedules: {{daily: every 1 day from 2026-01-01T00:00Z}}\nactivities:\n  mail: {{shell: ./mail, schedule: daily}}\n"
    texts = {}
    for one in ONE_FILE:
        text = marks(one.fails)[0]
        texts[f"{one.code}.pipe.yaml"] = re.sub("^pipeline: shop", f"pipeline: {one.code}", text)
        texts[f"good_{one.code}.pipe.yaml"] = good.format(f"good_{one.code}")
    front, found = read(texts)
    wrong = {one.span.source.name.partition(".")[0] for one in found if one.severity == "error"}
    assert wrong == {one.code for one in ONE_FILE}
    assert {one.name for one in front.checked} == {f"good_{one.code}" for one in ONE_FILE}


def test_same_complaints_beside_other_files() -> None:
    """What is said of a file does not depend on which others are there."""
    alone: list[Diagnostic] = []
    texts = {}
    for one in ONE_FILE:
        text = re.sub("^pipeline: shop", f"pipeline: {one.code}", marks(one.fails)[0])
        # Its own database: a table belongs to one rollup of all files.
        text = re.sub(r"\bdb\b", f"db_of_{one.code}", text)
        texts[f"{one.code}.pipe.yaml"] = text
        alone += read({f"{one.code}.pipe.yaml": text})[1]
    together = read(texts)[1]
    assert [_shown(one) for one in together] == [_shown(one) for one in alone]


def _shown(one: Diagnostic) -> tuple[str, str, int, str, str]:
    return (one.code, one.span.source.name, one.span.start, one.text(), one.hint())


def test_the_order_of_a_file_means_nothing() -> None:
    text = (Path(__file__).parent / "ports" / "traffic.pipe.yaml").read_text(encoding="utf-8")
    sections = re.split(r"\n(?=\w)", text.strip())
    backwards = "\n".join(reversed(sections))
    one, other = (read({"a.pipe.yaml": it})[0].pipelines[0] for it in (text, backwards))
    for section in ("activities", "datanodes", "schedules"):
        assert _meaning(getattr(one, section)) == _meaning(getattr(other, section))


def _meaning(value: object) -> str:
    """A value in words, without where it stands."""
    return re.sub(r"Span\(start=\d+, end=\d+\)", "", repr(value))


def test_a_source_without_a_file() -> None:
    report = Report()
    read_project([Source("", "pipeline: 1")], lambda _: Settings(), report)
    assert [one.code for one in report.found] == ["P107"]


ROLLUPS = """\
pipeline: shop
schedules:
  hourly: every 1 hour from 2026-01-05T00:00Z
  daily: every 1 day from 2026-01-05T00:00Z
  mornings: every 1 day from 2026-01-05T00:00Z at start
connections: {db: postgres}
datanodes:
  orders: {sql: db.orders, at: ordered_at, schedule: hourly}
  by_day: sql db.by_day
  by_city: sql db.by_city
  sums: sql db.sums
activities:
  load: {sql: CALL load(), schedule: hourly, flow: -> by_city}
rollups:
"""


@pytest.mark.parametrize(
    ("rollups", "code", "advice"),
    [
        (
            "  a: orders every mornings with count() into by_day\n",
            "P311",
            "`mornings` without its `at start` would not wait",
        ),
        (
            "  a: {from: orders, every: mornings, with: count(), into: by_day, after: load}\n",
            "P311",
            "`mornings` without its `at start` would not wait",
        ),
        (
            "  a: sums every daily with max(x) into by_day\n"
            "  b: by_day every daily with max(max_x) into sums\n",
            "P304",
            "leave one of these out",
        ),
    ],
    ids=["rows", "after", "cycle"],
)
def test_a_rollup_is_not_told_to_use_a_window(rollups: str, code: str, advice: str) -> None:
    found = read(files(ROLLUPS + rollups))[1]
    assert {one.hint() for one in found if one.code == code} == {advice}
    assert not [one for one in found if "[-" in one.hint()]


def test_the_level_that_is_named_again_is_the_second() -> None:
    line = "  a: orders every daily, daily with count() into by_day, sums\n"
    [found] = read(files(ROLLUPS + line))[1]
    assert (found.code, found.span.column) == ("P347", line.rindex("daily") + 1)


def test_a_rollup_into_its_own_source_is_one_mistake() -> None:
    into = "  a: orders every daily with count() into orders\n"
    others = (
        "  b: orders every daily by city with sum(price) into by_day\n"
        "  c: orders every daily with avg(price) into sums\n"
        "  d: by_day every daily with sum(price) into last\n"
    )
    text = ROLLUPS.replace("activities:", "  last: sql db.last\nactivities:")
    assert said(text + into + others) == [("P348", "orders")]
    direct = "  load_all: {rollup: orders, with: count(), into: orders, schedule: daily}\n"
    text = text.replace("rollups:", f"{direct}rollups:")
    assert said(text + others) == [("P348", "orders")]


def test_what_a_rollup_with_a_mistake_would_make_is_not_missed() -> None:
    lines = (
        "  a: orders every hourly with summ(price) into by_day\n"
        "  b: by_day every daily with sum(price) into sums\n"
    )
    assert said(ROLLUPS + lines) == [("P330", "summ")]


def test_a_rollup_into_a_table_of_another_file() -> None:
    other = "# file: stock.pipe.yaml\npipeline: stock\nconnections: {db: postgres}\ndatanodes: {stock: sql db.stock}\n"
    line = "  a: orders every daily with count() into stock.stock\n"
    assert said(f"{ROLLUPS}{line}{other}") == [("P126", "stock.stock")]
