"""No instance waits, through others, for itself."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.grid import Counted, Cron, Every
from pipec.grid.intervals import length
from pipec.ir import Activity, Pipeline
from pipec.links import Found, Key, Links
from pipec.source import Span
from pipec.values import Input


def check_cycles(pipeline: Pipeline, links: Links, report: Report) -> None:
    """Report each activity that waits for itself, with all that stands in between.

    A window that looks only at earlier instances (`orders[-1]`) breaks a cycle, unless another
    one in it looks at later ones, or it stays within one interval of a coarser schedule in it.
    """
    done: set[Key] = set()
    for name, activity in pipeline.activities.items():
        start = (pipeline.name, name)
        if start not in done:
            _walk(start, links, pipeline, done, report)
        if any(_later(one) for one in activity.flow.inputs):
            _walk_later(start, links, pipeline, report)
    _walk_within(links, pipeline, report)


def _walk(start: Key, links: Links, pipeline: Pipeline, done: set[Key], report: Report) -> None:
    """Depth first, with a stack of one's own: pipelines may be longer than Python's."""
    place = {start: 0}
    steps: list[Iterator[Step]] = [_needs(start, links)]
    path: list[Key] = [start]
    taken: list[Step] = []
    while path:
        step = next(steps[-1], None)
        if step is None:
            done.add(path[-1])
            del place[path.pop()]
            steps.pop()
            if taken:
                taken.pop()
        elif step.to in place:
            at = place[step.to]
            _report(path[at:], [*taken[at:], step], pipeline, links, report)
        elif step.to not in done:
            place[step.to] = len(path)
            path.append(step.to)
            taken.append(step)
            steps.append(_needs(step.to, links))


def _walk_later(start: Key, links: Links, pipeline: Pipeline, report: Report) -> None:
    """Report the rings that lead through a later instance, and through an earlier one as well."""
    for first in _needs(start, links, every=True):
        if not first.later:
            continue
        ways: dict[Key, list[Step]] = {first.to: [first]}
        unread = [first.to]
        while unread and start not in ways:
            key = unread.pop()
            for step in _needs(key, links, every=True):
                if step.to not in ways:
                    ways[step.to] = [*ways[key], step]
                    unread.append(step.to)
        ring = ways.get(start, [])
        if any(step.earlier for step in ring):  # Else it was found before.
            _report([first.to], [*ring[1:], first], pipeline, links, report)


def _walk_within(links: Links, pipeline: Pipeline, report: Report) -> None:
    """Report the rings whose earlier instances all lie in one interval of a schedule in the ring.

    The hour before is of the same day, and the day is not there before all of its hours are.
    """
    own = [(pipeline.name, name) for name in pipeline.activities]
    if not any(step.earlier for key in own for step in _needs(key, links, every=True)):
        return
    every: dict[Key, list[Step]] = {}
    unread = own
    while unread:
        key = unread.pop()
        if key not in every:
            every[key] = list(_needs(key, links, every=True))
            unread += [step.to for step in every[key]]
    lengths = {key: _length(key, links) for key in every}
    for coarse in sorted(set(lengths.values()))[1:]:
        steps = {
            key: [
                step
                for step in taken
                if lengths[step.to] <= coarse
                and step.earlier * max(lengths[key], lengths[step.to]) < coarse
            ]
            for key, taken in every.items()
            if lengths[key] <= coarse
        }
        endless = _endless(steps)
        for end in (key for key in steps if key in endless and lengths[key] == coarse):
            ring = _ring(end, steps)
            back = sum(
                (step.earlier * max(lengths[key], lengths[step.to]) for key, step in ring),
                timedelta(0),
            )
            if ring and back < coarse:
                _report([end], [step for _, step in ring], pipeline, links, report)
                return


def _endless(steps: dict[Key, list[Step]]) -> set[Key]:
    """Those from which the steps never come to an end: they are in rings, or lead to one."""
    left = {key: len(taken) for key, taken in steps.items()}
    backwards: dict[Key, list[Key]] = {}
    for key, taken in steps.items():
        for step in taken:
            backwards.setdefault(step.to, []).append(key)
    ended = [key for key, many in left.items() if not many]
    while ended:
        for key in backwards.get(ended.pop(), ()):
            left[key] -= 1
            if not left[key]:
                ended.append(key)
    return {key for key, many in left.items() if many}


def _ring(end: Key, steps: dict[Key, list[Step]]) -> list[tuple[Key, Step]]:
    """The shortest way from `end` back to it through an earlier instance; empty if there is none."""
    came: dict[tuple[Key, bool], tuple[tuple[Key, bool], Step]] = {}
    unread = deque([(end, False)])
    while unread and (end, True) not in came:
        key, earlier = place = unread.popleft()
        for step in steps[key]:
            there = step.to, earlier or step.earlier > 0
            if there not in came and there != (end, False):
                came[there] = place, step
                unread.append(there)
    ring: list[tuple[Key, Step]] = []
    place = (end, True)
    while place in came:
        place, step = came[place]
        ring.insert(0, (place[0], step))
    return ring


def _length(key: Key, links: Links) -> timedelta:
    """How long the intervals of an activity are, about."""
    pipeline = links.project.get(key[0])
    activity = pipeline.activities.get(key[1]) if pipeline else None
    if pipeline is None or activity is None:
        return timedelta(0)
    schedule = links.schedule(Found("activity", activity, pipeline))
    return length(schedule.grid) if schedule else timedelta(0)


def _report(
    ring: list[Key], steps: list[Step], pipeline: Pipeline, links: Links, report: Report
) -> None:
    """Report the cycle in the file of `pipeline`; its other files report it by themselves."""
    here = [step for step in steps if step.span.source.name == pipeline.source.name]
    if not here:
        return

    def named(key: Key) -> str:
        return f"`{key[1]}`" if key[0] == pipeline.name else f"`{key[0]}.{key[1]}`"

    parts = [
        f"needs `{step.data}`, made by {named(step.to)}"
        if step.data
        else f"comes after {named(step.to)}"
        for step in steps
    ]
    if len(parts) > MOST:
        parts[MOST - 1 : -1] = [f"comes after {len(parts) - MOST} others"]
    ways = ["leave one of these out"]
    every = [links.project[step.to[0]].activities[step.to[1]] for step in steps]
    if any(one.takes_windows for one in every):
        ways.append("read an earlier instance with a window such as `[-1]`")
    words = f"{named(ring[0])} {', which '.join(parts)}"
    report.add(Cycle(here[-1].span, words, ", or ".join(ways)))


MOST = 12
"""How many steps of a cycle are spelt out."""


@dataclass(frozen=True, slots=True)
class Step:
    """From an activity to one that it waits for: where that is written, and for what data."""

    to: Key
    span: Span
    data: str
    earlier: int = 0
    """How many intervals earlier all instances are that it waits for, of the coarser schedule."""
    later: bool = False


def _needs(key: Key, links: Links, *, every: bool = False) -> Iterator[Step]:
    """The activities whose instance an instance of `key` waits for, and by what.

    Those of which it waits for earlier instances only are left out, unless `every` is asked for.
    """
    pipeline = links.project.get(key[0])
    activity = pipeline.activities.get(key[1]) if pipeline else None
    if pipeline is None or activity is None:
        return
    for one in activity.flow.inputs:
        node = links.datanode(pipeline, one.ref)
        if node is None:
            continue
        earlier = _earlier(one, activity, node, pipeline, links)
        if every or not earlier:
            for producer in links.producers.get(node.key, ()):
                yield Step(producer.key, one.span, one.ref.name, earlier, _later(one))
    for ref in activity.after:
        for found in links.activities(pipeline, ref.name):
            yield Step(found.key, ref.span, "")


def _earlier(one: Input, activity: Activity, node: Found, pipeline: Pipeline, links: Links) -> int:
    """How much earlier the last instance is that is read; what comes once has no earlier ones."""
    ends = (links.schedule(Found("activity", activity, pipeline)), links.schedule(node))
    if not all(end is not None and isinstance(end.grid, Every | Cron) for end in ends):
        return 0
    return max(-one.window.last, 0) if isinstance(one.window, Counted) else 0


def _later(one: Input) -> bool:
    return isinstance(one.window, Counted) and one.window.last > 0


@diagnostic
class Cycle(Diagnostic):
    """Activities that wait for each other never start.

    To read what the instance before has written, give the input a window: `orders[-1]`.
    """

    code = "P304"
    title = "Cycle"
    message = "this waits for itself: {cycle}"
    help = "{instead}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          load: {shell: echo load, after: mail}
          mail: {shell: echo mail, after: load}    # P304 load
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          load: {shell: echo load}
          mail: {shell: echo mail, after: load}
        """

    cycle: str
    instead: str
