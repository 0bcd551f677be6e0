"""A script of Hive or Pig is there once, and knows the columns of what it reads and writes."""

from __future__ import annotations

import re

from pipec.diagnostic import Diagnostic, Report, counted, diagnostic
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
        check_names(activity, script.content if script is not None else own, report)


def check_names(activity: Activity, text: Text | None, report: Report) -> None:
    """Report tables that a script names and that are not there, and variables with their names."""
    flow = activity.flow
    there = {"input": len(flow.inputs), "output": len(flow.outputs)}
    for name, value in activity.vars.items():
        found = _TABLE.fullmatch(name)
        if found and 0 < int(found[2]) <= there[found[1]]:
            report.add(WhichTable(value.span, name, "is a table here, and a variable as well"))
    if text is None:
        return
    for found in _USED.finditer("".join(it for it in text.pieces if isinstance(it, str))):
        name, side, number = found[1], found[2], int(found[3])
        if name not in activity.vars and not 0 < number <= there[side]:
            at = text.span.text.find(found[0])
            span = text.span.part(at, at + len(found[0])) if at >= 0 else text.span
            verb = "reads" if side == "input" else "writes"
            why = f"is no table here: `{activity.name}` {verb} {counted(there[side], 'datanode')}"
            report.add(WhichTable(span, found[0], why))
            return


_TABLE = re.compile(r"(input|output)([0-9]{1,4})")
_USED = re.compile(r"\$\{((input|output)([0-9]{1,4}))\}")


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


@diagnostic
class WhichTable(Diagnostic):
    """`${input1}`, `${output1}` ... are tables: what the flow names, in its order.

    With `stage: false` there are none, and these names are free for variables.
    """

    code = "P288"
    title = "No such table"
    message = "`{found}` {why}"
    help = "count the names in `flow` on either side of `->`, from 1"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily, runs_on: cluster}
        resources: {cluster: emr emr-7.1.0 with 4 x m5.xlarge}
        datanodes: {orders: s3 s3://shop/orders/ as csv(id bigint)}
        activities:
          count:
            hive: SELECT count(*) FROM ${input2}    # P288 ${input2}
            flow: orders
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

    found: str
    why: str
