"""`pipec plan`: what will run for which interval, when, and after what; before anything runs."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from pipec.cli.arguments import Arguments, Command, Misuse, Option
from pipec.cli.settings import ENVIRONMENT, VALUE
from pipec.diagnostic import counted

if TYPE_CHECKING:
    from pipec.plan import Graph, Instance

FROM = Option(
    "--from", "TIME", "The first moment to look at, such as 2026-03-01 or 2026-03-01T06:00Z."
)
TO = Option("--to", "TIME", "The moment after the last one.")

COMMAND = Command(
    "plan",
    "List what will run, when, and after what.",
    "PATH",
    (
        FROM,
        TO,
        ENVIRONMENT,
        VALUE,
        Option(
            "--format",
            "FORMAT",
            "text, json, or svg (a picture); text, if not given.",
            choices=("text", "json", "svg"),
        ),
    ),
    """An instance is listed when its whole interval lies between the two times. Without them, those of
    the first three intervals of the coarsest schedule are. All times are UTC.""",
)

MOST_IN_PICTURE = 3_000
MOST_AT_A_TIME = 1 << 15
"""Letters that are written at once. A line with many needs is longer than that alone."""
NOTHING_BETWEEN = "`--to` has to be after `--from`"


def run(arguments: Arguments) -> int:
    """Print the plan, in the format that was asked for."""
    from pipec.cli.load import load
    from pipec.cli.missing import dated_graphs
    from pipec.cli.project import find_projects
    from pipec.cli.show import complaints, errors, tell
    from pipec.plan import instances

    loaded = load(arguments, find_projects(arguments.operands))
    of_pipelines = dated_graphs(loaded)
    graphs = [graph for own in of_pipelines for graph in own]
    wrong = complaints(loaded)
    tell(wrong, loaded)
    if errors(wrong):
        return 1
    begin, end = window(graphs, arguments)
    _say_what_is_left_out(graphs, begin, end)
    links = loaded[0].front.links
    dropped: Counter[str] = Counter()
    found = _counted(instances(graphs, links, begin, end, qualified=len(of_pipelines) > 1), dropped)
    _print(found, arguments.one("--format", "text"), (begin, end))
    for name, times in dropped.items():
        print(
            f"{name}: of what it would read, {counted(times, 'instance')} would be before the first"
            " of the schedule, or after its last; it does not wait for that",
            file=sys.stderr,
        )
    return 0


def window(graphs: list[Graph], arguments: Arguments) -> tuple[datetime, datetime]:
    """The time that was asked for; what nobody said is filled in, and told."""
    from pipec.grid import inside
    from pipec.plan.window import coarsest, few, first

    begin, end = moment_of(arguments, "--from"), moment_of(arguments, "--to")
    if begin and end:
        # What comes once has no length: it lies between a time and the same time.
        if end <= begin and not any(inside(one.schedule.grid, begin, end) for one in graphs):
            raise Misuse(NOTHING_BETWEEN)
        return begin, end
    coarse = coarsest(graphs)
    if end:
        starts = [start for one in graphs if (start := first(one.schedule.grid))]
        return min([*starts, end]), end
    found = few(coarse.grid, begin) if coarse else None
    if coarse is None or found is None:
        some = begin or datetime.fromisoformat("1970-01-01T00:00+00:00")
        return some, some
    if not begin:
        from pipec.render.moment import interval

        print(
            f"{interval(*found)}, the first of `{coarse.name}`; --from and --to choose others",
            file=sys.stderr,
        )
    return begin or found[0], found[1]


def moment_of(arguments: Arguments, option: str) -> datetime | None:
    """The instant that an option names; None when it was not given."""
    from pipec.diagnostic import Report
    from pipec.fields.reader import Reader
    from pipec.fields.times import instant_of
    from pipec.lower.params import value_scalar

    if not arguments.has(option):
        return None
    report = Report()
    found = instant_of(value_scalar(option, arguments.one(option)), Reader(report=report))
    if found is None:
        raise Misuse(f"{option}: {report.found[0].text()}; {report.found[0].hint()}")
    return found


def _say_what_is_left_out(graphs: list[Graph], begin: datetime, end: datetime) -> None:
    from pipec.grid import OnDemand, inside

    for graph in graphs:
        name = graph.schedule.name
        if isinstance(graph.schedule.grid, OnDemand):
            print(
                f"`{name}` is on demand: it has no instances before someone asks", file=sys.stderr
            )
        elif not inside(graph.schedule.grid, begin, end):
            print(f"`{name}` ({graph.schedule.grid}) has no whole interval there", file=sys.stderr)


def _counted(found: Iterable[Instance], dropped: Counter[str]) -> Iterator[Instance]:
    for one in found:
        if one.dropped:
            dropped[one.name] += one.dropped
        yield one


def _print(found: Iterator[Instance], form: str, asked: tuple[datetime, datetime]) -> None:
    from itertools import islice

    if form == "svg":
        from pipec.render.timeline import timeline

        shown = list(islice(found, MOST_IN_PICTURE + 1))
        if len(shown) > MOST_IN_PICTURE:
            raise Misuse(
                f"a picture of more than {MOST_IN_PICTURE} instances shows nothing:"
                " choose less time with --from and --to"
            )
        sys.stdout.write(timeline(shown, asked))
        return
    if form == "json":
        from pipec.render.plan_json import plan_json as lines
    else:
        from pipec.render.plan_table import plan_table as lines
    for some in _some_at_a_time(lines(found)):
        sys.stdout.write(some)


def _some_at_a_time(lines: Iterable[str]) -> Iterator[str]:
    """The lines, many in one text: where Python does not buffer, each is a call of the system."""
    some, length = [], 0
    for line in lines:
        some.append(f"{line}\n")
        length += len(line)
        if length > MOST_AT_A_TIME:
            yield "".join(some)
            some, length = [], 0
    yield "".join(some)
