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
    for part in _PART.finditer(pattern):
        text = part[0]
        if part["quoted"] is not None:
            written += (part["quoted"].replace("''", "'") or "'").replace("%", "%%")
        elif text == "'":
            return Unsayable("'", "a second quote, to close it")
        elif not part["letters"]:
            written += text.replace("%", "%%")
        elif text in _EXACT:
            written += _EXACT[text]
        else:
            return Unsayable(text, _NEAR.get(text[0], ""))
    return written


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
