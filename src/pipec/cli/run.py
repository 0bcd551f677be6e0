"""`pipec run`: the pipelines on this machine, with real Airflow and stand-ins for AWS."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipec.cli.arguments import Arguments, Command, Misuse, Option
from pipec.cli.plan import FROM, TO
from pipec.cli.settings import AIRFLOWS, ENVIRONMENT, VALUE

if TYPE_CHECKING:
    from pipec.cli.load import Loaded
    from pipec.local.job import Job
    from pipec.plan import Graph

COMMAND = Command(
    "run",
    "Run them on this machine: no cloud account, no services to start.",
    "PATH",
    (
        Option("--at", "TIME", "Run what has an interval that this time lies in."),
        FROM,
        TO,
        ENVIRONMENT,
        VALUE,
        Option(
            "--python", "PATH", "The Python that has Airflow: else PIPEC_AIRFLOW_PYTHON, else this."
        ),
        Option("--limit", "SECONDS", "When to end everything; 600, if not given."),
        Option("--patience", "SECONDS", "The longest wait for a precondition; 60, if not given."),
        Option("--output", "DIR", "A new folder for logs, objects and tables.", short="-o"),
    ),
    """S3, DynamoDB, SNS and databases are stand-ins on this machine, filled from the folder `local`
    beside the pipeline: `local/s3/BUCKET/KEY`, `local/sql/CONNECTION.sql`, and of each table of
    DynamoDB `local/dynamodb/TABLE.jsonl`, its items, and `TABLE.json`, its keys as `aws dynamodb
    create-table` takes them, if they are others than the first attribute. Without a time everything
    is run, if the schedules come to an end soon, else the last interval that is over.

    The exit status is 1 when an instance has not finished.""",
)

MOST = 400
"""Instances that are run when nobody says which."""


def run(arguments: Arguments) -> int:
    """Run what was asked for, and print the table of what became of it."""
    from pipec.cli.check import examine
    from pipec.cli.load import load
    from pipec.cli.missing import report_missing
    from pipec.cli.project import find_projects
    from pipec.cli.show import complaints, errors, tell
    from pipec.local.run import new_folder
    from pipec.local.run import run as execute

    if arguments.has("--at") and (arguments.has("--from") or arguments.has("--to")):
        raise Misuse("`--at` is one moment, `--from` and `--to` are two: give one or the others")
    limit, patience = _seconds(arguments, "--limit", 600), _seconds(arguments, "--patience", 60)
    loaded = load(arguments, find_projects(arguments.operands))
    for one in loaded:
        examine(one)
        for pipeline in one.pipelines:
            report_missing(pipeline, one.report)
    wrong = complaints(loaded)
    tell(wrong, loaded)
    if errors(wrong):
        return 1
    if len(loaded) > 1:
        raise Misuse("there are several projects below this PATH: name one of them")
    job, python = _job(loaded[0], arguments)
    here = [one for one in complaints(loaded) if one not in wrong]
    if errors(here):  # What can be compiled for Airflow, and not be run on this machine.
        tell(here, loaded)
        return 1
    job = replace(job, limit=limit, patience=patience)
    if not job.runs:
        raise Misuse("no schedule has an interval there: `pipec plan` lists those that there are")
    _say_what_is_not_run(loaded[0])
    _say_what_is_not_started(loaded[0])
    given = arguments.one("--output")
    folder = Path(given) if given else new_folder(Path(loaded[0].project.shown))
    if folder.exists():
        raise Misuse(f"`{folder}` is there already: `-o` names a new folder")
    outcome = execute(job, python, folder, sys.stdout)
    return 0 if outcome.ok else 1


def _job(one: Loaded, arguments: Arguments) -> tuple[Job, str]:
    """The job, and the Python that executes it."""
    from pipec.cli.compile import compiled
    from pipec.local.interpreter import MissingAirflowError, find_airflow
    from pipec.local.prepare import NoOrderError, prepare, stand_ins

    try:
        found = find_airflow(arguments.one("--python"))
    except MissingAirflowError as missing:
        raise Misuse(str(missing)) from None
    settings = replace(one.settings, airflow=_nearest(found.airflow))
    files = compiled(
        replace(one, settings=settings), local=True, stand_ins=stand_ins(one.pipelines)
    )
    graphs = [graph for _, own in one.graphs() for graph in own]
    data = Path(one.project.path(one.pipelines[0].source.name)).parent / "local"
    try:
        window = _window(graphs, arguments)
        return prepare(graphs, one.front.links, files, window, data), found.path
    except NoOrderError as problem:
        raise Misuse(str(problem)) from None


def _nearest(version: str) -> str:
    """The version that Dags are written for, to load in an Airflow of this `version`."""
    numbers = tuple(int(part) for part in version.split(".")[:2])
    for one in AIRFLOWS:
        if tuple(map(int, one.split("."))) <= numbers:
            return one
    raise Misuse(f"Airflow {version} is too old: {AIRFLOWS[-1]} is the first that will do")


def _window(graphs: list[Graph], arguments: Arguments) -> tuple[datetime, datetime]:
    from pipec.cli.plan import moment_of, window

    if at := moment_of(arguments, "--at"):
        return at, at
    if arguments.has("--from") or arguments.has("--to"):
        return window(graphs, arguments)
    return _all(graphs) or _last(graphs)


def _all(graphs: list[Graph]) -> tuple[datetime, datetime] | None:
    """From the first interval to the last; None when that is too much, or has no end."""
    from pipec.grid import OnDemand, count, interval

    many = 0
    bounds = []
    for one in graphs:
        grid = one.schedule.grid
        intervals = count(grid)
        if intervals is None or isinstance(grid, OnDemand):
            return None
        many += intervals * sum(node.kind in ("activity", "precondition") for node in one.nodes)
        if intervals:
            bounds += [interval(grid, 0).start, interval(grid, intervals - 1).end]
    return (min(bounds), max(bounds)) if bounds and many <= MOST else None


def _last(graphs: list[Graph]) -> tuple[datetime, datetime]:
    """The last interval of the coarsest schedule that is over; the first one if none is."""
    from pipec.grid import Cron, Every, interval
    from pipec.grid.intervals import existing, number_at
    from pipec.plan.window import coarsest
    from pipec.render.moment import interval as shown

    now = datetime.now().astimezone(tz=UTC).replace(microsecond=0)
    coarse = coarsest(graphs)
    if coarse is None or not isinstance(coarse.grid, Every | Cron):
        return now, now
    before = existing(coarse.grid, range(max(number_at(coarse.grid, now), 1)))
    found = interval(coarse.grid, before[-1])
    when = shown(found.start, found.end)
    print(f"running {when}, the last interval of `{coarse.name}`", file=sys.stderr)
    return found.start, found.end


def _seconds(arguments: Arguments, option: str, otherwise: float) -> float:
    given = arguments.one(option, str(otherwise))
    try:
        found = float(given)
    except ValueError:
        found = 0
    if not 0 < found < 1e9:
        raise Misuse(f"`{option}` takes a number of seconds, not `{given}`")
    return found


def _say_what_is_not_run(one: Loaded) -> None:
    names = {it.name for it in one.pipelines}
    others = sorted({other for name in names for other in one.concern.of(name)} - names)
    if others:
        shown = ", ".join(f"`{other}`" for other in others)
        print(f"what {shown} makes is waited for, and not run: name the folder", file=sys.stderr)


def _say_what_is_not_started(one: Loaded) -> None:
    """This machine is no machine of AWS: that it does the work says nothing of one that would."""
    users: dict[str, list[str]] = {}
    for pipeline in one.pipelines:
        for activity in pipeline.activities.values():
            machine = one.front.links.machine(activity, pipeline)
            if machine is not None:
                users.setdefault(machine.name, []).append(f"`{activity.name}`")
    for name, its in users.items():
        verb = "runs" if len(its) == 1 else "run"
        print(f"{', '.join(its)} {verb} on this machine: `{name}` is not started", file=sys.stderr)
