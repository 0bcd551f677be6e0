"""The marks in a diagnostic's failing example: which words it complains about, and as what."""

from __future__ import annotations

import re
import textwrap
from typing import NamedTuple

_MARK = re.compile(r"(?:^|\s+)# (?=P\d{3}(?:\s|$))")
_BEFORE_VALUE = re.compile(r"\s*(?:- +)*(?:[^\s:#][^:#]*: +)?")


class Mark(NamedTuple):
    """`text[start:end]` is what the complaint `code` points at."""

    code: str
    start: int
    end: int


def marks(example: str) -> tuple[str, list[Mark]]:
    """The example without its marks, from column 1, and the marks.

    A mark is `# CODE words` at the end of a line, or `# CODE` for all of the line's value;
    several may follow each other.
    """
    text = ""
    found: list[Mark] = []
    for marked in textwrap.dedent(example).strip("\n").split("\n"):
        line, *notes = _MARK.split(marked)
        for note in notes:
            code, _, words = note.strip().partition(" ")
            start, end = _words(line, words.strip())
            found.append(Mark(code, len(text) + start, len(text) + end))
        text += line.rstrip() + "\n" if notes else line + "\n"
    return text, found


def _words(line: str, words: str) -> tuple[int, int]:
    end = len(line.rstrip())
    if words:
        start = line.find(words)
        if start < 0:
            raise ValueError(f"the mark names {words!r}, which is not in {line!r}")
        return start, start + len(words)
    before = _BEFORE_VALUE.match(line)
    start = before.end() if before else 0
    return (start, end) if start < end else (len(line) - len(line.lstrip()), end)
