"""`copy`: rows or files from one datanode to another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipec.checks.copies import check_rows_left, ends, several
from pipec.checks.instances import OtherInstance
from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.facets import Data, Doing, Files, Items, Table
from pipec.fields.key import key
from pipec.fields.place import in_s3
from pipec.fields.references import flow
from pipec.fields.scalars import one_of
from pipec.frozen import node
from pipec.ir import Activity, Pipeline
from pipec.links import Found, Links
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.redshift import Wishes
from pipec.targets.airflow.ways import (
    between_format,
    packing,
    rows,
    rows_through,
    same_bytes,
    steps,
    way,
    whole_items,
)
from pipec.targets.airflow.work import STANDARD, Work
from pipec.targets.datapipeline import rows as row
from pipec.targets.datapipeline.says import says
from pipec.targets.python.values import Call
from pipec.values import Flow, Text

if TYPE_CHECKING:
    from pipec.targets.datapipeline.writing import Writing


@node
class Copy(Doing):
    """Copy one datanode to another; files as they are, or row by row when their formats differ.

    On a cluster, files of S3 and HDFS are copied by s3-dist-cp, and rows, also those of DynamoDB,
    by Hive.

    Of other instances than its own (a finer schedule, a window) it brings the rows of all together.

    Into a table, all rows are written in one transaction. `append` adds them; `replace` empties
    the table first; a table with `at` has the rows of the interval replaced, so that a rerun
    changes nothing. An item of DynamoDB takes the place of the one with the same key.

    Redshift reads from S3 and DynamoDB itself, and writes to S3; with the role that is its default.
    With `through`, rows go to it, and from it, by way of S3, and files between a cluster and what
    it does not reach. Below that place, each instance has a folder of its own, which is gone when
    the copy ends, however it ends.
    """

    copy: Flow = key(flow, "From which datanode to which: `orders -> archive`.")
    mode: str = key(
        one_of("append", "replace"),
        "What becomes of the rows that a table holds.",
        default="append",
    )
    through: Text | None = key(
        in_s3("s3://shop/passing/"),
        "A folder in S3 through which rows go, where that is faster or the only way.",
        default=None,
    )

    copies = True

    def can_run_on(self, read: Sequence[Any], written: Sequence[Any]) -> tuple[str, ...]:
        """A cluster, for what is in S3, on the cluster, or in DynamoDB; with `through` for all else."""
        every = (*read, *written)
        there = all(it in airflow.tables for it in every)
        passes = self.through is not None and any(it.side == "hdfs" for it in every)
        return ("cluster",) if there or passes else ()

    @property
    def own_flow(self) -> Flow:
        """What it reads and writes."""
        return self.copy

    def check(self, activity: Activity, pipeline: Pipeline, links: Links, report: Report) -> None:
        """Report a copy that is not from one to one, ways that there are not, and rows of no known form."""
        found = ends(activity, self.copy, pipeline, links, report)
        if found is None:
            return
        source, target = found[0].thing.kind, found[1].thing.kind
        more = several(activity, found[0], pipeline, links)
        self._check_way(found, more, report)
        if self.through is not None and way(source, target).passing != "never":
            given = between_format(source, target)
            if given is not None and given.takes_names and not given.columns:
                report.add(NoColumns(self.copy.inputs[0].ref.span, found[0].thing.name))
        if more or not same_bytes(source, target):
            self._check_rows(found, more, report)
        if self.mode == "replace" and isinstance(target, Items):
            report.add(KeysReplace(self.copy.outputs[0].span, found[1].thing.name))
        check_rows_left(activity, self.copy, found, self.mode == "replace", pipeline, links, report)

    def _check_way(self, found: tuple[Found, Found], more: bool, report: Report) -> None:
        """Report a pair that has to go through S3 and does not, or the other way round."""
        source, target = (one.thing for one in found)
        passing = way(source.kind, target.kind).passing
        if passing == "must" and source.kind.side == "hdfs" and more:
            report.add(OtherInstance(self.copy.inputs[0].ref.span, source.name))
        if passing == "must" and self.through is None:
            where = next(it.name for it in (source, target) if it.kind.side != "hdfs")
            report.add(NoPassage(self.copy.span, where))
        if passing == "never" and self.through is not None:
            report.add(NeedlessPassage(self.through.span, source.name, target.name))

    def _check_rows(self, found: tuple[Found, Found], more: bool, report: Report) -> None:
        """Report a format that nobody says, that needs names nobody gives, or cannot be written."""
        refs = self.copy.inputs[0].ref, self.copy.outputs[0]
        source, target = (one.thing.kind for one in found)
        packings = {packing(source), packing(target)} - {None}
        before = report.errors
        if (
            more
            or len(packings) > 1
            or not (isinstance(source, Files) and isinstance(target, Files))
        ):
            for ref, kind in zip(refs, (source, target), strict=True):
                if isinstance(kind, Files) and kind.format is None:
                    report.add(NoFormat(ref.span, ref.name))
        if target.format is not None:
            target.format.check_written(refs[1], source.columns, report)
        named = source.columns or target.columns or whole_items(source, target)
        if report.errors > before or named:
            return
        if needs_names(source):
            report.add(NoColumns(refs[0].span, refs[0].name))
        elif needs_names(target) and not _tells_names(source):
            report.add(NoColumns(refs[1].span, refs[1].name))


def needs_names(kind: Data) -> bool:
    """Whether somebody has to say what its columns are called."""
    if isinstance(kind, Items):
        return True
    return kind.format is not None and kind.format.takes_names and not kind.format.tells_names


def _tells_names(kind: Data) -> bool:
    """Whether it knows itself what its columns are called."""
    return isinstance(kind, Table) or (kind.format is not None and kind.format.tells_names)


_UNLOADS = "Redshift unloads what the datanode says, in its format"


def _is_redshift(out: Writing) -> bool:
    read, written = out.book.links.sides(out.thing, out.book.pipeline)
    return "redshift" in {one.side for one in (*read, *written)}


says(Copy, "CopyActivity", writes=lambda out: not _is_redshift(out))
says(
    Copy,
    "RedshiftCopyActivity",
    row.said("insertMode", "mode", {"APPEND": "append", "TRUNCATE": "replace"}, _UNLOADS),
    row.left_out("commandOptions", "transformSql", why=_UNLOADS),
    writes=_is_redshift,
    reads=lambda it: it.type_of("output") == "S3DataNode",
)


@airflow.activities.of(Copy)
def to_airflow(copy: Copy, work: Work) -> Call:
    """A PythonOperator that copies objects as they are, or streams rows from one to the other.

    Redshift loads from S3 and DynamoDB with COPY, and writes to S3 with UNLOAD. On a cluster, steps
    that do so.
    """
    (source,), (target,) = work.inputs, work.outputs
    replaces = copy.mode == "replace" or bool(target.thing.kind.at)
    wishes = Wishes("truncate" if replaces else "append")
    on_cluster = way(source.thing.kind, target.thing.kind).write is None
    if on_cluster or work.machine is not None:
        return steps(copy.through, source, target, wishes, work)
    if copy.through is not None and not work.local:
        function, arguments = rows_through(copy.through, source, target, wishes, work)
    else:
        function, arguments = rows(source, target, wishes, work)
    operator = f"{STANDARD}.operators.python.PythonOperator"
    return work.task(operator, python_callable=function, op_kwargs=arguments)


@diagnostic
class NoFormat(Diagnostic):
    """Rows are read from a file, or written to one, in a format: csv, json, parquet and so on."""

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
class KeysReplace(Diagnostic):
    """Tables of DynamoDB are written by their keys: an item takes the place of the one with its key.

    Nothing empties such a table before.
    """

    code = "P476"
    title = "Items are not replaced as a whole"
    message = "`mode: replace` would empty `{name}`, and a table of DynamoDB is written by its keys"
    help = "leave `mode` out: each item takes the place of the one with the same key"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes:
          orders: s3 s3://shop/orders.csv as csv(id bigint)
          table: {dynamodb: orders}
        activities:
          keep:
            copy: orders -> table    # P476 table
            mode: replace
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes:
          orders: s3 s3://shop/orders.csv as csv(id bigint)
          table: {dynamodb: orders}
        activities:
          keep:
            copy: orders -> table
        """

    name: str


