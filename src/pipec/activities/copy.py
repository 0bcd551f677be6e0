"""`copy`: rows or files from one datanode to another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pipec.checks.instances import OtherInstance, has_instances, reads_others
from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.facets import Doing, Files, Table
from pipec.fields.key import key
from pipec.fields.references import flow
from pipec.fields.scalars import one_of
from pipec.frozen import node
from pipec.grid import PLAIN, relation
from pipec.ir import Activity, Pipeline
from pipec.links import Found, Links, mention, mentions_interval
from pipec.source import NOWHERE
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.work import STANDARD, Work
from pipec.targets.python.values import Call, Value, partial
from pipec.values import Flow, Ref


@node
class Copy(Doing):
    """Copy one datanode to another; files as they are, or row by row when their formats differ.

    Of other instances than its own (a finer schedule, a window) it brings the rows of all together.

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

    copies = True

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
            return
        packing = {_packing(one.thing.kind) for one in found if one}
        tables = any(one and isinstance(one.thing.kind, Table) for one in found)
        several = bool(
            found[0]
            and has_instances(found[0].thing)
            and reads_others(activity, found[0], pipeline, links)
        )
        if several and found[0] and mention(found[0].thing.kind.select):
            report.add(OtherInstance(refs[0].span, refs[0].name))
        rows = tables or len(packing) > 1 or several
        for ref, one in zip(refs, found, strict=True):
            if rows and one and isinstance(one.thing.kind, Files) and one.thing.kind.format is None:
                report.add(NoFormat(ref.span, ref.name))
        if found[0] and found[1]:
            if several or not _same_bytes(found[0].thing.kind, found[1].thing.kind):
                _check_names(refs, found[0].thing.kind, found[1].thing.kind, report)
            source, target = found[0].thing, found[1].thing.kind
            each = mentions_interval(source) or bool(source.kind.at)
            by_interval = bool(target.at)
            if several and by_interval and not _own_rows(activity, pipeline, links):
                report.add(OtherRows(flow.inputs[0].span, refs[1].name, refs[0].name))
            if self.mode == "replace" and each and not by_interval:
                report.add(KeepsOneInstance(flow.span, refs[1].name, refs[0].name))


def _own_rows(activity: Activity, pipeline: Pipeline, links: Links) -> bool:
    """Whether all instances that are copied lie in the activity's own interval."""
    (one,) = activity.flow.inputs
    own = links.schedule(Found("activity", activity, pipeline))
    node = links.datanode(pipeline, one.ref)
    made = links.schedule(node) if node else None
    if own is None or made is None:
        return True
    return one.window == PLAIN and relation(own.grid, made.grid) in ("same", "finer")


def _check_names(refs: tuple[Ref, Ref], source: Any, target: Any, report: Report) -> None:
    """Report a format that says nothing without the names of columns nobody gives."""
    one, other = source.format, target.format
    if source.columns or target.columns:
        return
    if one is not None and one.name == "json":
        report.add(NoColumns(refs[0].span, refs[0].name))
    elif one is not None and not one.header and other is not None and _tells_names(other):
        report.add(NoColumns(refs[1].span, refs[1].name))


def _tells_names(format_: Any) -> bool:
    return bool(format_.header or format_.name == "json")


@airflow.activities.of(Copy)
def to_airflow(copy: Copy, work: Work) -> Call:
    """A PythonOperator that copies objects as they are, or streams rows from one to the other."""
    (source,), (target,) = work.inputs, work.outputs
    one, other = source.thing.kind, target.thing.kind
    operator = f"{STANDARD}.operators.python.PythonOperator"
    if _same_bytes(one, other) and not work.several(source):
        places = {"source": work.place(source), "target": work.place(target)}
        way = work.helper(f"copy_{one.store}_to_{other.store}")
        return work.task(operator, python_callable=way, op_kwargs=places)
    read, source_arguments = airflow.sources(one, source, target, work)
    write, target_arguments = airflow.targets(other, target, copy.mode, work)
    arguments: dict[str, Value] = {"source": source_arguments, "target": target_arguments}
    if other.format and other.columns:
        order = [column.name for column in other.columns]
        if (one.columns and order != [column.name for column in one.columns]) or (
            not one.columns and (isinstance(one, Table) or one.format.header)
        ):
            arguments["columns"] = order
    return work.task(
        operator,
        python_callable=partial(work.helper("copy_rows"), read, write),
        op_kwargs=arguments,
    )


