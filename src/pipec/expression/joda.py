"""The patterns of the function `format`, which are those of Joda-Time: `YYYY-MM-dd HH:mm`."""

from __future__ import annotations

import re

from pipec.frozen import frozen


@frozen
class Unsayable:
    """The letters of a pattern that no strftime letter writes exactly, and what is near."""

    letters: str
    near: str


def to_strftime(pattern: str) -> str | Unsayable:
    """The strftime format that writes every datetime exactly as the Joda `pattern` does."""
    written = ""
    for run in runs(pattern):
        if not run.letters:
            written += run.text.replace("%", "%%")
        elif run.text in _EXACT:
            written += _EXACT[run.text]
        elif run.text == "'":
            return Unsayable("'", "a second quote, to close it")
        else:
            return Unsayable(run.text, _NEAR.get(run.text[0], ""))
    return written


@frozen
class Run:
    """A stretch of a pattern: one letter, some times over, or text that is meant as it stands."""

    text: str
    letters: bool


def runs(pattern: str) -> tuple[Run, ...]:
    """The stretches of a Joda pattern; a quote that nothing closes is a letter, and no good one."""
    found, text, quoted = [], "", False
    for part in re.finditer(r"''|'|([A-Za-z])\1*|[^A-Za-z']+", pattern):
        if part[0] == "'":
            quoted = not quoted
        elif part[1] and not quoted:
            found += [Run(text, False), Run(part[0], True)]
            text = ""
        else:
            text += "'" if part[0] == "''" else part[0]
    unclosed = (Run("'", True),) if quoted else ()
    return (*(one for one in (*found, Run(text, False)) if one.text), *unclosed)


def from_strftime(pattern: str) -> tuple[str, ...] | Unsayable:
    """The Joda patterns that write, one after the other, what the strftime format `pattern` does.

    It is one pattern nearly always; two where letters of the same kind would run together. They
    are right for datetimes in UTC.
    """
    found = [""]
    for letter, plain in re.findall(r"%(.)|([^%]+)", pattern, re.DOTALL):
        if letter and letter != "%":
            if letter not in _LETTERS:
                return Unsayable(f"%{letter}", _INSTEAD.get(letter, ""))
            if found[-1][-1:] == _LETTERS[letter][0]:
                found.append("")
            found[-1] += _LETTERS[letter]
        else:
            found[-1] += re.sub(r"[A-Za-z']+", _quoted, plain or "%")
    return tuple(found)


def _quoted(found: re.Match[str]) -> str:
    text = found[0].replace("'", "''")
    return text if set(text) == {"'"} else f"'{text}'"


def in_strftime(pattern: str) -> str:
    """What the writer of a Java-like `pattern` most likely means; empty for other texts."""
    parts = list(_PART.finditer(pattern))
    letters = [part[0] for part in parts if part["letters"]]
    if any(run[0] not in _MEANT for run in letters) or not any(run[1:] for run in letters):
        return ""
    return "".join(
        ("%y" if part[0] in ("yy", "YY") else _MEANT[part[0][0]])
        if part["letters"]
        else (part["quoted"] or part[0])
        for part in parts
    )


_PART = re.compile(r"'(?P<quoted>(?:[^']|'')*)'|(?P<letters>([A-Za-z])\3*)|[^A-Za-z']+|'")

# Years are taken to have four digits. Joda's days of the week and of the year, hours and so on
# come without leading zeros unless the letter is repeated, which strftime cannot say.
_EXACT = {
    **dict.fromkeys(("y", "yyy", "yyyy", "Y", "YYY", "YYYY"), "%Y"),
    **dict.fromkeys(("yy", "YY"), "%y"),
    **dict.fromkeys(("x", "xxx", "xxxx"), "%G"),
    "MM": "%m",
    "MMM": "%b",
    "MMMM": "%B",
    "dd": "%d",
    "DDD": "%j",
    "HH": "%H",
    "hh": "%I",
    "mm": "%M",
    "ss": "%S",
    "SSSSSS": "%f",
    "a": "%p",
    "ww": "%V",
    "e": "%u",
    **dict.fromkeys(("E", "EE", "EEE"), "%a"),
    "EEEE": "%A",
    **dict.fromkeys(("z", "zz", "zzz"), "%Z"),
    "Z": "%z",
}

_NEAR = {
    "y": "`YYYY`, the year",
    "Y": "`YYYY`, the year",
    "x": "`xxxx`, the year of the week",
    "M": "`MM`, the month with two digits, or `MMM`, its name",
    "d": "`dd`, the day of the month with two digits",
    "D": "`dd`, the day of the month, or `DDD`, the day of the year",
    "H": "`HH`, the hour with two digits",
    "k": "`HH`, the hour from 00 to 23",
    "h": "`hh`, the hour of half a day with two digits",
    "K": "`hh`, the hour of half a day from 01 to 12",
    "m": "`mm`, the minute with two digits",
    "s": "`ss`, the second with two digits",
    "S": "`ss`, the second, or `SSSSSS`, the microsecond",
    "w": "`ww`, the week with two digits",
    "e": "`e`, the day of the week as one digit",
    "E": "`EEE` or `EEEE`, the day of the week",
    "a": "`a`, AM or PM",
    "z": "`z`, the name of the zone",
    "Z": "`Z`, the offset of the zone",
}

_MEANT = {
    "y": "%Y",
    "Y": "%Y",
    "M": "%m",
    "d": "%d",
    "D": "%d",
    "H": "%H",
    "h": "%I",
    "m": "%M",
    "s": "%S",
    "S": "%S",
    "a": "%p",
    "E": "%a",
    "z": "%Z",
    "Z": "%z",
    "T": "T",
}

_LETTERS = {
    "Y": "YYYY",
    "y": "YY",
    "m": "MM",
    "b": "MMM",
    "B": "MMMM",
    "d": "dd",
    "j": "DDD",
    "H": "HH",
    "I": "hh",
    "p": "a",
    "M": "mm",
    "S": "ss",
    "f": "SSSSSS",
    "a": "EEE",
    "A": "EEEE",
    "u": "e",
    "G": "xxxx",
    "V": "ww",
    "z": "Z",
    "Z": "z",
}

_INSTEAD = {
    "w": "`%u`, the day of the week from 1 for Monday to 7",
    "U": "`%V`, the ISO week, beside `%G`, its year",
    "W": "`%V`, the ISO week, beside `%G`, its year",
}
