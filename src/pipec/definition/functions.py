"""The functions of CloudFormation, and the parameters of its templates, as they are written."""

from __future__ import annotations

from collections.abc import Iterator

from pipec.syntax import Mapping, Scalar, Sequence, Tree

FUNCTIONS = {
    *("And", "Condition", "Equals", "If", "Not", "Or"),
    *("Base64", "Cidr", "FindInMap", "GetAtt", "GetAZs", "ImportValue", "Join", "Length", "Ref"),
    *("Select", "Split", "Sub", "ToJsonString", "Transform"),
}
"""The functions of CloudFormation that have a tag."""


def called(tree: Tree) -> tuple[str, Tree]:
    """The function that a tree calls, with what it is given; without a name if it calls none."""
    if isinstance(tree, Mapping) and len(tree.entries) == 1:
        key, given = tree.entries[0]
        if key.value in ("Ref", "Condition") or key.value.startswith("Fn::"):
            return key.value, given
    return "", tree


def default_of(declared: Mapping) -> Scalar | None:
    """What a parameter of the template is, if nothing is said; never a secret."""
    default = declared.get("Default")
    type_ = declared.get("Type")
    stored = isinstance(type_, Scalar) and type_.value.startswith("AWS::SSM::")
    return (
        default if isinstance(default, Scalar) and not stored and not is_secret(declared) else None
    )


def is_secret(declared: Mapping) -> bool:
    hidden = declared.get("NoEcho")
    return isinstance(hidden, Scalar) and hidden.value.lower() == "true"


def words(tree: Tree) -> Iterator[str]:
    """The texts in a tree."""
    match tree:
        case Scalar():
            yield tree.value
        case Sequence():
            for one in tree.items:
                yield from words(one)
        case Mapping():
            for _, value in tree:
                yield from words(value)
