"""An object of a section, from its short or its long form: its kind is found, its fields are read."""

from __future__ import annotations

import re
from typing import Any

from pipec.diagnostic import Diagnostic, diagnostic, did_you_mean, listed
from pipec.fields.key import keys
from pipec.fields.read import MissingField, UnknownKey
from pipec.fields.reader import Reader
from pipec.fields.scalars import WrongType, a, what
from pipec.frozen import frozen
from pipec.kinds import keywords, kind_class
from pipec.syntax import Mapping, Scalar, Tree, is_nothing

SORTS = {
    "datanodes": "datanode",
    "activities": "activity",
    "preconditions": "precondition",
    "resources": "resource",
    "notifications": "notification",
}


@frozen
class Read:
    """An object as far as it could be read: its kind, and the fields common to its section."""

    keyword: str
    kind: Any
    common: dict[str, Any]
    whole: bool
    """False when a part of it was reported and left out."""


def read_kind(section: str, common: type, tree: Mapping, reader: Reader, owner: str) -> Read | None:
    """The object that a mapping describes; None when its kind, or what it needs, is not there."""
    found = find_kind(section, common, tree, reader)
    if found is None:
        return None
    keyword = found.value
    cls = kind_class(section, keyword)
    known = {**keys(common), **keys(cls)}
    given: dict[str, Any] = {}
    whole = complete = True
    for name, value in tree:
        field = known.get(name.value)
        if field is None:
            near = did_you_mean(name.value, known, f"it takes {listed(known, 40)}")
            reader.report.add(UnknownKey(name.span, name.value, f"{owner} (`{keyword}`)", near))
            whole = False
            continue
        absent = is_nothing(value) or reader.is_absent(value)
        if absent and not field.required:
            continue
        value = Scalar(value.span if value.span.text else name.span, "") if absent else value
        one = None
        if isinstance(value, Scalar) and value.broken:
            pass
        elif reader.assumed(value):  # What it comes to is looked at once there is a value.
            reader.check_syntax(value)
            one = field.type.read(value, reader.quietly())
        else:
            one = field.type.read(value, reader)
        if one is not None:
            given[field.name] = one
        else:
            whole = False
            complete = complete and not field.required
    for field in keys(cls).values():
        if field.required and tree.get(field.name) is None:
            reader.report.add(MissingField(found.span, owner, field.name, field.type.name))
            complete = False
    if not complete:
        return None
    own = {one.attribute: given[one.name] for one in keys(cls).values() if one.name in given}
    rest = {
        one.attribute: given[one.name]
        for one in keys(common).values()
        if one.name in given and one.name not in keys(cls)
    }
    return Read(keyword, cls(**own), rest, whole)


def find_kind(section: str, common: type, tree: Mapping, reader: Reader) -> Scalar | None:
    """The key that says what the object is; None, reported, when there is none or more than one."""
    known = set(keywords(section))
    candidates = [name for name, _ in tree if name.value in known]
    if len(candidates) > 1:  # `script` is a kind, and a field of other kinds.
        others = [
            one
            for one in candidates
            if not any(
                one.value in keys(kind_class(section, other.value))
                for other in candidates
                if other is not one
            )
        ]
        candidates = others or candidates[:1]
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        # An inherited kind stands elsewhere; the complaint is about the object's own.
        candidates.sort(key=lambda one: tree.span.start <= one.span.start < tree.span.end)
        first, second, *_ = candidates
        reader.report.add(TwoKinds(second.span, first.value, second.value))
        return None
    sort = SORTS[section]
    taken = {*keys(common), *(one for word in known for one in keys(kind_class(section, word)))}
    strange = [name for name, _ in tree if name.value not in taken]
    kinds = f"the kinds are {listed(sorted(known), 40)}"
    if strange:
        first = strange[0]
        near = did_you_mean(first.value, known, kinds)
        reader.report.add(UnknownKind(first.span, sort, first.value, near))
    else:
        reader.report.add(NoKind(tree.span, sort, kinds))
    return None


