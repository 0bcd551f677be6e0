"""Instances whose places are written by the clock of a zone that is set back once a year."""

from __future__ import annotations

from collections.abc import Iterator

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.expression.tree import Expr, Format, Name, walk
from pipec.grid import Cron, instant_text, shown_twice
from pipec.ir import Pipeline
from pipec.links import Found, Links
from pipec.values import Text


def check_clock(pipeline: Pipeline, links: Links, report: Report) -> None:
    """Warn of each datanode of which two instances have one place, when the clock is set back."""
    for node in pipeline.datanodes.values():
        place = getattr(node.kind, "place", None)
        if not isinstance(place, Text) or not _told_by_the_hour(place):
            continue
        schedule = links.schedule(Found("datanode", node, pipeline))
        grid = schedule.grid if schedule is not None else None
        if isinstance(grid, Cron) and (twice := shown_twice(grid)):
            first, second = map(instant_text, twice)
            report.add(OnePlaceForTwo(node.span, node.name, grid.zone, first, second))


def _told_by_the_hour(place: Text) -> bool:
    """Whether a place shows the hour of its instance, and not how far that is from UTC."""
    shown = "".join(pattern for one in place.splices for pattern in _patterns(one.expr))
    hour, distance = ("%H", "%I"), ("%z", "%Z")
    return any(it in shown for it in hour) and not any(it in shown for it in distance)


def _patterns(expr: Expr) -> Iterator[str]:
    """How times are shown; without a format, to the second."""
    for one in walk(expr):
        if isinstance(one, Format):
            yield one.pattern
        elif one is expr and isinstance(one, Name) and one.parts[0] in ("start", "end"):
            yield "%Y-%m-%dT%H:%M:%S"


@diagnostic
class OnePlaceForTwo(Diagnostic):
    """Times are shown by the clock of their schedule's zone, and an hour comes twice when it is set back.

    The second instance would replace the first, and whoever reads both would read one twice.
    """

    code = "P325"
    title = "One place for two instances"
    severity = "warning"
    message = "when clocks go back in {zone}, the instances of `{name}` that begin at {first} and at {second} have one place"
    help = "show the distance from UTC too, `%H%z`; or let the schedule be in UTC"
    fails = """
        pipeline: shop
        schedules: {hourly: cron "0 * * * *" in Europe/Zurich from 2026-01-01T00:00Z}
        defaults: {schedule: hourly}
        datanodes:
          orders: s3 s3://shop/orders/${{ start:%Y-%m-%d-%H }}/    # P325 orders
        activities:
          load: {shell: ./load, flow: -> orders}
        """
    fixed = """
        pipeline: shop
        schedules: {hourly: cron "0 * * * *" in Europe/Zurich from 2026-01-01T00:00Z}
        defaults: {schedule: hourly}
        datanodes:
          orders: s3 s3://shop/orders/${{ start:%Y-%m-%d-%H%z }}/
        activities:
          load: {shell: ./load, flow: -> orders}
        """

    name: str
    zone: str
    first: str
    second: str
