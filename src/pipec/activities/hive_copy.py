"""`hive_copy`: rows between DynamoDB and files, by Hive."""

from __future__ import annotations

import re

from pipec.checks.copies import NotOneToOne
from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.facets import Doing, Files
from pipec.fields.key import key
from pipec.fields.references import flow
from pipec.fields.scalars import text
from pipec.fields.steps import commands_after, commands_before, queue_field
from pipec.frozen import node
from pipec.ir import Activity, Pipeline
from pipec.links import Links
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.hive import copy_step
from pipec.targets.airflow.steps import commands, steps_task
from pipec.targets.airflow.work import Work
from pipec.targets.datapipeline import rows as row
from pipec.targets.datapipeline.says import says
from pipec.targets.python.values import Call
from pipec.values import Flow, Text


@node
class HiveCopy(Doing):
    """Copy rows by Hive, those that `filter` lets through: from DynamoDB to files, back, or between tables.

    Columns are those of either side; without any, items of DynamoDB are copied whole.
    """

    hive_copy: Flow = key(flow, "From which datanode to which: `purchases -> archive`.")
    filter: Text | None = key(
        text, "The condition of the rows that are copied: what stands after WHERE.", default=None
    )
    queue: Text | None = queue_field()
    prepare: tuple[Text, ...] = commands_before()
    finish: tuple[Text, ...] = commands_after()

    copies = True
    runs_on = ("cluster",)
    needs = ("cluster",)
    applications = ("Hive",)

    @property
    def own_flow(self) -> Flow:
        """What it reads and writes."""
        return self.hive_copy

    def check(self, activity: Activity, pipeline: Pipeline, links: Links, report: Report) -> None:
        """Report a copy that is not from one to one, or has nothing to do with DynamoDB."""
        flow = self.hive_copy
        if len(flow.inputs) != 1 or len(flow.outputs) != 1:
            report.add(NotOneToOne(flow.span, activity.name, len(flow.inputs), len(flow.outputs)))
            return
        kinds = [it for side in links.sides(activity, pipeline) for it in side]
        if len(kinds) == 2 and all(isinstance(it, Files) for it in kinds) and self.filter is None:
            report.add(PlainCopy(flow.span, activity.name))
        if self.filter is not None and not any(it.columns for it in kinds):
            said = "".join(it for it in self.filter.pieces if isinstance(it, str))
            if not re.search(r"\bitem\b", said):
                report.add(FilterOfNothing(self.filter.span))


says(
    HiveCopy,
    "HiveCopyActivity",
    row.text("filterSql", "filter"),
    row.shell_script("preActivityTaskConfig", "prepare"),
    row.shell_script("postActivityTaskConfig", "finish"),
)


@airflow.activities.of(HiveCopy)
def to_airflow(copy: HiveCopy, work: Work) -> Call:
    """One task that adds a step with the copy to the cluster, and waits for it."""
    step = copy_step(work, copy.filter, copy.queue)
    return steps_task(work, [*commands(work, copy.prepare), step, *commands(work, copy.finish)])


@diagnostic
class PlainCopy(Diagnostic):
    """`hive_copy` is for DynamoDB, and for copies with a `filter`; other files are copied by `copy`."""

    code = "P287"
    title = "Copy of files by Hive"
    message = "`{name}` copies files, and lets all rows through"
    help = "write `copy:`, which does it on a cluster too; or give it a `filter`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily, runs_on: cluster}
        resources: {cluster: emr emr-7.1.0 with 4 x m5.xlarge}
        datanodes:
          orders: s3 s3://shop/orders/ as csv(id bigint)
          archive: s3 s3://shop/archive/ as json(id bigint)
        activities:
          keep:
            hive_copy: orders -> archive    # P287 orders -> archive
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily, runs_on: cluster}
        resources: {cluster: emr emr-7.1.0 with 4 x m5.xlarge}
        datanodes:
          orders: s3 s3://shop/orders/ as csv(id bigint)
          archive: s3 s3://shop/archive/ as json(id bigint)
        activities:
          keep:
            copy: orders -> archive
        """

    name: str


@diagnostic
class FilterOfNothing(Diagnostic):
    """Where nobody names columns, Hive has whole items: one column `item`, a map from attributes to texts."""

    code = "P480"
    title = "Filter without columns"
    message = "nothing says which columns there are: the filter sees only `item`"
    help = "name the `columns` of either side, or write `item['amount']`, which is a text"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily, runs_on: cluster}
        resources: {cluster: emr emr-7.1.0 with 4 x m5.xlarge}
        datanodes:
          purchases: dynamodb purchases
          archive: s3 s3://shop/archive/ as dynamodb_export
        activities:
          keep:
            hive_copy: purchases -> archive
            filter: amount > 10    # P480 amount > 10
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily, runs_on: cluster}
        resources: {cluster: emr emr-7.1.0 with 4 x m5.xlarge}
        datanodes:
          purchases: dynamodb purchases
          archive: s3 s3://shop/archive/ as dynamodb_export
        activities:
          keep:
            hive_copy: purchases -> archive
            filter: item['amount'] > 10
        """