def long_form(section: str, name: Scalar, tree: Tree, reader: Reader) -> Mapping | None:
    """The mapping that the short form `KIND VALUE` stands for; a mapping is itself."""
    if isinstance(tree, Mapping):
        return tree
    sort = SORTS[section]
    if not isinstance(tree, Scalar) or tree.is_null or not tree.value.strip():
        span = name.span if not tree.span.text else tree.span
        reader.report.add(WrongType(span, a(sort), what(tree)))
        return None
    shape = re.match(r"\s*(\S+)(?:\s+(.*\S))?\s*$", tree.value, re.DOTALL)
    assert shape is not None  # The scalar holds a word.
    keyword = cut(tree, *shape.span(1))
    if keyword.value not in keywords(section):
        known = keywords(section)
        near = did_you_mean(keyword.value, known, f"the kinds are {listed(known, 40)}")
        reader.report.add(UnknownKind(keyword.span, sort, keyword.value[:60], near))
        return None
    if shape[2] is None:
        value = Scalar(tree.span.part(len(tree.span.text), len(tree.span.text)), "")
        return Mapping(tree.span, ((keyword, value),))
    value = cut(tree, *shape.span(2))
    ending = _ENDINGS.get(section)
    if ending and (found := ending[0].search(value.value)):
        entries = (
            (keyword, cut(value, 0, found.start())),
            (Scalar(cut(value, *found.span()).span, ending[1]), cut(value, *found.span(1))),
        )
        return Mapping(tree.span, entries)
    return Mapping(tree.span, ((keyword, value),))


_ENDINGS = {
    "datanodes": (re.compile(r"\s+as\s+([A-Za-z_]\w*\s*(?:\(.*)?)$", re.DOTALL), "format"),
    "resources": (re.compile(r",\s*at most\s+(.+?)\s*$", re.DOTALL), "at_most"),
}
"""How a short form ends, and the field that its ending stands for."""


def cut(scalar: Scalar, start: int, end: int) -> Scalar:
    """The characters `start` to `end` of a scalar, as a scalar with its place in the file."""
    lines = [(max(at - start, 0), place + max(start - at, 0)) for at, place in scalar.lines]
    while len(lines) > 1 and lines[1][0] == 0:  # The line ends before the cut begins.
        del lines[0]
    return Scalar(scalar.part(start, end), scalar.value[start:end], True, tuple(lines))


@diagnostic
class UnknownKind(Diagnostic):
    """An object has one key that says what it is, such as `s3`, `sql` or `shell`."""

    code = "P104"
    title = "Unknown kind"
    message = "there is no {sort} of the kind `{kind}`"
    help = "{near}"
    fails = """
        pipeline: shop
        activities:
          mail:
            shel: echo mail    # P104 shel
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: echo mail
        """

    sort: str
    kind: str
    near: str


@diagnostic
class NoKind(Diagnostic):
    """An object has one key that says what it is; this one has none."""

    code = "P105"
    title = "No kind"
    message = "nothing says what kind of {sort} this is"
    help = "{kinds}"
    fails = """
        pipeline: shop
        activities:
          mail: {timeout: 10 minutes}    # P105 {timeout: 10 minutes}
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail: {shell: echo mail, timeout: 10 minutes}
        """

    sort: str
    kinds: str


@diagnostic
class TwoKinds(Diagnostic):
    """An object is of one kind; two keys that each name a kind cannot stand together."""

    code = "P106"
    title = "Two kinds"
    message = "`{first}` already says what this is, and `{second}` says something else"
    help = "keep one of them, or make two objects"
    fails = """
        pipeline: shop
        connections: {db: postgres}
        activities:
          mail:
            shell: echo mail
            sql: select 1    # P106 sql
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: echo mail
        """

    first: str
    second: str
