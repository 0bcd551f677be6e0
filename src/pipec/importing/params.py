"""The parameters of a definition as those of a pipeline."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pipec.definition.catalogue import catalogue
from pipec.definition.ids import names_of
from pipec.definition.inherit import Resolved
from pipec.definition.to_ours import uses
from pipec.definition.values import Definition, Field, Parameter
from pipec.expression.types import DATETIME, INT, PERIOD, Type, type_named
from pipec.importing.accounts import Accounts
from pipec.importing.yaml_text import Flow, Value
from pipec.syntax import Scalar
from pipec.targets.datapipeline.schedules import FIRST, FIRST_RUN

_TYPES = {"String": "string", "Integer": "int", "Double": "double", "AWS::S3::ObjectKey": "s3"}
_SLOTS = {
    "period": "period",
    "datetime": "datetime",
    "integer": "int",
    "boolean": "bool",
    "double": "double",
}
_PLACES = ("filePath", "directoryPath", "s3Key", "s3Prefix", "manifestFilePath", "scriptUri")


@dataclass
class Params:
    """The parameters, and what was asked of them."""

    definition: Definition
    names: dict[str, str]
    """Their names with us, by their ids."""
    types: dict[str, str]
    """Their types with us, by their ids."""
    secrets: set[str]
    """The ids of those whose values must not be seen."""
    used: set[str] = field(default_factory=set)
    """The ids of those that something uses."""
    forms: dict[str, str] = field(default_factory=dict)
    """What values of those look like that stand for an id which Amazon gives: a regular expression."""
    invented: dict[str, str] = field(default_factory=dict)
    """Names of secrets that stood in the definition in clear text, and what each is for."""
    moments: dict[str, None] = field(default_factory=dict)
    """Names of parameters for times that the definition does not say."""

    def type_of(self, id_: str) -> Type | None:
        """The type of a parameter in expressions."""
        return type_named(self.types[id_])

    @property
    def lists(self) -> tuple[str, ...]:
        """The names of those that are lists."""
        ids = (it for it, type_ in self.types.items() if type_.startswith("list("))
        return tuple(self.names[it] for it in ids if it in self.names)

    def written(self, accounts: Accounts) -> dict[str, Value]:
        """The section `params`, with what becomes of each attribute and value."""
        made: dict[str, Value] = dict.fromkeys(self.moments, "datetime")
        declared = {one.id: one for one in self.definition.parameters}
        for id_, name in self.names.items():
            if id_ not in self.used:
                for place in ("value", *_attributes(declared.get(id_))):
                    accounts.add(id_, place, "dropped", "nothing uses the parameter")
                continue
            made[name] = self._written(id_, name, declared.get(id_), accounts)
        for name in self.invented:
            made[name] = Flow({"secret": f"airflow {name}"})
        return made

    def _written(self, id_: str, name: str, one: Parameter | None, accounts: Accounts) -> Value:
        said: dict[str, Value] = {}
        if id_ in self.secrets:
            said["secret"] = f"airflow {name}"
            accounts.add(
                id_,
                "value",
                "dropped",
                f"the value is a secret: the Variable `{name}` of Airflow holds it",
            )
            accounts.add(id_, "default", "dropped", "a secret has no default")
            for place in ("type", "optional", "allowedValues", "isArray"):
                accounts.add(id_, place, "dropped", "a secret is a text that has to be there")
        else:
            said["type"] = self.types[id_]
        for place in _attributes(one):
            if place in ("helpText", "watermark", "helpLink"):
                accounts.add(id_, place, "dropped", "it was for the form of the console")
            elif id_ not in self.secrets or place == "description":
                accounts.add(id_, place, "carried")
        if one is not None and (text := _text(one.get("description"))):
            said["description"] = text
        if id_ not in self.secrets:
            default = self.definition.values.get(id_) or _scalars(one, "default")
            if id_ in self.definition.values:
                accounts.add(id_, "value", "carried")
                accounts.add(id_, "default", "dropped", "a value of the parameter takes its place")
            given = [it.value for it in default if it.value]
            if given and (form := self.forms.get(id_)) and not re.fullmatch(form, given[0]):
                place = "value" if id_ in self.definition.values else "default"
                accounts.add(
                    id_,
                    place,
                    "undecided",
                    f"`{given[0]}` is none that Amazon gives: say a real one",
                )
                given = []
            if given:
                said["default"] = (
                    Flow([*given]) if self.types[id_].startswith("list(") else given[0]
                )
            if allowed := [it.value for it in _scalars(one, "allowedValues")]:
                said["one_of"] = Flow([*allowed])
            if one is not None and _text(one.get("optional")).lower() == "true" and not given:
                said["optional"] = "true"
        return said["type"] if said.keys() == {"type"} else Flow(said)


def read_params(definition: Definition, every: tuple[Resolved, ...]) -> Params:
    """The parameters that the definition declares, gives values to, or uses."""
    own = {name for one in every for name in one.fields}
    ids = {one.id: None for one in definition.parameters}
    ids |= dict.fromkeys(it for it in definition.values if it not in ids)
    for one in every:
        for _, chain, _ in _uses(one):
            if len(chain) == 1 and re.match(r"\*?my[A-Z_]", chain[0]) and chain[0] not in own:
                ids.setdefault(chain[0])
    secrets = {it for it in ids if it.startswith("*")}
    for one in every:
        for name, it in one.fields.items():
            if name.startswith("*"):
                secrets |= {chain[0] for value in it.values if isinstance(value, Scalar)
                            for chain, _ in uses(value.value) if chain[0] in ids}  # fmt: skip
    found = Params(definition, {}, _types(definition, every, tuple(ids)), secrets)
    for one in every:
        for name, it in one.fields.items():
            alone = re.fullmatch(r"\s*#\{\s*(\w+)\s*\}\s*", it.text)
            if alone and alone[1] in ids and (form := _FORMS.get(name)):
                found.forms[alone[1]] = form
    return found


_ID = r"-[0-9a-f]{8}([0-9a-f]{9})?"
_FORMS = {
    "subnetId": f"subnet{_ID}",
    "imageId": f"ami{_ID}",
    "securityGroupIds": f"sg{_ID}",
    "emrManagedMasterSecurityGroupId": f"sg{_ID}",
    "emrManagedSlaveSecurityGroupId": f"sg{_ID}",
    "serviceAccessSecurityGroupId": f"sg{_ID}",
    "additionalMasterSecurityGroupIds": f"sg{_ID}",
    "additionalSlaveSecurityGroupIds": f"sg{_ID}",
}


def named(params: Params) -> Params:
    """The same, with names."""
    params.names = names_of(params.types, (FIRST_RUN, "last_run"))
    return params


def _types(
    definition: Definition, every: tuple[Resolved, ...], ids: tuple[str, ...]
) -> dict[str, str]:
    declared = {one.id: one for one in definition.parameters}
    wanted: dict[str, set[str]] = {}
    for one in every:
        for slot, chain, asked in _uses(one):
            wanted.setdefault(chain[0], set()).add(
                {DATETIME: "datetime", PERIOD: "period", INT: "int"}.get(asked, slot)
                if asked
                else slot
            )
    found: dict[str, str] = {}
    for id_ in ids:
        one_ = declared.get(id_)
        said = _TYPES.get(_text(one_.get("type")) if one_ is not None else "", "string")
        asked_ = wanted.get(id_, set()) - {""}
        if said == "string" and len(asked_) == 1 and "" not in wanted.get(id_, {""}) - {""}:
            said = asked_.pop()
        several = one_ is not None and _text(one_.get("isArray")).lower() == "true"
        several = several or len(definition.values.get(id_, ())) > 1
        found[id_] = f"list({said})" if several else said
    return found


def _uses(one: Resolved) -> Iterator[tuple[str, tuple[str, ...], Type | None]]:
    """Each use of a name in the fields of an object: what type the field has where it stands alone."""
    facts = catalogue().types.get(one.object.type)
    for name, it in one.fields.items():
        for value in it.values:
            if not isinstance(value, Scalar) or "#{" not in value.value:
                continue
            known = facts.fields.get(name) if facts is not None else None
            alone = re.fullmatch(r"\s*#\{\s*[\w*]+\s*\}\s*", value.value)
            slot = _SLOTS.get(known.slot, "") if known is not None and alone else ""
            if name in _PLACES and re.match(r"\s*#\{\s*[\w*]+\s*\}", value.value):
                slot = "s3"
            if name == "topicArn" and alone:
                slot = "sns"
            for chain, asked in uses(value.value):
                yield (
                    slot if value.value.lstrip().startswith(f"#{{{chain[0]}}}") else "",
                    chain,
                    asked,
                )


def needs_first_run(every: Mapping[str, Resolved]) -> bool:
    """Whether a schedule starts when the pipeline is first activated."""
    return any(
        (at := one.get("startAt")) is not None and at.text.upper() == FIRST
        for one in every.values()
        if one.object.type == "Schedule"
    )


def _attributes(one: Parameter | None) -> tuple[str, ...]:
    return tuple(it.key.value for it in one.fields) if one is not None else ()


def _scalars(one: Parameter | None, name: str) -> tuple[Scalar, ...]:
    found = one.get(name) if one is not None else None
    return tuple(it for it in found.values if isinstance(it, Scalar)) if found is not None else ()


def _text(found: Field | None) -> str:
    return found.text.strip() if found is not None else ""
