"""`pipec check`: every mistake in the pipelines, at once."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pipec.cli.arguments import Arguments, Command, Option
from pipec.cli.settings import ENVIRONMENT, TARGET, VALUE
from pipec.diagnostic import counted

if TYPE_CHECKING:
    from pipec.cli.load import Loaded

COMMAND = Command(
    "check",
    "Show every mistake in the pipelines.",
    "PATH...",
    (
        TARGET,
        ENVIRONMENT,
        VALUE,
        Option(
            "--format",
            "FORMAT",
            "text, json, github (notes in a pull request) or sarif (code scanners); text, if not given.",
            choices=("text", "json", "github", "sarif"),
        ),
    ),
    """What is wrong is printed to standard output. Nothing is written, and no value of a parameter
    is needed. The exit status is 1 when there is an error; warnings alone leave it 0.""",
)


def run(arguments: Arguments) -> int:
    """Print what is wrong, in the format that was asked for."""
    from pipec.cli.memory import memory
    from pipec.cli.project import find_projects

    projects = find_projects(arguments.operands)
    before = memory(f"check on {moment():%Y-%m-%d}", arguments, projects)
    form = arguments.one("--format", "text")
    if form == "text" and (said := before.recall()):
        print(said, file=sys.stderr)
        return 0
    from pipec.cli.load import load
    from pipec.cli.show import complaints, errors, hidden, in_colour
    from pipec.render import FORMATS
    from pipec.render.summary import summary

    loaded = load(arguments, projects)
    now = moment()
    for one in loaded:
        examine(one, now)
    found = complaints(loaded)
    options = {"colour": in_colour(sys.stdout)} if form == "text" else {}
    sys.stdout.write(FORMATS[form](found, **options))
    sys.stdout.flush()
    if form == "text":
        last = summary(found) or f"{_count(loaded)}, nothing to complain about"
        print(f"\n{last}" if found else last, file=sys.stderr)
        if not found and not hidden(loaded):
            before.keep(last, (path for one in loaded for path in one.scripts))
    if more := hidden(loaded):
        print(more, file=sys.stderr)
    return int(errors(found))


def examine(one: Loaded, now: datetime | None = None) -> None:
    """Report what the target cannot say; and what would be made up for, if it began `now`."""
    from pipec.plan.past import check_past

    target: Any = None
    for _, graphs in one.graphs():
        target = target or import_module(f"pipec.targets.{one.settings.target}")
        target.examine(graphs, one.front.links, one.report)
        if now is not None:
            check_past(graphs, now, one.report)


def moment() -> datetime:
    """Now; `SOURCE_DATE_EPOCH`, if it is set, says when that is, as for other tools."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(given), UTC) if given.isdecimal() else datetime.now(UTC)


def _count(loaded: tuple[Loaded, ...]) -> str:
    return counted(sum(len(one.pipelines) for one in loaded), "pipeline")
