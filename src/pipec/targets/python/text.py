"""Text as Python literals: on one line, in pieces, or between triple quotes; and how wide it is on screen."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate
from unicodedata import ucd_3_2_0

WIDTH = 88

_PLAIN = re.compile(r"[ !#-&(-\[\]-~]*")
"""Text in which nothing needs an escape, whichever quotes stand around it."""

_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}

_UNSURE = frozenset(
    "\xad\u06de\u17a4\u17b4\u17b5\u17d8\u1885\u1886\u231a\u231b\u25fd\u25fe\u3164"
).union(
    *(
        map(chr, range(first, last + 1))
        for first, last in (
            (0x1160, 0x11F9),
            (0x2630, 0x2637),
            (0x2648, 0x2653),
            (0xFF9E, 0xFFA0),
            (0x1D165, 0x1D172),
        )
    )
)
"""Characters that newer tables make wider or narrower."""

_JOINING = frozenset(
    "\u09be\u09d7\u0b3e\u0b57\u0bbe\u0bd7\u0cc0\u0cc2\u0cc7\u0cc8\u0cca\u0ccb\u0cd5\u0cd6\u0d3e\u0d57\u0dcf\u0ddf"
)
"""Vowel signs that count as part of the letter before them."""

_EMOJI = (
    (0x2705, 0x2705),
    (0x274C, 0x274C),
    (0x1F300, 0x1F320),
    (0x1F337, 0x1F37C),
    (0x1F380, 0x1F393),
    (0x1F3A0, 0x1F3CA),
    (0x1F3E0, 0x1F3F0),
    (0x1F400, 0x1F43E),
    (0x1F442, 0x1F4FC),
    (0x1F500, 0x1F53D),
    (0x1F5FB, 0x1F64F),
    (0x1F680, 0x1F6C5),
    (0x1F910, 0x1F93A),
    (0x1F947, 0x1F9FF),
)
"""Ranges of wide pictures that are newer than the character tables used here."""


def literal(text: str) -> str:
    """`text` as one literal on one line."""
    if _PLAIN.fullmatch(text):
        return f'"{text}"'
    return _quoted(shown(text))


def pieces(text: str, room: int) -> list[str]:
    """`text` as literals of at most `room` columns to stand one below the other, each a line or part of one."""
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
    """`text` between triple quotes, one line below the other; raw if that spares doubled backslashes."""
    lines = text.split("\n")
    blind = any(line.endswith(" ") for line in lines)
    escaped = "\n".join(map(shown, lines))
    if "\\" in text and not blind and escaped == text.replace("\\", "\\\\") and _fits_raw(text):
        return f'r"""{text}"""'
    # A blank at the end of a line cannot be seen, and editors take it away.
    escaped = re.sub(r" (?=\n|\Z)", r"\\x20", escaped)
    escaped = re.sub(r'"(?="")|"\Z', '\\\\"', escaped)
    return f'"""\\\n{escaped}"""'


def shown(text: str) -> str:
    """`text` with escapes for what cannot be read, or may be wider than it seems."""
    if text.isascii() and text.isprintable() and "\\" not in text:
        return text
    return "".join(map(_shown, text))


@lru_cache(maxsize=4096)
def _shown(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if " " <= character <= "~" or _is_readable(character):
        return character
    code = ord(character)
    return (
        f"\\x{code:02x}"
        if code < 0x100
        else f"\\u{code:04x}"
        if code < 0x10000
        else f"\\U{code:08x}"
    )


def width(text: str) -> int:
    """The columns that `text` takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


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
    """Literals of at most `room` columns, cut behind a blank, else behind a mark, else anywhere."""
    tokens = [_shown(character) for character in line]
    # A quote may need a backslash, but only if there are quotes of both kinds.
    quotes = "'\"" if "'" in line and '"' in line else ""
    ends = [*accumulate(width(token) + (token in quotes) for token in tokens)]
    found = []
    start = taken = 0
    while start < len(tokens):
        stop = end = bisect_right(ends, taken + room - 2)
        if end < len(tokens):
            while stop > start and tokens[stop - 1] != " ":
                stop -= 1
            if stop == start:
                stop = end
                while stop > start and tokens[stop - 1] not in _MARKS:
                    stop -= 1
            if stop == start:
                stop = end
        found.append(_quoted("".join(tokens[start:stop])))
        start, taken = stop, ends[stop - 1]
    return found


_MARKS = frozenset("/,;&|")


# The tables of Unicode 3.2 are part of every Python and never change, so one file is
# written the same way everywhere.
def _is_readable(character: str) -> bool:
    if character in _UNSURE:
        return False
    return ucd_3_2_0.category(character)[0] in "LMNPS" or _is_emoji(character)


@lru_cache(maxsize=4096)
def _columns(character: str) -> int:
    if character in _JOINING or ucd_3_2_0.category(character) in ("Mn", "Me"):
        return 0
    return 2 if ucd_3_2_0.east_asian_width(character) in "WF" or _is_emoji(character) else 1


def _is_emoji(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _EMOJI)
