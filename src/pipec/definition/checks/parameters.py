"""What is used as a parameter is one, and what is given a value too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipec.definition.checks.facts import facts, is_own
from pipec.definition.inherit import resolved
from pipec.definition.values import Definition, Object
from pipec.diagnostic import Diagnostic, Report, diagnostic, did_you_mean
from pipec.syntax import Scalar


def check_parameters(definition: Definition, report: Report) -> None:
    """Report each parameter that is used or given a value, and not declared."""
    declared = {one.id.removeprefix("*") for one in definition.parameters}
    for name, given in definition.values.items() if definition.objects else ():
        if name.removeprefix("*") not in declared:
            at = definition.valued_at.get(name) or (given[0].span if given else None)
            if at is not None:
                report.add(UndeclaredValue(at, name[:80], did_you_mean(name, declared)))
    known = declared | {name.removeprefix("*") for name in definition.values}
    everywhere = {field.key.value for one in definition.objects for field in one.fields}
    for one in resolved(definition):
        fields = everywhere if not one.object.type else set(one.fields)
        for scalar, start, end in _used(one.object):
            name = scalar.value[start:end]
            if name.removeprefix("*") not in known and name not in fields:
                own = {*known, *filter(is_own, fields)}
                near = did_you_mean(name, own, f'declare it: `{{"id": "{name[:80]}"}}`')
                report.add(UndeclaredParameter(scalar.part(start, end), name[:80], near))


def _used(one: Object) -> Iterator[tuple[Scalar, int, int]]:
    """Where names of the user's own stand in expressions of the object, alone."""
    for field in one.fields:
        known = facts(one, field.key.value)
        if known is not None and known.slot == "reference":
            continue
        for value in field.values:
            if isinstance(value, Scalar):
                for name in _names(value.value):
                    yield value, name[0], name[1]


def _names(text: str) -> Iterator[tuple[int, int]]:
    for expression in re.finditer(r"#\{((?:'[^']*'|\"[^\"]*\"|[^}'\"])*)\}", text):
        for found in _PART.finditer(expression[1]):
            if found["name"]:
                yield expression.start(1) + found.start(), expression.start(1) + found.end()


_PART = re.compile(r"'[^']*'|\"[^\"]*\"|(?P<name>(?<![\w.@])\*?my\w+(?![\w(]))|.", re.DOTALL)
"""A text, a name that stands alone, or anything else."""


@diagnostic
class UndeclaredValue(Diagnostic):
    """A value is given to a parameter that the definition does not declare. It has no use."""

    code = "P534"
    title = "Value of no parameter"
    severity = "warning"
    message = "no parameter `{id}` is declared"
    help = "{near}"
    fails = """
        {"objects": [{"id": "Orders", "type": "S3DataNode", "filePath": "#{myFile}"}],
         "parameters": [{"id": "myFile"}],
         "values": {"myFiel": "s3://shop/orders.csv"}}    # P534 "myFiel"
        """
    fixed = """
        {"objects": [{"id": "Orders", "type": "S3DataNode", "filePath": "#{myFile}"}],
         "parameters": [{"id": "myFile"}],
         "values": {"myFile": "s3://shop/orders.csv"}}
        """

    id: str
    near: str


@diagnostic
class UndeclaredParameter(Diagnostic):
    """A name that starts with `my` is a parameter, or a field of the object that it stands in."""

    code = "P538"
    title = "Parameter that is not declared"
    severity = "warning"
    message = "`{id}` is neither a parameter nor a field of this object"
    help = "{near}"
    fails = """
        {"objects": [{"id": "Orders", "type": "S3DataNode", "filePath": "#{myFiel}"}],    # P538 myFiel
         "parameters": [{"id": "myFile"}]}
        """
    fixed = """
        {"objects": [{"id": "Orders", "type": "S3DataNode", "filePath": "#{myFile}"}],
         "parameters": [{"id": "myFile"}]}
        """

    id: str
    near: str
