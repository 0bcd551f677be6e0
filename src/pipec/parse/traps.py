"""What YAML read, and surely otherwise than it was meant."""

from __future__ import annotations

import re
from dataclasses import replace

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.source import Source
from pipec.syntax import Scalar, Tree

Entry = tuple[Scalar, Tree]


def untrapped(source: Source, entries: tuple[Entry, ...], report: Report) -> tuple[Entry, ...]:
    """The entries as they were meant, where YAML surely read something else; each is reported."""
    kept: list[Entry] = []
    for key, value in entries:
        if not _lacks_colon(source, key, value):
            _report_comment(source, value, report)
            kept.append((key, value))
        elif kept and _is_plain(kept[-1][1]):
            name, cut = kept[-1]
            span = source.span(cut.span.start, key.span.end)
            report.add(EntryWithoutColon(key.span, key.value, f"{name.value}: {quoted(span.text)}"))
            kept[-1] = name, Scalar(span, span.text, True, ((0, span.start),))
        else:
            word, _, rest = key.value.partition(" ")
            report.add(EntryAlone(key.span, key.value, f"{word}: {rest.strip() or '...'}"))
            kept.append((replace(key, value=word), Scalar(value.span, rest.strip(), bool(rest))))
    return tuple(kept)


def _lacks_colon(source: Source, key: Scalar, value: Tree) -> bool:
    """Whether this is `key` alone, inside braces: `{..., key}`."""
    if key.quoted or not isinstance(value, Scalar) or value.quoted or value.value:
        return False
    return bool(_ENTRY_END.match(source.text, key.span.end))


_ENTRY_END = re.compile(r"\s*[,}]")


def _is_plain(tree: Tree) -> bool:
    """A text without quotes of its own: only that can be cut in two, and be put together again."""
    return isinstance(tree, Scalar) and tree.span.text[:1] not in ("", "'", '"')


def _report_comment(source: Source, value: Tree, report: Report) -> None:
    if not isinstance(value, Scalar) or value.quoted or not value.value:
        return
    if cut := _COMMENT.match(source.text, value.span.end):
        span = source.span(cut.start(1), cut.end(1))
        whole = source.span(value.span.start, cut.end(1)).text
        report.add(HashCutsText(span, cut[1], quoted(whole)))


_COMMENT = re.compile(r"[ \t]+(#(?=[^\s#!])[^\n]*[^\s])")


def quoted(text: str) -> str:
    """The text as YAML takes it for one: in quotes."""
    text = text.strip()
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


@diagnostic
class EntryWithoutColon(Diagnostic):
    """Inside `{ }` a comma ends the text, and what follows it becomes a key without a value.

    Quote the text, or write the entry on a line of its own, where no quotes are needed.
    """

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
class EntryAlone(Diagnostic):
    """Inside `{ }` each key has a colon after it, and mostly a value."""

    code = "P019"
    title = "Key without a colon"
    message = "`{key}` stands alone inside `{{ }}`"
    help = "write `{meant}`, or the text without the braces"
    fails = """
        pipeline: shop
        datanodes:
          orders: {s3: "s3://shop/orders/", when: {exists}}    # P019 exists
        """
    fixed = """
        pipeline: shop
        datanodes:
          orders: {s3: "s3://shop/orders/", when: exists}
        """

    key: str
    meant: str


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
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: echo order #7    # P018 #7
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: "echo order #7"
        """

    comment: str
    quoted: str
