"""A checked pipeline becomes the definition that says the same."""

from __future__ import annotations

from collections.abc import Sequence

from pipec.definition.check import check_definition
from pipec.definition.checks.references import DanglingReference
from pipec.definition.ids import id_of
from pipec.definition.values import Definition, Parameter
from pipec.diagnostic import Report
from pipec.grid import OnDemand
from pipec.ir import Param, Pipeline
from pipec.links import Links
from pipec.plan import Graph
from pipec.targets.datapipeline.book import Book
from pipec.targets.datapipeline.hoist import hoisted
from pipec.targets.datapipeline.rows.machines import ROLES
from pipec.targets.datapipeline.sides import Given
from pipec.targets.datapipeline.unsaid import NowhereToRun
from pipec.targets.datapipeline.writing import field_of

_ROLES = dict(zip(("role", "resourceRole"), ROLES, strict=True))


def definition_of(graphs: Sequence[Graph], links: Links, report: Report) -> Definition | None:
    """The definition; `report` says what the service cannot, or would refuse. None without a schedule."""
    if not graphs:
        return None
    pipeline: Pipeline = graphs[0].pipeline
    before = report.errors
    book = Book(pipeline, links, report)
    for name, activity in pipeline.activities.items():
        book.id_of(name, None)
        if activity.runs_on is None:
            report.add(NowhereToRun(activity.span, name))
    always = dict(_ROLES)
    if any(isinstance(one.grid, OnDemand) for one in pipeline.schedules.values()):
        always["scheduleType"] = "ondemand"
    wrong = {it.span for it in report.found}
    common = [field_of(name, given, pipeline.span) for name, given in always.items()]
    objects = hoisted(book.in_order(), common)
    parameters = [_parameter(one) for one in pipeline.params.values() if one.secret or one.at_run]
    made = Definition(pipeline.source, pipeline.name, objects, tuple(parameters), {})
    found = Report()
    check_definition(made, found)
    # What the service has no word for is no object there: nobody should hear of it twice.
    report.found += [
        it for it in found.found if it.span not in wrong and not isinstance(it, DanglingReference)
    ]
    return made if report.errors == before else None


def _parameter(param: Param) -> Parameter:
    """What has no value yet when a pipeline is compiled; all others are in the texts already."""
    item = param.type.removeprefix("list(").removesuffix(")")
    given: dict[str, Given] = {
        "type": _TYPES.get(item, "String"),
        "description": param.description,
        "isArray": "true" if item != param.type else None,
        "optional": "true" if param.optional else None,
    }
    fields = tuple(field_of(name, one, param.span) for name, one in given.items() if one)
    id_ = id_of(param.name, secret=param.secret is not None)
    return Parameter(param.span, id_, fields, param.span)


_TYPES = {"int": "Integer", "double": "Double", "s3": "AWS::S3::ObjectKey"}
