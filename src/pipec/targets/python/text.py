"""Text as Python literals: on one line, in pieces, or between triple quotes."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

from pipec.targets.python.characters import escape, shown, width


def literal(text: str) -> str:
    """`text` as one literal on one line."""
    if _PLAIN.fullmatch(text):
        return f'"{text}"'
    return _quoted(shown(text))


def pieces(text: str, room: int) -> list[str]:
    """`text` as literals of at most `room` columns, each a line of it or part of one."""
    found: list[str] = []
    for line in re.findall(r"[^\n]*\n|[^\n]+", text):
        found += _cut(line, max(room, 12))
    return found


def is_script(text: str) -> bool:
    """Whether `text` has three lines or more, and so is only readable line by line."""
    return text.strip("\n").count("\n") >= 2


def has_lines(text: str) -> bool:
    """Whether `text` has two lines or more."""
    return "\n" in text.strip("\n")


def triple(text: str) -> str:
    """`text` line by line between triple quotes; raw if that spares doubled backslashes."""
    lines = text.split("\n")
    blind = any(line.endswith(" ") for line in lines)
    escaped = "\n".join(map(shown, lines))
    if "\\" in text and not blind and escaped == text.replace("\\", "\\\\") and _fits_raw(text):
        return f'r"""{text}"""'
    # A blank at the end of a line cannot be seen, and editors take it away.
    escaped = re.sub(r" (?=\n|\Z)", r"\\x20", escaped)
    escaped = re.sub(r'"(?="")|"\Z', '\\\\"', escaped)
    return f'"""\\\n{escaped}"""'


def _quoted(escaped: str) -> str:
    double, single = escaped.count('"'), escaped.count("'")
    if double > single:
        return "'" + escaped.replace("'", "\\'") + "'"
    return '"' + escaped.replace('"', '\\"') + '"'


def _fits_raw(text: str) -> bool:
    backslashes = len(text) - len(text.rstrip("\\"))
    return (
        '"""' not in text
        and not text.startswith('"')
        and not text.endswith('"')
        and not backslashes % 2
    )


def _cut(line: str, room: int) -> list[str]:
    """Literals of at most `room` columns, cut behind a blank, else behind a mark, else anywhere.

    An expression in braces stays whole where it can, else it is cut before the call of a method.
    """
    tokens = [escape(character) for character in line]
    # A quote may need a backslash, but only if there are quotes of both kinds.
    quotes = "'\"" if "'" in line and '"' in line else ""
    ends = [*accumulate(width(token) + (token in quotes) for token in tokens)]
    found = []
    start = taken = braces = 0
    while start < len(tokens):
        stop = bisect_right(ends, taken + room - 2)
        if stop < len(tokens):
            method = line.rfind(").", start, stop - 1) + 1
            stop = _behind(" ", tokens, start, stop) or _behind(_MARKS, tokens, start, stop) or stop
            braces = max(braces, line.rfind("{{", start, stop))
            if line.startswith("{{", braces) and line.find("}}", braces, stop) < 0:
                stop = braces if braces > start else method or stop
        found.append(_quoted("".join(tokens[start:stop])))
        start, taken = stop, ends[stop - 1]
    return found


def _behind(marks: str, tokens: list[str], start: int, stop: int) -> int:
    """The place behind the last of `marks` before `stop`; 0 if there is none."""
    return next((place for place in range(stop, start, -1) if tokens[place - 1] in marks), 0)


_MARKS = "/,;&|"

_PLAIN = re.compile(r"[ !#-&(-\[\]-~]*")
"""Text in which nothing needs an escape, whichever quotes stand around it."""
