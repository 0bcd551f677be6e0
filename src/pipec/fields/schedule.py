"""A schedule, from its short or its long form."""

from __future__ import annotations

import re
from datetime import datetime

from lark import Token, Tree

from pipec.diagnostic import Diagnostic, counted, diagnostic, did_you_mean, listed
from pipec.fields.forms import read_form, token_span
from pipec.fields.reader import Reader
from pipec.fields.scalars import at_least, expect_scalar, one_of
from pipec.fields.times import NO_T, BadDate, BadPeriod, UnknownPart, instant_of, period
from pipec.grid import Cron, Every, Grid, Once, OnDemand, Period, has
from pipec.grid.pattern import cron_problem
from pipec.grid.schedule import At, Periodic
from pipec.grid.zone import is_zone
from pipec.syntax import Mapping, Scalar, is_nothing
from pipec.syntax import Tree as Syntax

Parts = dict[str, Scalar]
"""The words of a schedule under the keys of its long form."""


def read_schedule(tree: Syntax, reader: Reader) -> Grid | None:
    """The grid of intervals that a schedule describes."""
    parts = _long(tree, reader) if isinstance(tree, Mapping) else _short(tree, reader)
    if parts is None:
        return None
    if "on" in parts:
        return OnDemand()
    start = _start(parts, reader)
    if "once" in parts:
        return Once(start) if start else None
    before = reader.report.errors
    until = _instant(parts, "until", reader)
    at: At | None = one_of("start", "end").read(parts["at"], reader) if "at" in parts else "end"
    times = at_least(1).read(parts["times"], reader) if "times" in parts else None
    if until and times:
        reader.report.add(UntilAndTimes(parts["times"].span))
    if "cron" in parts:
        expression = _cron(parts["cron"], reader)
        zone = _zone(parts["in"], reader) if "in" in parts else "UTC"
        if not (start and at and expression and zone) or reader.report.errors > before:
            return None
        cron = Cron(expression=expression, start=start, zone=zone, until=until, at=at)
        return _ending(cron, parts, reader)
    step: Period | None = period.read(parts["every"], reader)
    if not (start and step and at) or reader.report.errors > before:
        return None
    every = Every(period=step, start=start, until=until, times=times, at=at)
    return _ending(every, parts, reader)


def _ending(grid: Periodic, parts: Parts, reader: Reader) -> Grid:
    """The grid, with what is wrong with its end reported."""
    if grid.until and grid.until <= grid.start:
        reader.report.add(EndBeforeStart(parts["until"].span, parts["until"].value))
    elif grid.until and not has(grid, 0):
        reader.report.add(NoInterval(parts["until"].span))
    return grid


def _short(tree: Syntax, reader: Reader) -> Parts | None:
    found = expect_scalar(tree, "a schedule such as `every 1 day from 2026-01-01T00:00Z`", reader)
    it = reader.plain(found) if found else None
    if it is not None and (bare := _NO_COUNT.match(it.value)):
        words = f"no number stands before `{bare[1]}`"
        reader.report.add(BadPeriod(it.part(*bare.span(1)), words, f"write `every 1 {bare[1]}`"))
        return None
    if it is not None and (blank := _NO_T.search(it.value)):
        reader.report.add(BadDate(it.part(*blank.span(1)), blank[1], NO_T))
        return None
    form = read_form("schedule", it, reader) if it else None
    if form is None or it is None:
        return None

    def word(token: object) -> Scalar:
        assert isinstance(token, Token)
        return Scalar(token_span(it, token), str(token), True, ((0, token_span(it, token).start),))

    if form.data == "on_demand":
        return {"on": it}
    if form.data == "once":
        return {"once": it, "from": word(form.children[0])}
    parts: Parts = {}
    if form.data == "cron":
        quoted, *rest = form.children
        text = word(quoted)
        parts["cron"] = Scalar(text.span, text.value[1:-1], True)
        for name, value in zip(("in", "from", "until"), rest, strict=False):
            if value is not None:
                parts[name] = word(value)
    else:
        step, start, limit, _ = form.children
        assert isinstance(step, Tree)
        count, unit = step.children
        first, last = word(count), word(unit)
        begin = it.value.index(count, 0) if isinstance(count, Token) else 0
        text_ = it.value[begin : (unit.end_pos if isinstance(unit, Token) else None) or None]
        parts["every"] = Scalar(
            first.span.source.span(first.span.start, last.span.end),
            text_,
            True,
            ((0, first.span.start),) if it.lines else (),
        )
        parts["from"] = word(start)
        if isinstance(limit, Tree):
            parts[str(limit.data)] = word(limit.children[0])
    side = form.children[-1]
    if isinstance(side, Tree) and side.data == "side":
        parts["at"] = word(side.children[0])
    return parts


