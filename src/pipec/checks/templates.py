"""A template of the user's own, in jinja2, can be rendered."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from pipec.diagnostic import Diagnostic, Report, diagnostic, did_you_mean, listed
from pipec.source import Span
from pipec.values import Text


def check_template(template: Text, given: Collection[str], report: Report) -> None:
    """Report what jinja2 cannot read, and names to which nobody will give a value."""
    for line, words, problem, advice in _problems(template.constant or "", given):
        report.add(NotATemplate(_place(template.span, line, words), problem, advice))


def _problems(text: str, given: Collection[str]) -> Iterator[tuple[int, str, str, str]]:
    """Each problem: its line and the word in it, what it is, and what would do."""
    from jinja2 import Environment, TemplateSyntaxError, meta, nodes

    environment = Environment(autoescape=True)
    try:
        tree = environment.parse(text)
        asked = meta.find_undeclared_variables(tree)  # It makes the code, as `compile` does.
    except TemplateSyntaxError as error:
        yield error.lineno, "", (error.message or "it ends too early").rstrip("."), ""
        return
    except RecursionError:
        yield 1, "", "it is nested too deeply", ""
        return
    for one in tree.find_all((nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)):
        advice = "write all of it in one file"
        yield one.lineno, "", "a report has no other template beside it", advice
    unknown = asked - {*given, *environment.globals}
    for found in tree.find_all(nodes.Name):
        if (name := found.name) in unknown:
            unknown.discard(name)
            near = did_you_mean(name, given, f"there are {listed(given)}")
            yield found.lineno, name, f"nothing gives it `{name}`", near


def _place(span: Span, number: int, word: str) -> Span:
    """Where `word` stands on a line of the file; all that stands there if it does not."""
    lines = span.text.split("\n")
    number = min(max(number, 1), len(lines))
    start = sum(len(line) + 1 for line in lines[: number - 1])
    words = rf"\b{re.escape(word)}\b" if word else r"\S(.*\S)?"
    found = re.search(words, lines[number - 1]) or re.search(r".*", lines[number - 1])
    assert found is not None
    return span.part(start + found.start(), start + found.end())


@diagnostic
class NotATemplate(Diagnostic):
    """A template is written for jinja2, and renders with what its activity gives it."""

    code = "P442"
    title = "Template that cannot be rendered"
    message = "jinja2 cannot render this: {problem}"
    help = "{advice}"
    fails = """
        # file: shop.pipe.yaml
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        activities:
          tell:
            report: Orders of a day
            query: SELECT product, count(*) FROM orders GROUP BY product
            template: ./orders.html
            connection: db
            mail: owner@example.com
        # file: orders.html
        <h1>{{ titel }}</h1>    # P442 titel
        """
    fixed = """
        # file: shop.pipe.yaml
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        activities:
          tell:
            report: Orders of a day
            query: SELECT product, count(*) FROM orders GROUP BY product
            template: ./orders.html
            connection: db
            mail: owner@example.com
        # file: orders.html
        <h1>{{ title }}</h1>
        """

    problem: str
    advice: str