def _same_bytes(one: Any, other: Any) -> bool:
    """True when files need no reading: nothing is said of their formats, or the same."""
    mine, theirs = one.format, other.format
    files = isinstance(one, Files) and isinstance(other, Files)
    if not files or _packing(one) != _packing(other):
        return False
    if mine is None or theirs is None:
        return True
    return bool(_rows(mine) == _rows(theirs))


def _rows(format_: Any) -> Any:
    return replace(format_, span=NOWHERE, compression="none")


def _packing(kind: Any) -> str:
    """How the files of a datanode are packed; the rows of a table are not."""
    named = kind.format
    return "gzip" if "gzip" in (kind.compression, named and named.compression) else ""


@diagnostic
class NotOneToOne(Diagnostic):
    """A copy is from one datanode to one other."""

    code = "P280"
    title = "Copy of several"
    message = "`{name}` names {inputs} on the left of `->` and {outputs} on its right"
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
            copy: orders[-1] -> orders    # P281 orders[-1] -> orders
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


@diagnostic
class NoColumns(Diagnostic):
    """JSON and headers hold the names of columns, so somebody has to say them.

    A table knows its columns, and so does a file with a header or with columns in its format.
    """

    code = "P286"
    title = "Columns without names"
    message = "nothing says what the columns of `{name}` are called"
    help = "name the columns in its format: `json(id bigint, name string)`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes: {orders: s3 s3://shop/orders.json as json, table: sql db.orders}
        activities:
          keep:
            copy: orders -> table    # P286 orders
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes:
          orders: s3 s3://shop/orders.json as json(id bigint, name string)
          table: sql db.orders
        activities:
          keep:
            copy: orders -> table
        """

    name: str


@diagnostic
class KeepsOneInstance(Diagnostic):
    """`mode: replace` empties a table before each copy.

    When each instance brings other rows, only those of the instance that ran last are left. A
    table that says `at: COLUMN` has the rows of its own interval replaced, and keeps the others.
    """

    code = "P292"
    title = "Only the last instance stays"
    severity = "warning"
    message = "each instance of `{source}` replaces all rows of `{target}`"
    help = "give `{target}` an `at`, to replace the rows of one interval only"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes:
          orders: s3 s3://shop/${{ start:%Y-%m-%d }}.csv as csv(id bigint)
          table: sql db.orders
        activities:
          keep:
            copy: orders -> table    # P292 orders -> table
            mode: replace
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes:
          orders: s3 s3://shop/${{ start:%Y-%m-%d }}.csv as csv(id bigint)
          table: {sql: db.orders, at: ordered_at}
        activities:
          keep:
            copy: orders -> table
            mode: replace
        """

    target: str
    source: str


@diagnostic
class OtherRows(Diagnostic):
    """A copy into a table with `at` replaces the rows of its own interval, so that a rerun changes nothing.

    Rows of other intervals would be added once more by each run.
    """

    code = "P327"
    title = "Rows of other intervals"
    message = (
        "`{target}` has the rows of the activity's interval replaced, and these are rows of others"
    )
    help = "copy `{source}` as it is, on its own schedule; or leave out the `at` of `{target}`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, at: ordered_at, schedule: daily}
          kept: {sql: db.kept, at: ordered_at}
        activities:
          keep: {copy: "orders over 7 days -> kept"}    # P327 orders over 7 days
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, at: ordered_at, schedule: daily}
          kept: {sql: db.kept, at: ordered_at}
        activities:
          keep: {copy: orders -> kept}
        """

    target: str
    source: str
