"""What tests of the front end share: reading a project from text, and what is said of it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping

from pipec.compiler import Front, read_project
from pipec.diagnostic import Diagnostic, Report
from pipec.lower import Settings
from pipec.render.marks import marks
from pipec.source import Source

_FILE = re.compile(r"^# file: (\S+)\n", re.MULTILINE)
_WHOLE_LINE = re.compile(r"# P\d{3}\s*$")


def files(text: str, first: str = "shop.pipe.yaml") -> dict[str, str]:
    """The files of an example: each begins after a line `# file: NAME`; the first may lack it."""
    before, *rest = _FILE.split(text)
    named = dict(zip(rest[::2], rest[1::2], strict=True))
    return {first: before, **named} if before.strip() or not named else named


def read(
    texts: Mapping[str, str], settings: Settings | None = None
) -> tuple[Front, list[Diagnostic]]:
    """The project of these files, and all that is said of it, by file and position.

    Files that are no pipelines are the scripts beside them.
    """
    given = settings or Settings()
    beside = {name: text for name, text in texts.items() if not name.endswith(".pipe.yaml")}
    known = Settings(given.environment, given.values, lambda it: beside.get(it.removeprefix("./")))
    report = Report()
    sources = [Source(name, text) for name, text in texts.items() if name not in beside]
    front = read_project(sources, lambda _: known, report)
    return front, report.sorted()


def said(text: str, settings: Settings | None = None) -> list[tuple[str, str]]:
    """Code and underlined text of all that is said of an example."""
    return [(one.code, one.span.text) for one in read(files(text), settings)[1]]


Place = tuple[str, str, int, str]
"""A code, a file, a line of it, and the words that are underlined there."""


def marked(example: str, first: str = "shop.pipe.yaml") -> tuple[dict[str, str], list[Place]]:
    """The files of an example without its marks, and what the marks say.

    A mark without words is met by anything on its line: its words are empty here.
    """
    dedented = textwrap.dedent(example).strip("\n").split("\n")
    wide = {n for n, line in enumerate(dedented, 1) if _WHOLE_LINE.search(line)}
    text, found = marks(example)
    result = files(text, first)
    places = []
    for mark in found:
        number = text.count("\n", 0, mark.start) + 1
        words = "" if number in wide else text[mark.start : mark.end]
        begins = [one for one in _FILE.finditer(text) if one.end() <= mark.start]
        name = begins[-1][1] if begins else next(iter(result))
        line = number - (text.count("\n", 0, begins[-1].end()) if begins else 0)
        places.append((mark.code, name, line, words))
    return result, places


def disagreement(found: list[Diagnostic], wanted: list[Place]) -> list[str]:
    """What was said and is not marked, and what is marked and was not said, in words."""
    left = list(wanted)
    wrong = []
    for one in found:
        place = (one.code, one.span.source.name, one.span.line, one.span.text)
        fitting = [it for it in (place, (*place[:3], "")) if it in left]
        if fitting:
            left.remove(fitting[0])
        else:
            wrong.append(f"said at {place[1]}:{place[2]} `{place[3]}`: {one.code} {one.text()}")
    return wrong + [f"not said at {it[1]}:{it[2]} `{it[3]}`: {it[0]}" for it in left]
