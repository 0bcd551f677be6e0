"""No instance waits, through others, for itself."""

from __future__ import annotations

from collections.abc import Iterator

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.grid import Counted
from pipec.ir import Pipeline
from pipec.links import Found, Key, Links
from pipec.source import Span
from pipec.values import Input


def check_cycles(pipeline: Pipeline, links: Links, report: Report) -> None:
    """Report each activity that waits for itself, with all that stands in between.

    A window that looks only at earlier instances (`orders[-1]`) breaks a cycle.
    """
    done: set[Key] = set()
    for name in pipeline.activities:
        start = (pipeline.name, name)
        if start not in done:
            _walk(start, links, pipeline, done, report)


def _walk(start: Key, links: Links, pipeline: Pipeline, done: set[Key], report: Report) -> None:
    """Depth first, with a stack of one's own: pipelines may be longer than Python's."""
    path: list[Key] = [start]
    steps: list[Iterator[tuple[Key, Span, str]]] = [_needs(start, links)]
    through: list[tuple[Span, str]] = []
    while path:
        following = next(steps[-1], None)
        if following is None:
            done.add(path.pop())
            steps.pop()
            if through:
                through.pop()
            continue
        key, span, via = following
        if key in path:
            at = path.index(key)
            ring = [*path[at:], key]
            ways = [*through[at:], (span, via)]
            spelt = ring[0][1]
            for (_, name), (_, between) in zip(ring[1:], ways, strict=True):
                spelt += f" needs {between}, made by {name}" if between else f" comes after {name}"
            if span.source == pipeline.source:
                report.add(Cycle(span, spelt))
        elif key not in done:
            path.append(key)
            through.append((span, via))
            steps.append(_needs(key, links))


def _needs(key: Key, links: Links) -> Iterator[tuple[Key, Span, str]]:
    """The activities whose instance an instance of `key` waits for, and by what."""
    pipeline = links.project.get(key[0])
    activity = pipeline.activities.get(key[1]) if pipeline else None
    if pipeline is None or activity is None:
        return
    for one in activity.flow.inputs:
        node = links.datanode(pipeline, one.ref)
        if node is not None and not _earlier(one):
            for producer in links.producers.get(node.key, ()):
                yield producer.key, one.span, one.ref.name
    for ref in activity.after:
        for found in links.activities(pipeline, ref.name):
            assert isinstance(found, Found)
            yield found.key, ref.span, ""


def _earlier(one: Input) -> bool:
    return isinstance(one.window, Counted) and one.window.last < 0


@diagnostic
class Cycle(Diagnostic):
    """Activities that wait for each other never start.

    To read what the instance before has written, give the input a window: `orders[-1]`.
    """

    code = "P304"
    title = "Cycle"
    message = "this waits for itself: {cycle}"
    help = "leave one of these out, or read an earlier instance with a window such as `[-1]`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          load: {shell: echo load, after: mail}    # P304 mail
          mail: {shell: echo mail, after: load}
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
