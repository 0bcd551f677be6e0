"""The fields of an object are those of its type, and hold texts or references as it has them."""

from __future__ import annotations

from pipec.definition.catalogue import FieldFacts, catalogue
from pipec.definition.checks.facts import called, facts, is_own, type_of
from pipec.definition.values import Definition, Field, Object, Reference, Value
from pipec.diagnostic import Diagnostic, Report, diagnostic, did_you_mean, nearest
from pipec.source import NOWHERE
from pipec.syntax import Scalar


def check_fields(definition: Definition, report: Report) -> None:
    """Report each field that its type does not have, or that holds nothing or another thing."""
    ids = [one.id for one in definition.objects]
    for one in definition.objects:
        if not one.name and one.id:
            report.add(EmptyField(one.at, "name"))
        if not one.type and one.type_at != NOWHERE:
            report.add(EmptyField(one.type_at, "type"))
        for field in one.fields:
            for value in field.values:
                if not (value.id if isinstance(value, Reference) else value.value):
                    report.add(EmptyField(value.span, field.key.value[:80]))
            if is_own(field.key.value) or (one.type and type_of(one) is None):
                continue
            known = facts(one, field.key.value)
            if known is None or known.by_service:
                _unknown(one, field, known, report)
            else:
                for value in field.values:
                    _check(field, value, known, ids, report)
    for parameter in definition.parameters:
        names = catalogue().parameter
        for field in parameter.fields:
            near = nearest(field.key.value, names)
            if near and field.key.value not in names and not is_own(field.key.value):
                where = f"parameter `{parameter.id[:80]}`"
                report.add(
                    UnknownField(
                        field.key.span, where, field.key.value[:80], f"did you mean `{near}`?"
                    )
                )


def _unknown(one: Object, field: Field, known: FieldFacts | None, report: Report) -> None:
    name = field.key.value
    type_ = type_of(one)
    names = type_.writable if type_ is not None else catalogue().anywhere.values()
    if known is not None or name.startswith("@"):
        hint = "the service sets it itself: leave it out"
    elif name.lower().startswith("my"):
        hint = f"a field of your own starts with `my` and a capital letter: `my{name[2:3].upper()}{name[3:]}`"
    else:
        otherwise = "a field of your own starts with `my` and a capital letter"
        hint = did_you_mean(name, (it.name for it in names if not it.by_service), otherwise)
    where = called(one) if one.type else f"{called(one)}, or what inherits from it,"
    report.add(UnknownField(field.key.span, where, name[:80], hint))


def _check(field: Field, value: Value, known: FieldFacts, ids: list[str], report: Report) -> None:
    name = field.key.value
    if known.slot == "reference" and isinstance(value, Scalar) and value.value:
        target = value.value if value.value in ids else nearest(value.value, ids) or "..."
        report.add(TextForReference(value.span, name, f'`{{"ref": "{target}"}}`'))
    elif known.slot != "reference" and isinstance(value, Reference) and value.id:
        report.add(ReferenceForText(value.span, name))


@diagnostic
class UnknownField(Diagnostic):
    """Each type has its fields, and the service refuses all others.

    Names that start with `my` and a capital letter are free: they are the user's own.
    """

    code = "P528"
    title = "Unknown field"
    message = "{where} has no field `{field}`"
    help = "{near}"
    fails = """
        {"objects": [
          {"id": "Orders", "type": "S3DataNode", "filepath": "s3://shop/orders.csv"}    # P528 "filepath" # P536 "Orders"
        ]}
        """
    fixed = """
        {"objects": [
          {"id": "Orders", "type": "S3DataNode", "filePath": "s3://shop/orders.csv", "myOwner": "shop"}
        ]}
        """

    where: str
    field: str
    near: str


@diagnostic
class EmptyField(Diagnostic):
    """The service refuses a definition with an empty text or reference, and saves nothing of it."""

    code = "P529"
    title = "Empty field"
    message = "`{field}` is empty"
    help = "give it a value, or leave it out"
    fails = """
        {"objects": [
          {"id": "Orders", "type": "S3DataNode", "filePath": "s3://shop/orders.csv", "myOwner": ""}    # P529 ""
        ]}
        """
    fixed = """
        {"objects": [
          {"id": "Orders", "type": "S3DataNode", "filePath": "s3://shop/orders.csv"}
        ]}
        """

    field: str


@diagnostic
class TextForReference(Diagnostic):
    """A field that leads to another object holds a reference. Expressions are not evaluated there."""

    code = "P530"
    title = "Text instead of a reference"
    message = "`{field}` leads to another object, and this is a text"
    help = "write {meant}"
    fails = """
        {"objects": [
          {"id": "Tsv", "type": "TSV"},
          {"id": "Orders", "type": "S3DataNode", "filePath": "s3://shop/orders.tsv",
           "dataFormat": "Tsv"}    # P530 "Tsv"
        ]}
        """
    fixed = """
        {"objects": [
          {"id": "Tsv", "type": "TSV"},
          {"id": "Orders", "type": "S3DataNode", "filePath": "s3://shop/orders.tsv",
           "dataFormat": {"ref": "Tsv"}}
        ]}
        """

    field: str
    meant: str


@diagnostic
class ReferenceForText(Diagnostic):
    """A field that holds a text says it itself. An expression can name fields of other objects."""

    code = "P531"
    title = "Reference instead of a text"
    message = "`{field}` is a text, and this leads to another object"
    help = "write the text; what another object says is reached by `#{{input.filePath}}`"
    fails = """
        {"objects": [
          {"id": "Stock", "type": "S3DataNode", "filePath": "s3://shop/stock.csv"},
          {"id": "Orders", "type": "S3DataNode", "filePath": {"ref": "Stock"}}    # P531 {"ref": "Stock"}
        ]}
        """
    fixed = """
        {"objects": [
          {"id": "Stock", "type": "S3DataNode", "filePath": "s3://shop/stock.csv"},
          {"id": "Orders", "type": "S3DataNode", "filePath": "s3://shop/orders.csv"}
        ]}
        """

    field: str
