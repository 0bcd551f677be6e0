"""`redshift_copy`: rows into a table of Redshift."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pipec.activities.copy import NoColumns, NoFormat, needs_names
from pipec.checks.copies import check_rows_left, ends
from pipec.checks.one_statement import check_statement
from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.facets import Data, Doing, Files
from pipec.fields.collections import list_of
from pipec.fields.key import key
from pipec.fields.place import is_folder
from pipec.fields.scalars import boolean, one_of, text
from pipec.formats._redshift import format_said
from pipec.frozen import node
from pipec.ir import Activity, Pipeline
from pipec.links import Found, Links
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.database import database_of
from pipec.targets.airflow.redshift import (
    Wishes,
    copied,
    loaded,
    loading,
    names_format,
    option_words,
    queried,
)
from pipec.targets.airflow.rows import Rows
from pipec.targets.airflow.work import STANDARD, Work
from pipec.targets.datapipeline import rows as row
from pipec.targets.datapipeline.says import says
from pipec.targets.python.values import Call, Value, partial
from pipec.values import Text

MODES = ("keep_existing", "overwrite_existing", "truncate", "append")


@node
class RedshiftCopy(Doing):
    """Load rows of S3, of DynamoDB, or of the same database into a table of Redshift, in one transaction.

    `append` adds them. `truncate` deletes what is there first; of a table with `at`, the rows of the
    interval. `keep_existing` and `overwrite_existing` go by the `keys` of the table, else by its
    primary key: of two rows with the same key, the one that is there stays, or makes room. Of several
    new ones with the same key, one is taken.

    COPY reads by the position of columns, JSON and DynamoDB by their names. Its options follow from the
    format of the datanode; what `options` say goes before. The role is that of the cluster if none
    is named; there are no other credentials. `pipec run` has no Redshift: there the rows are read as
    the format of the datanode says, or `options` if it has none, and PostgreSQL executes the same
    statements around.
    """

    redshift_copy: str = key(one_of(*MODES), "What becomes of the rows that are there.")
    options: tuple[Text, ...] = key(
        list_of(text), "Options of COPY, as SQL: `MAXERROR 10`.", default=()
    )
    transform: Text | None = key(
        text,
        "A query of the table `staging` with the new rows; its results are loaded.",
        default=None,
    )
    manifest: bool = key(
        boolean, "Whether what is read is a manifest, which names the files.", default=False
    )
    role: Text | None = key(
        text, "The ARN of the role that Redshift takes; else its default one.", default=None
    )
    queue: Text | None = key(text, "The query group whose queue it waits in.", default=None)

    copies = True

    def check(self, activity: Activity, pipeline: Pipeline, links: Links, report: Report) -> None:
        """Report rows that COPY does not reach or read, and options that are none."""
        for option in self.options:
            _check_option(option, report)
        found = ends(activity, activity.flow, pipeline, links, report)
        if found is None:
            return
        source, target = found[0].thing.kind, found[1].thing.kind
        refs = activity.flow.inputs[0].ref, activity.flow.outputs[0]
        if target.side != "redshift":
            report.add(
                NotByCopy(refs[1].span, activity.name, f"`{refs[1].name}` is no table of Redshift")
            )
            return
        if not (source.side in ("s3", "items") or _inside(source, target)):
            report.add(
                NotByCopy(refs[0].span, activity.name, f"COPY does not reach `{refs[0].name}`")
            )
            return
        there = pipeline.connections.get(target.connection.name)
        check_statement(self.transform, "transform", there, report)
        if self.manifest and source.side != "s3":
            report.add(
                NotByCopy(refs[0].span, activity.name, f"`{refs[0].name}` is no manifest in S3")
            )
        elif self.manifest and is_folder(source.place):
            why = f"`{refs[0].name}` is a folder, and a manifest is one file"
            report.add(NotByCopy(refs[0].span, activity.name, why))
        own = names_format(self.options)
        if isinstance(source, Files) and source.format is None and not own:
            report.add(NoFormat(refs[0].span, refs[0].name))
        reason = {} if source.side == "redshift" else loading(source)
        if isinstance(reason, str) and not own:
            report.add(NotRead(refs[0].span, refs[0].name, reason))
        truncates = self.redshift_copy == "truncate"
        check_rows_left(activity, activity.flow, found, truncates, pipeline, links, report)


def _inside(source: Data, target: Any) -> bool:
    return source.side == "redshift" and source.connection.name == target.connection.name  # type: ignore[attr-defined]


def _check_option(option: Text, report: Report) -> None:
    words = option_words(option)
    plain = "".join(one for one in option.pieces if isinstance(one, str)).lower()
    if words & SECRETS or "aws_access_key" in plain or "aws_secret" in plain:
        report.add(SecretInOptions(option.span))
        return
    for word in sorted(words & FIELDS.keys()):
        report.add(OptionIsField(option.span, word, FIELDS[word]))


SECRETS = {"CREDENTIALS", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "MASTER_SYMMETRIC_KEY"}  # fmt: skip
FIELDS = {"IAM_ROLE": "role", "MANIFEST": "manifest"}


says(
    RedshiftCopy,
    "RedshiftCopyActivity",
    row.word("insertMode", "redshift_copy", {one.upper(): one for one in MODES}),
    row.texts("commandOptions", "options"),
    row.text("transformSql", "transform"),
    row.text("queue", "queue"),
    reads=lambda it: it.type_of("output") != "S3DataNode",
)


@airflow.activities.of(RedshiftCopy)
def to_airflow(copy: RedshiftCopy, work: Work) -> Call:
    """A PythonOperator that loads rows with COPY, and merges them with those that are there, in one transaction."""
    (source,), (target,) = work.inputs, work.outputs
    wishes = Wishes(
        copy.redshift_copy, copy.role, copy.queue, copy.transform, copy.options, copy.manifest
    )
    if source.thing.kind.side == "redshift":
        load = queried(source, target, wishes, work)
    elif work.local:
        load = _read(copy, source, target, work)
    else:
        load = copied(source, target, wishes, work)
    function, arguments = loaded(load, source, target, wishes, work)
    operator = f"{STANDARD}.operators.python.PythonOperator"
    return work.task(operator, python_callable=function, op_kwargs=arguments)


def _read(copy: RedshiftCopy, source: Found, target: Found, work: Work) -> Rows:
    """The function that loads rows which are read here, where there is no Redshift, and its arguments."""
    kind: Any = source.thing.kind
    span = work.thing.flow.inputs[0].ref.span
    if isinstance(kind, Files) and kind.format is None:
        options = " ".join(work.resolved(one).constant or "" for one in copy.options)
        kind = replace(source.thing.kind, format=format_said(options))
    if isinstance(kind, Files) and (kind.format is None or copy.manifest):
        work.report.add(NoFormat(span, source.thing.name))
        return work.helper("insert_read"), {}
    if not (kind.columns or target.thing.kind.columns) and needs_names(kind):
        work.report.add(NoColumns(span, source.thing.name))
        return work.helper("insert_read"), {}
    read, arguments = airflow.sources(kind, source, target, work)
    insert = work.helper(f"insert_{database_of(target, work).family}")
    given: dict[str, Value] = {"source": arguments}
    columns = kind.columns or target.thing.kind.columns
    if columns and copy.transform is None:
        given["columns"] = [one.name for one in columns]
    return partial(work.helper("insert_read"), read, insert), given


@diagnostic
class NotByCopy(Diagnostic):
    """`redshift_copy` lets Redshift load a table: from S3, from DynamoDB, or from a table beside it."""

    code = "P470"
    title = "Not for COPY"
    message = "`{name}` cannot be a `redshift_copy`: {why}"
    help = "write `copy: from -> to`, which takes rows to and from everything"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres, warehouse: redshift}
        datanodes:
          orders: sql db.orders
          loaded: redshift warehouse.public.orders
        activities:
          load:
            redshift_copy: append
            flow: orders -> loaded    # P470 orders
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres, warehouse: redshift}
        datanodes:
          orders: sql db.orders
          loaded: redshift warehouse.public.orders
        activities:
          load: {copy: orders -> loaded}
        """

    name: str
    why: str


