"""Instances whose places are written by the clock of a zone that is set back once a year."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.expression.tree import Format, Name, walk
from pipec.facets import Files
from pipec.grid import Cron, instant_text, shown_twice
from pipec.ir import Pipeline
from pipec.links import Found, Links
from pipec.values import Text


def check_clock(pipeline: Pipeline, links: Links, report: Report) -> None:
    """Warn of each datanode of which two instances have one place, when the clock is set back."""
    for node in pipeline.datanodes.values():
        shown = _shown(node.kind.place) if isinstance(node.kind, Files) else []
        if not any("%H" in pattern or "%I" in pattern for _, pattern in shown):
            continue
        schedule = links.schedule(Found("datanode", node, pipeline))
        if schedule is None or not isinstance(schedule.grid, Cron):
            continue
        zone = ZoneInfo(schedule.grid.zone)
        for pair in shown_twice(schedule.grid):
            one, other = (
                [getattr(it, end).astimezone(zone).strftime(pattern) for end, pattern in shown]
                for it in pair
            )
            if one == other:
                first, second = (instant_text(it.start) for it in pair)
                report.add(OnePlaceForTwo(node.span, node.name, str(zone), first, second))
                break


def _shown(place: Text) -> list[tuple[str, str]]:
    """How a place shows the start and the end of its instance; nothing if it computes with them."""
    found: list[tuple[str, str]] = []
    for splice in place.splices:
        match splice.expr:
            case Format(value=Name(parts=(("start" | "end") as end,)), pattern=pattern):
                found.append((end, pattern))
            case Name(parts=(("start" | "end") as end,)):
                found.append((end, "%Y-%m-%dT%H:%M:%S"))
            case expr if any(isinstance(it, Name) and it.parts[0] in ENDS for it in walk(expr)):
                return []
    return found


ENDS = ("start", "end")


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
