"""What people see: every picture here is one that a terminal shows."""

from __future__ import annotations

import unicodedata
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipec.render import FORMATS
from pipec.render.characters import visible, width
from pipec.render.snippet import snippet
from pipec.render.summary import summary
from pipec.render.text import render
from pipec.source import NOWHERE, Source
from tests.reading import read
from tests.render.shop import LateMail, Unknown, UnknownOrder


def picture(text: str) -> str:
    return dedent(text).removeprefix("\n")


def test_the_words_are_underlined_with_two_lines_around_them(unknown: Unknown) -> None:
    text = "one: 1\ntwo: 2\nthree: 3\nship:\n  after: [ordrs]\nfour: 4\nfive: 5\nsix: 6\n"
    assert render([unknown(text, "ordrs")]) == picture(
        """
        error[P998]: Unknown order
         --> shop.pipe.yaml:5:11
          |
        3 | three: 3
        4 | ship:
        5 |   after: [ordrs]
          |           ^^^^^ nothing is called `ordrs`
        6 | four: 4
        7 | five: 5
          |
          = help: did you mean `orders`?
        """
    )


def test_blank_lines_at_the_edge_are_left_out_and_numbers_are_aligned(unknown: Unknown) -> None:
    text = "a: 1\n" * 7 + "\n\nb: ordrs\nc: 2\n\n"
    assert render([unknown(text, "ordrs", near="")]) == picture(
        """
        error[P998]: Unknown order
          --> shop.pipe.yaml:10:4
           |
        10 | b: ordrs
           |    ^^^^^ nothing is called `ordrs`
        11 | c: 2
        """
    )


def test_a_warning_says_so_and_several_are_paragraphs(unknown: Unknown, late: LateMail) -> None:
    shown = render([unknown("a: ordrs", "ordrs", near=""), late])
    first, second = shown.split("\n\n")
    assert first.startswith("error[P998]: Unknown order\n")
    assert second == picture(
        """
        warning[P999]: Late mail
         --> mail.pipe.yaml:1:7
          |
        1 | mail: late
          |       ^^^^ mail goes out late
        """
    )


def test_nothing_found_is_nothing_shown() -> None:
    assert render([]) == ""


@pytest.mark.parametrize(
    ("line", "shown", "under"),
    [
        ("\ta: ordrs", "    a: ordrs", "       ^^^^^"),
        ("a: 表🎉 ordrs", "a: 表🎉 ordrs", "        ^^^^^"),
        ("a: e\u0301 ordrs", "a: e\u0301 ordrs", "     ^^^^^"),
        ("a: \x1b[31m ordrs", "a: ␛[31m ordrs", "         ^^^^^"),
        ("a: \u202e ordrs", "a: <U+202E> ordrs", "            ^^^^^"),
        ("a:\u00a0 ordrs", "a:<U+00A0> ordrs", "           ^^^^^"),
        ("a: \udcff ordrs", "a: <U+DCFF> ordrs", "            ^^^^^"),
        ("a: ordrs\r", "a: ordrs", "   ^^^^^"),
    ],
    ids=[
        "tab",
        "wide",
        "combining",
        "escape",
        "direction",
        "hard space",
        "surrogate",
        "carriage return",
    ],
)
def test_marks_stand_under_the_words(unknown: Unknown, line: str, shown: str, under: str) -> None:
    _, _, _, row, marks, *_ = render([unknown(f"{line}\nb: 1\n", "ordrs")]).split("\n")
    assert row == f"1 | {shown}"
    assert marks == f"  | {under} nothing is called `ordrs`"


def test_wide_words_have_wide_marks(unknown: Unknown) -> None:
    assert "    |    ^^^^^^ " not in render([unknown("a: 表表", "表表")])
    assert "  |    ^^^^ nothing" in render([unknown("a: 表表", "表表")])


def test_spaces_at_the_end_of_a_line_can_be_pointed_at(unknown: Unknown) -> None:
    assert "  |     ^^^ nothing" in render([unknown("a: b   \n", "   ")])


def test_a_very_long_line_is_cut_around_the_words(unknown: Unknown) -> None:
    text = f"above: {'a' * 300}\n\n{'b' * 5000}ordrs{'c' * 5000}\nbelow: 1\n"
    rows = render([unknown(text, "ordrs")]).split("\n")
    assert rows[1] == " --> shop.pipe.yaml:3:5001"
    assert rows[3:8] == [
        "1 | ...",
        "2 |",
        "3 | ..." + "b" * 33 + "ordrs" + "c" * 62 + "...",
        "  | " + " " * 36 + "^^^^^ nothing is called `ordrs`",
        "4 | ...",
    ]


def test_a_message_that_has_no_room_beside_the_marks_stands_below(unknown: Unknown) -> None:
    long = "o" * 3000
    rows = render([unknown(f"a: {long}", long, near="")]).split("\n")
    assert rows[3:] == [
        "1 | a: " + "o" * 97 + "...",
        "  |    " + "^" * 97,
        "  |    nothing is called `ordrs`",
        "",
    ]


