"""Where YAML means something else than the reader: its syntax errors and traps, in plain words."""

from __future__ import annotations

import re
from typing import Any

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.source import Source
from pipec.syntax import Scalar, Tree


def explain_syntax_error(source: Source, error: Any) -> Diagnostic:
    """What is wrong where the YAML reader gave up."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:  # A character that YAML does not allow at all.
        at = getattr(error, "position", 0)
        at = at if isinstance(at, int) else 0
        return ControlCharacter(source.span(at, at + 1), f"U+{ord(source.text[at : at + 1] or ' '):04X}")
    at = min(mark.index, len(source.text))
    start = source.text.rfind("\n", 0, at) + 1
    end = source.text.find("\n", at)
    line = source.text[start : end if end >= 0 else len(source.text)]
    problem: str = error.problem or "this cannot be read"
    if "\t" in line[: len(line) - len(line.lstrip())] and "cannot start any token" in problem:
        tab = start + line.index("\t")
        return TabIndentation(source.span(tab, tab + 1))
    if "mapping values are not allowed" in problem and (
        cut := re.match(r"\s*(?:- )?([^\s:]+): +(\S.*?: .*|\S.*:)\s*$", line)
    ):
        value = source.span(start + cut.start(2), start + cut.end(2))
        return ColonInText(value, f"{cut[1]}: {_quoted(cut[2])}")
    context = getattr(error, "context", None) or ""
    if "flow" in context:
        if brace := re.search(r"\$\{\{[^,\]}]*\}\}[^,\]}]*", line):
            span = source.span(start + brace.start(), start + brace.end())
            return BracesInBraces(span, _quoted(brace[0].strip()))
        if window := re.search(r"[\w.]+\s*\[[^\],]*\]", line[max(_first_bracket(line), 0) :]):
            from_here = start + max(_first_bracket(line), 0)
            span = source.span(from_here + window.start(), from_here + window.end())
            return BracketInBrackets(span, _quoted(window[0]))
    place = source.span(at, at + 1 if at < len(source.text) else at)
    also = getattr(error, "context_mark", None)
    where = f" (it began in line {also.line + 1})" if also is not None and "flow" in context else ""
    return YamlSyntax(place, _plain_words(problem) + where)


def find_traps(
    source: Source, entries: tuple[tuple[Scalar, Tree], ...], report: Report
) -> None:
    """Report what YAML read, but surely otherwise than it was meant."""
    for index, (key, value) in enumerate(entries):
        if not isinstance(value, Scalar):
            continue
        if value.is_null and not value.value and not key.quoted:
            end = key.span.end
            if source.text[end : end + 1] in (",", "}") or re.match(
                r"\s*[,}]", source.text[end : end + 200]
            ):
                before = _entry_text(source, entries[index - 1]) if index else ""
                report.add(EntryWithoutColon(key.span, key.value, _joined(before, key.value)))
        if not value.quoted and value.value:
            rest = source.line(value.span.source.position(value.span.end)[0])
            rest = rest[value.span.source.position(value.span.end)[1] - 1 :]
            if cut := re.match(r"[ \t]+#(?=[^\s#!])(?!\s*P\d{3}\b).*", rest):
                span = source.span(value.span.end, value.span.end + len(cut[0]))
                whole = value.span.text + cut[0]
                report.add(HashCutsText(span, cut[0].strip(), _quoted(whole)))


def _first_bracket(line: str) -> int:
    found = re.search(r"[\[{]", line)
    return found.end() if found else -1


def _entry_text(source: Source, entry: tuple[Scalar, Tree]) -> str:
    return source.text[entry[0].span.start : entry[1].span.end]


def _joined(before: str, key: str) -> str:
    """The two halves that a comma cut, as one quoted entry."""
    name, colon, value = before.partition(":")
    return f"{name}: {_quoted(f'{value.strip()}, {key}')}" if colon else f'"{key}": ...'


def _quoted(text: str) -> str:
    text = text.strip()
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _plain_words(problem: str) -> str:
    for theirs, ours in _WORDS:
        if theirs in problem:
            return ours
    return problem


_WORDS = (
    ("did not find expected ',' or ']'", "a list that starts with `[` is not closed here by `,` or `]`"),
    ("did not find expected ',' or '}'", "a mapping that starts with `{` is not closed here by `,` or `}`"),
    ("could not find expected ':'", "a `:` is missing after the key"),
    ("did not find expected key", "this is indented otherwise than the keys above it"),
    ("did not find expected '-' indicator", "this is indented otherwise than the list above it"),
    ("mapping values are not allowed", "a `key: value` cannot stand here; check the indentation of this line"),
    ("found unexpected end of stream", "the file ends inside a quoted text"),
    ("did not find expected node content", "a value is missing here"),
    ("cannot start any token", "this character cannot start a value; put the text into quotes"),
    ("did not find expected <document start>", "this line is outside of the mapping above; check its indentation"),
    ("found unknown escape character", "this backslash escape does not exist in a \"...\" text; use '...' instead"),
)


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
    fixed = "pipeline: shop\nactivities:\n  mail: {shell: echo}\n"


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
        datanodes: {orders: s3 s3://shop/orders/, stock: s3 s3://shop/stock/}
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
          orders: "s3 s3://shop/${{ start:%Y }}/"
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
        activities:
          mail:
            shell: "echo failed: no"
        """

    quoted: str


@diagnostic
class EntryWithoutColon(Diagnostic):
    """Inside `{ }` a comma ends the value, and what follows became a key without a value."""

    code = "P017"
    title = "Comma cuts a text in two"
    message = "the comma before `{key}` ended the text, and `{key}` became a key of its own"
    help = "quote the text: `{quoted}`"
    fails = """
        pipeline: shop
        datanodes:
          orders: {s3: s3://shop/orders/, format: csv(id string, n int)}    # P017 n int)
        """
    fixed = """
        pipeline: shop
        datanodes:
          orders: {s3: s3://shop/orders/, format: "csv(id string, n int)"}
        """

    key: str
    quoted: str


@diagnostic
class HashCutsText(Diagnostic):
    """A space and `#` start a comment, also in the middle of a text.

    A comment that is meant as one has a space after its `#`.
    """

    code = "P018"
    title = "Comment cuts a text in two"
    severity = "warning"
    message = "`{comment}` is a comment for YAML, not part of the text"
    help = "quote the text: `{quoted}`; or put a space after the `#` of a comment"
    fails = """
        pipeline: shop
        activities:
          mail:
            shell: echo order #7    # P018 #7
        """
    fixed = """
        pipeline: shop
        activities:
          mail:
            shell: "echo order #7"
        """

    comment: str
    quoted: str
