"""Every id stands for one object, or for one parameter."""

from __future__ import annotations

from pipec.definition.values import Definition, Object, Parameter
from pipec.diagnostic import Diagnostic, Report, diagnostic


def check_ids(definition: Definition, report: Report) -> None:
    """Report each id that was given before."""
    _check(definition.objects, "object", report)
    _check(definition.parameters, "parameter", report)


def _check(given: tuple[Object, ...] | tuple[Parameter, ...], what: str, report: Report) -> None:
    lines: dict[str, int] = {}
    for one in given:
        id_ = one.id.removeprefix("*") if what == "parameter" else one.id
        if id_ and id_ in lines:
            report.add(DuplicateId(one.at, id_[:80], what, lines[id_]))
        lines.setdefault(id_, one.at.line)


@diagnostic
class DuplicateId(Diagnostic):
    """Objects are known by their ids alone, so each has one of its own. So have parameters."""

    code = "P525"
    title = "Duplicate id"
    message = "another {what} has the id `{id}`, in line {line}"
    help = "give one of them another id, also where it is referred to"
    fails = """
        {"objects": [
          {"id": "Orders", "type": "S3DataNode", "filePath": "s3://shop/orders.csv"},
          {"id": "Orders", "type": "S3DataNode", "filePath": "s3://shop/stock.csv"}    # P525 "Orders"
        ]}
        """
    fixed = """
        {"objects": [
          {"id": "Orders", "type": "S3DataNode", "filePath": "s3://shop/orders.csv"},
          {"id": "Stock", "type": "S3DataNode", "filePath": "s3://shop/stock.csv"}
        ]}
        """

    id: str
    what: str
    line: int