@diagnostic
class NeedlessPassage(Diagnostic):
    """`through` is for rows to and from Redshift that are not in S3, and for a cluster.

    Everything else is copied from one to the other, with nothing in between.
    """

    code = "P474"
    title = "Nothing goes through there"
    message = "nothing between `{source}` and `{target}` goes through S3"
    help = "leave `through` out"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {warehouse: redshift}
        datanodes:
          orders: s3 s3://shop/orders/ as csv(id bigint)
          table: redshift warehouse.public.orders
        activities:
          load:
            copy: orders -> table
            through: s3://shop/passing/    # P474 s3://shop/passing/
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {warehouse: redshift}
        datanodes:
          orders: s3 s3://shop/orders/ as csv(id bigint)
          table: redshift warehouse.public.orders
        activities:
          load:
            copy: orders -> table
        """

    source: str
    target: str


@diagnostic
class NoPassage(Diagnostic):
    """A cluster reaches S3 and DynamoDB, and no databases, nor the disks of workers; nor do these reach it."""

    code = "P479"
    title = "No way from a cluster"
    message = "`{name}` and the disks of a cluster do not reach each other"
    help = "name a folder in S3 between them: `through: s3://bucket/passing/`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily, runs_on: cluster}
        resources: {cluster: emr emr-7.1.0 with 4 x m5.xlarge}
        connections: {db: postgres}
        datanodes:
          near: hdfs hdfs:///orders/ as csv(id bigint)
          table: sql db.orders
        activities:
          keep:
            copy: near -> table    # P479 near -> table
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily, runs_on: cluster}
        resources: {cluster: emr emr-7.1.0 with 4 x m5.xlarge}
        connections: {db: postgres}
        datanodes:
          near: hdfs hdfs:///orders/ as csv(id bigint)
          table: sql db.orders
        activities:
          keep:
            copy: near -> table
            through: s3://shop/passing/
        """

    name: str
