"""A script of Hive or Pig is there once, and knows the columns of what it reads and writes."""

from __future__ import annotations

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.facets import Files
from pipec.ir import Activity, Pipeline
from pipec.links import Links
from pipec.values import Script, Text


def check_script(
    activity: Activity,
    own: Text | None,
    script: Script | None,
    pipeline: Pipeline,
    links: Links,
    report: Report,
    *,
    stage: bool,
) -> None:
    """Report a script that is missing or there twice, and files whose columns nobody says."""
    if (own is None) == (script is None):
        found = "no text and no script" if own is None else "a text and a script as well"
        report.add(NoScript(activity.span, activity.name, found))
    if stage:
        check_tables(activity, pipeline, links, report)


def check_tables(activity: Activity, pipeline: Pipeline, links: Links, report: Report) -> None:
    """Report files that cannot be tables, since nobody says which columns they have."""
    for ref in (*(one.ref for one in activity.flow.inputs), *activity.flow.outputs):
        found = links.datanode(pipeline, ref)
        if found is None or not isinstance(found.thing.kind, Files):
            continue
        if not found.thing.kind.columns and found.thing.name not in found.pipeline.damaged:
            report.add(NoTableColumns(ref.span, found.thing.name))


@diagnostic
class NoScript(Diagnostic):
    """The script of a `hive` or a `pig` activity is its own text, or stands in a file."""

    code = "P276"
    title = "No script, or two"
    message = "`{name}` has {found}"
    help = "write the script after `hive:` or `pig:`, or name its file under `script:`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily, runs_on: cluster}
        resources: {cluster: emr emr-7.1.0 with 4 x m5.xlarge}
        activities:
          count:    # P276 count
            hive:
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily, runs_on: cluster}
        resources: {cluster: emr emr-7.1.0 with 4 x m5.xlarge}
        activities:
          count:
            hive:
            script: s3://shop/scripts/count.q
        """

    name: str
    found: str


@diagnostic
class NoTableColumns(Diagnostic):
    """A table of Hive, and a relation of Pig, has the columns of the format of its files.

    With `stage: false` nothing is made a table.
    """

    code = "P278"
    title = "Table without columns"
    message = "nothing says which columns `{name}` has as a table"
    help = "name them in its format, such as `csv(id bigint, name string)`; or say `stage: false`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily, runs_on: cluster}
        resources: {cluster: emr emr-7.1.0 with 4 x m5.xlarge}
        datanodes: {orders: s3 s3://shop/orders/ as csv}
        activities:
          count:
            hive: SELECT count(*) FROM ${input1}
            flow: orders    # P278 orders
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily, runs_on: cluster}
        resources: {cluster: emr emr-7.1.0 with 4 x m5.xlarge}
        datanodes: {orders: s3 s3://shop/orders/ as csv(id bigint)}
        activities:
          count:
            hive: SELECT count(*) FROM ${input1}
            flow: orders
        """

    name: str
