"""The commands that GitHub shows beside the lines of a change."""

from __future__ import annotations

from pipec.render import FORMATS
from pipec.source import NOWHERE
from tests.render.shop import LateMail, Unknown, UnknownOrder


def test_one_command_each(unknown: Unknown, late: LateMail) -> None:
    found = unknown("a: 1\nb: ordrs\n", "ordrs")
    assert FORMATS["github"]([found, late]) == (
        "::error file=shop.pipe.yaml,line=2,col=4,endLine=2,endColumn=9,title=P998 Unknown order::"
        "nothing is called `ordrs`%0Adid you mean `orders`?\n"
        "::warning file=mail.pipe.yaml,line=1,col=7,endLine=1,endColumn=11,title=P999 Late mail::"
        "mail goes out late\n"
    )


def test_several_lines_have_no_columns(unknown: Unknown) -> None:
    shown = FORMATS["github"]([unknown("a: [x,\ny]", "[x,\ny]", near="")])
    assert shown.startswith("::error file=shop.pipe.yaml,line=1,endLine=2,title=")


def test_nothing_that_a_user_writes_ends_the_command(unknown: Unknown) -> None:
    odd = unknown("a: b", "b", file="a:b,c%.pipe.yaml", name="50%\r\n::warning::x", near="")
    assert FORMATS["github"]([odd]) == (
        "::error file=a%3Ab%2Cc%25.pipe.yaml,line=1,col=4,endLine=1,endColumn=5,"
        "title=P998 Unknown order::nothing is called `50%25%0D%0A::warning::x`\n"
    )


def test_what_no_file_says_has_no_place() -> None:
    shown = FORMATS["github"]([UnknownOrder(NOWHERE, "ordrs", "")])
    assert shown == "::error title=P998 Unknown order::nothing is called `ordrs`\n"
