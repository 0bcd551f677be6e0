"""What is wrong where the YAML reader gave up, in plain words."""

from __future__ import annotations

import re
from typing import Any

from pipec.diagnostic import Diagnostic, diagnostic
from pipec.parse.traps import quoted
from pipec.source import Source


def explain_syntax_error(source: Source, error: Any) -> Diagnostic:
    """What is wrong where the YAML reader gave up."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return _control_character(source)
    at = min(mark.index, len(source.text))
    start = source.text.rfind("\n", 0, at) + 1
    end = source.text.find("\n", at)
    line = source.text[start : end if end >= 0 else len(source.text)].rstrip("\r")
    problem: str = error.problem or "this cannot be read"
    indentation = len(line) - len(line.lstrip())
    if "cannot start any token" in problem and "\t" in line[:indentation]:
        tab = start + line.index("\t")
        return TabIndentation(source.span(tab, tab + 1))
    if "mapping values are not allowed" in problem and (cut := _COLON.match(line)):
        value = source.span(start + cut.start(2), start + cut.end(2))
        return ColonInText(value, f"{cut[1]}: {quoted(cut[2])}")
    context = getattr(error, "context", None) or ""
    if "flow" in context:
        if brace := _BRACES.search(line):
            span = source.span(start + brace.start(), start + brace.end())
            return BracesInBraces(span, quoted(brace[0]))
        inside = max(_first_bracket(line), 0)
        if window := _WINDOW.search(line, inside):
            span = source.span(start + window.start(), start + window.end())
            return BracketInBrackets(span, quoted(window[0]))
    return _plainly(source, error, at, at - start > indentation)


_COLON = re.compile(r"\s*(?:- )?([^\s:]+): +(\S.*?: .*|\S.*:)\s*$")
_BRACES = re.compile(r"\$\{\{[^,\]}]*\}\}[^,\]}]*")
_WINDOW = re.compile(r"[\w.]+\s*\[[^\],]*\]")


def _control_character(source: Source) -> Diagnostic:
    """The first character that YAML does not allow at all. (libyaml tells its place in bytes.)"""
    found = _NOT_YAML.search(source.text)
    at = found.start() if found else 0
    shown = f"U+{ord(source.text[at : at + 1] or ' '):04X}"
    return ControlCharacter(source.span(at, at + 1), shown)


_NOT_YAML = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _plainly(source: Source, error: Any, at: int, in_line: bool) -> YamlSyntax:
    """Any other mistake, in plain words, at the place that is to be mended."""
    problem: str = error.problem or "this cannot be read"
    context: str = getattr(error, "context", None) or ""
    began = getattr(error, "context_mark", None)
    opened = min(began.index, len(source.text)) if began is not None else at
    here = source.span(at, at + 1) if at < len(source.text) else source.span(at, at)
    if "flow" in context and "expected ','" in problem:
        bracket, closing = ("[", "]") if "sequence" in context else ("{", "}")
        if source.text.count("\n", opened, at) == 0 and at < len(source.text):
            return YamlSyntax(here, f"a `,` or `{closing}` is missing before this")
        stopped = f"; line {here.line} is no part of it" if at < len(source.text) else ""
        opening = source.span(opened, opened + 1)
        return YamlSyntax(opening, f"this `{bracket}` is not closed by a `{closing}`{stopped}")
    if "quoted scalar" in context and "end of stream" in problem:
        return YamlSyntax(source.span(opened, opened + 1), "nothing closes this quote")
    if "could not find expected ':'" in problem:
        return _no_colon(source, opened)
    if "did not find expected key" in problem and in_line:
        if source.text[at : at + 1] in ("}", "]"):
            return YamlSyntax(here, f"nothing opens this `{source.text[at]}`")
        words = "this cannot follow what stands before it; put the whole text into quotes"
        return YamlSyntax(here, words)
    if "alphabetic or numeric" in problem:
        sign = source.text[opened : opened + 1]
        words = (
            f"YAML has a use of its own for `{sign}`; put a text that starts with it into quotes"
        )
        return YamlSyntax(source.span(opened, opened + 1), words)
    return YamlSyntax(here, next((ours for theirs, ours in _WORDS if theirs in problem), problem))


def _no_colon(source: Source, start: int) -> YamlSyntax:
    end = source.text.find("\n", start)
    line = source.span(start, end if end >= 0 else len(source.text)).text.rstrip()
    span = source.span(start, start + len(line))
    if re.search(r":[ \t]+[|>][-+\d]*\s*$", source.text[:start]):
        return YamlSyntax(span, "a text that follows `|` or `>` is indented deeper than its key")
    return YamlSyntax(span, "a `:` is missing after this key")


def _first_bracket(line: str) -> int:
    found = re.search(r"[\[{]", line)
    return found.end() if found else -1


_WORDS = (
    ("did not find expected key", "this is indented otherwise than the keys above it"),
    ("did not find expected '-' indicator", "this is indented otherwise than the list above it"),
    (
        "mapping values are not allowed",
        "a `key: value` cannot stand here; check its indentation, and that the key above has a `:`",
    ),
    ("block sequence entries", "a list cannot begin here; write its first `-` on the next line"),
    ("did not find expected node content", "a value is missing here"),
    ("cannot start any token", "this character cannot start a value; put the text into quotes"),
    (
        "did not find expected <document start>",
        "this is no part of the mapping above; check its indentation",
    ),
    (
        "found unknown escape character",
        "`\\` starts an escape in a \"...\" text; use '...' instead",
    ),
    ("unexpected document indicator", "`---` and `...` end a document, and the text goes on"),
)
"""What libyaml says, and the same in our words."""


@diagnostic
class YamlSyntax(Diagnostic):
    """The file is not YAML.

    Nothing else of the file can be checked before this is mended.
    """

    code = "P011"
    title = "Not YAML"
    message = "{problem}"
    fails = """
        pipeline: shop
        activities:
          mail:
            shell: echo
             stage: false    # P011 :
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: echo
            stage: false
        """

    problem: str


@diagnostic
class TabIndentation(Diagnostic):
    """YAML is indented by spaces; a tab is not allowed there."""

    code = "P012"
    title = "Tab as indentation"
    message = "a tab stands in the indentation"
    help = "indent by spaces"
    fails = "pipeline: shop\nactivities:\n\tmail: {shell: echo}    # P012 \t\n"
    fixed = "pipeline: shop\nschedules: {now: on demand}\nactivities:\n  mail: {shell: echo, schedule: now}\n"


@diagnostic
class NulCharacter(Diagnostic):
    """No file name, argument or variable of a process can hold the character NUL, and no database takes it."""

    code = "P038"
    title = "The character NUL"
    message = "this text holds the character NUL, which nothing takes that it would go to"
    help = "leave out the `\\0`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail: {shell: "mail a\\0b"}    # P038 "mail a\\0b"
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail: {shell: mail a b}
        """


