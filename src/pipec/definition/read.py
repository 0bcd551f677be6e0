"""A file becomes the definitions that it holds, in whichever form they are written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePath

from pipec.definition.entries import Entries
from pipec.definition.forms import API, PLAIN, TEMPLATE, Form
from pipec.definition.pairs import shape
from pipec.definition.scan import scan
from pipec.definition.shapes import (
    GivenTwice,
    IgnoredKey,
    NoObjects,
    NotADefinition,
    OtherForm,
    OtherShape,
    SecondDefinition,
    UnknownKey,
)
from pipec.definition.tags import parse_template
from pipec.definition.template import Parts, pipelines
from pipec.definition.values import Definition, Object, Parameter
from pipec.diagnostic import Report, nearest
from pipec.source import Source, Span
from pipec.syntax import Mapping, Scalar, Sequence, Tree


def read_definition(source: Source, report: Report, *added: Source) -> tuple[Definition, ...]:
    """The definitions of `source`: one, or all of a template; none when it cannot be read.

    Files of `added` hold parameters and values; those of a later file replace those of an earlier.
    """
    tree = _tree(source, report)
    if tree is None:
        return ()
    if isinstance(tree, Mapping) and (
        tree.get("Resources") or tree.get("AWSTemplateFormatVersion")
    ):
        found = _of_template(source, tree, report)
    else:
        found = _of_file(source, tree, report)
    for file in added:
        parts = _added(file, source, report)
        found = tuple(_with(one, parts, report) for one in found)
    return found


def _tree(source: Source, report: Report) -> Tree | None:
    """What the text says: JSON, unless it looks like the YAML of a template."""
    return parse_template(source, report) if _is_yaml(source) else scan(source, report)


def _is_yaml(source: Source) -> bool:
    if source.name.lower().endswith((".yaml", ".yml", ".json")):
        return not source.name.lower().endswith(".json")
    return not source.text.lstrip("\ufeff \t\r\n").startswith(("{", "[", '"', "'", "/"))


def _of_file(source: Source, tree: Tree, report: Report) -> tuple[Definition, ...]:
    split = _parts(tree, report)
    if split is None:
        return ()
    form, parts = split
    if "objects" not in parts:
        report.add(NoObjects(tree.span, form.objects))
    definition = _definition(source, PurePath(source.name).stem, form, parts, report)
    return (replace(definition, description=_described(tree)),)


METADATA = "metadata"
"""What people say of a definition; the service never sees it."""


def _described(tree: Tree) -> str:
    """What a template of the console says that it is for."""
    about = tree.get(METADATA) if isinstance(tree, Mapping) else None
    said = about.get("templateDescription") if isinstance(about, Mapping) else None
    return said.value if isinstance(said, Scalar) else ""


def _of_template(source: Source, tree: Mapping, report: Report) -> tuple[Definition, ...]:
    definitions = []
    for one in pipelines(tree, report):
        if "objects" not in one.parts:
            report.add(NoObjects(one.span, TEMPLATE.objects))
        made = _definition(source, one.name, TEMPLATE, one.parts, report)
        parameters = (*made.parameters, *one.added)
        definitions.append(
            replace(made, parameters=parameters, description=one.description, tags=one.tags)
        )
    return tuple(definitions)


def _definition(source: Source, name: str, form: Form, parts: Parts, report: Report) -> Definition:
    entries = Entries(form, form is TEMPLATE or _is_yaml(source), report)
    objects: tuple[Object, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    values: dict[str, tuple[Scalar, ...]] = {}
    at: dict[str, Span] = {}
    if "objects" in parts:
        objects = entries.objects(parts["objects"][1])
    if "parameters" in parts:
        parameters = entries.parameters(parts["parameters"][1])
    if "values" in parts:
        for key, given in entries.values(parts["values"][1]):
            if given:
                values[key.value] = values.get(key.value, ()) + given
                at[key.value] = key.span
    return Definition(source, name, objects, parameters, values, at)


def _parts(tree: Tree, report: Report) -> tuple[Form, Parts] | None:
    """The parts of a definition that is alone in its file, and the form it has."""
    if _is_object(tree):
        report.add(OtherShape(tree.span, "a definition", "one object", _WHOLE))
        return PLAIN, {"objects": (_key(tree), Sequence(tree.span, (tree,)))}
    if isinstance(tree, Sequence) and tree.items and all(map(_is_object, tree.items)):
        report.add(OtherShape(tree.span, "a definition", "a list of objects", _WHOLE))
        return PLAIN, {"objects": (_key(tree), tree)}
    if not isinstance(tree, Mapping):
        report.add(NotADefinition(tree.span, shape(tree)))
        return None
    keys = {key.value for key, _ in tree}
    form = API if API.objects in keys or (PLAIN.objects not in keys and _of(API, keys)) else PLAIN
    parts: Parts = {}
    others = []
    for key, value in tree:
        role = form.role(key.value)
        if not role and any(other.role(key.value) for other in (PLAIN, API, TEMPLATE)):
            role = next(filter(None, (other.role(key.value) for other in (PLAIN, API, TEMPLATE))))
            report.add(OtherForm(key.span, key.value, form.name, f"`{getattr(form, role)}`"))
        if role:
            parts[role] = key, value
        else:
            others.append((key, value))
    for key, value in others:
        names = [
            getattr(form, role) for role in ("objects", "parameters", "values") if role not in parts
        ]
        near = nearest(key.value, names)
        if near:
            report.add(UnknownKey(key.span, "a definition", key.value[:60], near))
            parts[form.role(near)] = key, value
        elif parts and key.value not in ("ResponseMetadata", METADATA):
            report.add(IgnoredKey(key.span, "a definition", key.value[:60]))
    if not parts:
        found = "a pipeline of pipec" if "pipeline" in keys else "an object with other keys"
        report.add(NotADefinition(tree.span, found))
        return None
    return form, parts


_WHOLE = 'write `{"objects": [...]}` around it'


def _of(form: Form, keys: Iterable[str]) -> bool:
    return any(form.role(key) for key in keys)


def _is_object(tree: Tree) -> bool:
    """Whether this looks like one object of a definition."""
    if not isinstance(tree, Mapping):
        return False
    keys = {key.value for key, _ in tree}
    known = any(_of(form, keys) for form in (PLAIN, API, TEMPLATE))
    return not known and ("id" in keys or {"name", "type"} <= keys)


def _key(tree: Tree) -> Scalar:
    return Scalar(tree.span, "objects", True)


def _added(file: Source, definition: Source, report: Report) -> Definition | None:
    """The parameters and values of a file that was given along with a definition."""
    tree = _tree(file, report)
    split = _parts(tree, report) if tree is not None else None
    if split is None:
        return None
    form, parts = split
    if "objects" in parts:
        report.add(SecondDefinition(parts.pop("objects")[0].span, definition.name))
    return _definition(file, "", form, parts, report)


def _with(one: Definition, added: Definition | None, report: Report) -> Definition:
    """The definition with what the other file adds to it."""
    if added is None:
        return one
    parameters = {it.id: it for it in one.parameters}
    for parameter in added.parameters:
        if parameter.id in parameters:
            other = parameters[parameter.id].span.source.name
            report.add(GivenTwice(parameter.at, parameter.id, other))
        parameters[parameter.id] = parameter
    for id_, at in added.valued_at.items():
        if id_ in one.values:
            report.add(GivenTwice(at, id_, one.valued_at[id_].source.name))
    return replace(
        one,
        parameters=tuple(parameters.values()),
        values={**one.values, **added.values},
        valued_at={**one.valued_at, **added.valued_at},
    )
