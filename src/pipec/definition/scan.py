"""JSON text becomes a tree with positions. What is not JSON is reported where it stands.

Python's own reader stops at the first mistake and tells no places of what it has read. This one
reports every mistake it can read past, in one go; what stands there is never changed silently.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pipec.definition.broken import (
    BareWord,
    ByteOrderMark,
    CommentGiven,
    NotJson,
    RepeatedKey,
    SecondText,
    TrailingComma,
)
from pipec.definition.shapes import NotADefinition
from pipec.definition.strings import QUOTES, other_quotes, report_end, string
from pipec.diagnostic import Report
from pipec.parse.compose import DEEPEST, NestedTooDeeply
from pipec.source import Source, Span
from pipec.syntax import Mapping, Scalar, Sequence, Tree


def scan(source: Source, report: Report) -> Tree | None:
    """What the JSON of `source` says; None when it is not JSON.

    Strings are quoted scalars; numbers, `true`, `false` and `null` are scalars without quotes. Of
    equal keys the last is kept, as other readers of JSON do.
    """
    before = report.errors
    scanner = _Scanner(source, report)
    try:
        tree = scanner.document()
    except _StopError:
        return None
    return tree if report.errors == before else None


class _StopError(Exception):
    """Nothing that follows can be understood; the reason was reported."""


_BLANK = re.compile(r"[ \t\r\n]*")
_COMMENT = re.compile(r"//[^\n]*|#[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?(?![\w.+-])")
_WORD = re.compile(r"[^\s,:\[\]{}\"]+")


class _Scanner:
    """Reads one text from its start to its end."""

    def __init__(self, source: Source, report: Report) -> None:
        self.source = source
        self.text = source.text
        self.report = report
        self.at = 0
        self.open: list[int] = []
        """Where the lists and objects start whose end was not seen yet."""

    def document(self) -> Tree:
        """The one value that the whole text is."""
        if self.text.startswith("\ufeff"):
            self.report.add(ByteOrderMark(self.span(0, 1)))
            self.at = 1
        self.blanks()
        if self.at == len(self.text):
            self.report.add(NotADefinition(self.span(0, 0), "an empty file"))
            raise _StopError
        tree = self.value()
        self.blanks()
        if self.at < len(self.text):
            self.after_the_end()
        return tree

    def span(self, start: int, end: int) -> Span:
        return self.source.span(start, end)

    def peek(self) -> str:
        """The next character that is no blank and no comment; empty at the end."""
        self.blanks()
        return self.text[self.at : self.at + 1]

    def blanks(self) -> None:
        while True:
            self.at = _BLANK.match(self.text, self.at).end()  # type: ignore[union-attr]
            comment = _COMMENT.match(self.text, self.at)
            if comment is None:
                return
            end = comment.start() + len(comment[0].rstrip())
            self.report.add(CommentGiven(self.span(comment.start(), end)))
            self.at = comment.end()

    def value(self) -> Tree:
        first = self.peek()
        if first == "":
            raise self.ended()
        if first == "{":
            return self.mapping()
        if first == "[":
            return self.sequence()
        if first == '"':
            return self.read_over(string(self.source, self.at, self.report))
        if first in QUOTES:
            return self.read_over(other_quotes(self.source, self.at, self.report))
        if first in ",:]}":
            self.wrong(f"a value is missing before this `{first}`")
            if first == ":":
                self.at += 1
            return Scalar(self.span(self.at, self.at), "", broken=True)
        return self.word()

    def read_over(self, found: Scalar | None) -> Scalar:
        """Go on after a text; without one there is nothing to go on with."""
        if found is None:
            raise _StopError
        self.at = found.span.end
        return found

    def word(self) -> Scalar:
        start = self.at
        if number := _NUMBER.match(self.text, start):
            self.at = number.end()
            return Scalar(self.span(start, self.at), number[0])
        found = _WORD.match(self.text, start)
        self.at = found.end() if found else start + 1
        word = self.text[start : self.at]
        if word not in ("true", "false", "null"):
            self.report.add(BareWord.of(self.span(start, self.at), word))
        return Scalar(self.span(start, self.at), word)

    def mapping(self) -> Mapping:
        start = self.enter()
        entries: dict[str, tuple[Scalar, Tree]] = {}
        while not self.closes("}"):
            key = self.key()
            if self.peek() == ":":
                self.at += 1
            elif self.peek() == "":
                raise self.ended()
            else:
                self.wrong(f"a `:` is missing after `{key.value[:60]}`")
            value = self.value()
            if key.value in entries:
                first = entries[key.value][0].span
                self.report.add(RepeatedKey(key.span, key.value, first.line))
            entries[key.value] = key, value
            self.separator("}")
        return Mapping(self.span(start, self.at), tuple(entries.values()))

    def key(self) -> Scalar:
        tree = self.value()
        if not isinstance(tree, Scalar):
            self.report.add(NotJson(tree.span, "a key is expected here, which is a text"))
            return Scalar(tree.span, "", True, broken=True)
        if not tree.quoted and (
            tree.value in ("true", "false", "null") or _NUMBER.match(tree.value)
        ):
            self.report.add(BareWord.of(tree.span, tree.value))
        return replace(tree, quoted=True)

    def sequence(self) -> Sequence:
        start = self.enter()
        items: list[Tree] = []
        while not self.closes("]"):
            items.append(self.value())
            if self.peek() == ":":  # Most likely `{` was meant.
                self.wrong("a list has no keys: `{` is missing, or `[` was meant to be one")
                raise _StopError
            self.separator("]")
        return Sequence(self.span(start, self.at), tuple(items))

    def enter(self) -> int:
        start = self.at
        self.open.append(start)
        if len(self.open) > DEEPEST:
            self.report.add(NestedTooDeeply(self.span(start, start + 1), DEEPEST))
            raise _StopError
        self.at += 1
        return start

    def closes(self, bracket: str) -> bool:
        """Whether the innermost list or object ends here; then it was read over."""
        found = self.peek()
        if found == "":
            raise self.ended()
        if found not in "]}":
            return False
        opened = self.open.pop()
        if found != bracket:
            other = f"`{self.text[opened]}` in line {self.span(opened, opened).line}"
            self.wrong(f"this `{found}` does not close the {other}; `{bracket}` would")
            raise _StopError
        self.at += 1
        return True

    def separator(self, bracket: str) -> None:
        """Read over the comma before the next entry."""
        found = self.peek()
        if found == ",":
            comma = self.at
            self.at += 1
            following = self.peek()
            if following and following in "]}":
                self.report.add(TrailingComma(self.span(comma, comma + 1), following))
            while self.peek() == ",":
                self.wrong("a value is missing before this `,`")
                self.at += 1
        elif found and found not in "]}":
            self.wrong(f"a `,` or `{bracket}` is missing before this")
            if found == ":":
                self.at += 1

    def ended(self) -> _StopError:
        """Report that the text ends before all is closed."""
        report_end(self.source, self.open[-1] if self.open else len(self.text), self.report)
        return _StopError()

    def wrong(self, words: str) -> None:
        """Report what is wrong at the next letter."""
        self.report.add(NotJson(self.span(self.at, self.at + 1), words))

    def after_the_end(self) -> None:
        first = self.text[self.at]
        if first in "{[":
            self.report.add(SecondText(self.span(self.at, self.at + 1)))
        elif first in "]}":
            self.wrong(f"nothing opens this `{first}`")
        else:
            self.wrong("the JSON has ended before this")