@diagnostic
class ControlCharacter(Diagnostic):
    """Control characters other than tab and line break cannot stand in YAML.

    In a "quoted" text they can be written as an escape, such as `\\x1b`.
    """

    code = "P013"
    title = "Control character"
    message = "the character {character} cannot stand in a YAML file"
    help = 'write it as an escape in a "quoted" text, such as "\\x1b"'

    character: str


@diagnostic
class BracesInBraces(Diagnostic):
    """Inside `{ }` or `[ ]` the braces of `${{ }}` are YAML's own, and end the text.

    Quote the text, or write the entry on a line of its own, where no quotes are needed.
    """

    code = "P014"
    title = "`${{ }}` inside YAML braces"
    message = "YAML takes the braces of `${{{{` for its own here"
    help = "quote the text: {quoted}"
    fails = """
        pipeline: shop
        params: {lake: {type: s3, default: s3://shop}}
        datanodes:
          orders: {s3: ${{ lake }}/orders/}    # P014 ${{ lake }}/orders/
        """
    fixed = """
        pipeline: shop
        params: {lake: {type: s3, default: s3://shop}}
        datanodes:
          orders: {s3: "${{ lake }}/orders/"}
        """

    quoted: str


@diagnostic
class BracketInBrackets(Diagnostic):
    """Inside `[ ]` or `{ }` the brackets of a window are YAML's own, and end the text."""

    code = "P015"
    title = "Window inside YAML brackets"
    message = "YAML takes the brackets of the window for a list of its own here"
    help = "quote the text: {quoted}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes:
          orders: {s3: s3://shop/orders/, schedule: daily}
          stock: s3 s3://shop/stock/
        activities:
          mail:
            shell: echo
            flow: [orders[-1], stock]    # P015 orders[-1]
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes:
          orders: {s3: s3://shop/orders/, schedule: daily}
          stock: s3 s3://shop/stock/
        activities:
          mail:
            shell: echo
            flow: orders[-1], stock
        """

    quoted: str


@diagnostic
class ColonInText(Diagnostic):
    """A colon and a space inside a text make YAML read the text as `key: value`.

    Quote the text, or write it as a block with `|`.
    """

    code = "P016"
    title = "Colon inside a text"
    message = "YAML takes the `: ` inside this text for the end of a key"
    help = "quote the text: `{quoted}`"
    fails = """
        pipeline: shop
        activities:
          mail:
            shell: echo failed: no    # P016 echo failed: no
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: "echo failed: no"
        """

    quoted: str
