"""Rows of one field and one key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pipec.frozen import frozen
from pipec.grid.period import Period
from pipec.syntax import Scalar
from pipec.targets.datapipeline.lengths import period_text, read_period
from pipec.targets.datapipeline.sides import InOneLine, Made, Reading
from pipec.values import Script, Text

if TYPE_CHECKING:
    from pipec.targets.datapipeline.writing import Writing


@frozen
class Row:
    """Fields of theirs and keys of ours that say the same."""

    theirs: tuple[str, ...]
    ours: tuple[str, ...]
    write: Callable[[Writing], None]
    read: Callable[[Reading], None]


def text(theirs: str, ours: str, *, aloud: bool = False) -> Row:
    """A text with expressions. What is so by default is left out, unless it is to be said `aloud`."""

    def write(out: Writing) -> None:
        value = out.value(ours)
        if isinstance(value, Text):
            out.put(theirs, out.text(value) if value.pieces else None)
        elif value and (aloud or value != out.default(ours)):
            out.put(theirs, value)

    def read(it: Reading) -> None:
        if (found := scalar(it, theirs)) is not None:
            it.put(ours, it.text(found))

    return Row((theirs,), (ours,), write, read)


def texts(theirs: str, ours: str) -> Row:
    """A list of texts."""

    def write(out: Writing) -> None:
        given = out.value(ours)
        out.put(theirs, [out.text(one) if isinstance(one, Text) else one for one in given])

    def read(it: Reading) -> None:
        found = scalars(it, theirs)
        if found:
            it.put(ours, InOneLine([it.text(one) for one in found]))

    return Row((theirs,), (ours,), write, read)


def word(theirs: str, ours: str, words: Mapping[str, Any]) -> Row:
    """One of some words: theirs, and the value that each has with us."""

    def write(out: Writing) -> None:
        value = out.value(ours)
        found = [one for one, meant in words.items() if meant == value]
        if found and value != out.default(ours):
            out.put(theirs, found[0])

    def read(it: Reading) -> None:
        found = scalar(it, theirs)
        if found is None:
            return
        meant = {one.lower(): value for one, value in words.items()}
        value = meant.get((it.plain(found) or found.value).strip().lower())
        if value is None:
            it.account(theirs, "undecided", f"`{found.value}` is none of {', '.join(words)}")
        else:
            it.put(ours, show(value))

    return Row((theirs,), (ours,), write, read)


def words(theirs: str, ours: str) -> Row:
    """A list of names, such as columns of a table."""

    def write(out: Writing) -> None:
        out.put(theirs, [getattr(one, "name", one) for one in out.value(ours)])

    return Row((theirs,), (ours,), write, texts(theirs, ours).read)


def said(theirs: str, ours: str, words: Mapping[str, Any], why: str) -> Row:
    """One of some words that the service wants to hear, and that says nothing to us, because of `why`."""

    def write(out: Writing) -> None:
        out.put(theirs, [one for one, meant in words.items() if meant == out.value(ours)])

    return Row((theirs,), (ours,), write, left_out(theirs, why=why).read)


def left_out(*theirs: str, why: str) -> Row:
    """Fields that say nothing to us, because of `why`."""

    def read(it: Reading) -> None:
        for name in theirs:
            if it.field(name) is not None:
                it.account(name, "dropped", why)

    return Row(theirs, (), lambda _: None, read)


def flag(theirs: str, ours: str) -> Row:
    """True or false."""
    return word(theirs, ours, {"true": True, "false": False})


def number(theirs: str, ours: str) -> Row:
    """A number."""

    def write(out: Writing) -> None:
        value = out.value(ours)
        out.put(theirs, None if value is None else show(value))

    def read(it: Reading) -> None:
        if (found := scalar(it, theirs)) is not None:
            written = it.text(found).strip()
            it.put(ours, f"0{written}" if written.startswith(".") else written)

    return Row((theirs,), (ours,), write, read)


def length(theirs: str, ours: str) -> Row:
    """A length of time."""

    def write(out: Writing) -> None:
        value = out.value(ours)
        if isinstance(value, Period) and value != out.default(ours):
            out.put(theirs, period_text(value))

    def read(it: Reading) -> None:
        if (found := scalar(it, theirs)) is not None:
            it.put(ours, read_period(found, it))

    return Row((theirs,), (ours,), write, read)


def script(theirs: str, ours: str = "script") -> Row:
    """A script in S3. One beside the pipeline is compiled in where the text of a script stands."""

    def write(out: Writing) -> None:
        value = out.value(ours)
        if isinstance(value, Script) and value.content is None:
            out.put(theirs, out.text(value.path))

    return Row((theirs,), (ours,), write, text(theirs, ours).read)


def inline(theirs: str, ours: str, beside: str = "script") -> Row:
    """The text of a script, which stands there or in a file beside the pipeline."""

    def write(out: Writing) -> None:
        script = out.value(beside)
        value = script.content if isinstance(script, Script) else out.value(ours)
        if value is not None:
            out.put(theirs, out.text(value))

    return Row((theirs,), (ours,), write, text(theirs, ours).read)


def pairs(theirs: str, ours: str = "vars") -> Row:
    """A list of `NAME=value`; with us, a mapping."""

    def write(out: Writing) -> None:
        given = out.value(ours)
        out.put(theirs, [f"{name}={out.text(value)}" for name, value in given.items()])

    def read(it: Reading) -> None:
        made: dict[str, Made] = {}
        for one in scalars(it, theirs):
            name, equals, value = it.text(one).partition("=")
            if equals:
                made[name.strip()] = value
            else:
                it.account(theirs, "undecided", f"`{one.value}` is not `NAME=value`")
        if made:
            it.put(ours, made)

    return Row((theirs,), (ours,), write, read)


def scalar(it: Reading, name: str) -> Scalar | None:
    """The one text of a field; None without one, which is accounted for when there is something else."""
    found = scalars(it, name)
    return found[0] if found else None


def scalars(it: Reading, name: str) -> list[Scalar]:
    """The texts of a field that are not empty."""
    field = it.field(name)
    if field is None:
        return []
    found = [one for one in field.values if isinstance(one, Scalar)]
    return [one for one in found if one.value]


def show(value: Any) -> str:
    """A value as both sides write it."""
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return f"{value:g}"
        case Period():
            return period_text(value)
    return str(value)
