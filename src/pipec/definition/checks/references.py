"""A reference leads to an object that is there, and of a type that may stand there."""

from __future__ import annotations

from pipec.definition.catalogue import FieldFacts
from pipec.definition.checks.facts import called, facts, is_own, type_of
from pipec.definition.inherit import resolved
from pipec.definition.values import Definition, Object, Reference
from pipec.diagnostic import Diagnostic, Report, diagnostic, did_you_mean, listed


def check_references(definition: Definition, report: Report) -> None:
    """Report each reference that leads nowhere, or to what cannot stand there."""
    known = {one.id: one for one in reversed(definition.objects)}
    names = {one.name: one.id for one in definition.objects}
    for one in definition.objects:
        for field in one.fields:
            for reference in field.references:
                if reference.id and reference.id not in known:
                    if reference.id in names:
                        near = f"that is a name; the id is `{names[reference.id][:80]}`"
                    else:
                        near = did_you_mean(reference.id, (it for it in known if it != one.id))
                    report.add(DanglingReference(reference.span, reference.id[:80], near))
    for it in resolved(definition):
        if type_of(it.object) is None:
            continue
        for name, field in it.fields.items():
            fact = None if is_own(name) else facts(it.object, name)
            for reference in field.references if fact is not None and fact.to else ():
                target = known.get(reference.id)
                if target is not None and fact is not None:
                    _check(it.object, reference, target, fact, report)


def _check(
    one: Object, reference: Reference, target: Object, fact: FieldFacts, report: Report
) -> None:
    if target.type not in fact.to and type_of(target) is not None:
        report.add(
            OtherSort(reference.span, fact.name, called(one), called(target), listed(fact.to, 5))
        )


@diagnostic
class DanglingReference(Diagnostic):
    """A reference names an object of the same definition, by its id."""

    code = "P526"
    title = "Reference to nothing"
    message = "no object has the id `{id}`"
    help = "{near}"
    fails = """
        {"objects": [
          {"id": "Tsv", "type": "TSV"},
          {"id": "Orders", "type": "S3DataNode", "filePath": "s3://shop/orders.tsv",
           "dataFormat": {"ref": "Tvs"}}    # P526 {"ref": "Tvs"}
        ]}
        """
    fixed = """
        {"objects": [
          {"id": "Tsv", "type": "TSV"},
          {"id": "Orders", "type": "S3DataNode", "filePath": "s3://shop/orders.tsv",
           "dataFormat": {"ref": "Tsv"}}
        ]}
        """

    id: str
    near: str


@diagnostic
class OtherSort(Diagnostic):
    """A field leads to objects of certain types: an input to data, a schedule to a `Schedule`."""

    code = "P535"
    title = "Reference to another sort"
    message = "`{field}` of {object} leads to {target}"
    help = "it takes {wanted}"
    fails = """
        {"objects": [
          {"id": "Stock", "type": "S3DataNode", "filePath": "s3://shop/stock.csv"},
          {"id": "Orders", "type": "S3DataNode", "filePath": "s3://shop/orders.csv",
           "dataFormat": {"ref": "Stock"}}    # P535 {"ref": "Stock"}
        ]}
        """
    fixed = """
        {"objects": [
          {"id": "Csv", "type": "CSV"},
          {"id": "Orders", "type": "S3DataNode", "filePath": "s3://shop/orders.csv",
           "dataFormat": {"ref": "Csv"}}
        ]}
        """

    field: str
    object: str
    target: str
    wanted: str
