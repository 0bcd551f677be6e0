"""Short forms as people write them out of habit: which word is the wrong one, and what would do."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from pipec.grid import Period
from pipec.grid.period import Unit
from pipec.grid.zone import is_zone


class Habit(NamedTuple):
    """A word that a short form does not have there, and what it has instead."""

    start: int
    end: int
    expected: str
    advice: str


def habit(rule: str, text: str) -> Habit | None:
    """The habit that `text`, which has not the form of `rule`, was written by; None if none is known."""
    for rules, pattern, meant in _HABITS:
        found = pattern.search(text) if rule in rules else None
        if found is not None and (words := meant(found)) is not None:
            return Habit(*found.span("word"), *words)
    return None


def unit_meant(word: str) -> Unit | None:
    """The unit of time that a word, whole or cut short, stands for."""
    word = word.lower()
    return _UNITS.get(word) or _UNITS.get(word.removesuffix("s"))


Words = tuple[str, str]
"""What is expected instead, and the advice."""


def _period(found: re.Match[str]) -> Words | None:
    return _added_up(found["word"], _LENGTHS)


def _length(found: re.Match[str]) -> Words | None:
    """Of months and years nobody knows how long they are."""
    return _added_up(found["word"], _LENGTHS[:1])


def _added_up(word: str, every: tuple[dict[Unit, int], ...]) -> Words | None:
    parts = [(int(count), unit_meant(unit)) for count, unit in _PART.findall(word)]
    for lengths in every:
        known = [(count, unit) for count, unit in parts if unit in lengths]
        total = sum(count * lengths[unit] for count, unit in known)
        if total and len(known) == len(parts):
            least = min((unit for _, unit in known), key=lengths.__getitem__)
            return "a period", f"did you mean `{Period(total // lengths[least], least)}`?"
    return None


_LENGTHS: tuple[dict[Unit, int], ...] = (
    {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800},
    {"month": 1, "year": 12},
)
"""The units that can be added up, and how much each is."""

_UNITS: dict[str, Unit] = {
    **{unit: unit for lengths in _LENGTHS for unit in lengths},
    "s": "second", "sec": "second", "m": "minute", "min": "minute", "h": "hour", "hr": "hour",
    "d": "day", "w": "week", "wk": "week", "mo": "month", "mon": "month", "y": "year", "yr": "year",
}  # fmt: skip
_NAMED = rf"(?:{'|'.join(_UNITS)})s?(?![A-Za-z])"
_PARTS = re.compile(  # 2h, 1h30m, 1 hour 30 minutes
    rf"(?<!\S)(?P<word>\d{{1,9}}{_NAMED}(?:\s*\d{{1,9}}\s*{_NAMED})*"
    rf"|\d{{1,9}}\s+{_NAMED}(?:\s+\d{{1,9}}\s*{_NAMED})+)(?![^\s,])",
    re.IGNORECASE,
)
_PART = re.compile(rf"(\d{{1,9}})\s*({_NAMED})", re.IGNORECASE)


def _no_unit(found: re.Match[str]) -> Words:
    unit = "minutes" if int(found["word"]) < 120 else "seconds"
    return "a period", f"a period has a unit, such as `{found['word']} {unit}`"


def _after_start(found: re.Match[str]) -> Words:
    """What may follow the start of a schedule, after a word that may not."""
    word, cron = found["word"], found["kind"] == "cron"
    start = 'cron "0 6 * * *" from 2026-01-01' if cron else "every 1 day from 2026-01-01"
    expected = "`until`" if cron or word in _UNTIL else "`until` or a number of times"
    if word in ("UTC", "GMT"):
        return expected, "times are in UTC, unless they say otherwise: `2026-01-01T06:00+01:00`"
    if word == "in" or "/" in word or is_zone(word):
        return expected, _by_the_clock(found["zone"] if word == "in" else word)
    end = "3 times" if word == "for" and not cron else "until 2026-02-01"
    return expected, f"the form is `{start} {end}`"


_UNTIL = ("to", "till", "til", "through", "thru", "before", "ending", "-")


def _zone(found: re.Match[str]) -> Words:
    return "`from`", _by_the_clock(found["zone"])


def _by_the_clock(zone: str | None) -> str:
    known = zone if zone and is_zone(zone) else "Europe/Zurich"
    return f'a time zone needs `cron "0 0 * * *" in {known} from 2026-01-01`'


def _window(found: re.Match[str]) -> Words:
    return "`,` or the end", "windows belong to what a `flow` reads, such as `flow: orders[-1]`"


def _distinct(_: re.Match[str]) -> Words:
    return "a column", (
        "two counts of different values cannot be added up: "
        "group `by` the column and count the rows where you read them"
    )


def _queues(_: re.Match[str]) -> Words:
    return "the end", "a task is in one queue, and a worker may ask for several"


def _workers(found: re.Match[str]) -> Words:
    meant = f"NAME: workers {found['executor']} {found['queue']}"
    return "a name", f"describe it once, `{meant}` under `resources`, and write NAME here"


_HABITS: tuple[
    tuple[tuple[str, ...], re.Pattern[str], Callable[[re.Match[str]], Words | None]], ...
]
_HABITS = (
    (("schedule", "period", "flow"), _PARTS, _period),
    (("length", "attempts", "late"), _PARTS, _length),
    (
        ("period", "length", "attempts", "late", "flow"),
        re.compile(r"(?:^|\bevery|\bafter|\bover)\s*(?<!\S)(?P<word>\d+)\s*(?:,|$)"),
        _no_unit,
    ),
    (
        ("schedule",),
        re.compile(r"^\s*(?P<kind>every)\b(?:(?!\bfrom\b).)*\s(?P<word>in)\s+(?P<zone>\S+)"),
        _zone,
    ),
    (
        ("schedule",),
        re.compile(
            r"^\s*(?P<kind>every|cron)\b.*\bfrom\s+\S+"
            r"\s+(?P<word>(?!(?:until|at)\b)[^\s\d]\S*)(?:\s+(?P<zone>\S+))?"
        ),
        _after_start,
    ),
    (
        ("rollup", "measures"),
        re.compile(r"\bcount\s*\(\s*(?P<word>distinct)\b", re.IGNORECASE),
        _distinct,
    ),
    (("workers",), re.compile(r"^\s*\w+\s+[^\s,]+\s*(?P<word>[,+|].*\S)"), _queues),
    (
        ("names",),
        re.compile(r"^\s*(?P<word>(?:workers\s+)?(?P<executor>edge|celery)\s+(?P<queue>[^\s,]+))"),
        _workers,
    ),
    (("names",), re.compile(r"\w\s*(?P<word>\[[^\]]*\]?|\bover\b)"), _window),
)
