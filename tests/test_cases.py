"""The language reference, `cases/*.md`, as tests: what it shows is what happens.

A `yaml` block is a whole pipeline, or several files that begin with `# file: NAME`. All that is
said of it is marked (`# CODE words`); without marks it is clean. Words after `yaml` are options
of the command line. A `plan FROM TO` block shows the plan of the pipeline before it, a `rerun NAME
TIME FORMAT` block what `pipec rerun` prints, a `fields KIND` block the keys of a kind.
`PIPEC_BLESS=1` rewrites these three.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pytest

from pipec.cli import main
from pipec.cli.settings import Settings as ProjectSettings
from pipec.expression.functions import FUNCTIONS
from pipec.fields.key import keys
from pipec.ir import OBJECTS, Precondition
from pipec.kinds import SECTIONS, keywords, kind_class
from pipec.lower import Settings
from pipec.lower.params import value_scalar
from pipec.plan import Instance, instances, plan
from pipec.render.plan_table import never_there
from tests.documented import documented, written
from tests.reading import disagreement, marked, read

CHAPTERS = sorted((Path(__file__).parent / "cases").glob("*.md"))
_PART = re.compile(r"^#+ (?P<title>.+)$|^```(?P<kind>\w+) ?(?P<words>.*)\n(?P<body>(?s:.*?))^```$", re.MULTILINE)  # fmt: skip


class Block(NamedTuple):
    """A block of a chapter, and the last pipeline before it."""

    chapter: Path
    number: int
    title: str
    kind: str
    words: list[str]
    body: str
    pipeline: str


def blocks() -> Iterator[Block]:
    """All blocks of all chapters."""
    for chapter in CHAPTERS:
        title = pipeline = ""
        number = 0
        for found in _PART.finditer(chapter.read_text(encoding="utf-8")):
            if found["title"]:
                title = found["title"]
                continue
            if found["kind"] == "yaml":
                pipeline = found["body"]
            words = found["words"].split()
            yield Block(chapter, number, title, found["kind"], words, found["body"], pipeline)
            number += 1


def _id(block: Block) -> str:
    return f"{block.chapter.stem}: {block.title}"


EVERY = list(blocks())


@pytest.mark.parametrize("block", [it for it in EVERY if it.kind == "yaml"], ids=_id)
def test_pipeline(block: Block) -> None:
    texts, wanted = marked(block.body)
    assert disagreement(read(texts, _settings(block.words))[1], wanted) == []


@pytest.mark.parametrize("block", [it for it in EVERY if it.kind == "plan"], ids=_id)
def test_plan(block: Block) -> None:
    begin, end = (
        datetime.fromisoformat(f"{it}T00:00Z" if len(it) == 10 else it) for it in block.words
    )
    front, _ = read(marked(block.pipeline)[0])
    assert len(front.checked) == len(front.pipelines)
    graphs = [graph for one in front.checked for graph in plan(one, front.links)]
    shown = "".join(f"{_line(one)}\n" for one in instances(graphs, front.links, begin, end))
    _compare(block, shown)


@pytest.mark.parametrize("block", [it for it in EVERY if it.kind == "rerun"], ids=_id)
def test_rerun(
    block: Block,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    name, time, form = block.words
    (tmp_path / "shop.pipe.yaml").write_text(block.pipeline, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["rerun", ".", name, "--at", time, "--format", form]) == 0
    _compare(block, capsys.readouterr().out)


@pytest.mark.parametrize("block", [it for it in EVERY if it.kind == "fields"], ids=_id)
def test_fields(block: Block) -> None:
    section, _, keyword = block.words[0].partition("/")
    common = {**OBJECTS, "preconditions": Precondition, "settings": ProjectSettings}[section]
    _compare(block, _fields(kind_class(section, keyword) if keyword else common))


def test_every_kind_is_there() -> None:
    shown = {block.words[0] for block in EVERY if block.kind == "fields"}
    kinds = {f"{section}/{one}" for section in SECTIONS for one in keywords(section)}
    assert shown == kinds | set(OBJECTS) | {"preconditions", "settings"}


def test_every_function_is_there() -> None:
    [chapter] = [one for one in CHAPTERS if "expressions" in one.name]
    rows = re.findall(
        r"^\| `(\w+)\(.*?\)` \| (.+) \|$", chapter.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert dict(rows) == {name: one.doc for name, one in FUNCTIONS.items()}


def test_every_format_is_there() -> None:
    """The table of formats says what each of them takes."""
    [chapter] = [one for one in CHAPTERS if "datanodes" in one.name]
    rows = re.findall(
        r"^\| `(\w+)`.*? \| (.*?) ?\| .+ \| .+ \|$",
        chapter.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    taken: dict[str, set[str]] = {}
    for name, words in rows:
        taken.setdefault(name, {"columns", "compression"}).update(re.findall(r"`(\w+)`", words))
    assert taken == {name: set(keys(kind_class("formats", name))) for name in keywords("formats")}


def _settings(words: list[str]) -> Settings:
    options = dict(zip(words[::2], words[1::2], strict=True))
    values = [
        pair.split("=", 1)
        for name, pair in zip(words[::2], words[1::2], strict=True)
        if name == "--set"
    ]
    given = {name: value_scalar("--set", value) for name, value in values}
    return Settings(environment=options.get("--env", ""), values=given)


def _line(one: Instance) -> str:
    needs = [
        _span(name, [start for _, start in same])
        for name, same in groupby(one.needs, key=lambda it: it[0])
    ]
    when = f"{one.name:16} {_time(one.start)} to {_time(one.end)}"
    due = "" if one.due == one.end else f", due {_time(one.due)}"
    after = f": {', '.join(needs)}" if needs else ""
    return f"{when}{due}{after} {never_there(one.dropped)}".rstrip()


def _span(name: str, starts: list[datetime]) -> str:
    if len(starts) < 3:
        return ", ".join(f"{name} {_time(start)}" for start in starts)
    return f"{len(starts)} {name} {_time(starts[0])} ... {_time(starts[-1])}"


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d}" if (at.hour, at.minute) == (0, 0) else f"{at:%Y-%m-%dT%H:%M}"


def _fields(cls: type) -> str:
    rows = []
    for one, default in documented(cls):
        value = "required" if one.required else _else(default)
        rows.append((one.name, f"{one.doc} <{one.type.name}{', ' if value else ''}{value}>"))
    wide = max(len(name) for name, _ in rows)
    return "".join(f"{name:{wide}}  {doc}\n" for name, doc in rows)


def _else(default: object) -> str:
    """What stands there when nobody says anything; empty for nothing."""
    text = written(default)
    quoted = f"`{text}`" if isinstance(default, str) else text
    return f"else {quoted}" if text else ""


def _compare(block: Block, shown: str) -> None:
    if os.environ.get("PIPEC_BLESS") and shown != block.body:
        text = block.chapter.read_text(encoding="utf-8")
        own = [it for it in _PART.finditer(text) if it["kind"]][block.number]
        text = text[: own.start("body")] + shown + text[own.end("body") :]
        block.chapter.write_text(text, encoding="utf-8")
    else:
        assert shown == block.body