@diagnostic
class SecretInOptions(Diagnostic):
    """Keys among the options of COPY would end up in git, in Dag files, and in the logs of the database."""

    code = "P471"
    title = "Credentials in clear text"
    secret = True
    message = "these options hold credentials"
    help = "attach a role to the cluster, and name it under `role` if it is not its default one"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {warehouse: redshift}
        datanodes:
          orders: s3 s3://shop/orders/ as csv(id bigint)
          loaded: redshift warehouse.public.orders
        activities:
          load:
            redshift_copy: append
            flow: orders -> loaded
            options: [SECRET_ACCESS_KEY 'hunter2']    # P471 SECRET_ACCESS_KEY 'hunter2'
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {warehouse: redshift}
        datanodes:
          orders: s3 s3://shop/orders/ as csv(id bigint)
          loaded: redshift warehouse.public.orders
        activities:
          load:
            redshift_copy: append
            flow: orders -> loaded
            role: arn:aws:iam::111122223333:role/load
        """


@diagnostic
class OptionIsField(Diagnostic):
    """Some options of COPY are fields of their own."""

    code = "P472"
    title = "Option with a field of its own"
    message = "`{option}` is said by the field `{field}`"
    help = "write it as `{field}:` instead"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {warehouse: redshift}
        datanodes:
          orders: s3 s3://shop/orders.manifest as csv(id bigint)
          loaded: redshift warehouse.public.orders
        activities:
          load:
            redshift_copy: append
            flow: orders -> loaded
            options: MANIFEST    # P472 MANIFEST
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {warehouse: redshift}
        datanodes:
          orders: s3 s3://shop/orders.manifest as csv(id bigint)
          loaded: redshift warehouse.public.orders
        activities:
          load:
            redshift_copy: append
            flow: orders -> loaded
            manifest: true
        """

    option: str
    field: str


@diagnostic
class NotRead(Diagnostic):
    """COPY reads csv, tsv, custom, json and parquet, as long as rows end with line breaks.

    Of items of DynamoDB it reads texts and numbers.
    """

    code = "P473"
    title = "Not read by Redshift"
    message = "`{name}`: Redshift {why}"
    help = "write `copy`, which reads it row by row; or say in `options` how COPY is to read it"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {warehouse: redshift}
        datanodes:
          orders: {s3: s3://shop/orders/, format: {csv: id bigint, separator: "||"}}
          loaded: redshift warehouse.public.orders
        activities:
          load:
            redshift_copy: append
            flow: orders -> loaded    # P473 orders
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {warehouse: redshift}
        datanodes:
          orders: {s3: s3://shop/orders/, format: {csv: id bigint, separator: "||"}}
          loaded: redshift warehouse.public.orders
        activities:
          load: {copy: orders -> loaded}
        """

    name: str
    why: str
