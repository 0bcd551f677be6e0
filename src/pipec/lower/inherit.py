"""What an object takes over: the copies of a matrix, the `extends` chain, `defaults`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from pipec.diagnostic import Diagnostic, diagnostic, did_you_mean
from pipec.fields.key import keys
from pipec.fields.reader import Reader
from pipec.fields.scalars import WrongType, what
from pipec.kinds import keywords, kind_class
from pipec.syntax import Mapping, Scalar, Sequence, Tree

MOST_COPIES = 10_000


@dataclass(frozen=True)
class Written:
    """An object as it was written, after the matrix: its name, its mapping, its matrix values."""

    name: str
    key: Scalar
    tree: Mapping
    values: dict[str, str]


def copies(key: Scalar, tree: Mapping, reader: Reader) -> Iterator[Written]:
    """The object itself; with `matrix`, one copy for each combination of its values."""
    matrix = tree.get("matrix")
    rest = Mapping(tree.span, tuple(one for one in tree if one[0].value != "matrix"))
    if matrix is None:
        yield Written(key.value, key, rest, {})
        return
    if not isinstance(matrix, Mapping) or not matrix.entries:
        reader.report.add(WrongType(matrix.span, "a mapping such as `{n: [1, 2]}`", what(matrix)))
        return
    axes: list[list[tuple[str, str]]] = []
    count = 1
    for name, values in matrix:
        items = values.items if isinstance(values, Sequence) else (values,)
        axis = []
        for item in items:
            plain = reader.plain(item) if isinstance(item, Scalar) and not item.is_null else None
            if plain is None:
                reader.report.add(WrongType(item.span, "a value", what(item)))
            else:
                axis.append((name.value, plain.value))
        axes.append(axis)
        count *= max(len(axis), 1)
    if count > MOST_COPIES:
        reader.report.add(TooManyCopies(matrix.span, count, MOST_COPIES))
        return
    for combination in product(*axes):
        suffix = ".".join(_word(value) for _, value in combination)
        yield Written(f"{key.value}.{suffix}", key, rest, dict(combination))


def _word(value: str) -> str:
    """A matrix value as a part of a name."""
    return "".join(one if one.isascii() and (one.isalnum() or one == "_") else "_" for one in value)


def inherit(written: Written, family: dict[str, Mapping], reader: Reader) -> Mapping | None:
    """The mapping of an object completed by those it `extends`; None, reported, on a cycle."""
    tree = written.tree
    result = _without(tree, "extends")
    chain = [written.key.value]
    while (parent := tree.get("extends")) is not None:
        plain = reader.plain(parent) if isinstance(parent, Scalar) and not parent.is_null else None
        if plain is None:
            reader.report.add(WrongType(parent.span, "the name of an object", what(parent)))
            return None
        if plain.value in chain:
            spelt = " -> ".join([*chain[chain.index(plain.value) :], plain.value])
            reader.report.add(ExtendsCycle(parent.span, spelt))
            return None
        if plain.value not in family:
            near = did_you_mean(plain.value, family, "it extends an object of the same section")
            reader.report.add(UnknownParent(parent.span, plain.value, near))
            return None
        chain.append(plain.value)
        tree = family[plain.value]
        result = merged(_without(_without(tree, "extends"), "matrix"), result)
    return result


def merged(base: Mapping, over: Mapping) -> Mapping:
    """`over` completed by the keys of `base`: mappings merge, everything else replaces."""
    entries = {key.value: (key, value) for key, value in over}
    for key, value in base:
        if key.value not in entries:
            entries[key.value] = (key, value)
        else:
            name, own = entries[key.value]
            if isinstance(own, Mapping) and isinstance(value, Mapping):
                entries[key.value] = (name, merged(value, own))
    return Mapping(over.span, tuple(entries.values()))


def _without(tree: Mapping, key: str) -> Mapping:
    return Mapping(tree.span, tuple(one for one in tree if one[0].value != key))


def with_defaults(section: str, common: type, tree: Mapping, defaults: Mapping | None) -> Mapping:
    """The mapping completed by those fields of `defaults` that its kind has."""
    if defaults is None:
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
        takes |= {n for n, field in keys(kind_class(section, keyword)).items() if field.merges}
    return takes | {"schedule"}


def check_defaults(defaults: Tree | None, takes: set[str], reader: Reader) -> None:
    """Report each key of `defaults` that no object can take."""
    if not isinstance(defaults, Mapping):
        return
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
    message = "there is no `{name}` to extend"
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

    name: str
    near: str


@diagnostic
class UnknownDefault(Diagnostic):
    """A field of `defaults` goes to every object whose kind has it; some kind must."""

    code = "P113"
    title = "Unknown default"
    message = "no object takes a `{name}`"
    help = "{near}"
    fails = """
        pipeline: shop
        defaults: {atempts: 3 every 10 minutes}    # P113 atempts
        activities: {mail: {shell: echo}}
        """
    fixed = """
        pipeline: shop
        defaults: {attempts: 3 every 10 minutes}
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
