"""Every diagnostic, by its own example: it fails exactly where it is marked, and mended it does not."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import pytest

import pipec
from pipec.cli.settings import WARNINGS
from pipec.diagnostic import CATALOGUE, Diagnostic, Report
from pipec.plan import plan
from pipec.targets import airflow, datapipeline
from tests.definition import reading as definitions
from tests.definition import translating
from tests.reading import disagreement, marked, read

_ROOT = Path(pipec.__file__).parent
for _file in sorted(_ROOT.rglob("*.py")):
    if "\n@diagnostic\n" in _file.read_text(encoding="utf-8"):
        importlib.import_module(
            ".".join(("pipec", *_file.relative_to(_ROOT).with_suffix("").parts))
        )

EVERY = [one for _, one in sorted(CATALOGUE.items()) if one.__module__.startswith("pipec.")]

WITHOUT_EXAMPLE = {
    "P001": "needs bytes that are no text: test_mistakes.py",
    "P002": "needs a file without anything: test_mistakes.py",
    "P004": "needs a file of some depth: test_mistakes.py",
    "P005": "needs a file of some size: test_mistakes.py",
    "P013": "needs a control character: test_mistakes.py",
    "P033": "needs a file that the system does not let be read: cli/",
    "P034": "needs a folder: cli/",
    "P035": "needs a folder: cli/",
    "P036": "needs a folder: cli/",
    "P037": "needs a `pipec.yaml`: cli/test_project.py",
    "P115": "needs `--env`: test_mistakes.py",
    "P125": "needs a command other than `check`: cli/",
    "P324": "depends on the day: cli/test_past.py",
    "P296": "needs a file beside the pipeline: activities/test_python.py",
    "P297": "needs a file beside the pipeline: activities/test_python.py",
    "P302": "needs a matrix of some size: test_mistakes.py",
    "P430": "needs a script of some size: targets/airflow/test_clusters.py",
    "P431": "needs `pipec run`: targets/airflow/test_clusters.py",
    "P401": "needs a kind that a target lacks: targets/",
    "P506": "needs a file that is cut off: definition/test_scan.py",
    "P415": "needs a script of some size: targets/airflow/test_remote.py",
    "P562": "needs a file that is there already: importing/",
    "P563": "needs `pipec import`: importing/test_command.py",
}
"""The diagnostics whose example cannot be written down in their class, and why."""


@pytest.mark.parametrize("one", EVERY, ids=lambda it: it.code)
def test_it_says_all_of_itself(one: type[Diagnostic]) -> None:
    assert one.title
    assert one.title[-1] not in ".!?" or one.title == "Which one?"
    assert one.message
    assert inspect.cleandoc(one.__doc__ or "") != inspect.cleandoc(Diagnostic.__doc__ or "")
    words = f"{one.title} {one.message} {one.help}".lower().split()
    assert not {"invalid", "error", "please"} & set(words)
    assert "!" not in one.message.replace("!!", "")


def test_every_warning_can_be_ignored() -> None:
    assert tuple(one.code for one in EVERY if one.severity == "warning") == WARNINGS


@pytest.mark.parametrize("one", EVERY, ids=lambda it: it.code)
def test_it_has_an_example(one: type[Diagnostic]) -> None:
    if one.code in WITHOUT_EXAMPLE:
        assert not one.fails
    else:
        assert one.fails
        assert one.fixed


@pytest.mark.parametrize("one", [it for it in EVERY if it.fails], ids=lambda it: it.code)
def test_its_example_fails_where_it_is_marked(one: type[Diagnostic]) -> None:
    texts, wanted = marked(one.fails, _first(one))
    assert one.code in {code for code, *_ in wanted}
    assert disagreement(_said(one, texts), wanted) == []


@pytest.mark.parametrize("one", [it for it in EVERY if it.fixed], ids=lambda it: it.code)
def test_its_mended_example_is_clean(one: type[Diagnostic]) -> None:
    texts, wanted = marked(one.fixed, _first(one))
    assert not wanted
    assert disagreement(_said(one, texts), []) == []


def _is_of_definitions(one: type[Diagnostic]) -> bool:
    return one.__module__.startswith("pipec.definition.") and not one.__module__.endswith(".unsaid")


def _first(one: type[Diagnostic]) -> str:
    """What the first file of an example is called, if it does not say so itself."""
    return "definition.json" if _is_of_definitions(one) else "shop.pipe.yaml"


def _said(one: type[Diagnostic], texts: dict[str, str]) -> list[Diagnostic]:
    """All that is said of these files: by `check`, of the target as well; or of a definition."""
    if _is_of_definitions(one):
        return definitions.read(texts)[1]
    front, found = read(texts)
    if one.__module__ == "pipec.definition.unsaid":
        return [*found, *translating.said_of(front)]
    report = Report(list(found))
    target = datapipeline if ".datapipeline." in one.__module__ else airflow
    for checked in front.checked:
        target.examine(plan(checked, front.links), front.links, report)
    return report.sorted()
