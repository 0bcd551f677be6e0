"""Fields that hold several values: lists, mappings, and values of any shape."""

from __future__ import annotations

import re
from typing import Any

from pipec.diagnostic import Diagnostic, diagnostic
from pipec.expression import show
from pipec.expression.tree import Literal
from pipec.fields.key import FieldType
from pipec.fields.reader import Reader
from pipec.fields.scalars import WrongType, a, what
from pipec.syntax import Mapping, Scalar, Sequence, Tree
from pipec.values import Text


def list_of(item: FieldType) -> FieldType:
    """A list; one value without brackets is a list of one, a parameter may be the whole list."""

    def read(tree: Tree, reader: Reader) -> tuple[Any, ...] | None:
        if isinstance(tree, Mapping) or (isinstance(tree, Scalar) and tree.is_null):
            reader.report.add(WrongType(tree.span, f"a list, each item {a(item.name)}", what(tree)))
            return None
        read_all = [item.read(one, reader) for one in _items(tree, reader)]
        return tuple(read_all) if all(one is not None for one in read_all) else None

    return FieldType(f"list, each item {a(item.name)}", read)


def _items(tree: Scalar | Sequence, reader: Reader) -> tuple[Tree, ...]:
    if isinstance(tree, Sequence):
        return tuple(item for one in tree.items for item in _items_of(one, reader))
    return _items_of(tree, reader)


def _items_of(tree: Tree, reader: Reader) -> tuple[Tree, ...]:
    """The values of a parameter that is a list; otherwise the tree itself, if it is anything."""
    if reader.is_absent(tree):
        return ()
    if isinstance(tree, Scalar) and "${{" in tree.value:
        text = reader.text(tree)
        if len(text.pieces) == 1 and len(text.splices) == 1:
            expr = text.splices[0].expr
            if isinstance(expr, Literal) and isinstance(expr.value, (list, tuple)):
                items = (show(one).replace("${{", "$${{") for one in expr.value)
                return tuple(Scalar(tree.span, one, True) for one in items)
    return (tree,)


def mapping_of(
    item: FieldType, *, dotted: bool = False, names: str = "", advice: str = ""
) -> FieldType:
    """A mapping from names of the user's own to values of one type; `names` is how they may look, `advice` says so."""
    shape = re.compile(names or (r"[A-Za-z_][\w.-]*" if dotted else r"[A-Za-z_]\w*"), re.ASCII)

    def read(tree: Tree, reader: Reader) -> dict[str, Any] | None:
        if not isinstance(tree, Mapping):
            reader.report.add(WrongType(tree.span, f"a mapping to {item.name}s", what(tree)))
            return None
        found = {}
        for name, value in tree:
            if not shape.fullmatch(name.value):
                reader.report.add(
                    BadVariableName(name.span, name.value[:60], advice or BadVariableName.help_)
                )
            elif (one := item.read(value, reader)) is not None:
                found[name.value] = one
        return found

    return FieldType(f"mapping to {item.name}s", read)


def _read_structure(tree: Tree, reader: Reader) -> Any:
    """Any shape: texts, numbers and truth values written plainly, lists, mappings."""
    match tree:
        case Scalar():
            return _plain_value(tree, reader)
        case Sequence():
            return tuple(_read_structure(one, reader) for one in tree.items)
        case Mapping():
            return {name.value: _read_structure(value, reader) for name, value in tree}


def _plain_value(tree: Scalar, reader: Reader) -> Any:
    """A plain scalar is a number or truth value only if it is written as Python would write it.

    So `1.10`, `012`, `no` and `12:30` stay texts; `1`, `0.5`, `true` and `null` do not.
    """
    if tree.quoted or "${{" in tree.value:
        return _known(reader.text(tree))
    if tree.is_null:
        return None
    words = {"true": True, "false": False}
    if tree.value in words:
        return words[tree.value]
    for kind in (int, float):
        try:
            if repr(kind(tree.value)) == tree.value and tree.value[-1].isdigit():
                return kind(tree.value)
        except ValueError:
            pass
    return Text((tree.value,), tree.span)


def _known(text: Text) -> Any:
    """The value of a text that is one parameter and nothing else, in the parameter's type."""
    expr = text.splices[0].expr if len(text.pieces) == 1 and text.splices else None
    if isinstance(expr, Literal) and isinstance(expr.value, bool | int | float | tuple):
        return expr.value
    return text


structure = FieldType("value of any shape", _read_structure)


def _read_structures(tree: Tree, reader: Reader) -> dict[str, Any] | None:
    if not isinstance(tree, Mapping):
        reader.report.add(WrongType(tree.span, "a mapping", what(tree)))
        return None
    return {name.value: _read_structure(value, reader) for name, value in tree}


structures = FieldType("mapping to values of any shape", _read_structures)


@diagnostic
class BadVariableName(Diagnostic):
    """A name of the user's own is made of letters, digits and underscores, and starts with no digit."""

    code = "P206"
    title = "Not a name"
    message = "`{name}` cannot be a name here"
    help = "{help_}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: echo $1st
            vars: {1st: orders}    # P206 1st
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: echo $first
            vars: {first: orders}
        """

    name: str
    help_: str = "use letters, digits and underscores"
