"""`docs/kinds.md`, made from the kinds themselves: every kind, field, default, and how targets write it.

`PIPEC_BLESS=1` rewrites the page.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pipec.facets import Place
from pipec.ir import OBJECTS, Precondition
from pipec.kinds import SECTIONS, keywords, kind_class
from pipec.targets.airflow import lowering
from pipec.targets.airflow.task import ATTEMPTS
from tests.documented import documented, written

PAGE = Path(__file__).parent.parent / "docs" / "kinds.md"

HEAD = """\
# The kinds

Every kind of object, with its fields and how each target writes it. This page is made from the
source of the kinds (`make snapshots` rewrites it); the chapters in `tests/cases/` explain them, with
examples that are tests.
"""

AIRFLOW = {
    "datanodes": (
        ("looked at", "looks"),
        ("read by a copy", "sources"),
        ("written by a copy", "targets"),
    ),
    "activities": (("", "activities"),),
    "preconditions": (("", "preconditions"),),
    "resources": (("", "resources"), ("a command on it", "commands")),
    "notifications": (("", "notifications"),),
}
"""For each section, what Airflow does with its kinds, and the table that says how."""


def test_the_page_is_what_the_kinds_say() -> None:
    made = "\n".join(page())
    if os.environ.get("PIPEC_BLESS"):
        PAGE.write_text(made, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == made


def page() -> Iterator[str]:
    yield HEAD
    for section in SECTIONS:
        yield f"## {section.capitalize()}\n"
        yield "Fields of every one of them:\n"
        yield from table({**OBJECTS, "preconditions": Precondition}[section])
        for keyword in keywords(section):
            cls = kind_class(section, keyword)
            yield f"### `{keyword}`\n"
            yield f"{inspect.getdoc(cls)}\n"
            yield from table(cls)
            for line in in_airflow(section, cls):
                yield f"- {line}"
            yield ""


def in_airflow(section: str, cls: type) -> Iterator[str]:
    """How Airflow writes a kind: what the functions that do it say of their results."""
    if issubclass(cls, Place) and cls.sort == "workers":
        yield "Airflow: the executor and the queue of the tasks that run there."
        return
    for verb, name in AIRFLOW[section]:
        cells: dict[type, Callable[..., Any]] = getattr(lowering, name).cells
        if cls in cells:
            said = (inspect.getdoc(cells[cls]) or "").split("\n\n")[0].replace("\n", " ")
            yield f"Airflow{', ' + verb if verb else ''}: {said}"
        else:
            yield f"Airflow{', ' + verb if verb else ''}: not at all."


def table(cls: type) -> Iterator[str]:
    yield "| field | takes | if not given | what it is |\n| --- | --- | --- | --- |"
    for one, default in documented(cls):
        text = usual_attempts() if one.name == "attempts" else written(default)
        otherwise = "required" if one.required else text and f"`{text}`"
        yield f"| `{one.name}` | {cell(one.type.name)} | {otherwise} | {cell(one.doc)} |"
    yield ""


def usual_attempts() -> str:
    """What is said of attempts when nobody says anything: the target knows it, not the field."""
    return f"{ATTEMPTS.count} every {ATTEMPTS.every}"


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