_NO_COUNT = re.compile(r"\s*every\s+([A-Za-z]+)\s+from\b")
_NO_T = re.compile(r"\b(?:from|until)\s+(\d{4}-\d{2}-\d{2}\s+\d{1,2}:\d{2}\S*)")


def _long(tree: Mapping, reader: Reader) -> Parts | None:
    from pipec.lower.objects import TwoKinds

    kinds = [name for name, _ in tree if name.value in _TAKES]
    if len(kinds) > 1:
        reader.report.add(TwoKinds(kinds[1].span, kinds[0].value, kinds[1].value))
        return None
    if not kinds:
        reader.report.add(ScheduleIncomplete(tree.span, "every"))
        return None
    kind = kinds[0].value
    parts: Parts = {}
    whole = True
    for name, value in tree:
        if name.value not in (kind, *_TAKES[kind]):
            near = did_you_mean(name.value, _TAKES[kind], _what_it_takes(kind))
            reader.report.add(UnknownPart(name.span, name.value, near))
            whole = False
        elif name.value == "once" and is_nothing(value):
            parts["once"] = name
        else:
            found = expect_scalar(value, f"the value of `{name.value}`", reader)
            it = reader.plain(found) if found else None
            whole = whole and it is not None
            if it:
                parts[name.value] = it
    if kind == "once" and "from" not in parts and "once" in parts and parts["once"] is not kinds[0]:
        parts["from"] = parts["once"]  # `once: 2026-01-01`
    if kind == "on" and "on" in parts:
        whole = whole and one_of("demand").read(parts["on"], reader) is not None
    if whole and "from" in _TAKES[kind] and "from" not in parts:
        reader.report.add(ScheduleIncomplete(tree.span, "from"))
        return None
    return parts if whole else None


_TAKES = {
    "every": ("from", "until", "times", "at"),
    "cron": ("in", "from", "until", "at"),
    "once": ("from",),
    "on": (),
}
"""The kinds of schedules, and what each may say besides."""


def _what_it_takes(kind: str) -> str:
    return (
        f"besides `{kind}` it takes {listed(_TAKES[kind])}" if _TAKES[kind] else "it takes no more"
    )


def _start(parts: Parts, reader: Reader) -> datetime | None:
    found = _instant(parts, "from", reader)
    if found is not None and "cron" in parts and not 1970 <= found.year <= 2099:
        it = parts["from"]
        reason = "a schedule by the clock starts from 1970 to 2099"
        reader.report.add(BadDate(it.span, it.value[:60], reason))
        return None
    return found


def _instant(parts: Parts, name: str, reader: Reader) -> datetime | None:
    return instant_of(parts[name], reader) if name in parts else None


def _cron(it: Scalar, reader: Reader) -> str | None:
    if reason := cron_problem(it.value):
        reason = re.sub(r"^\[.*?\] is not acceptable,? ?", "a value is ", reason)
        reader.report.add(BadCron(it.span, it.value[:60], reason))
        return None
    return " ".join(it.value.split())


def _zone(it: Scalar, reader: Reader) -> str | None:
    if is_zone(it.value):
        return it.value
    reader.report.add(UnknownZone(it.span, it.value[:60], _zone_meant(it.value)))
    return None


