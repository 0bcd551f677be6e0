"""Columns fit: what is copied goes into columns that can hold it, what SQL names is there."""

from __future__ import annotations

from pipec.diagnostic import Diagnostic, Report, counted, diagnostic, did_you_mean, listed
from pipec.fields.columns import TYPES
from pipec.ir import Pipeline
from pipec.links import Found, Links
from pipec.values import Column


def check_columns(pipeline: Pipeline, links: Links, report: Report) -> None:
    """Report each copy between declared columns that do not match, and SQL that names others."""
    for activity in pipeline.activities.values():
        inputs = [links.datanode(pipeline, one.ref) for one in activity.flow.inputs]
        outputs = [links.datanode(pipeline, ref) for ref in activity.flow.outputs]
        text = activity.kind.statements
        if activity.kind.copies and len(inputs) == len(outputs) == 1 and inputs[0] and outputs[0]:
            _check_copy(activity.flow.outputs[0].span, inputs[0], outputs[0], report)
        elif text is not None and any(one and _columns(one) for one in (*inputs, *outputs)):
            from pipec.checks.statements import check_statements

            read, written = ([it for it in side if it] for side in (inputs, outputs))
            check_statements(activity, text, read, written, report)


def _columns(node: Found) -> tuple[Column, ...]:
    columns: tuple[Column, ...] = node.thing.kind.columns
    return columns


def _check_copy(span: object, source: Found, target: Found, report: Report) -> None:
    from pipec.source import Span

    assert isinstance(span, Span)
    given, wanted = _columns(source), _columns(target)
    if not given or not wanted:
        return
    if {one.name for one in given} == {one.name for one in wanted}:
        by_name = {one.name: one for one in given}
        pairs = [(by_name[one.name], one) for one in wanted]
    elif len(given) == len(wanted):
        pairs = list(zip(given, wanted, strict=True))
        strange = [one.name for one in wanted if one.name not in {it.name for it in given}]
        near = did_you_mean(strange[0], [one.name for one in given], f"it has {_names(given)}")
        report.add(ColumnMissing(span, source.thing.name, target.thing.name, strange[0], near))
        return
    else:
        report.add(
            ColumnCount(
                span,
                source.thing.name,
                counted(len(given), "column"),
                _names(given),
                target.thing.name,
                len(wanted),
                _names(wanted),
            )
        )
        return
    for one, other in pairs:
        if not assignable(one, other):
            report.add(ColumnType(span, source.thing.name, str(one), target.thing.name, str(other)))


def _names(columns: tuple[Column, ...]) -> str:
    return listed(one.name for one in columns)


def assignable(given: Column, wanted: Column) -> bool:
    """Whether every value of the one column has a place in the other."""
    one, other = TYPES[given.type], TYPES[wanted.type]
    return (
        one == other
        or other == "text"
        or (one, other) in {("whole", "real"), ("date", "instant"), ("truth", "whole")}
    )


@diagnostic
class ColumnCount(Diagnostic):
    """A copy takes each column of its source to the column of the same name of its target."""

    code = "P270"
    title = "Different number of columns"
    message = "`{source}` has {given} ({givens}), `{target}` has {wanted} ({wanteds})"
    help = "declare the same columns on both sides, or write a query that takes the right ones"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes:
          orders: s3 s3://shop/orders.csv as csv(id bigint, name string)
          archive: {sql: db.archive, columns: id bigint}
        activities:
          keep:
            copy: orders -> archive    # P270 archive
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes:
          orders: s3 s3://shop/orders.csv as csv(id bigint, name string)
          archive: {sql: db.archive, columns: [id bigint, name string]}
        activities:
          keep:
            copy: orders -> archive
        """

    source: str
    given: str
    givens: str
    target: str
    wanted: int
    wanteds: str


@diagnostic
class ColumnMissing(Diagnostic):
    """A copy takes each column of its source to the column of the same name of its target."""

    code = "P271"
    title = "Column without a source"
    message = "`{source}` has no column `{column}`, which `{target}` needs"
    help = "{near}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes:
          orders: s3 s3://shop/orders.csv as csv(id bigint, name string)
          archive: {sql: db.archive, columns: [id bigint, title string]}
        activities:
          keep:
            copy: orders -> archive    # P271 archive
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes:
          orders: s3 s3://shop/orders.csv as csv(id bigint, title string)
          archive: {sql: db.archive, columns: [id bigint, title string]}
        activities:
          keep:
            copy: orders -> archive
        """

    source: str
    target: str
    column: str
    near: str


@diagnostic
class ColumnType(Diagnostic):
    """A column can only be copied to one that can hold each of its values."""

    code = "P272"
    title = "Types of columns do not match"
    message = "`{source}` gives `{given}`, and `{target}` takes `{wanted}`"
    help = "declare in the source what its values really are, or change the type in the target"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes:
          orders: s3 s3://shop/orders.csv as csv(id string, at timestamp)
          archive: {sql: db.archive, columns: [id bigint, at timestamp]}
        activities:
          keep:
            copy: orders -> archive    # P272 archive
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes:
          orders: s3 s3://shop/orders.csv as csv(id bigint, at timestamp)
          archive: {sql: db.archive, columns: [id bigint, at timestamp]}
        activities:
          keep:
            copy: orders -> archive
        """

    source: str
    given: str
    target: str
    wanted: str
