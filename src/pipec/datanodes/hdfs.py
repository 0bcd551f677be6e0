"""`hdfs`: a file or a folder on a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.facets import Files, Format
from pipec.fields.format import format_
from pipec.fields.key import key
from pipec.fields.scalars import one_of, starting_with
from pipec.frozen import node
from pipec.ir import Datanode, Pipeline
from pipec.links import Found, Links
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.hive import files_table
from pipec.targets.airflow.pig import files_relation
from pipec.values import Ref, Text

if TYPE_CHECKING:
    from pipec.source import Span


@node
class Hdfs(Files):
    """A file on the disks of a cluster; a folder ends with `/`. It is lost when the cluster ends.

    What reads and writes it runs on that cluster.
    """

    hdfs: Text = key(
        starting_with("hdfs://", "hdfs:///orders/"), "The place, `hdfs:///path`; a folder ends with `/`."
    )  # fmt: skip
    format: Format | None = key(format_, "How its rows are written.", default=None)
    compression: str = key(one_of("none", "gzip"), "How its files are packed.", default="none")

    store = "hdfs"

    @property
    def place(self) -> Text:
        """Where it is: what `path` means in an expression."""
        return self.hdfs

    def check(self, node: Datanode, pipeline: Pipeline, links: Links, report: Report) -> None:
        """Report whoever reads it or writes it, or looks at it, from elsewhere."""
        for one in node.when:
            report.add(OnTheCluster(one.span, one.name, node.name))
        found = Found("datanode", node, pipeline)
        users = [(it, _place(it, node.name, links)) for it in links.producers.get(found.key, ())]
        users += [(it, one.span) for it, one in links.readers.get(found.key, ())]
        for user, span in users:
            ref: Ref | None = user.thing.runs_on
            resource = user.pipeline.resources.get(ref.name) if ref is not None else None
            if ref is not None and resource is None:
                continue  # That was reported.
            if resource is None or resource.kind.sort != "cluster":
                report.add(OnTheCluster(span, user.thing.name, node.name))


def _place(user: Found, name: str, links: Links) -> Span:
    found: Iterator[Span] = (it.span for it in user.thing.flow.outputs if it.name == name)
    own: Span = user.thing.span
    return next(found, own)


airflow.tables.of(Hdfs)(files_table)
airflow.relations.of(Hdfs)(files_relation)


@diagnostic
class OnTheCluster(Diagnostic):
    """HDFS is on the disks of a cluster, and is there as long as this is."""

    code = "P279"
    title = "Not on the cluster"
    message = "`{user}` does not run on a cluster, and `{name}` is on the disks of one"
    help = "name the cluster under `runs_on`, or keep the files in S3"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes:
          orders: s3 s3://shop/orders/
          near: hdfs hdfs:///orders/
        activities:
          bring: {copy: orders -> near}    # P279 near
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources: {cluster: emr emr-7.1.0 with 4 x m5.xlarge}
        datanodes:
          orders: s3 s3://shop/orders/
          near: hdfs hdfs:///orders/
        activities:
          bring: {copy: orders -> near, runs_on: cluster}
        """

    user: str
    name: str
