"""A CloudFormation template: the pipelines among its resources."""

from __future__ import annotations

from collections.abc import Iterator

from pipec.definition.forms import TEMPLATE, pick
from pipec.definition.functions import called
from pipec.definition.intrinsics import Intrinsics
from pipec.definition.shapes import IgnoredKey, OtherShape
from pipec.definition.values import Parameter
from pipec.diagnostic import Diagnostic, Report, diagnostic, nearest
from pipec.frozen import frozen
from pipec.source import Span
from pipec.syntax import Mapping, Scalar, Sequence, Tree

PIPELINE = "AWS::DataPipeline::Pipeline"

Parts = dict[str, tuple[Scalar, Tree]]


@frozen
class Found:
    """One pipeline of a template, its functions resolved."""

    name: str
    description: str
    span: Span
    parts: Parts
    """Its objects, parameters and values, as the template's form has them."""
    tags: tuple[tuple[str, str], ...]
    added: tuple[Parameter, ...]
    """The parameters that came of the template's own, and of what is known only when deployed."""


def pipelines(template: Mapping, report: Report) -> tuple[Found, ...]:
    """All pipelines of a template, in their order."""
    found = []
    types: dict[str, Span] = {}
    resources = template.get("Resources")
    for name, resource in resources if isinstance(resources, Mapping) else ():
        type_ = resource.get("Type") if isinstance(resource, Mapping) else None
        if isinstance(type_, Scalar):
            types[type_.value] = type_.span
            if type_.value == PIPELINE and isinstance(resource, Mapping):
                found.append(_pipeline(name, resource, template, report))
    if not found:
        near = nearest(PIPELINE, types)
        where = types.get(near) or (resources or template).span
        report.add(NoPipeline(where, f"did you mean `{PIPELINE}`?" if near else ""))
    return tuple(found)


def _pipeline(name: Scalar, resource: Mapping, template: Mapping, report: Report) -> Found:
    properties = resource.get("Properties")
    if not isinstance(properties, Mapping):
        meant = "the objects of a pipeline stand in its `Properties`"
        report.add(OtherShape(name.span, "a resource with `Properties`", "one without", meant))
        return Found(name.value, "", name.span, {}, (), ())
    picked, others = pick(properties, _PROPERTIES, TEMPLATE, "the pipeline", report)
    for key, _ in others:
        report.add(IgnoredKey(key.span, "the pipeline", key.value[:60]))
    own = picked.get("parameterObjects")
    intrinsics = Intrinsics(template, frozenset(_ids(own[1]) if own else ()), report)
    walk = _Walk(intrinsics)
    parts: Parts = {}
    for role, property_ in _ROLES.items():
        if property_ in picked:
            key, tree = picked[property_]
            settled = (
                walk.given(tree) if role == "values" else walk.settled(tree, role == "objects")
            )
            if settled is not None:
                parts[role] = key, settled
    given = {key: tree for key, (_, tree) in picked.items()}
    return Found(
        walk.word(given.get("name"), name.value),
        walk.word(given.get("description"), ""),
        properties.span,
        parts,
        tuple(walk.tags(given.get("pipelineTags"))),
        tuple(intrinsics.made.values()),
    )


_ROLES = {
    "objects": "pipelineObjects",
    "parameters": "parameterObjects",
    "values": "parameterValues",
}
_PROPERTIES = ("name", "description", "activate", "pipelineTags", *_ROLES.values())


@frozen
class _Walk:
    """Puts what they give in the place of functions."""

    intrinsics: Intrinsics

    def settled(self, tree: Tree, evaluated: bool, key: str = "") -> Tree | None:
        """The tree without functions; None when it is to be left out.

        With `evaluated`, the service evaluates expressions in what is called `StringValue`.
        """
        match tree:
            case Mapping() if _is_nothing(tree):
                return None
            case Mapping() if called(tree)[0]:
                if evaluated and key.lower() == "stringvalue":
                    return self.intrinsics.evaluated(tree)
                return self.intrinsics.fixed(tree) or Scalar(
                    tree.span, tree.span.text, True, broken=True
                )
            case Mapping():
                entries = []
                for name, value in tree:
                    settled = self.settled(value, evaluated, name.value)
                    if settled is not None:
                        entries.append((name, settled))
                return Mapping(tree.span, tuple(entries))
            case Sequence():
                items = (self.settled(one, evaluated, key) for one in tree.items)
                return Sequence(tree.span, tuple(one for one in items if one is not None))
        return tree

    def given(self, tree: Tree) -> Tree | None:
        """The values of parameters; those that are not known are left out, and that is said."""
        if not isinstance(tree, Sequence):
            return self.settled(tree, False)
        kept = []
        for one in tree.items:
            value = one.get("StringValue") if isinstance(one, Mapping) else None
            id_ = one.get("Id") if isinstance(one, Mapping) else None
            if isinstance(one, Mapping) and isinstance(value, Mapping) and called(value)[0]:
                name = id_.value if isinstance(id_, Scalar) else ""
                known = self.intrinsics.fixed(value, f"`{name}` is left without a value")
                if known is None:
                    continue
                entries = ((k, known if v is value else v) for k, v in one)
                one = Mapping(one.span, tuple(entries))
            settled = self.settled(one, False)
            if settled is not None:
                kept.append(settled)
        return Sequence(tree.span, tuple(kept))

    def word(self, tree: Tree | None, otherwise: str) -> str:
        """What the pipeline is called or described as."""
        if isinstance(tree, Mapping):
            tree = self.intrinsics.fixed(
                tree, f"`{otherwise}` is taken" if otherwise else "it is left out"
            )
        return tree.value if isinstance(tree, Scalar) and tree.value else otherwise

    def tags(self, tree: Tree | None) -> Iterator[tuple[str, str]]:
        """The keys and values of the pipeline's tags."""
        for one in tree.items if isinstance(tree, Sequence) else ():
            if isinstance(one, Mapping):
                yield self.word(one.get("Key"), ""), self.word(one.get("Value"), "")


def _is_nothing(tree: Tree) -> bool:
    function, given = called(tree)
    return function == "Ref" and isinstance(given, Scalar) and given.value == "AWS::NoValue"


def _ids(tree: Tree) -> Iterator[str]:
    for one in tree.items if isinstance(tree, Sequence) else ():
        id_ = one.get("Id") if isinstance(one, Mapping) else None
        if isinstance(id_, Scalar):
            yield id_.value.removeprefix("*")


@diagnostic
class NoPipeline(Diagnostic):
    """The pipelines of a template are its resources of the type `AWS::DataPipeline::Pipeline`."""

    code = "P522"
    title = "No pipeline in the template"
    message = "the template has no resource of the type `AWS::DataPipeline::Pipeline`"
    help = "{near}"
    fails = """
        {"Resources": {
          "Orders": {"Type": "AWS::DataPipeline::Pipelines",    # P522 "AWS::DataPipeline::Pipelines"
            "Properties": {"Name": "orders", "PipelineObjects": [
              {"Id": "Default", "Fields": [{"Key": "scheduleType", "StringValue": "cron"}]}
            ]}}
        }}
        """
    fixed = """
        {"Resources": {
          "Orders": {"Type": "AWS::DataPipeline::Pipeline",
            "Properties": {"Name": "orders", "PipelineObjects": [
              {"Id": "Default", "Fields": [{"Key": "scheduleType", "StringValue": "cron"}]}
            ]}}
        }}
        """

    near: str
