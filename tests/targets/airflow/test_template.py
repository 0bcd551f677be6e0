"""A user's text becomes a template that Airflow renders to exactly that text."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from itertools import groupby

import jinja2
import jinja2.sandbox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipec.diagnostic import Report
from pipec.expression import parse
from pipec.source import Source
from pipec.syntax import Scalar
from pipec.targets.airflow.bash import LONGEST, long_command, quoted_arguments
from pipec.targets.airflow.expression import Moment
from pipec.targets.airflow.template import escape, template
from pipec.targets.airflow.work import Work
from pipec.values import Splice, Text
from tests.compiling import compiled

START = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
ENVIRONMENT = jinja2.sandbox.SandboxedEnvironment(
    undefined=jinja2.StrictUndefined, extensions=["jinja2.ext.do"], cache_size=0
)
"""As every Airflow from 2.11 to 3.3 makes it."""
EXTENSIONS = (".sh", ".bash", ".sql")
HARD = [
    *("{", "}", "{{", "}}", "{%", "%}", "{#", "#}", "{{ x }}", "{% raw %}", "{% endraw %}"),
    *(
        "{%- endraw -%}",
        "-%}",
        "{{-",
        "${",
        "$",
        "%",
        "\\",
        "'",
        '"',
        "''",
        "`",
        "\n",
        "\r",
        "\r\n",
    ),
    *("\t", " ", "\0", "\u2028", "\x0b", "é", "名", "🦆", "a", "#", "##", ".sh", ".sql", "x"),
]
WORDS = st.lists(st.one_of(st.sampled_from(HARD), st.characters(codec="utf-8")), max_size=9).map(
    "".join
)


def spliced(code: str) -> Splice:
    source = Source("shop.pipe.yaml", code)
    tree = parse(code, source.span, Report())
    assert tree is not None
    return Splice(tree, Scalar(source.span(0, len(code)), code, True), 0)


def rendered(text: str) -> str:
    return ENVIRONMENT.from_string(text).render(data_interval_start=START, run_id="it's .sh")


YEAR = spliced("start:%Y")
RUN = spliced("run.id")
VALUES = {YEAR: "2026", RUN: "it's .sh"}


def joined(pieces: list[str | Splice]) -> list[str | Splice]:
    """The pieces as a resolved text has them: neighbouring words are one, none are empty."""
    groups = [list(group) for _, group in groupby(pieces, key=lambda one: isinstance(one, str))]
    texts = [["".join(group)] if isinstance(group[0], str) else group for group in groups]
    return [one for group in texts for one in group if one]


PIECES = st.lists(st.one_of(WORDS, st.sampled_from([YEAR, RUN])), max_size=5).map(joined)


def said(pieces: list[str | Splice]) -> str:
    return "".join(one if isinstance(one, str) else VALUES[one] for one in pieces)


@given(pieces=PIECES)
@example(pieces=["a {", YEAR, "}"])
@example(pieces=["{\r\n"])
@example(pieces=["{% raw %}{{ x }}{% endraw %}{# #}\n"])
@example(pieces=["{% {{ {# {", YEAR])
@example(pieces=["run.sh"])
@settings(max_examples=400)
def test_a_text_arrives_unchanged(pieces: list[str | Splice]) -> None:
    made = template(Text(tuple(pieces)), Moment(), EXTENSIONS)
    assert rendered(made) == said(pieces)
    # Airflow would look for a file of that name.
    assert not made.endswith(EXTENSIONS)


@given(pieces=PIECES)
@example(pieces=["echo a \\\n"])
@example(pieces=["cat <<X\nX\n\n"])
@settings(max_examples=200)
def test_a_command_may_lose_its_last_line_break(pieces: list[str | Splice]) -> None:
    made = rendered(template(Text(tuple(pieces)), Moment(), EXTENSIONS, command=True))
    text = said(pieces)
    assert made in (text, text.removesuffix("\n"))
    if text.endswith(("\\\n", "\n\n")):
        assert made == text


@given(words=WORDS, more=WORDS)
@settings(max_examples=200)
def test_words_arrive_unchanged_before_others(words: str, more: str) -> None:
    assert rendered(f"{escape(words)}{{{{ 1 }}}}{escape(more)}{{{{ 2 }}}}") == f"{words}1{more}2"


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("echo $HOME ${HOME} 100 %", "echo $HOME ${HOME} 100 %"),
        ("echo {{ ds }}", "echo {{ '{{' }} ds }}"),
        ("{{ a }} {{ b }} {{ c }}", "{% raw %}{{ a }} {{ b }} {{ c }}{% endraw %}"),
        ("deploy.sh", "deploy.sh{{ '' }}"),
        ("two\n", "two\n\n"),
    ],
)
def test_how_it_reads(text: str, made: str) -> None:
    assert template(Text((text,)), Moment(), EXTENSIONS) == made


def work() -> Work:
    project = compiled("pipeline: shop\nschedules: {now: on demand}\ndefaults: {schedule: now}\n"
                       "activities: {a: {shell: ls}}\n")  # fmt: skip
    (graph,) = project.graphs
    return Work(
        name="a",
        thing=graph["a"].thing,
        pipeline=graph.pipeline,
        links=project.front.links,
        grid=graph.schedule.grid,
        moment=Moment(),
        report=Report(),
    )


@given(texts=st.lists(PIECES, max_size=4))
@settings(max_examples=200)
def test_arguments_are_words_of_bash(texts: list[list[str | Splice]]) -> None:
    line = quoted_arguments(work(), tuple(Text(tuple(one)) for one in texts))
    # `shlex` reads single quotes as bash does, and knows no NUL either.
    assert shlex.split(rendered(f"{line} .")) == [*map(said, texts), "."]


def test_a_command_too_long_for_the_command_line_goes_through_a_file() -> None:
    short, long = "x" * LONGEST, "é" * (LONGEST // 2 + 1)
    assert long_command(short) == short
    assert rendered(long_command(long)) == f"{long}\n# .sh"
    assert not long_command(long).endswith(EXTENSIONS)
