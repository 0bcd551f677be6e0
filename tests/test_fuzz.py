"""Whatever a file holds, the front end answers with messages: it never raises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import islice
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipec.diagnostic import Report
from pipec.parse import decode
from pipec.plan import instances, plan
from pipec.plan.window import few
from pipec.render import FORMATS
from tests.reading import files, marked, read

HERE = Path(__file__).parent
_BLOCK = re.compile(r"^```yaml.*?\n(.*?)^```", re.MULTILINE | re.DOTALL)


def _blocks(chapter: Path) -> list[str]:
    return _BLOCK.findall(chapter.read_text(encoding="utf-8"))


def _text(example: str) -> str:
    """The example without its marks, as one text again."""
    texts, _ = marked(example)
    return "".join(f"# file: {name}\n{text}" for name, text in texts.items())


_FOLDERS = (HERE, HERE.parent / "examples")
SEEDS = [
    *(
        file.read_text(encoding="utf-8")
        for folder in _FOLDERS
        for file in sorted(folder.rglob("*.pipe.yaml"))
    ),
    *(_text(block) for file in sorted((HERE / "cases").glob("*.md")) for block in _blocks(file)),
]

WORDS = st.sampled_from(  # Blanks separate them, so line breaks can be among them.
    re.split(
        " ",
        "${{ }} start end input.path self.path run.id node.name :%Y-%m-%d - + [ ] { } , : # | > & * "
        "! ' \" -> [-1] [-7..-1] over every cron once on demand from until at times daily 1 0 day "
        "true null ~ << *a &a exists s3 sql shell copy matrix extends defaults when 2026-01-01T00:00Z "
        "\t \n \r \\ é \u2028 \x00 \ufeff",
    )
)


@st.composite
def edited(draw: st.DrawFn) -> str:
    """A pipeline after a few slips of the pen."""
    text = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 4))):
        pieces = draw(st.sampled_from([list, _lines, _tokens]))(text)
        at = draw(st.integers(0, max(len(pieces) - 1, 0)))
        to = draw(st.integers(0, max(len(pieces) - 1, 0)))
        match draw(st.sampled_from(["delete", "insert", "swap", "repeat", "replace"])):
            case "delete":
                del pieces[at : at + draw(st.integers(1, 3))]
            case "insert":
                pieces.insert(at, draw(WORDS))
            case "swap" if pieces:
                pieces[at], pieces[to] = pieces[to], pieces[at]
            case "repeat":
                pieces[at:at] = pieces[to : to + 2]
            case "replace" if pieces:
                pieces[at] = draw(WORDS)
        text = "".join(pieces)
    return text


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", text)


STRANGE = [
    *[
        "${{start}}",
        "${{self.path}}",
        "${{input.path}}",
        "${{nope}}",
        "${{[1,2]}}",
        "${{shop.orders.path}}",
    ],
    *("", " ", "~", "true", "0", "-1", "9" * 30, "a.b.c", "a, b", "-> a", "a -> a", "x[-1]"),
    *("x over 1 day", "2026-01-01", "9999-12-31", "once from 2099-12-31", "on demand"),
    *("every 1 second from 2026-01-01", "every 100 years from 2099-12-01", "3 every 100 years"),
]
"""Values that fit somewhere, if hardly where they are put."""


@st.composite
def grafted(draw: st.DrawFn) -> str:
    """A pipeline in which values were replaced by values from elsewhere."""
    tree = draw(st.sampled_from(TREES))()
    for _ in range(draw(st.integers(1, 3))):
        places = [one for one in _nodes(tree) if isinstance(one, _HOLDS) and one.value]
        if not places:
            break
        place = draw(st.sampled_from(places))
        at = draw(st.integers(0, len(place.value) - 1))
        if draw(st.booleans()):
            new = yaml.ScalarNode("tag:yaml.org,2002:str", draw(st.sampled_from(STRANGE)))
        else:
            new = draw(st.sampled_from(list(_nodes(draw(st.sampled_from(TREES))()))))
        if isinstance(place, yaml.MappingNode):
            place.value[at] = (place.value[at][0], new)
        else:
            place.value[at] = new
    return str(yaml.serialize(tree, allow_unicode=True))


_HOLDS = (yaml.MappingNode, yaml.SequenceNode)


def _nodes(tree: yaml.Node) -> Iterator[yaml.Node]:
    yield tree
    for one in tree.value if isinstance(tree, _HOLDS) else ():
        for part in one if isinstance(one, tuple) else (one,):
            yield from _nodes(part)


def _composed(text: str) -> yaml.Node | None:
    try:
        return yaml.compose(text)
    except yaml.YAMLError:
        return None


TREES = [
    partial(_composed, text)
    for seed in SEEDS
    for name, text in files(seed).items()
    if name.endswith(".yaml") and isinstance(_composed(text), yaml.MappingNode)
]
"""What makes each of the seeds that is YAML as a tree, anew each time: trees are changed."""

quick = settings(max_examples=300, database=None)


@quick
@given(st.text() | st.text(alphabet="abc:-{}[]'\"#&*!|>%@`\n \t,${}.0"))
def test_any_text(text: str) -> None:
    survives({"shop.pipe.yaml": text})


@quick
@given(edited())
def test_slips_of_the_pen(text: str) -> None:
    survives(files(text))


@quick
@given(grafted())
def test_values_from_elsewhere(text: str) -> None:
    survives({"shop.pipe.yaml": text})


@quick
@given(st.binary(max_size=200))
def test_any_bytes(content: bytes) -> None:
    report = Report()
    source = decode("shop.pipe.yaml", content, report)
    assert (source is None) == bool(report.found)
    for render in FORMATS.values():
        render(report.sorted())


def survives(texts: dict[str, str]) -> None:
    """Read a project: every message can be shown, and what is clean can be planned."""
    front, found = read(texts)
    for one in found:
        assert one.text().strip()
        one.hint()
        assert 0 <= one.span.start <= one.span.end <= len(one.span.source.text)
        assert one.span.source.text == texts[one.span.source.name]
    for render in FORMATS.values():
        render(found)
    assert not front.checked or len(front.checked) <= len(front.pipelines)
    for pipeline in front.checked:
        graphs = plan(pipeline, front.links)
        for graph in graphs:
            begin, end = few(graph.schedule.grid) or (None, None)
            if begin is None or end is None:
                continue
            end = min(end, begin + timedelta(days=2))
            for one in islice(instances(graphs, front.links, begin, end), 300):
                assert one.start <= one.end
