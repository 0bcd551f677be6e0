"""How a text looks on a terminal: what stands there for each character, and how wide that is."""

from __future__ import annotations

import unicodedata

TAB = "    "
_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp", "Zs")


def visible(text: str) -> str:
    """`text` with tabs as spaces, and characters that act instead of being seen spelled out."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, text))


def width(text: str) -> int:
    """The columns that `visible(text)` takes."""
    shown = visible(text)
    return len(shown) if shown.isascii() else sum(map(_width, shown))


def _visible(character: str) -> str:
    if character == "\t":
        return TAB
    if character < " ":
        return chr(0x2400 + ord(character))
    if character == "\x7f":
        return "␡"
    # Direction marks, joiners and hard spaces too: a line would read as what it does not say.
    if unicodedata.category(character) in _UNSEEN and character not in " \u3000":
        return f"<U+{ord(character):04X}>"
    return character


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
