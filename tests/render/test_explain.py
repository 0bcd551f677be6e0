"""What `pipec explain` prints, and the marks in examples."""

from __future__ import annotations

import pytest

from pipec.render.explain import explain
from pipec.render.marks import marks
from tests.render.shop import LateMail, UnknownOrder


def test_the_page_has_the_words_and_both_examples() -> None:
    assert explain(UnknownOrder) == (
        "P998: Unknown order\n"
        "\n"
        "An activity waits for an order that does not exist.\n"
        "\n"
        "`after:` names what comes before.\n"
        "\n"
        "For example:\n"
        "\n"
        "    ship:\n"
        "    ^^^^^ P998\n"
        "      after: [stok, mail]\n"
        "              ^^^^ P998\n"
        "      表: stok\n"
        "          ^^^^ P998\n"
        "\n"
        "Write instead:\n"
        "\n"
        "    ship:\n"
        "      after: [stock, mail]\n"
    )


def test_without_examples_it_is_the_words_alone() -> None:
    assert explain(LateMail) == "P999: Late mail\n\nMail goes out after the shop has closed.\n"


@pytest.mark.parametrize(
    ("line", "text", "found"),
    [
        ("a: b c  # P123 c", "a: b c", ["c"]),
        ("a: b c  # P123", "a: b c", ["b c"]),
        ("- b c  # P123", "- b c", ["b c"]),
        ("- a: b c  # P123", "- a: b c", ["b c"]),
        ("a:  # P123", "a:", ["a:"]),
        ("  a:  # P123", "a:", ["a:"]),
        ("b  # P123", "b", ["b"]),
        ("a: s3://b/c  # P123", "a: s3://b/c", ["s3://b/c"]),
        ("a: b  # not a mark", "a: b  # not a mark", []),
        ("a: b  # P1234", "a: b  # P1234", []),
        ("a: b c  # P123 b # P124 c", "a: b c", ["b", "c"]),
        ("# P123", "", [""]),
    ],
)
def test_marks(line: str, text: str, found: list[str]) -> None:
    shown, marked = marks(line)
    assert shown == text + "\n"
    assert [shown[mark.start : mark.end] for mark in marked] == found


def test_marks_are_found_where_they_stand_in_the_whole_example() -> None:
    text, [first, second] = marks("\n    a: 1  # P123\n    b:\n      - c d  # P124 d\n    ")
    assert text == "a: 1\nb:\n  - c d\n"
    assert (first.code, text[first.start : first.end]) == ("P123", "1")
    assert (second.code, text[second.start : second.end]) == ("P124", "d")


def test_a_mark_that_names_what_is_not_there_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="fetsh"):
        marks("a: b  # P123 fetsh")
