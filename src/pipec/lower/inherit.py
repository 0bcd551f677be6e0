"""What an object takes over: the copies of a matrix, the `extends` chain, `defaults`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as Values
from itertools import product
from math import prod

from pipec.diagnostic import Diagnostic, diagnostic, did_you_mean, listed
from pipec.fields.collections import list_of
from pipec.fields.key import keys
from pipec.fields.reader import Reader
from pipec.fields.scalars import WrongType, a, string, what
from pipec.frozen import frozen
from pipec.kinds import keywords, kind_class
from pipec.lower.naming import NameTwice, name_problem
from pipec.lower.objects import SORTS
from pipec.source import Span
from pipec.syntax import Mapping, Scalar, Tree

string_list = list_of(string)

MOST_COPIES = 10_000


@frozen
class Written:
    """An object as it was written, after the matrix: its name, its mapping, its matrix values."""

    name: str
    key: Scalar
    tree: Mapping
    values: dict[str, int | str]


def copies(
    key: Scalar, tree: Mapping, names: Values[str, Span], reader: Reader
) -> Iterator[Written | None]:
    """The object itself; with `matrix`, one copy for each combination of its values.

    None, reported, when the matrix cannot be read. `names` are those that the file gives.
    """
    matrix = tree.get("matrix")
    rest = _without(tree, "matrix")
    if matrix is None:
        yield Written(key.value, key, rest, {})
        return
    before = reader.report.errors
    axes = _axes(matrix, names, reader)
    count = prod(map(len, axes.values()))
    if count > MOST_COPIES:
        reader.report.add(TooManyCopies(matrix.span, count, MOST_COPIES))
    if reader.report.errors > before or not count:
        yield None
        return
    for combination in product(*axes.values()):
        suffix = ".".join(_word(value) for value in combination)
        values = {name: _value(one) for name, one in zip(axes, combination, strict=True)}
        yield Written(f"{key.value}.{suffix}", key, rest, values)


def _axes(matrix: Tree, names: Values[str, Span], reader: Reader) -> dict[str, list[str]]:
    """The names of a matrix, each with its values."""
    if not isinstance(matrix, Mapping) or not matrix.entries:
        reader.report.add(WrongType(matrix.span, "a mapping such as `{n: [1, 2]}`", what(matrix)))
        return {}
    axes: dict[str, list[str]] = {}
    for name, values in matrix:
        if name_problem(name, "matrix value", reader):
            continue
        if name.value in names:
            reader.report.add(NameTwice(name.span, name.value, names[name.value].line))
        read = string_list.read(values, reader)
        if read == ():
            reader.report.add(WrongType(values.span, "at least one value", "none"))
        axes[name.value] = list(read or ())
    return axes


def _value(text: str) -> int | str:
    """A matrix value in expressions: a number if it is written as one."""
    return int(text) if re.fullmatch(r"0|-?[1-9]\d{0,17}", text) else text


def _word(value: str) -> str:
    """A matrix value as a part of a name."""
    return "".join(one if one.isascii() and (one.isalnum() or one == "_") else "_" for one in value)


def inherit(
    section: str, written: Written, family: dict[str, Mapping], broken: set[str], reader: Reader
) -> Mapping | None:
    """The mapping of an object completed by those it `extends`; None, reported, when one is not there."""
    tree = written.tree
    result = _without(tree, "extends")
    chain = [written.key.value]
    while (parent := tree.get("extends")) is not None:
        plain = reader.plain(parent) if isinstance(parent, Scalar) and not parent.is_null else None
        if plain is None:
            if not isinstance(parent, Scalar) or parent.is_null:
                expected = f"the name of {a(SORTS[section])}"
                reader.report.add(WrongType(parent.span, expected, what(parent)))
            return None
        name = plain.value.strip()
        if name in chain:
            spelt = " -> ".join([*chain[chain.index(name) :], name])
            reader.report.add(ExtendsCycle(parent.span, spelt))
            return None
        if name not in family:
            if name not in broken:
                others = [it for it in family if it not in chain]
                there = f"there are {listed(others)}" if others else "there is no other"
                near = did_you_mean(name, others, there)
                reader.report.add(UnknownParent(parent.span, SORTS[section], name[:60], near))
            return None
        chain.append(name)
        tree = family[name]
        result = merged(_without(_without(tree, "extends"), "matrix"), result)
    return result


REPLACED = ("when", "format")
"""The fields whose mapping is one value: another one takes its place, it is not merged into it."""


def merged(base: Mapping, over: Mapping) -> Mapping:
    """`over` completed by the keys of `base`: mappings merge, everything else replaces."""
    entries = {key.value: (key, value) for key, value in over}
    for key, value in base:
        if key.value not in entries:
            entries[key.value] = (key, value)
        else:
            name, own = entries[key.value]
            if (
                isinstance(own, Mapping)
                and isinstance(value, Mapping)
                and key.value not in REPLACED
            ):
                entries[key.value] = (name, merged(value, own))
    return Mapping(over.span, tuple(entries.values()))


def _without(tree: Mapping, key: str) -> Mapping:
    return Mapping(tree.span, tuple(one for one in tree if one[0].value != key))


def with_defaults(section: str, common: type, tree: Mapping, defaults: Mapping) -> Mapping:
    """The mapping completed by those fields of `defaults` that its kind has."""
    if not defaults.entries:
        return tree
    takes = {name for name, field in keys(common).items() if field.merges}
    for name, _ in tree:
        if name.value in keywords(section):
            own = keys(kind_class(section, name.value))
            takes |= {one for one, field in own.items() if field.merges and one != name.value}
    fitting = tuple(one for one in defaults if one[0].value in takes)
    return merged(Mapping(defaults.span, fitting), tree) if fitting else tree


def every_default(used: set[tuple[str, str]], sections: dict[str, type]) -> set[str]:
    """Every field that `defaults` can reach, given the (section, kind) pairs in use."""
    takes = {n for common in sections.values() for n, field in keys(common).items() if field.merges}
    for section, keyword in used:
        own = keys(kind_class(section, keyword))
        takes |= {n for n, field in own.items() if field.merges and n != keyword}
    return takes | {"schedule"}


def check_defaults(defaults: Mapping, takes: set[str], reader: Reader) -> None:
    """Report each key of `defaults` that no object can take."""
    for name, _ in defaults:
        if name.value not in takes:
            near = did_you_mean(name.value, takes, "no kind of this pipeline has such a field")
            reader.report.add(UnknownDefault(name.span, name.value, near))


@diagnostic
class ExtendsCycle(Diagnostic):
    """An object cannot, through others, extend itself."""

    code = "P301"
    title = "Cycle of `extends`"
    message = "these extend each other: {cycle}"
    help = "one of them must stand alone"
    fails = """
        pipeline: shop
        activities:
          mail: {extends: post}    # P301 post
          post: {extends: mail}    # P301 mail
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail: {shell: echo}
          post: {extends: mail}
        """

    cycle: str


@diagnostic
class UnknownParent(Diagnostic):
    """`extends` names another object of the same section."""

    code = "P112"
    title = "Unknown object to extend"
    message = "there is no {sort} `{name}` to extend"
    help = "{near}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail: {shell: echo}
          post: {extends: mial}    # P112 mial
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail: {shell: echo}
          post: {extends: mail}
        """

    sort: str
    name: str
    near: str


@diagnostic
class UnknownDefault(Diagnostic):
    """A field of `defaults` goes to every object whose kind has it; some kind must."""

    code = "P113"
    title = "Unknown default"
    message = "no object takes `{name}` from `defaults`"
    help = "{near}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily, atempts: 3 every 10 minutes}    # P113 atempts
        activities: {mail: {shell: echo}}
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily, attempts: 3 every 10 minutes}
        activities: {mail: {shell: echo}}
        """

    name: str
    near: str


@diagnostic
class TooManyCopies(Diagnostic):
    """A matrix makes one copy for each combination of its values."""

    code = "P302"
    title = "Matrix too large"
    message = "the matrix makes {count} copies; {most} is the most"

    count: int
    most: int
