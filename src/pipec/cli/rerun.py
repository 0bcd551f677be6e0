"""`pipec rerun`: instances once more, and all that was made from them; nothing else."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipec.cli.arguments import Arguments, Command, Misuse, Option
from pipec.cli.plan import FROM, TO
from pipec.cli.settings import ENVIRONMENT, VALUE
from pipec.diagnostic import counted

if TYPE_CHECKING:
    from pipec.cli.load import Loaded
    from pipec.plan import Graph
    from pipec.plan.dependants import Dependant, Place
    from pipec.remote.rerun import Rerun
    from pipec.targets.airflow.rerun import Todo

AIRFLOW = "--airflow"
MOST_SHOWN = 12

COMMAND = Command(
    "rerun",
    "Run instances again, and all that depends on them.",
    "PATH NAME...",
    (
        Option("--at", "TIME", "Rerun the instances whose intervals start at this time."),
        FROM,
        TO,
        Option(AIRFLOW, "URL", "Have the Airflow at this address do it."),
        ENVIRONMENT,
        VALUE,
        Option("--format", "FORMAT", "text or json; text, if not given.", choices=("text", "json")),
    ),
    """A NAME is that of an activity, of a precondition, or of a datanode: then its producers are
    meant, its preconditions if nothing produces it. Which instances of it: those that start `--at`
    a time, or lie between `--from` and `--to`. What needs one of these is found in the plan,
    however indirectly and in every pipeline of the project, as far as it is due by now.

    Without `--airflow` nothing is changed: what would run again is listed, in order.

    With it, Airflow clears exactly those tasks, and those waits between Dags that have to look
    again, through its API and in an order in which none of them sees an old success. It clears
    nothing upstream, downstream or late by itself. What has no run yet, or has not started, is
    left alone: it runs when its time comes.

    Nothing at all is done while one of those tasks runs: it has read the old data, and ending it is
    not for us to decide. Say the same again when it has ended; to end it, mark it as failed in
    Airflow.

    Who asks is read from the environment: PIPEC_AIRFLOW_TOKEN, or PIPEC_AIRFLOW_USER and
    PIPEC_AIRFLOW_PASSWORD. The exit status is 1 when Airflow cannot do it.""",
)


def run(arguments: Arguments) -> int:
    """Print what runs again, and have Airflow do it if that was asked for."""
    from pipec.cli.load import load
    from pipec.cli.missing import dated_graphs
    from pipec.cli.project import find_projects
    from pipec.cli.show import complaints, errors, tell
    from pipec.plan.dependants import dependants
    from pipec.targets.airflow.rerun import tasks_again

    _check_times(arguments)
    address = _address(arguments)
    projects = find_projects(arguments.operands[:1])
    if len(projects) > 1:
        raise Misuse("there are several projects below this PATH: name one of them")
    # All of the project is read: what depends on these instances may stand in another file.
    whole = tuple(replace(one, asked=frozenset(one.files)) for one in projects)
    options = {name: it for name, it in arguments.options.items() if name != AIRFLOW}
    loaded = load(Arguments(arguments.operands[:1], options), whole)
    graphs = [graph for own in dated_graphs(loaded) for graph in own]
    wrong = complaints(loaded)
    tell(wrong, loaded)
    if errors(wrong):
        return 1
    [one] = loaded
    now = datetime.now(UTC)
    named = _named(one, projects[0].asked, graphs, arguments, now)
    links = one.front.links
    found = dependants(graphs, links, named, now, qualified=len(one.front.checked) > 1)
    if not address:
        return _list(found, arguments)
    return _rerun(found, tasks_again(graphs, links, found, now), address, arguments)


def _check_times(arguments: Arguments) -> None:
    if arguments.has("--at") == (arguments.has("--from") or arguments.has("--to")):
        raise Misuse("which instances: `--at` a time, or `--from` one `--to` another")
    if arguments.has("--from") != arguments.has("--to"):
        raise Misuse("`--from` and `--to` go together; `--at` names one instance")


def _named(
    one: Loaded, asked: frozenset[str], graphs: Sequence[Graph], arguments: Arguments, now: datetime
) -> list[Place]:
    """The instances that the arguments name."""
    from pipec.cli.named import instances_at, instances_between, named_nodes
    from pipec.cli.plan import moment_of

    at, begin, end = (moment_of(arguments, it) for it in ("--at", "--from", "--to"))
    pipelines = [it for it in one.front.pipelines if it.source.name in asked]
    found: list[Place] = []
    for name in arguments.operands[1:]:
        nodes = named_nodes(name, pipelines, graphs, one.front.links)
        if at is not None:
            found += instances_at(name, nodes, at, now)
        else:
            assert begin is not None
            assert end is not None
            found += instances_between(name, nodes, begin, end, now)
    return found


def _list(found: tuple[Dependant, ...], arguments: Arguments) -> int:
    """Print what would run again."""
    if arguments.one("--format", "text") == "json":
        from pipec.render.rerun_json import rerun_json

        _print(rerun_json(found))
    else:
        from pipec.render.rerun_table import rerun_table

        _print(rerun_table(found))
    _tell(found)
    print(
        f"nothing was changed: {AIRFLOW} URL has an Airflow run them again, and nothing else",
        file=sys.stderr,
    )
    return 0


def _rerun(
    found: tuple[Dependant, ...], todos: tuple[Todo, ...], address: str, arguments: Arguments
) -> int:
    """Have Airflow run them again, and print what it did."""
    from pipec.remote.airflow import connect
    from pipec.remote.problem import ProblemError
    from pipec.remote.rerun import Rerun

    work: Rerun | None = None
    status = 0
    try:
        work = Rerun(connect(address, os.environ), todos)
        if work.running:
            _say_what_runs(work)
            return 1
        work.rehearse()
        work.clear()
    except ProblemError as problem:
        print(f"pipec: {problem}", file=sys.stderr)
        status = 1
    if work is None or (status and not work.cleared):
        return status
    _print_tasks(found, work, arguments)
    _say_what_was_done(work)
    return status


def _print_tasks(found: tuple[Dependant, ...], work: Rerun, arguments: Arguments) -> None:
    if arguments.one("--format", "text") == "json":
        from pipec.render.rerun_json import rerun_json

        _print(rerun_json(found, work.entries()))
    else:
        from pipec.render.columns import columns
        from pipec.render.moment import moment

        rows = (
            (cell.task, cell.dag, moment(cell.start), work.fate(it))
            for it in work.found
            for cell in (it.todo.cell,)
        )
        _print(columns(("task", "Dag", "interval from", "in Airflow"), rows))


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def _tell(found: Sequence[Dependant]) -> None:
    """How much that is, and what of it reaches on and on."""
    from pipec.plan.dependants import reaching_on

    work = [it for it in found if it.node.kind != "datanode"]
    runs = {(it.place[0][:2], it.place[1]) for it in work}
    print(f"{counted(len(work), 'instance')} in {counted(len(runs), 'run')}", file=sys.stderr)
    for name, many in reaching_on(found).items():
        print(
            f"`{name}` depends on what it made before: {many} instances of it, up to now, are among them",
            file=sys.stderr,
        )


def _say_what_runs(work: Rerun) -> None:
    from pipec.render.moment import moment

    for one in work.running[:MOST_SHOWN]:
        cell = one.todo.cell
        print(
            f"`{cell.task}` of `{cell.dag}` from {moment(cell.start)} is {one.running}",
            file=sys.stderr,
        )
    if len(work.running) > MOST_SHOWN:
        print(f"... {len(work.running)} in all", file=sys.stderr)
    print(
        "pipec: nothing was changed, since that is at work: say the same again when it has ended",
        file=sys.stderr,
    )


def _say_what_was_done(work: Rerun) -> None:
    counts = Counter(work.fate(it).partition(":")[0] for it in work.found)
    runs = {cell[::2] for cell in work.cleared}
    said = f"{counted(counts['cleared'], 'task')} cleared in {counted(len(runs), 'run')}"
    for word in ("left alone", "not cleared"):
        said += f", {counts[word]} {word}" if counts[word] else ""
    print(said, file=sys.stderr)
    if counts["not cleared"]:
        print("the same again clears all of them, the first ones once more", file=sys.stderr)
    for dag in work.paused:
        if any(cell.dag == dag for cell in work.cleared):
            print(
                f"`{dag}` is paused: what was cleared there runs when it is unpaused",
                file=sys.stderr,
            )


def _address(arguments: Arguments) -> str:
    """The address of Airflow without what people copy along with it; empty if none is given."""
    given = arguments.one(AIRFLOW)
    if not given:
        return ""
    try:
        parts = urlsplit(given)
        host, credentials, _ = parts.hostname, parts.username or parts.password, parts.port
    except ValueError:
        host = credentials = None
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not host:
        raise Misuse(f"`{AIRFLOW} {given}` is no URL such as https://airflow.example.com")
    if credentials:
        raise Misuse(f"`{AIRFLOW}` takes no password: it is read from the environment, see --help")
    path = parts.path.rstrip("/")
    for ending in ("/api/v2", "/api/v1", "/home"):
        path = path.removesuffix(ending)
    return f"{parts.scheme}://{parts.netloc}{path}"
