"""The table of ways: every pair has one, and the language reference shows it.

`PIPEC_BLESS=1` rewrites the table.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from pipec.kinds import keywords, kind_class
from pipec.targets.airflow.ways import SIDES, WAYS

CHAPTER = Path(__file__).parents[2] / "cases" / "07_activities.md"


def test_every_pair_of_kinds_has_a_way() -> None:
    assert sorted(SIDES.values()) == sorted(keywords("datanodes"))
    assert {*WAYS} == {*SIDES}
    assert all({*row} == {*SIDES} for row in WAYS.values())


def test_the_reference_shows_the_ways() -> None:
    text = CHAPTER.read_text(encoding="utf-8")
    found = re.search(r"^\| from, to .*?\n\n(?s:.*?)\n\n", text, re.MULTILINE | re.DOTALL)
    assert found
    made = "\n".join(table()) + "\n"
    if os.environ.get("PIPEC_BLESS"):
        CHAPTER.write_text(text.replace(found[0], made), encoding="utf-8")
    else:
        assert found[0] == made


def table() -> Iterator[str]:
    kinds = [f"`{one}`" for one in SIDES.values()]
    yield f"| from, to | {' | '.join(kinds)} |"
    yield f"|{' --- |' * (len(kinds) + 1)}"
    for side, kind in SIDES.items():
        yield f"| `{kind}` | {' | '.join(WAYS[side][other].name for other in SIDES)} |"
    yield ""
    every = {way.name: way for row in WAYS.values() for way in row.values()}
    for way in every.values():
        yield f"- {way.name}: {way.how}"
    yield ""


def test_kinds_know_their_sides() -> None:
    """What `SIDES` says of a kind is what it says of itself."""
    for side, keyword in SIDES.items():
        cls = kind_class("datanodes", keyword)
        assert (getattr(cls, "store", None) or cls.side.fget(cls)) == side  # type: ignore[attr-defined]
