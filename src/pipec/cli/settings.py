"""`pipec.yaml`: what holds for every pipeline of a project."""

from __future__ import annotations

import os
from typing import Any

from pipec.assets import ASSETS
from pipec.cli.arguments import Arguments, Misuse, Option, choice
from pipec.cli.project import SETTINGS, Project, read
from pipec.diagnostic import Diagnostic, Report, diagnostic, listed
from pipec.fields.collections import list_of
from pipec.fields.key import key
from pipec.fields.read import read_fields
from pipec.fields.reader import Reader
from pipec.fields.scalars import WrongType, one_of, scalar, string, what
from pipec.frozen import node
from pipec.syntax import Mapping, Scalar

AIRFLOWS = ("3.3", "3.0", "2.11")

TARGET = Option("--target", "TARGET", "What to compile to: airflow, if not given.")
AIRFLOW = Option(
    "--airflow", "VERSION", "3.3, 3.0 or 2.11 of Airflow; 3.3, if not given.", choices=AIRFLOWS
)
ENVIRONMENT = Option(
    "--env", "NAME", "Which of the pipelines' `environments:` to take values from."
)
VALUE = Option(
    "--set", "NAME=VALUE", "The value of a parameter, for all that declare it.", many=True
)


def targets() -> tuple[str, ...]:
    """The targets that there are: one folder each."""
    found = (one.name for one in (ASSETS / "targets").iterdir() if one.is_dir())
    return tuple(sorted(name for name in found if name[0] not in "._"))


WARNINGS = (
    "P018", "P035", "P224", "P292", "P298", "P311", "P324", "P325", "P403", "P404", "P412",
    "P416", "P417", "P418", "P445", "P450", "P508", "P509", "P513", "P517", "P519", "P521",
    "P534", "P538",
)  # fmt: skip
"""The codes of all warnings. (The catalogue knows them once all is imported: a third of a second.)"""


def _ignorable(it: Scalar, reader: Reader) -> str | None:
    if it.value in WARNINGS:
        return it.value
    code = it.value.upper()
    if code in WARNINGS:
        near = f"did you mean `{code}`?"
    else:
        from pipec.cli.explain import import_all
        from pipec.diagnostic import CATALOGUE

        import_all()
        kind = CATALOGUE.get(code)
        near = f"the warnings are {listed(WARNINGS)}"
        if kind is not None:
            near = f"it is an error, `{kind.title}`: mend it; {near}"
    reader.report.add(NotIgnorable(it.span, it.value[:60], near))
    return None


@node
class Settings:
    """The settings of a project. What the command line says comes before them."""

    target: str = key(one_of(*targets()), "What to compile to.", default="airflow")
    airflow: str = key(one_of(*AIRFLOWS), "The version of Airflow.", default=AIRFLOWS[0])
    output: str = key(
        string, "Where compiled files go, from here; else `dags`, or `definitions`.", default=""
    )
    environment: str = key(string, "The environment that values come from.", default="")
    ignore: tuple[str, ...] = key(
        list_of(scalar("code of a warning", _ignorable)),
        "Codes of warnings that are not shown.",
        default=(),
    )


def settings(project: Project, arguments: Arguments, report: Report) -> Settings:
    """The settings that hold for this command."""
    given = _written(project, report) if project.has_settings else {}
    for option, name in (
        ("--target", "target"),
        ("--airflow", "airflow"),
        ("--env", "environment"),
    ):
        if arguments.has(option):
            given[name] = arguments.one(option)
    found = Settings(**given)
    if found.target not in targets():
        _no_target(found.target)
    return found


def output_folder(project: Project, found: Settings, arguments: Arguments) -> str:
    """Where compiled files go, as the user would write it."""
    usual = {"airflow": "dags", "datapipeline": "definitions"}[found.target]
    return arguments.one("--output") or os.path.join(project.shown, found.output or usual)


def _written(project: Project, report: Report) -> dict[str, Any]:
    source = read(project, SETTINGS, report)
    if source is None or not any(map(_says_something, source.text.splitlines())):
        return {}
    from pipec.parse import parse

    tree = parse(source, report)
    if tree is None:
        return {}
    if not isinstance(tree, Mapping):
        report.add(WrongType(tree.span, "a mapping of settings", what(tree)))
        return {}
    return read_fields(Settings, tree, Reader(report=report), "pipec.yaml") or {}


def _says_something(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _no_target(name: str) -> None:
    there = targets()
    raise Misuse(f"there is no target `{name}`: {choice(name, there)}")


@diagnostic
class NotIgnorable(Diagnostic):
    """`ignore` of `pipec.yaml` holds codes of warnings. What is an error is always shown."""

    code = "P037"
    title = "Nothing to ignore"
    message = "`{found}` is not the code of a warning"
    help = "{near}"

    found: str
    near: str
