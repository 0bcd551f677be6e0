"""Keys with their values, in whichever form they are written."""

from __future__ import annotations

from collections.abc import Iterator

from pipec.definition.forms import API, PLAIN, Form, pick
from pipec.definition.shapes import EmptyList, NotText, OtherForm, OtherShape
from pipec.definition.values import Reference, Value, text
from pipec.diagnostic import Report
from pipec.frozen import frozen
from pipec.source import Span
from pipec.syntax import Mapping, Scalar, Sequence, Tree

Given = tuple[Scalar, tuple[Value, ...], bool]
"""A key, its values, and whether they stood in a list."""


@frozen
class Pairs:
    """Reads keys with their values out of any form.

    What belongs to another form than `form` is reported, and read as it was meant.
    """

    form: Form
    loose: bool
    """Whether numbers and `true` are texts too, as in YAML and for CloudFormation."""
    report: Report

    def given(self, mapping: Mapping, what: str, inner: str, apart: tuple[str, ...]) -> list[Given]:
        """All that `mapping` says, whichever form it says it in."""
        found = _listed_fields(mapping, inner)
        if found is None and not self.form.keyed:
            return [one for key, value in mapping for one in self._pair(key, value)]
        if found is None:
            return self._without_fields(mapping, inner, apart)
        form = self.form
        if not form.keyed:
            self.mixed(found[0].span, found[0].value, "what is in it as keys beside `id`")
            form = API
        picked, others = pick(mapping, (*apart, inner), form, a(what), self.report)
        given = []
        for name in apart:
            if name in picked:
                given += self._pair(text(name, picked[name][0].span), picked[name][1])
        for key, value in others:
            if form is self.form:
                self.mixed(key.span, key.value, f"it as one of the `{form.spell(inner)}`")
            if key is not found[0]:
                given += self._pair(key, value)
        return given + self._keyed(found[1], form, what, inner)

    def _without_fields(self, mapping: Mapping, inner: str, apart: tuple[str, ...]) -> list[Given]:
        names = {self.form.spell(name): name for name in (*apart, inner)}
        given = []
        told = False
        for key, value in mapping:
            if key.value in names:
                if names[key.value] != inner:
                    given += self._pair(text(names[key.value], key.span), value)
                else:
                    self.other_shape(value, "a list of keys and values")
                continue
            if not told:
                keys = f"`{self.form.spell(inner)}` with keys and values"
                self.mixed(key.span, key.value, keys)
                told = True
            given += self._pair(key, value)
        return given

    def _keyed(self, tree: Mapping | Sequence, form: Form, what: str, inner: str) -> list[Given]:
        """The fields of a list of keys and values; equal keys are one list."""
        if isinstance(tree, Mapping):
            self.mixed(tree.span, "{...}", f"`{form.spell(inner)}` as a list of keys and values")
            return [one for key, value in tree for one in self._pair(key, value)]
        together: dict[str, tuple[Scalar, list[Value], bool]] = {}
        for one in self.mappings(tree, "field"):
            for key, values, listed in self._entry(one, form, what):
                kept = together.setdefault(key.value, (key, [], listed))
                kept[1].extend(values)
        return [
            (key, tuple(values), listed or len(values) > 1)
            for key, values, listed in together.values()
        ]

    def _entry(self, mapping: Mapping, form: Form, what: str) -> list[Given]:
        if not any(key.value.lower() == "key" for key, _ in mapping):
            meant = f'`{{"{form.spell("key")}": "...", "{form.spell("stringValue")}": "..."}}`'
            self.mixed(mapping.span, "{...}", meant)
            return [one for key, value in mapping for one in self._pair(key, value)]
        names = ("key", "stringValue", *(("refValue",) if what == "object" else ()))
        found, _ = pick(mapping, names, form, f"a field of {a(what)}", self.report)
        if "key" not in found or not isinstance(found["key"][1], Scalar):
            self.other_shape(mapping, "a key")
            return []
        key = text(found["key"][1].value, found["key"][1].span)
        given = [name for name in ("stringValue", "refValue") if name in found]
        if len(given) != 1:
            wanted = " or ".join(f"`{form.spell(name)}`" for name in names[1:])
            self.report.add(
                OtherShape(
                    mapping.span, f"one {wanted}", f"a field with {len(given)} of them", "give one"
                )
            )
        if not given:
            return []
        value = found[given[0]][1]
        if given[0] == "stringValue":
            return self._pair(key, value)
        if isinstance(value, Scalar) and not value.is_null:
            return [(key, (Reference(value.span, value.value),), False)]
        self.other_shape(value, "the id of an object")
        return []

    def mappings(self, tree: Sequence, what: str) -> Iterator[Mapping]:
        for one in tree.items:
            if isinstance(one, Mapping):
                yield one
                continue
            braces = f"{a(what)} stands in `{{` and `}}`"
            self.other_shape(one, a(what), braces)
            if isinstance(one, Sequence):
                yield from (it for it in one.items if isinstance(it, Mapping))

    def _pair(self, key: Scalar, tree: Tree) -> list[Given]:
        values, listed = self.values_of(key, tree)
        return [(text(key.value, key.span), values, listed)] if values else []

    def values_of(self, key: Scalar, tree: Tree) -> tuple[tuple[Value, ...], bool]:
        """What stands after that key, and whether it is a list."""
        if not isinstance(tree, Sequence):
            return tuple(self._value(key, tree)), False
        if not tree.items:
            self.report.add(EmptyList(key.span, key.value[:60]))
        found: list[Value] = []
        for one in tree.items:
            if isinstance(one, Sequence):
                self.other_shape(one, "a text or a reference", "a list holds no lists")
            else:
                found += self._value(key, one)
        return tuple(found), True

    def _value(self, key: Scalar, tree: Tree) -> Iterator[Value]:
        if isinstance(tree, Scalar):
            if not tree.quoted and (tree.is_null or not self.loose):
                yield from self._no_text(key, tree)
            else:
                yield Scalar(tree.span, tree.value, True, tree.lines, tree.broken)
        elif isinstance(tree, Mapping):
            yield from self._reference(key, tree)

    def _no_text(self, key: Scalar, tree: Scalar) -> Iterator[Value]:
        """A number, `true` or `null` of JSON. What is secret is not said again."""
        secret = key.value.startswith("*")
        span = key.span if secret else tree.span
        if tree.is_null:
            self.report.add(NotText(span, "`null`", "write a text, or leave the field out"))
            return
        found = "a value without quotes" if secret else f"`{tree.value[:60]}`"
        meant = "put it into quotes" if secret else f'write `"{tree.value[:60]}"`'
        self.report.add(NotText(span, found, meant))
        yield text(tree.value, tree.span)

    def _reference(self, key: Scalar, tree: Mapping) -> Iterator[Value]:
        names = {name.value.lower(): (name, value) for name, value in tree}
        if len(names) == 1 and "stringvalue" in names:
            name, value = names["stringvalue"]
            self.mixed(name.span, name.value, f'the text itself: `"{key.value}": "..."`')
            if isinstance(value, Scalar):
                yield from self._value(key, value)
            return
        if "refvalue" in names or ("ref" in names and self.form.keyed):
            name, value = names.get("refvalue") or names["ref"]
            meant = '`{"ref": "..."}`'
            if self.form.keyed:
                meant = f'`"{self.form.spell("refValue")}": "..."` beside the key'
            self.mixed(name.span, name.value, meant)
        else:
            found, others = pick(tree, ("ref",), PLAIN, "a reference", self.report)
            if "ref" not in found or others:
                self.other_shape(tree, "a text or a reference", 'a reference is `{"ref": "id"}`')
            if "ref" not in found:
                return
            value = found["ref"][1]
        if isinstance(value, Scalar) and not value.is_null:
            yield Reference(tree.span, value.value)
        else:
            self.other_shape(value, "the id of an object")

    def mixed(self, span: Span, found: str, meant: str) -> None:
        self.report.add(OtherForm(span, found[:60], self.form.name, meant))

    def other_shape(self, tree: Tree, expected: str, meant: str = "") -> None:
        self.report.add(OtherShape(tree.span, expected, shape(tree), meant))


def _listed_fields(mapping: Mapping, inner: str) -> tuple[Scalar, Mapping | Sequence] | None:
    """The list of keys and values that a mapping holds, also under a name of old."""
    for key, value in mapping:
        if key.value.lower() in (inner, "slots") and not isinstance(value, Scalar):
            return key, value
    return None


def shape(tree: Tree) -> str:
    """What a tree is, in a word."""
    match tree:
        case Mapping():
            return "an object"
        case Sequence():
            return "a list"
        case Scalar(quoted=True):
            return "a text"
    return f"`{tree.value[:60]}`" if tree.value else "nothing"


def a(what: str) -> str:
    return f"{'an' if what[0] in 'aeiou' else 'a'} {what}"
