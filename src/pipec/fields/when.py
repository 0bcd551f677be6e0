"""The preconditions of an object (`when`), and whom to tell of what (`notify`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipec.diagnostic import Diagnostic, diagnostic, did_you_mean, listed
from pipec.fields.key import FieldType
from pipec.fields.reader import Reader
from pipec.fields.references import references
from pipec.fields.scalars import WrongType, what
from pipec.syntax import Mapping, Scalar, Sequence, Tree
from pipec.values import Ref

if TYPE_CHECKING:
    from pipec.ir import Precondition

STATUSES = ("success", "failure", "late")


def when(section: str) -> FieldType:
    """One precondition or a list of them: a bare word, or a mapping with the kind's fields."""

    def read(tree: Tree, reader: Reader) -> tuple[Precondition, ...] | None:
        items = tree.items if isinstance(tree, Sequence) else (tree,)
        found: list[Precondition] = []
        for item in items:
            for one in _words(item):
                if precondition := _precondition(one, reader, section, found):
                    found.append(precondition)
        return tuple(found)

    return FieldType("preconditions", read, "precondition")


def _words(tree: Tree) -> tuple[Tree, ...]:
    """`exists, not_empty` stands for two preconditions."""
    if not isinstance(tree, Scalar) or "," not in tree.value:
        return (tree,)
    words = []
    at = 0
    for word in tree.value.split(","):
        start = at + len(word) - len(word.lstrip())
        end = start + len(word.strip())
        words.append(Scalar(tree.part(start, end), word.strip(), tree.quoted))
        at += len(word) + 1
    return tuple(words)


def _precondition(
    tree: Tree, reader: Reader, section: str, others: list[Precondition]
) -> Precondition | None:
    from pipec.ir import Precondition
    from pipec.lower.objects import read_kind

    if isinstance(tree, Scalar) and tree.value.strip():
        tree = Mapping(tree.span, ((tree, Scalar(tree.span.part(0, 0), "")),))
    if not isinstance(tree, Mapping):
        reader.report.add(WrongType(tree.span, "a precondition", what(tree)))
        return None
    read = read_kind("preconditions", Precondition, tree, reader, "the precondition")
    if read is None:
        return None
    same = sum(1 for one in others if type(one.kind) is type(read.kind))
    name = read.keyword if not same else f"{read.keyword}_{same + 1}"
    return Precondition(name=name, kind=read.kind, span=tree.span, **read.common)


def _read_notices(tree: Tree, reader: Reader) -> dict[str, tuple[Ref, ...]] | None:
    if not isinstance(tree, Mapping):
        reader.report.add(WrongType(tree.span, "a mapping such as `{failure: oncall}`", what(tree)))
        return None
    found: dict[str, Any] = {}
    for name, value in tree:
        if name.value not in STATUSES:
            near = did_you_mean(name.value, STATUSES, f"there are {listed(STATUSES)}")
            reader.report.add(UnknownStatus(name.span, name.value, near))
        elif (refs := references("notification").read(value, reader)) is not None:
            found[name.value] = refs
    return found


notices = FieldType(
    "mapping from `success`, `failure`, `late` to notifications", _read_notices, "notification"
)


@diagnostic
class UnknownStatus(Diagnostic):
    """People are told of `success`, of `failure` (after the last attempt) and of `late`."""

    code = "P103"
    title = "Unknown occasion"
    message = "nobody can be notified of `{name}`"
    help = "{near}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        notifications: {oncall: {sns: "arn:aws:sns:us-east-1:111122223333:shop", message: oh}}
        activities:
          mail:
            shell: echo mail
            notify: {failed: oncall}    # P103 failed
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        notifications: {oncall: {sns: "arn:aws:sns:us-east-1:111122223333:shop", message: oh}}
        activities:
          mail:
            shell: echo mail
            notify: {failure: oncall}
        """

    name: str
    near: str
