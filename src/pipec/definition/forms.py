"""The forms that a definition is written in: how each spells what they all have."""

from __future__ import annotations

from pipec.definition.shapes import UnknownKey
from pipec.diagnostic import Report, nearest
from pipec.frozen import node
from pipec.syntax import Mapping, Scalar, Tree


@node
class Form:
    """One form."""

    name: str
    objects: str
    parameters: str
    values: str
    keyed: bool
    """Whether fields are a list of keys and values."""
    capital: bool = False

    def spell(self, name: str) -> str:
        """The key of that name as this form writes it."""
        return name[:1].upper() + name[1:] if self.capital else name

    def role(self, key: str) -> str:
        """What part of a definition that key is in this form; empty if none."""
        roles = {self.objects: "objects", self.parameters: "parameters", self.values: "values"}
        return roles.get(key, "")


PLAIN = Form(
    name="the AWS CLI", objects="objects", parameters="parameters", values="values", keyed=False
)
API = Form(
    name="the API",
    objects="pipelineObjects",
    parameters="parameterObjects",
    values="parameterValues",
    keyed=True,
)
TEMPLATE = Form(
    name="CloudFormation",
    objects="PipelineObjects",
    parameters="ParameterObjects",
    values="ParameterValues",
    keyed=True,
    capital=True,
)


def pick(
    mapping: Mapping, names: tuple[str, ...], form: Form, where: str, report: Report
) -> tuple[dict[str, tuple[Scalar, Tree]], list[tuple[Scalar, Tree]]]:
    """The entries of `mapping` by these names, and all others.

    A misspelt key is reported, and then taken for what it was meant to be.
    """
    spelled = {form.spell(name): name for name in names}
    found = {spelled[key.value]: (key, value) for key, value in mapping if key.value in spelled}
    others = []
    for key, value in mapping:
        if key.value in spelled:
            continue
        missing = [one for one, name in spelled.items() if name not in found]
        alike = form.spell(_ALIKE.get(key.value.lower(), ""))
        near = alike if alike in missing else nearest(key.value, missing)
        name = spelled.get(near, "")
        if name:
            report.add(UnknownKey(key.span, where, key.value[:60], near))
            found[name] = key, value
        else:
            others.append((key, value))
    return found, others


_ALIKE = {"slots": "fields", "value": "stringValue", "ref": "refValue"}
"""Keys that mean the same: the API of old, and what one might think."""
