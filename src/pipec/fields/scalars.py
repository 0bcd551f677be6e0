"""Fields that hold one value: a text, a number, yes or no, one of some words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pipec.diagnostic import Diagnostic, diagnostic, did_you_mean, listed
from pipec.fields.key import FieldType
from pipec.fields.reader import Reader
from pipec.syntax import Mapping, Scalar, Sequence, Tree
from pipec.values import known

Parsed = Callable[[Scalar, Reader], Any]


def scalar(name: str, parsed: Parsed) -> FieldType:
    """A field whose value is one scalar, known at compile time, that `parsed` makes sense of."""

    expected = a(name) if name[0].isalpha() and " or " not in name else name

    def read(tree: Tree, reader: Reader) -> Any:
        found = expect_scalar(tree, expected, reader)
        plain = reader.plain(found) if found else None
        return parsed(plain, reader) if plain else None

    return FieldType(name, read)


def expect_scalar(tree: Tree, expected: str, reader: Reader) -> Scalar | None:
    """`tree` when it is one value; None, reported, when it is a list, a mapping or nothing."""
    if not isinstance(tree, Scalar):
        reader.report.add(WrongType(tree.span, expected, what(tree)))
        return None
    if tree.is_null:
        reader.report.add(WrongType(tree.span, expected, "nothing"))
        return None
    return tree


def a(noun: str) -> str:
    """The noun with its article."""
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def what(tree: Tree) -> str:
    """What stands there, in words."""
    match tree:
        case Mapping():
            return "a mapping"
        case Sequence():
            return "a list"
        case Scalar():
            if not tree.value.strip():
                return "an empty text" if tree.quoted else "nothing"
            return "nothing" if tree.is_null else f"`{_short(tree.value)}`"


def _short(value: str) -> str:
    value = " ".join(value.split())
    return value if len(value) <= 60 else value[:57] + "..."


def _read_text(tree: Tree, reader: Reader) -> Any:
    found = expect_scalar(tree, "a text", reader)
    return reader.text(found) if found else None


text = FieldType("text", _read_text)
"""The user's own text, with `${{ }}` in it."""


def starting_with(start: str, example: str) -> FieldType:
    """A text that begins with `start`, unless only the run knows how it begins."""

    def read(tree: Tree, reader: Reader) -> Any:
        found = expect_scalar(tree, f"a place such as `{example}`", reader)
        if found is None:
            return None
        where = reader.text(found)
        first = known(where.pieces[0]) if where.pieces else ""
        if first is not None and not (first.startswith(start) and where.pieces != (start,)):
            reader.report.add(NotAPlace(found.span, what(found), start, example))
            return None
        return where

    return FieldType(f"place such as `{example}`", read)


string = scalar("text without run-time values", lambda it, _: it.value)
"""A text that is known at compile time."""


def _integer(it: Scalar, reader: Reader) -> int | None:
    if re.fullmatch(r"[+-]?(0|[1-9]\d{0,17})", it.value.strip()):
        return int(it.value)
    reader.report.add(NotANumber(it.span, _short(it.value)))
    return None


integer = scalar("whole number", _integer)


def at_least(least: int) -> FieldType:
    """A whole number that is `least` or more."""

    def parsed(it: Scalar, reader: Reader) -> int | None:
        number = _integer(it, reader)
        if number is not None and number < least:
            reader.report.add(TooSmall(it.span, number, least))
            return None
        return number

    return scalar(f"whole number from {least}", parsed)


def _boolean(it: Scalar, reader: Reader) -> bool | None:
    if it.value in ("true", "false"):
        return it.value == "true"
    near = {"yes": "true", "on": "true", "1": "true", "no": "false", "off": "false", "0": "false"}
    reader.report.add(
        NotABoolean(it.span, _short(it.value), near.get(it.value.lower(), it.value.lower()))
    )
    return None


boolean = scalar("true or false", _boolean)


def one_of(*words: str) -> FieldType:
    """One of `words`."""

    def parsed(it: Scalar, reader: Reader) -> str | None:
        if it.value in words:
            return it.value
        reader.report.add(
            NotOneOf(it.span, _short(it.value), did_you_mean(it.value, words), listed(words))
        )
        return None

    return scalar(" or ".join(f"`{word}`" for word in words), parsed)


@diagnostic
class WrongType(Diagnostic):
    """A field has a type: a text, a list, a mapping, a number and so on."""

    code = "P201"
    title = "Wrong type"
    message = "expected {expected}, found {found}"
    fails = """
        pipeline: shop
        activities:
          mail:
            shell: [echo, mail]    # P201 [echo, mail]
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: echo mail
        """

    expected: str
    found: str


@diagnostic
class NotAPlace(Diagnostic):
    """A place in S3 begins with `s3://` and a bucket, one on a disk with `/`, an ARN with `arn:`."""

    code = "P208"
    title = "Not a place"
    message = "{found} does not begin with `{start}`"
    help = "write it like `{example}`"
    fails = """
        pipeline: shop
        datanodes:
          orders: s3 shop/orders/    # P208 shop/orders/
        """
    fixed = """
        pipeline: shop
        datanodes:
          orders: s3 s3://shop/orders/
        """

    found: str
    start: str
    example: str


@diagnostic
class NotANumber(Diagnostic):
    """A whole number is written with digits only."""

    code = "P202"
    title = "Not a whole number"
    message = "`{found}` is not a whole number"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: echo mail
            max_active: few    # P202 few
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: echo mail
            max_active: 2
        """

    found: str


@diagnostic
class TooSmall(Diagnostic):
    """The number is smaller than what makes sense here."""

    code = "P203"
    title = "Number too small"
    message = "{number} is less than {least}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: echo mail
            max_active: 0    # P203 0
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: echo mail
            max_active: 1
        """

    number: int
    least: int


@diagnostic
class NotABoolean(Diagnostic):
    """A switch is `true` or `false`. Other words that YAML knows, such as `yes` and `no`, are not taken."""

    code = "P204"
    title = "Neither true nor false"
    message = "`{found}` is neither `true` nor `false`"
    help = "did you mean `{near}`?"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: echo mail
            stage: no    # P204 no
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: echo mail
            stage: false
        """

    found: str
    near: str

    def hint(self) -> str:
        """Name `true` or `false`, whichever is nearer."""
        near = self.near if self.near in ("true", "false") else ""
        return f"did you mean `{near}`?" if near else "write `true` or `false`"


@diagnostic
class NotOneOf(Diagnostic):
    """The field takes one of a few words."""

    code = "P205"
    title = "Not one of the words"
    message = "`{found}` is none of {words}"
    help = "{near}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: echo mail
            on_failure: casdade    # P205 casdade
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: echo mail
            on_failure: cascade
        """

    found: str
    near: str
    words: str

    def text(self) -> str:
        """What was found, and the word or the words that there are."""
        none_of = "none of" if "," in self.words else "not"
        return f"`{self.found}` is {none_of} {self.words}"
