"""The table of what says the same: types of AWS Data Pipeline, kinds of ours, row by row.

A kind's own rows stand in its file, and arrive here when that is imported.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from pipec.frozen import frozen
from pipec.kinds import keywords, kind_class
from pipec.targets.datapipeline.rows import Row

if TYPE_CHECKING:
    from pipec.targets.datapipeline.sides import Reading
    from pipec.targets.datapipeline.writing import Writing


@frozen
class Says:
    """A kind of ours, and a type of theirs that says the same."""

    section: str
    keyword: str
    type: str
    rows: tuple[Row, ...]
    writes: Callable[[Writing], bool] = lambda _: True
    """Whether an object of the kind is written so, where there are several types for it."""
    reads: Callable[[Reading], bool] = lambda _: True
    """Whether an object of the type becomes this kind, where there are several."""


def says(
    kind: type,
    type: str,
    *rows: Row,
    writes: Callable[[Writing], bool] = lambda _: True,
    reads: Callable[[Reading], bool] = lambda _: True,
) -> None:
    """Declare that objects of `kind` are objects of `type` in a definition, if the two say so."""
    section, keyword = kind.__module__.split(".")[1:]
    SAID.append(Says(section, keyword, type, rows, writes, reads))


def has(field: str) -> Callable[[Reading], bool]:
    """That an object has the field, which tells it from others of its type."""
    return lambda it: it.has(field)


SAID: list[Says] = []
"""What the kinds that were imported say, in the order of their import."""


def of_kind(section: str, keyword: str) -> tuple[Says, ...]:
    """The types that objects of that kind may be written as."""
    return tuple(one for one in SAID if (one.section, one.keyword) == (section, keyword))


@cache
def of_type() -> dict[str, tuple[Says, ...]]:
    """What objects of each type may become."""
    for section in (*_SECTIONS,):
        for keyword in keywords(section):
            kind_class(section, keyword)
    found: dict[str, tuple[Says, ...]] = {}
    for one in sorted(SAID, key=lambda it: (it.type, it.section, it.keyword)):
        found[one.type] = (*found.get(one.type, ()), one)
    return found


_SECTIONS = ("datanodes", "activities", "preconditions", "resources", "notifications", "formats")