def test_the_end_of_a_file_and_an_empty_file_can_be_pointed_at(unknown: Unknown) -> None:
    assert render([unknown("", near="")]) == picture(
        """
        error[P998]: Unknown order
         --> shop.pipe.yaml:1:1
          |
        1 |
          | ^ nothing is called `ordrs`
        """
    )
    assert render([unknown("a: 1\n", near="")]) == picture(
        """
        error[P998]: Unknown order
         --> shop.pipe.yaml:2:1
          |
        1 | a: 1
        2 |
          | ^ nothing is called `ordrs`
        """
    )


def test_several_lines_have_a_bar(unknown: Unknown) -> None:
    text = "a: 1\nship:\n  shell: x\n  after: y\nb: 2\n"
    words = "ship:\n  shell: x\n  after: y\n"
    assert render([unknown(text, words, near="")]) == picture(
        """
        error[P998]: Unknown order
         --> shop.pipe.yaml:2:1
          |
        1 |   a: 1
        2 | / ship:
        3 | |   shell: x
        4 | |   after: y
          | |__________^ nothing is called `ordrs`
        5 |   b: 2
        """
    )


def test_a_bar_that_starts_inside_a_line_says_where(unknown: Unknown) -> None:
    assert render([unknown("a: [x,\r\n  y]\r\n", "[x,\r\n  y]", near="")]) == picture(
        """
        error[P998]: Unknown order
         --> shop.pipe.yaml:1:4
          |
        1 |   a: [x,
          |  ____^
        2 | |   y]
          | |____^ nothing is called `ordrs`
        """
    )


def test_the_middle_of_many_lines_is_left_out(unknown: Unknown) -> None:
    text = "".join(f"line{n}: {n}\n" for n in range(1, 31))
    assert render([unknown(text, text, near="")]) == picture(
        """
        error[P998]: Unknown order
           --> shop.pipe.yaml:1:1
            |
          1 | / line1: 1
          2 | | line2: 2
          3 | | line3: 3
        ... | |
         28 | | line28: 28
         29 | | line29: 29
         30 | | line30: 30
            | |__________^ nothing is called `ordrs`
        """
    )


def test_what_no_file_says_has_no_snippet() -> None:
    assert render([UnknownOrder(NOWHERE, "ordrs")]) == picture(
        """
        error[P998]: Unknown order
         = nothing is called `ordrs`
         = help: did you mean `orders`?
        """
    )


def test_messages_and_help_of_several_lines_are_aligned(unknown: Unknown) -> None:
    found = unknown("a: ordrs", "ordrs", name="x\ny", near="orders\nstock")
    assert render([found]) == picture(
        """
        error[P998]: Unknown order
         --> shop.pipe.yaml:1:4
          |
        1 | a: ordrs
          |    ^^^^^ nothing is called `x
          |          y`
          |
          = help: orders
                  stock
        """
    )


def test_what_a_user_wrote_cannot_steer_the_terminal(unknown: Unknown) -> None:
    found = unknown("a: \x1b[2J", "\x1b[2J", name="\x1b[2J", file="\x1b[2J")
    assert "\x1b" not in render([found])


def test_colours_come_only_when_asked_for(unknown: Unknown) -> None:
    found = [unknown("a: 1\nb: ordrs", "ordrs")]
    assert "\x1b" not in FORMATS["text"](found)
    shown = FORMATS["text"](found, colour=True)
    assert "\x1b[1;31merror[P998]\x1b[0m" in shown
    for colour in ("\x1b[1;31m", "\x1b[1;34m", "\x1b[1m", "\x1b[0m"):
        shown = shown.replace(colour, "")
    assert shown == render(found)


def test_the_summary_counts(unknown: Unknown, late: LateMail) -> None:
    found = unknown("a: ordrs", "ordrs")
    assert summary([]) == ""
    assert summary([late]) == "1 warning in 1 file"
    assert summary([found, found, late]) == "2 errors, 1 warning in 2 files"
    assert summary([UnknownOrder(NOWHERE, "x")]) == "1 error"


@given(st.text(st.characters(), max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_any_text_can_be_shown(text: str, start: int, length: int) -> None:
    """Whatever stands in a file: marks are there, and nothing but spaces acts on the terminal."""
    rows = snippet(Source("shop.pipe.yaml", text).span(start, start + length))
    assert any(row.mark and "^" in row.text for row in rows)
    shown = "".join(row.text for row in rows)
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cf", "Zl", "Zp"}
    assert shown.encode()


@given(st.text(st.characters(), max_size=20), st.text(st.characters(), max_size=20))
def test_widths_add_up(one: str, other: str) -> None:
    assert width(one) + width(other) == width(one + other)
    assert visible(visible(one)) == visible(one)


def test_what_nobody_should_see_is_shown_as_stars() -> None:
    """Also in the lines around what is wrong elsewhere."""
    text = (
        "pipeline: shop\n"
        "connections:\n"
        "  crm: {jdbc: , url: 'jdbc:h2:mem;PASSWORD=hunter1'}\n"
        "  db: {postgres: , password: hunter2}\n"
        "  web: {postgres: , pasword: x}\n"
    )
    found = read({"shop.pipe.yaml": text})[1]
    assert [one.code for one in found] == ["P293", "P264", "P101"]
    shown = render(found)
    assert "hunter" not in shown
    assert "  db: {postgres: , password: *******}\n" in shown