def _zone_meant(text: str) -> str:
    """The zone with the nearest name; what is said of a distance from UTC, which names none."""
    from zoneinfo import available_timezones

    distance = re.fullmatch(r"(?:UTC|GMT)?([+-])0?(\d{1,2})(?::?00)?", text, re.IGNORECASE)
    if distance is None:
        some = "a zone is like `Europe/Zurich`"
        return (
            some if re.search(r"[+-]\d", text) else did_you_mean(text, available_timezones(), some)
        )
    east, hours = distance[1] == "+", distance[2]
    name = f"Etc/GMT{'-' if east else '+'}{hours}"
    side = f"{counted(int(hours), 'hour')} {'east' if east else 'west'} of UTC"
    there = f"; always {side} is `{name}`" if is_zone(name) else ""
    return f"a zone has a name, such as `Europe/Zurich`{there}"


@diagnostic
class EndBeforeStart(Diagnostic):
    """A schedule ends after it starts."""

    code = "P223"
    title = "End before start"
    message = "the schedule ends at {until}, not after its start"
    help = "give `until` a later time than `from`"
    fails = """
        pipeline: shop
        schedules:
          daily: every 1 day from 2026-01-02T00:00Z until 2026-01-01T00:00Z    # P223 2026-01-01T00:00Z
        """
    fixed = """
        pipeline: shop
        schedules:
          daily: every 1 day from 2026-01-01T00:00Z until 2026-01-02T00:00Z
        """

    until: str


@diagnostic
class NoInterval(Diagnostic):
    """The last interval of a schedule ends at or before `until`, so at least one must fit."""

    code = "P224"
    title = "No interval fits"
    severity = "warning"
    message = "the schedule ends before its first interval is over, so nothing ever runs"
    help = "let it end later, or make its intervals shorter"
    fails = """
        pipeline: shop
        schedules:
          daily: every 1 day from 2026-01-01T00:00Z until 2026-01-01T12:00Z    # P224 2026-01-01T12:00Z
        """
    fixed = """
        pipeline: shop
        schedules:
          daily: every 1 day from 2026-01-01T00:00Z until 2026-01-03T00:00Z
        """


@diagnostic
class UntilAndTimes(Diagnostic):
    """A schedule ends at a time or after a number of intervals, not both."""

    code = "P225"
    title = "Two ends"
    message = "the schedule has both `until` and a number of times"
    help = "keep one of them"
    fails = """
        pipeline: shop
        schedules:
          daily:
            every: 1 day
            from: 2026-01-01T00:00Z
            until: 2026-02-01T00:00Z
            times: 3    # P225 3
        """
    fixed = """
        pipeline: shop
        schedules:
          daily:
            every: 1 day
            from: 2026-01-01T00:00Z
            times: 3
        """


@diagnostic
class ScheduleIncomplete(Diagnostic):
    """A schedule says how often it comes (`every`, `cron`, `once`, `on: demand`) and from when on."""

    code = "P226"
    title = "Incomplete schedule"
    message = "the schedule has no `{missing}`"
    help = "the short form is `every 1 day from 2026-01-01T00:00Z`"
    fails = """
        pipeline: shop
        schedules:
          daily: {every: 1 day}    # P226 {every: 1 day}
        """
    fixed = """
        pipeline: shop
        schedules:
          daily: {every: 1 day, from: 2026-01-01T00:00Z}
        """

    missing: str


@diagnostic
class BadCron(Diagnostic):
    """A cron schedule has five fields: minute, hour, day of the month, month, day of the week."""

    code = "P227"
    title = "Not a cron expression"
    message = "`{found}` is not a cron expression: {reason}"
    help = "`0 6 * * MON-FRI` is six o'clock on working days"
    fails = """
        pipeline: shop
        schedules:
          early: cron "0 25 * * *" from 2026-01-01    # P227 "0 25 * * *"
        """
    fixed = """
        pipeline: shop
        schedules:
          early: cron "0 5 * * *" from 2026-01-01
        """

    found: str
    reason: str


@diagnostic
class UnknownZone(Diagnostic):
    """A time zone is named as in the IANA database, such as `Europe/Zurich`."""

    code = "P228"
    title = "Unknown time zone"
    message = "there is no time zone `{found}`"
    help = "{near}"
    fails = """
        pipeline: shop
        schedules:
          early: cron "0 5 * * *" in Europe/Zuerich from 2026-01-01    # P228 Europe/Zuerich
        """
    fixed = """
        pipeline: shop
        schedules:
          early: cron "0 5 * * *" in Europe/Zurich from 2026-01-01
        """

    found: str
    near: str
