"""`pipec compile`: the files of a target, from the pipelines."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Container
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pipec.cli.arguments import Arguments, Command, Option
from pipec.cli.settings import AIRFLOW, ENVIRONMENT, TARGET, VALUE
from pipec.diagnostic import counted

if TYPE_CHECKING:
    from pipec.cli.load import Loaded
    from pipec.cli.output import Change

OUTPUT = Option("--output", "DIR", "Where the files go.", short="-o")

COMMAND = Command(
    "compile",
    "Write what the pipelines become: Airflow Dag files, or definitions.",
    "PATH...",
    (
        TARGET,
        AIRFLOW,
        OUTPUT,
        ENVIRONMENT,
        VALUE,
        Option(
            "--check", doc="Write nothing; exit with 1 when the files would change, and say how."
        ),
    ),
    """Files go to the folder of `-o`, else to the `output` that `pipec.yaml` names, else to `dags` in
    the folder of the project (`definitions` for AWS Data Pipeline). Nothing is written when anything is wrong. Files that pipec made
    from these PATHs before are replaced, or removed when nothing makes them any more; files of
    others are left alone.""",
)


ENDINGS = {"airflow": ".py", "datapipeline": ".json"}
"""What the files of each target end with."""


def run(arguments: Arguments) -> int:
    """Compile, and print the paths of what was written and removed."""
    from pipec.cli.memory import memory
    from pipec.cli.project import find_projects

    projects = find_projects(arguments.operands)
    before = memory("compile", arguments, projects)
    if said := before.recall():
        print(said, file=sys.stderr)
        return 0
    from pipec.cli.load import load
    from pipec.cli.output import changes, write
    from pipec.cli.settings import output_folder
    from pipec.cli.show import complaints, errors, tell

    loaded = load(arguments, projects)
    found: list[Change] = []
    folders = []
    for one in loaded:
        files = compiled(one)
        if not errors(complaints((one,))):
            folders.append(output_folder(one.project, one.settings, arguments))
            ending = ENDINGS[one.settings.target]
            found += changes(one.project, folders[-1], files, one.report, ending)
    wrong = complaints(loaded)
    tell(wrong, loaded)
    if errors(wrong):
        return 1
    if arguments.has("--check"):
        status, then = _compare(found)
    else:
        write(found)
        status, then = _print(found)
    if not status and not any(one.report.found for one in loaded) and not _doubts(found):
        before.keep(then, (path for one in loaded for path in one.scripts), folders)
    return status


def compiled(one: Loaded, *, local: bool = False, stand_ins: Container[str] = ()) -> dict[str, str]:
    """The files of the pipelines that were asked for; their complaints are in the report."""
    from pipec.cli.missing import report_missing

    missing = [it.name for it in one.pipelines if report_missing(it, one.report)]
    files: dict[str, str] = {}
    target: Any = None
    for pipeline, graphs in one.graphs():
        target = target or import_module(f"pipec.targets.{one.settings.target}")
        if pipeline.name in missing:
            target.examine(graphs, one.front.links, one.report)
        else:
            version = one.settings.airflow
            files |= target.emit(
                graphs, one.front.links, one.report, version=version, local=local,
                stand_ins=stand_ins,
            )  # fmt: skip
    return files


def _print(found: list[Change]) -> tuple[int, str]:
    """Print what was changed; the exit status, and what to say of the same once more."""
    words = {"new": "wrote", "changed": "wrote", "stale": "removed"}
    for one in found:
        if one.state in words:
            print(f"{words[one.state]} {one.path}")
    sys.stdout.flush()
    counts = Counter(words.get(one.state, one.state) for one in found)
    there = sum(one.state in ("new", "changed", "same") for one in found)
    shown = {"wrote": "{} written", "removed": "{} removed", "same": "{} unchanged"}
    said = [text.format(counts[word]) for word, text in shown.items() if counts[word]]
    print(", ".join(said) or "nothing to write", file=sys.stderr)
    return 0, f"{there} unchanged" if there else "nothing to write"


def _compare(found: list[Change]) -> tuple[int, str]:
    """Print how the folder differs from what compiling would leave; 1 if it does."""
    different = [one for one in found if one.state in ("new", "changed", "stale")]
    for one in different:
        print(f"{one.state:8} {one.path}")
    sys.stdout.flush()
    said = f"{len(found)} as compiled"
    if different:
        from pipec.cli.difference import difference

        for one in different:
            sys.stderr.write(difference(one))
        differ = "differs" if len(different) == 1 else "differ"
        said = f"{len(different)} of {counted(len(found), 'file')} {differ}: compile again"
    print(said, file=sys.stderr)
    return int(bool(different)), said


def _doubts(found: list[Change]) -> bool:
    """Whether files are left that may be stale; each is named."""
    doubtful = [one for one in found if one.state == "doubtful"]
    for one in doubtful:
        print(
            f"{one.path} was made from {one.source}, which is not here. It may be another"
            " project's; if not, remove it: it goes on running",
            file=sys.stderr,
        )
    return bool(doubtful)
