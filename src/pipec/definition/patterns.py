"""The patterns of their function `format`, as formats and functions of ours."""

from __future__ import annotations

from typing import TypeAlias

from pipec.expression import joda
from pipec.expression.joda import Run, Unsayable, runs
from pipec.expression.tree import Binary, Call, Expr, Literal
from pipec.expression.types import INT

Part: TypeAlias = str | Expr
"""A strftime format, or the expression of a number."""


def parts(pattern: str, moment: Expr) -> tuple[Part, ...] | Unsayable:
    """What writes, one after the other, what the Joda `pattern` writes of `moment`.

    It is right for datetimes of UTC with whole seconds, of the years 1000 to 9999: those are the
    ones that a definition has.
    """
    found: list[Part] = []
    for run in runs(pattern):
        made = _run(run, moment)
        if made is None:
            wrong = joda.to_strftime(run.text)
            return wrong if isinstance(wrong, Unsayable) else Unsayable(run.text, "")
        for one in made:
            if isinstance(one, str) and found and isinstance(found[-1], str):
                found[-1] += one
            else:
                found.append(one)
    return tuple(found)


def slips(pattern: str) -> tuple[str, ...]:
    """What is right in a Joda `pattern` but most likely not what its writer meant."""
    letters = [run.text for run in runs(pattern) if run.letters]
    kinds = {text[0] for text in letters}
    found = []
    for before, text in zip(["", *letters], letters, strict=False):
        if text in ("M", "MM") and before[:1] in ("H", "h", "K", "k"):
            found.append(f"`{text}` is the month, also after an hour; the minute is `mm`")
        if text in ("m", "mm") and before[:1] in ("Y", "y") and not kinds & set("Mb"):
            found.append(f"`{text}` is the minute, also after a year; the month is `MM`")
        if text in ("D", "DD") and "d" not in kinds and "M" in kinds:
            found.append(f"`{text}` is the day of the year; the day of the month is `dd`")
        if text in ("S", "SS") and "s" not in kinds:
            found.append(f"`{text}` is a fraction of a second, always 0; the second is `ss`")
        if text[0] in "hK" and "a" not in kinds:
            found.append(
                f"`{text}` counts the hours of half a day, and nothing says which half;"
                " the hour of the day is `HH`"
            )
        if text[0] == "w" and kinds & set("Yy") and "x" not in kinds:
            found.append(f"`{text}` is the week, whose year is `xxxx`, not that of the calendar")
    return tuple(dict.fromkeys(found))


def _run(run: Run, moment: Expr) -> tuple[Part, ...] | None:
    """One stretch of a pattern; None if nothing writes it."""
    text, letter, count = run.text, run.text[0], len(run.text)
    if not run.letters:
        return (text.replace("%", "%%"),)
    exact = joda.to_strftime(text)
    if isinstance(exact, str):
        return (exact,)
    if letter == "S":  # Of a whole second, each digit is a zero.
        return ("0" * count,)
    if letter in _WIDTHS and count > _WIDTHS[letter][1]:
        same, width = _WIDTHS[letter]
        return ("0" * (count - width) + same,)
    if letter in _LONGEST and count > 3:
        return (_LONGEST[letter],)
    if letter == "Z":
        return ("+00:00" if count == 2 else "UTC",)
    if letter in _ALWAYS:
        return (_ALWAYS[letter],)
    if text in _NUMBERS:
        return (Call(_NUMBERS[text], (moment,)),)
    if text in ("C", "CC"):
        return (_computed("/", Call("year", (moment,)), 100),)
    if text in _HOURS:
        from_one, most = _HOURS[text]
        hour = Call("hour", (moment,))
        return (_from_one(hour, most) if from_one else _rest(hour, most),)
    if text == "DD":  # At least two digits: the tens, of which there may be 36, and the rest.
        day = Call("dayOfYear", (moment,))
        return _computed("/", day, 10), _rest(day, 10)
    return None


_WIDTHS = {
    "y": ("%Y", 4), "Y": ("%Y", 4), "x": ("%G", 4), "d": ("%d", 2), "D": ("%j", 3),
    "H": ("%H", 2), "h": ("%I", 2), "m": ("%M", 2), "s": ("%S", 2), "w": ("%V", 2), "e": ("%u", 1),
}  # fmt: skip
"""The numbers that have one width with zeros before them: more letters, more zeros."""

_LONGEST = {"M": "%B", "E": "%A", "z": "Coordinated Universal Time"}
"""What is written when a letter stands there four times or more."""

_ALWAYS = {"G": "AD", "a": "%p"}
_NUMBERS = {"d": "day", "M": "month", "D": "dayOfYear", "H": "hour", "m": "minute"}
_HOURS = {"h": (True, 12), "k": (True, 24), "K": (False, 12)}
"""Hours without a zero before them: whether they count from 1 instead of 0, and how far."""


def _from_one(number: Expr, most: int) -> Expr:
    """`number`, where 0 and `most` are both `most`."""
    return _computed("+", _rest(_computed("+", number, most - 1), most), 1)


def _rest(number: Expr, by: int) -> Expr:
    """What is left of `number` after it was divided."""
    return Binary("-", number, _computed("*", _computed("/", number, by), by))


def _computed(operator: str, left: Expr, right: int) -> Expr:
    return Binary(operator, left, Literal(right, INT))
