"""Regular expressions of Java, as far as Python reads them in the same way."""

from __future__ import annotations

import re
import warnings


def compiled(pattern: str) -> re.Pattern[str] | str:
    r"""The pattern as Python reads it, else why it does not.

    As in Java, `\d`, `\s` and `\w` are those of ASCII.
    """
    try:
        with warnings.catch_warnings(action="ignore"):
            return re.compile(pattern, re.ASCII)
    except re.error as error:
        return error.msg
    except (OverflowError, RecursionError, ValueError) as error:
        return str(error)


def only_java(pattern: str) -> tuple[str, str] | None:
    """The first part that means something in Java and nothing, or something else, in Python.

    Beside it stands what does the same in both.
    """
    in_brackets = False
    for found in _PARTS.finditer(pattern):
        part = found[0]
        if part in ("[", "[^"):
            if in_brackets:
                return part, r"before a bracket in brackets, write a backslash: `\[`"
            in_brackets = True
        elif part == "]":
            in_brackets = False
        elif part == "&&":
            if in_brackets:
                return part, "write down the characters themselves"
        elif part[0] == "\\":
            if near := _escape(part):
                return part, near
        elif not in_brackets:
            return part, _outside(part)
    return None


_PARTS = re.compile(
    r"\\Q.*?(?:\\E|\Z)|\\[pP](?:\{[^}]*\}|.)|\\x\{[^}]*\}|\\k<[^>]*>|\\c.|\\."
    r"|\[\^?|\]|&&|\(\?<(?![=!])[^>]*>|\(\?>|(?:[*+?]|\{\d+(?:,\d*)?\})\+",
    re.DOTALL,
)
"""What may be a matter of Java: escapes, brackets in brackets, names of groups, `(?>`, `++`."""


def _escape(part: str) -> str:
    """What does the same as an escape of Java; empty when Python has it too."""
    match part[1]:
        case "Q":
            words = part.removesuffix(r"\E")[2:]
            return f"write `{re.escape(words)}`"
        case "p" | "P":
            name = part[2:].strip("{}").removeprefix("Is")
            one = _CLASSES.get(name, "A-Za-z")
            return f"list the characters: `[{'^' if part[1] == 'P' else ''}{one}]`"
        case "x" if part[2:3] == "{":
            return f"write `\\u{part[3:-1]:0>4}`"
        case "k":
            return r"groups have numbers: `\1`"
        case "c":
            return f"write `\\x{ord(part[2].upper()) ^ 64 & 255:02x}`"
    return _ESCAPES.get(part[1], "")


_ESCAPES = {
    "z": "leave it out: the pattern is that of a whole line",
    "G": "leave it out: the pattern is that of a whole line",
    "h": r"write `[ \t]`",
    "H": r"write `[^ \t]`",
    "v": r"write `[\n\x0b\f\r]`",
    "V": r"write `[^\n\x0b\f\r]`",
    "R": r"write `(?:\r\n|[\n\r])`",
    "e": r"write `\x1b`",
    "X": "write `.`",
}

_CLASSES = {
    "Lower": "a-z",
    "Upper": "A-Z",
    "Alpha": "A-Za-z",
    "Digit": "0-9",
    "Alnum": "A-Za-z0-9",
    "XDigit": "0-9A-Fa-f",
    "Punct": r"!-/:-@\[-`{-~",
    "Graph": "!-~",
    "Print": " -~",
    "Blank": r" \t",
    "Space": r"\s",
    "Cntrl": r"\x00-\x1f\x7f",
    "ASCII": r"\x00-\x7f",
}
"""The classes that Java has by name, in brackets."""


def _outside(part: str) -> str:
    if part.startswith("(?<"):
        return "groups have numbers, and the columns have the names: write `(`"
    if part == "(?>":
        return "write `(?:`"
    return f"leave out the last `+`: `{part[:-1]}`"
