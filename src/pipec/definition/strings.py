"""The texts of JSON: what stands in quotes, and where each letter of it was written."""

from __future__ import annotations

import re

from pipec.definition.broken import EndsTooEarly, NotJson, OtherQuotes, RawCharacter
from pipec.diagnostic import Report
from pipec.source import Source
from pipec.syntax import Scalar

QUOTES = {"'": "'", "`": "`", "\u201c": "\u201d", "\u2018": "\u2019", "\u201d": "\u201d"}
"""Quotes that JSON does not have, each with the one that closes it."""

_BLANK = re.compile(r"[ \t\r\n]*")
_PLAIN = re.compile(r'[^"\\\x00-\x1f]*')
_REST = re.compile(r'(?:[^"\\]|\\.)*"', re.DOTALL)
_ESCAPES = {
    '"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t",
}  # fmt: skip
_UNICODE = re.compile(
    r"u(?:([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|([0-9a-fA-F]{4}))"
)
_SURROGATES = range(0xD800, 0xE000)


def string(source: Source, start: int, report: Report) -> Scalar | None:
    """The text that begins at `start` with its quote; None when the file ends before it."""
    parts: list[str] = []
    lines: list[tuple[int, int]] = []
    size = 0
    at = start + 1
    raw = False
    while True:
        end = _PLAIN.match(source.text, at).end()  # type: ignore[union-attr]
        part = source.text[at:end]
        if not part:
            stop = source.text[at : at + 1]
            if stop == '"':
                break
            if stop == "":
                report_end(source, start, report)
                return None
            if stop == "\\":
                part, end = _escape(source, at, report)
            elif stop == "\n" and not raw and not _goes_on(source, at):
                return _unclosed(source, start, at, report)
            else:
                part, end = stop, at + 1
                if not raw:
                    report.add(RawCharacter.of(source.span(at, end), stop))
                raw = True
        lines.append((size, at))
        parts.append(part)
        size += len(part)
        at = end
    found = tuple(lines) or ((0, start + 1),)
    return Scalar(source.span(start, at + 1), "".join(parts), True, found)


def other_quotes(source: Source, start: int, report: Report) -> Scalar | None:
    """The text in quotes that JSON does not have; None when nothing closes them."""
    quote = source.text[start]
    closing = QUOTES[quote]
    close = re.compile(rf"(?:[^{closing}\\\n]|\\.)*{closing}").match(source.text, start + 1)
    if close is None:
        words = f'a text stands in `"`, and `{quote}` opens none'
        report.add(NotJson(source.span(start, start + 1), words))
        return None
    span = source.span(start, close.end())
    report.add(OtherQuotes(span, quote))
    return Scalar(span, span.text[1:-1], True, ((0, start + 1),))


def report_end(source: Source, opened: int, report: Report) -> None:
    """Report that the file ends before what begins at `opened` is closed."""
    end = len(source.text.rstrip())
    what = source.text[opened : opened + 1]
    report.add(EndsTooEarly(source.span(end, end), what, source.position(opened)[0]))


def _escape(source: Source, at: int, report: Report) -> tuple[str, int]:
    """What the escape at that place stands for, and where it ends."""
    letter = source.text[at + 1 : at + 2]
    if letter in _ESCAPES:
        return _ESCAPES[letter], at + 2
    if code := _UNICODE.match(source.text, at + 1):
        high, low, one = code.groups()
        if high:
            pair = ((int(high, 16) - 0xD800) << 10) + (int(low, 16) - 0xDC00) + 0x10000
            return chr(pair), code.end()
        if int(one, 16) not in _SURROGATES:
            return chr(int(one, 16)), code.end()
        report.add(NotJson(source.span(at, code.end()), f"`\\u{one}` is half a character"))
        return "\ufffd", code.end()
    shown = f"\\{letter}" if letter.isprintable() else "\\"
    words = f"`{shown}` is no escape of JSON; a backslash itself is written `\\\\`"
    report.add(NotJson(source.span(at, at + 1 + len(letter.strip())), words))
    return letter, at + 1 + len(letter)


def _goes_on(source: Source, at: int) -> bool:
    """Whether a text that meets a line's end is meant to go on: its quote is closed later."""
    close = _REST.match(source.text, at)
    if close is None:
        return False
    following = _BLANK.match(source.text, close.end()).end()  # type: ignore[union-attr]
    return source.text[following : following + 1] in ("", *",:]}")


def _unclosed(source: Source, start: int, line_end: int, report: Report) -> Scalar:
    """A text whose closing quote is missing: it is taken to end with its line."""
    written = source.text[start + 1 : line_end].rstrip().rstrip(",").rstrip()
    span = source.span(start, start + 1 + len(written))
    report.add(NotJson(span, "nothing closes the quote of this text"))
    return Scalar(span, written, True, broken=True)
