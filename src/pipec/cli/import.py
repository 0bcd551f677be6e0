"""`pipec import`: definitions of AWS Data Pipeline become pipeline files."""  # noqa: N999

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

from pipec.cli.arguments import Arguments, Command, Misuse, Option
from pipec.diagnostic import Diagnostic, Report, counted, diagnostic

if TYPE_CHECKING:
    from pipec.definition.values import Definition
    from pipec.importing.report import Done
    from pipec.source import Source

COMMAND = Command(
    "import",
    "Make pipeline files of definitions of AWS Data Pipeline.",
    "FILE...",
    (
        Option(
            "--values", "FILE", "JSON with the values of parameters, or the parameters.", many=True
        ),
        Option("--output", "DIR", "Where the files go; else to this folder.", short="-o"),
        Option(
            "--report",
            "FORMAT",
            "Say what becomes of every field: text or json.",
            choices=("text", "json"),
        ),
    ),
    """A FILE is the JSON of a definition, as the console, `aws datapipeline get-pipeline-definition` or the
    API give it, or a template of CloudFormation, in JSON or YAML. What is wrong with it is printed
    to standard error, and as much is imported as can be. No file is ever replaced: an import is
    the beginning of work by hand.""",
)


def run(arguments: Arguments) -> int:
    """Write the pipelines, and print their paths or the report."""
    from pipec.cli.show import errors
    from pipec.definition.check import check_definition
    from pipec.definition.read import read_definition
    from pipec.definition.secrets import without_secrets
    from pipec.importing.importer import import_definition
    from pipec.importing.report import Done

    report = Report()
    added = [it for path in arguments.every("--values") if (it := _source(path))]
    done: list[Done] = []
    taken: set[str] = set()
    definitions: list[Definition] = []
    sources = [*added]
    for path in arguments.operands:
        source = _source(path)
        sources.append(source)
        for one in read_definition(source, report, *added):
            definitions.append(one)
            check_definition(one, report)
            if not one.objects:
                if not report.errors:
                    report.add(NothingInIt(one.source.span(0, len(one.source.text))))
                continue
            made = import_definition(one, report)
            file = os.path.join(arguments.one("--output"), f"{made.name}.pipe.yaml")
            if file in taken or not _put(file, made.text):
                report.add(AlreadyThere(one.objects[0].span, file))
                file = ""
            taken.add(file)
            done.append(Done(source=path, imported=made, file=file))
    found = without_secrets(report.sorted(), definitions, sources)
    _tell(found)
    _print(done, arguments.one("--report"), found)
    return int(errors(found))


def _source(path: str) -> Source:
    from pipec.source import Source

    try:
        with open(path, encoding="utf-8-sig", errors="replace") as file:
            return Source(path, file.read())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Misuse(f"`{path}` cannot be read: {reason}") from None


def _put(path: str, text: str) -> bool:
    """Whether the file holds that text now; a file that holds another is left alone."""
    try:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        if os.path.lexists(path):
            with open(path, encoding="utf-8") as file:
                return file.read() == text
        unfinished = f"{path}.{os.getpid()}.unfinished"
        with open(unfinished, "x", encoding="utf-8", newline="") as file:
            file.write(text)
        os.replace(unfinished, path)
    except UnicodeDecodeError:
        return False
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Misuse(f"`{path}` cannot be written: {reason}") from None
    return True


def _tell(found: list[Diagnostic]) -> None:
    if found:
        from pipec.cli.show import in_colour
        from pipec.render import FORMATS
        from pipec.render.summary import summary

        sys.stderr.write(FORMATS["text"](found, colour=in_colour(sys.stderr)))
        print(f"\n{summary(found)}", file=sys.stderr)


def _print(done: list[Done], form: str, found: list[Diagnostic]) -> None:
    from pipec.importing.report import counts, report_json, report_text

    if form == "json":
        from pipec.render import FORMATS

        diagnostics = json.loads(FORMATS["json"](found))["diagnostics"]
        sys.stdout.write(report_json(done, diagnostics))
    elif form == "text":
        sys.stdout.write(report_text(done))
    else:
        for one in done:
            if one.file:
                print(f"wrote {one.file}")
    sys.stdout.flush()
    numbers = counts(it for one in done for it in one.imported.accounts)
    if done and not form:
        said = f"{numbers['carried']} of {counted(sum(numbers.values()), 'field')} carried over"
        more = f", {numbers['undecided']} to decide" if numbers["undecided"] else ""
        print(f"{said}{more}; `--report text` tells of the others", file=sys.stderr)


@diagnostic
class AlreadyThere(Diagnostic):
    """An imported pipeline is worked on by hand: another import must not undo that."""

    code = "P562"
    title = "Pipeline file that is there"
    message = "this would go to `{path}`, where another file is"
    help = "move that one away, or choose another folder with `-o`"

    path: str


@diagnostic
class NothingInIt(Diagnostic):
    """A pipeline that was made and never given a definition has none: the service says so with an empty list."""

    code = "P563"
    title = "Empty definition"
    message = "this definition has no objects"
    help = "get that of a pipeline which was activated: `aws datapipeline get-pipeline-definition`"
