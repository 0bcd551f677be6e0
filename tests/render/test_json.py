"""The document that scripts read."""

from __future__ import annotations

import json

from pipec.render import FORMATS
from pipec.source import NOWHERE
from tests.render.shop import LateMail, Unknown, UnknownOrder


def test_lines_and_columns_count_from_one(unknown: Unknown, late: LateMail) -> None:
    found = unknown("a: 1\nship:\n  after: [表, ordrs,\n x]\n", "ordrs,\n x")
    assert json.loads(FORMATS["json"]([found, late])) == {
        "version": 1,
        "diagnostics": [
            {
                "code": "P998",
                "severity": "error",
                "title": "Unknown order",
                "message": "nothing is called `ordrs`",
                "file": "shop.pipe.yaml",
                "line": 3,
                "column": 14,
                "end_line": 4,
                "end_column": 3,
                "help": "did you mean `orders`?",
            },
            {
                "code": "P999",
                "severity": "warning",
                "title": "Late mail",
                "message": "mail goes out late",
                "file": "mail.pipe.yaml",
                "line": 1,
                "column": 7,
                "end_line": 1,
                "end_column": 11,
                "help": "",
            },
        ],
    }


def test_nothing_found_is_an_empty_list() -> None:
    assert json.loads(FORMATS["json"]([])) == {"version": 1, "diagnostics": []}


def test_what_no_file_says_has_no_place() -> None:
    [entry] = json.loads(FORMATS["json"]([UnknownOrder(NOWHERE, "ordrs")]))["diagnostics"]
    places = ("file", "line", "column", "end_line", "end_column")
    assert [entry[key] for key in places] == [None] * 5


def test_any_terminal_can_print_it(unknown: Unknown) -> None:
    assert FORMATS["json"]([unknown("a: \udcff", "\udcff", file="\udcff 表")]).isascii()
