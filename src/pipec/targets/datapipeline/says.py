"""The table of what says the same: types of AWS Data Pipeline, kinds of ours, row by row.

A kind's own rows stand in its file, and arrive here when that is imported.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from pipec.frozen import frozen
from pipec.kinds import keywords, kind_class
from pipec.targets.datapipeline.rows import Row

T = TypeVar("T", bound=type)


@frozen
class Says:
    """A kind of ours, and a type of theirs that says the same."""

    section: str
    keyword: str
    type: str
    rows: tuple[Row, ...]
    needs: str = ""
    """The field that an object has when it is this kind, of several with the same type."""
    reads: bool = True
    """Whether objects of the type become this kind; some are written so, and another is read from them."""


def says(
    kind: type, type: str, *rows: Row, needs: str = "", reads: bool = True
) -> None:
    """Declare that objects of `kind` are objects of `type` in a definition."""
    section, keyword = kind.__module__.split(".")[1:]
    SAID.append(Says(section, keyword, type, rows, needs, reads))


SAID: list[Says] = []
"""What the kinds that were imported say, in the order of their import."""


def of_kind(section: str, keyword: str) -> tuple[Says, ...]:
    """How objects of that kind may be written: the first is the usual way."""
    return tuple(one for one in SAID if (one.section, one.keyword) == (section, keyword))


@cache
def of_type() -> dict[str, tuple[Says, ...]]:
    """What objects of each type may become, in the order in which to try."""
    for section in (*_SECTIONS,):
        for keyword in keywords(section):
            kind_class(section, keyword)
    found: dict[str, tuple[Says, ...]] = {}
    for one in sorted(SAID, key=lambda it: (it.type, not it.needs, it.section, it.keyword)):
        if one.reads:
            found[one.type] = (*found.get(one.type, ()), one)
    return found


_SECTIONS = ("datanodes", "activities", "preconditions", "resources", "notifications", "formats")
