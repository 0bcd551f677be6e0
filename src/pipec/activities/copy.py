"""`copy`: rows or files from one datanode to another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.fields.key import key
from pipec.fields.references import flow
from pipec.fields.scalars import one_of
from pipec.frozen import node
from pipec.ir import Activity, Pipeline
from pipec.links import Links
from pipec.source import NOWHERE
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.work import STANDARD, Work
from pipec.targets.python.values import Call, Name
from pipec.values import Flow


@node
class Copy:
    """Copy one datanode to another; files as they are, or row by row when their formats differ.

    Into a table, all rows are written in one transaction. `append` adds them; `replace` empties
    the table first; a table with `at` has the rows of the interval replaced, so that a rerun
    changes nothing.
    """

    copy: Flow = key(flow, "From which datanode to which: `orders -> archive`.")
    mode: str = key(
        one_of("append", "replace"),
        "What becomes of the rows that a table holds.",
        default="append",
    )

    @property
    def own_flow(self) -> Flow:
        """What it reads and writes."""
        return self.copy

    def check(self, activity: Activity, pipeline: Pipeline, links: Links, report: Report) -> None:
        """Report a copy that is not from one to one, and rows whose form nobody knows."""
        flow = self.copy
        if len(flow.inputs) != 1 or len(flow.outputs) != 1:
            report.add(NotOneToOne(flow.span, activity.name, len(flow.inputs), len(flow.outputs)))
            return
        refs = flow.inputs[0].ref, flow.outputs[0]
        found = [links.datanode(pipeline, ref) for ref in refs]
        if found[0] and found[1] and found[0].key == found[1].key:
            report.add(OntoItself(flow.span, refs[0].name))
        rows = any(one and type(one.thing.kind).__name__ == "Sql" for one in found)
        for ref, one in zip(refs, found, strict=True):
            if rows and one and getattr(one.thing.kind, "format", "") is None:
                report.add(NoFormat(ref.span, ref.name))


@airflow.activities.of(Copy)
def to_airflow(copy: Copy, work: Work) -> Call:
    """A PythonOperator that copies objects as they are, or streams rows from one to the other."""
    (source,), (target,) = work.inputs, work.outputs
    one, other = source.thing.kind, target.thing.kind
    operator = f"{STANDARD}.operators.python.PythonOperator"
    way = _AS_THEY_ARE.get((type(one).__name__, type(other).__name__))
    if way and _same_bytes(one, other):
        places = {"source": work.place(source), "target": work.place(target)}
        return work.task(operator, python_callable=work.helper(way), op_kwargs=places)
    read, source_arguments = airflow.sources(one, source, target, work)
    write, target_arguments = airflow.targets(other, target, copy.mode, work)
    return work.task(
        operator,
        python_callable=Call(Name("partial", "functools"), (work.helper("copy_rows"), read, write)),
        op_kwargs={"source": source_arguments, "target": target_arguments},
    )


_AS_THEY_ARE = {
    ("S3", "S3"): "copy_s3_to_s3",
    ("S3", "File"): "copy_s3_to_disk",
    ("File", "S3"): "copy_disk_to_s3",
    ("File", "File"): "copy_disk_to_disk",
}


def _same_bytes(one: Any, other: Any) -> bool:
    """True when files need no reading: nothing is said of their formats, or the same."""
    if one.format is None or other.format is None:
        return True
    mine, theirs = replace(one.format, span=NOWHERE), replace(other.format, span=NOWHERE)
    return bool(mine == theirs and one.compression == other.compression)


@diagnostic
class NotOneToOne(Diagnostic):
    """A copy is from one datanode to one other."""

    code = "P280"
    title = "Copy of several"
    message = "`{name}` copies {inputs} datanodes to {outputs}"
    help = "a copy is `from -> to`; make one for each"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes: {orders: s3 s3://shop/orders/, stock: s3 s3://shop/stock/, all: s3 s3://shop/all/}
        activities:
          keep:
            copy: orders, stock -> all    # P280 orders, stock -> all
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes: {orders: s3 s3://shop/orders/, stock: s3 s3://shop/stock/, all: s3 s3://shop/all/}
        activities:
          keep_orders: {copy: orders -> all}
          keep_stock: {copy: stock -> all}
        """

    name: str
    inputs: int
    outputs: int


@diagnostic
class OntoItself(Diagnostic):
    """A copy of something onto itself does nothing, or loses it."""

    code = "P281"
    title = "Copy onto itself"
    message = "`{name}` would be copied onto itself"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes: {orders: "s3 s3://shop/${{ start:%Y }}/"}
        activities:
          keep:
            copy: orders[-1] -> orders    # P281 orders[-1] -> orders # P312 orders
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes: {orders: "s3 s3://shop/${{ start:%Y }}/", archive: s3 s3://shop/archive/}
        activities:
          keep:
            copy: orders -> archive
        """

    name: str


@diagnostic
class NoFormat(Diagnostic):
    """Rows are read from a file, or written to one, in a format: csv, tsv, json."""

    code = "P282"
    title = "Rows without a format"
    message = "nothing says how the rows of `{name}` are written"
    help = "give it a `format`, such as `csv(id bigint, name string)`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes: {orders: s3 s3://shop/orders.csv, table: sql db.orders}
        activities:
          keep:
            copy: orders -> table    # P282 orders
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes: {orders: s3 s3://shop/orders.csv as csv, table: sql db.orders}
        activities:
          keep:
            copy: orders -> table
        """

    name: str
