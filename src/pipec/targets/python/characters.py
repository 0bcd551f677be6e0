"""Characters as they are printed, and how wide they are."""

from __future__ import annotations

from functools import lru_cache
from unicodedata import ucd_3_2_0

WIDTH = 88
"""The columns of a line."""


def shown(text: str) -> str:
    """`text` with escapes for what cannot be read, or may be wider than it seems."""
    if text.isascii() and text.isprintable() and "\\" not in text:
        return text
    return "".join(map(escape, text))


@lru_cache(maxsize=4096)
def escape(character: str) -> str:
    """The character itself if it can be read, else what stands for it in a literal."""
    if character in _ESCAPES:
        return _ESCAPES[character]
    if " " <= character <= "~" or _is_readable(character):
        return character
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def width(text: str) -> int:
    """The columns that `text` takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


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
