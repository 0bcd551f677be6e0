"""How two definitions mean something different."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from pipec.definition.catalogue import catalogue
from pipec.definition.values import Definition, Parameter
from tests.definition.content import Item, Side, ordered, plain


def differences(
    one: Definition,
    other: Definition,
    names: Mapping[str, str],
    *,
    params: Mapping[str, str] | None = None,
    allowed: Collection[tuple[str, str]] = (),
) -> list[str]:
    """What the service would do otherwise, field by field; empty when both mean the same.

    `names` leads from ids of objects of `one` to theirs in `other`, `params` does for parameters.
    Activities, data nodes and resources that it leaves out have the same id in both; all others
    are known by what they say. Pairs (type, field) of `allowed` are not looked at, with `*` for
    any type and `Parameter` for the attributes of parameters, where `values` is what they are given.
    """
    left, right = _sides(one, other, names, params or {}, allowed)
    found = list(_parameters(left, right))
    partners = {names.get(id, id): id for id in left.objects if left.matched(id)}
    for id in (it.id for it in one.objects if left.matched(it.id)):
        called = names.get(id, id)
        if called in right.objects and right.matched(called):
            found += _compared(id, left, right, id, called)
        else:
            found.append(f"{id}: the other has no {left.objects[id].object.type} `{called}`")
    for it in other.objects:
        if right.matched(it.id) and it.id not in partners:
            found.append(f"{it.id}: only the other has this {it.type}")
    return found


def _sides(
    one: Definition,
    other: Definition,
    names: Mapping[str, str],
    params: Mapping[str, str],
    allowed: Collection[tuple[str, str]],
) -> tuple[Side, Side]:
    renamed = {plain(mine): plain(theirs) for mine, theirs in params.items()}
    back = {theirs: mine for mine, theirs in renamed.items()}
    mine, theirs = _given(one), _given(other)

    def filled(
        here: Mapping[str, tuple[str, ...]],
        there: Mapping[str, tuple[str, ...]],
        way: Mapping[str, str],
    ) -> dict[str, tuple[str, ...]]:
        # What the other side does not have as a parameter may be written out there.
        return {
            name: given
            for name, given in here.items()
            if given and there.get(way.get(name, name), given)
        }

    return (
        Side(one, names, renamed, filled(mine, theirs, renamed), allowed),
        Side(other, {it: it for it in names.values()}, {}, filled(theirs, mine, back), allowed),
    )


def _given(definition: Definition) -> dict[str, tuple[str, ...]]:
    """The parameters with their values, by ids without stars; empty for those without one."""
    found: dict[str, tuple[str, ...]] = {}
    for parameter in definition.parameters:
        default = parameter.get("default")
        found[plain(parameter.id)] = tuple(
            getattr(it, "value", "") for it in (default.values if default is not None else ())
        )
    found |= {plain(id): tuple(it.value for it in one) for id, one in definition.values.items()}
    return found


def _parameters(left: Side, right: Side) -> Iterator[str]:
    """How the parameters differ that both declare."""
    mine, theirs = _given(left.definition), _given(right.definition)
    for name, parameter in left.parameters.items():
        other = right.parameters.get(left.params.get(name, name))
        if other is None:
            continue
        where = f"parameter {parameter.id}"
        if parameter.secret != other.secret and ("Parameter", "secret") not in left.allowed:
            words = ["is a secret", "is none"]
            first, second = words if parameter.secret else reversed(words)
            yield f"{where}: {first}, and {second} in the other"
        first_given, second_given = mine[name], theirs[plain(other.id)]
        if bool(first_given) != bool(second_given) and ("Parameter", "values") not in left.allowed:
            said = ["it is given a value", "none"]
            first, second = said if first_given else ["it is given no value", "one"]
            yield f"{where}: {first}, and {second} in the other"
        for attribute in dict.fromkeys(
            it.key.value for it in (*parameter.fields, *other.fields) if it.key.value != "default"
        ):
            if ("Parameter", attribute) not in left.allowed:
                first, second = _attribute(parameter, attribute), _attribute(other, attribute)
                if first != second:
                    yield f"{where}: `{attribute}` is {first or 'not said'}, and {second or 'not said'} in the other"


def _attribute(parameter: Parameter, name: str) -> str:
    """What an attribute says; empty when that is what holds anyhow."""
    field = parameter.get(name)
    known = catalogue().parameter.get(name)
    texts = [getattr(it, "value", "") for it in (field.values if field is not None else ())]
    if known is not None and (known.one_of or known.slot == "boolean"):
        texts = [it.strip().lower() for it in texts]
    if known is not None and known.default and texts == [known.default.lower()]:
        return ""
    return ", ".join(f"`{it}`" for it in texts)


def _compared(
    where: str, left: Side, right: Side, mine: str, theirs: str, above: tuple[str, ...] = ()
) -> Iterator[str]:
    """How an object and its counterpart differ."""
    one, other = left.objects[mine].object, right.objects[theirs].object
    if one.type != other.type:
        yield f"{where}: it is a {one.type}, and a {other.type} in the other"
        return
    first, second = left.fields(mine), right.fields(theirs)
    for name in dict.fromkeys((*first, *second)):
        yield from _field(
            where, name, first.get(name, ()), second.get(name, ()), left, right, above
        )


def _field(
    where: str,
    name: str,
    first: tuple[Item, ...],
    second: tuple[Item, ...],
    left: Side,
    right: Side,
    above: tuple[str, ...],
) -> Iterator[str]:
    mine, theirs = ordered(name, first), ordered(name, second)
    if [it.meaning for it in mine] == [it.meaning for it in theirs]:
        return
    if len(mine) == len(theirs) and all(it.to for it in (*mine, *theirs)):
        inside: list[str] = []
        for a, b in _apart(mine, theirs):
            both = a.to if a.to == b.to else f"{a.to}, {b.to} in the other"
            path = f"{where}: `{name}` ({both})"
            named = left.ids.get(a.to, "") == right.ids.get(b.to, "")
            if named and a.to not in above:
                inside += _compared(path, left, right, a.to, b.to, (*above, a.to))
        if inside:
            yield from inside
            return
    again = " of another value" if _shown(first) == _shown(second) else ""
    yield f"{where}: `{name}` is {_shown(first)}, and {_shown(second)}{again} in the other"


def _apart(mine: list[Item], theirs: list[Item]) -> list[tuple[Item, Item]]:
    """The pairs of values that are left when those were taken away that mean the same."""
    left, first = list(theirs), []
    for it in mine:
        if it in left:
            left.remove(it)
        else:
            first.append(it)
    return list(zip(first, left, strict=True))


def _shown(items: tuple[Item, ...]) -> str:
    return ", ".join(it.shown for it in items) or "not said"
