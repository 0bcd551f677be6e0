"""What `pipec run` shows: the table of instances, and intervals and times as people read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Instance:
    """One instance, and what became of it."""

    name: str
    kind: str
    start: str
    end: str
    state: str
    """finished, failed, upstream failed, skipped, stopped (while it ran) or waiting (not reached)."""
    started: str = ""
    ended: str = ""
    attempts: int = 0
    log: str = ""


HEADINGS = ("name", "kind", "interval", "state", "started", "ended", "attempts")


def table(instances: Iterable[Instance]) -> str:
    """The instances, one in a line, below their headings."""
    rows = [
        (
            one.name,
            one.kind,
            interval(one.start, one.end),
            one.state,
            clock(one.started),
            clock(one.ended),
            str(one.attempts),
        )
        for one in instances
    ]
    widths = [max(map(len, column)) for column in zip(HEADINGS, *rows, strict=True)]
    lines = [HEADINGS, tuple("-" * width for width in widths), *rows]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def interval(start: str, end: str) -> str:
    """`2012-11-28 03:00 to 04:00`; the date of the end only where it is another."""
    first, last = datetime.fromisoformat(start), datetime.fromisoformat(end)
    if first == last:
        return moment(first)
    short = moment(last)
    if last.date() == first.date():
        short = short.partition(" ")[2]
    return f"{moment(first)} to {short}"


def moment(time: datetime) -> str:
    return (
        f"{time:%Y-%m-%d %H:%M:%S}".removesuffix(":00") if time.second else f"{time:%Y-%m-%d %H:%M}"
    )


def clock(time: str) -> str:
    """The time of day, in the zone of this machine; empty for what never happened."""
    return f"{datetime.fromisoformat(time).astimezone():%H:%M:%S}" if time else ""
