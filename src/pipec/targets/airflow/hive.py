"""A script of Hive on a cluster, and the tables that stand for what it reads and writes.

The tables are made before the script and dropped after it; their names are those of the variables
`input1`, `output1` ..., so one that was left behind by an attempt that failed is dropped by the next.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from typing import Any

from pipec.diagnostic import Diagnostic, diagnostic
from pipec.expression.tree import Expr
from pipec.fields.format import stored
from pipec.fields.place import is_folder
from pipec.frozen import frozen
from pipec.links import Found
from pipec.source import Span
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.bash import heredoc
from pipec.targets.airflow.expression import Each, UnsaidError, has_quotes, jinja
from pipec.targets.airflow.hive_rows import (
    Reading,
    Writing,
    identifier,
    item,
    literal,
    reading,
    writing,
)
from pipec.targets.airflow.steps import BEGINNING, Step, words
from pipec.targets.airflow.template import escape, for_each, spliced
from pipec.targets.airflow.timetable import interval_of_run
from pipec.targets.airflow.work import Work
from pipec.values import Column, Script, Splice, Text

Columns = tuple[tuple[str, str], ...]


@frozen
class Around:
    """What stands around a script: templates of statements, and of commands of bash."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    """What is left to do when the script is done."""
    dropped: tuple[str, ...] = ()
    """What removes the tables, before they are made and at the end."""
    first: tuple[str, ...] = ()
    """The commands that bring files to where tables can be."""
    last: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)


def hive_step(
    work: Work,
    script: Text | Script | str,
    *,
    stage: bool = True,
    variables: Mapping[str, Text] | None = None,
    queue: Text | None = None,
    columns: Mapping[str, Sequence[Column]] | None = None,
) -> Step:
    """The step that runs a script, with tables for what the activity reads and writes.

    A script in S3 is fetched where it runs; one that is a `str` is the template itself. Tables have
    the columns of their datanodes, unless `columns` gives them others, by their names.
    """
    named = sides(work) if stage else []
    every = [_table(work, *one, (columns or {}).get(one[0])) for one in named]
    options: list[str | Text] = []
    if queue is not None:
        for setting in ("mapreduce.job.queuename", "tez.queue.name"):
            options += ["--hiveconf", Text((f"{setting}=", *queue.pieces))]
    for name, value in (variables or {}).items():
        options += ["-d", Text((f"{name}=", *value.pieces))]
    line = words(work, "hive", *options)
    line += "".join(f" -d {name}=${{run}}_{name}" for name, _, _ in named)
    settings = _settings(work, every, [span for _, _, span in named])
    before = [*settings, *(it for one in every for it in (*one.dropped, *one.before))]
    after = [
        *(it for one in every for it in one.after),
        *(it for one in every for it in one.dropped),
    ]
    return "\n".join(
        [
            BEGINNING,
            *([f"run={run_name(work)}"] if named else []),
            *(it for one in every for it in one.first),
            assembled(work, "script.q", before, script, after),
            f"{line} -f script.q",
            *(it for one in every for it in one.last),
        ]
    )


def assembled(
    work: Work,
    file: str,
    before: Sequence[str],
    script: Text | Script | str,
    after: Sequence[str],
    end: str = ";",
) -> str:
    """The commands of bash that write statements, a script, and statements into one file."""
    content = script.content if isinstance(script, Script) else script
    first = "".join(one if one.endswith("%}") else f"{one}{end}\n" for one in before)
    last = "".join(f"{one}{end}\n" for one in after)
    closing = f"{end}\n{last}" if last else ""
    if content is not None:
        body = work.command(content) if isinstance(content, Text) else content
        ended = body.rstrip()
        if closing and ended.endswith(end) and "--" not in ended.rpartition("\n")[2]:
            closing = last
        body = body if body.endswith("\n") else f"{body}\n"
        return heredoc(file, f"{first}{body}{closing}").rstrip("\n")
    assert isinstance(script, Script)
    lines = [heredoc(file, first).rstrip("\n")] if first else []
    lines.append(f"{words(work, 'aws', 's3', 'cp', script.path)} - >> {file}")
    if closing:
        lines.append(heredoc(file, f"\n{closing}", more=True).rstrip("\n"))
    return "\n".join(lines)


def sides(work: Work) -> list[tuple[str, Found, Span]]:
    """What an activity reads and writes, each with the name that stands for it in a script."""
    inputs, outputs = work.thing.flow.inputs, work.thing.flow.outputs
    return [
        *((f"input{n}", one, it.span) for n, (one, it) in enumerate(zip(work.inputs, inputs, strict=True), 1)),
        *((f"output{n}", one, it.span) for n, (one, it) in enumerate(zip(work.outputs, outputs, strict=True), 1)),
    ]  # fmt: skip


def run_name(work: Work) -> str:
    """The template of a name that no other activity, and no other interval of this one, has."""
    start, _ = interval_of_run(work.grid)
    own = f"{work.pipeline.name}_{work.name}".replace(".", "__").lower()
    return f"{own}_{{{{ {start}.strftime('%Y%m%d_%H%M%S') }}}}"


def _table(
    work: Work, name: str, found: Found, span: Span, columns: Sequence[Column] | None
) -> Around:
    kind = found.thing.kind
    if kind not in airflow.tables:
        report_no_table(work, found, span, "Hive has no way to it")
        return Around()
    given = kind.columns if columns is None else columns
    around: Around = airflow.tables(kind, found, name, span, given, work)
    return around


def report_no_table(work: Work, found: Found, span: Span, why: str) -> None:
    """Report a datanode that cannot be a table, nor a relation of Pig."""
    work.report.add(NotATable(span, found.thing.name, why))


def _settings(work: Work, every: Iterable[Around], spans: Sequence[Span]) -> list[str]:
    found: dict[str, str] = {}
    for one, span in zip(every, spans, strict=True):
        for name, value in one.settings.items():
            if found.setdefault(name, value) != value:
                work.report.add(PackedOtherwise(span, work.name))
    return [f"SET {name}={value}" for name, value in found.items() if value != "false"]


def files_table(
    kind: Any, found: Found, name: str, span: Span, columns: Sequence[Column], work: Work
) -> Around:
    """The table over files: an input is a view over the texts in them, an output their folder."""
    given = stored(kind)
    reads = name.startswith("input")
    layout = (reading if reads else writing)(given, columns)
    if isinstance(layout, str):
        report_no_table(work, found, span, layout)
        return Around()
    if isinstance(layout, Writing):
        return _output(kind, given, layout, found, name, span, work)
    return _input(layout, columns, found, name, work)


def dynamodb_table(
    kind: Any, found: Found, name: str, span: Span, columns: Sequence[Column], work: Work
) -> Around:
    """The table over one of DynamoDB; without columns, it is whole items."""
    own = work.of(found)
    reads = name.startswith("input")
    share = (kind.read_share if reads else kind.write_share) or 0.5
    pairs = [("dynamodb.table.name", quoted(kind.dynamodb, own))]
    if columns:
        mapping = ",".join(f"{one.name}:{one.name}" for one in columns)
        pairs.append(("dynamodb.column.mapping", escape(literal(mapping))))
    side = "read" if reads else "write"
    pairs.append((f"dynamodb.throughput.{side}.percent", f"'{share:g}'"))
    if kind.region:
        pairs.append(("dynamodb.region", escape(literal(kind.region))))
    given = ",\n  ".join(f"'{name_}' = {value}" for name_, value in pairs)
    end = f"\nTBLPROPERTIES (\n  {given}\n)"
    handler = "STORED BY 'org.apache.hadoop.hive.dynamodb.DynamoDBStorageHandler'"
    layout = item(columns)
    if not reads or not columns:
        made = table(f"${{{name}}}", layout.columns, handler) + end
        return Around((made,), (), (f"DROP TABLE IF EXISTS ${{{name}}}",))
    rows = f"${{{name}}}_rows"
    made = table(rows, layout.columns, handler) + end
    dropped = (f"DROP VIEW IF EXISTS ${{{name}}}", f"DROP TABLE IF EXISTS {rows}")
    return Around((made, view(name, rows, columns, layout)), (), dropped)


def copy_step(work: Work, where: Text | None = None, queue: Text | None = None) -> Step:
    """The step that copies the one thing that an activity reads to the one that it writes, by Hive.

    Columns have the order of what is written, if both sides have the same ones. Where one side says
    nothing of columns, they are those of the other; where both say nothing, items are copied whole.
    """
    (source,), (target,) = work.inputs, work.outputs
    one, other = source.thing.kind.columns, target.thing.kind.columns
    names = [it.name for it in other or one]
    same = not one or sorted(names) == sorted(it.name for it in one)
    taken = ", ".join(map(identifier, names)) if names and same else "*"
    query = escape(f"INSERT OVERWRITE TABLE ${{output1}} SELECT {taken} FROM ${{input1}}")
    if where is not None:
        query += f"\nWHERE {work.command(where)}"
    columns = {"input1": one or other, "output1": other or one}
    return hive_step(work, query, queue=queue, columns=columns)


def distcp_step(work: Work, source: Found, target: Found) -> Step:
    """The step that copies files of S3 or of the cluster as they are."""
    one, other = source.thing.kind.place, target.thing.kind.place
    own, there = work.of(source), work.of(target)
    if is_folder(own.resolved(one)):
        return f"{words(own, 's3-dist-cp', '--src', one)} {words(there, '--dest', other)}"
    return f"{words(own, 'hadoop', 'fs', '-cp', '-f', one)} {words(there, other)}"


def view(name: str, rows: str, columns: Sequence[Column], layout: Reading) -> str:
    """The statement that makes a view of values over a table."""
    values = ",\n".join(
        f"  {value}" if value == identifier(one.name) else f"  {value} AS {identifier(one.name)}"
        for one, value in zip(columns, layout.values, strict=True)
    )
    beside = f" {layout.beside}" if layout.beside else ""
    return escape(f"CREATE VIEW ${{{name}}} AS SELECT\n{values}\nFROM {rows}{beside}")


def table(
    name: str, columns: Columns, stored: str, *, external: bool = True, more: str = ""
) -> str:
    """The statement that makes a table."""
    inside = ", ".join(f"{identifier(one)} {type_}" for one, type_ in columns)
    sort = "EXTERNAL TABLE" if external else "TABLE"
    return f"CREATE {sort} {escape(name)} ({escape(inside)}){more}\n{escape(stored)}"


def properties(pairs: Sequence[tuple[str, str]]) -> str:
    """The properties of a table, as they stand at the end of its statement."""
    given = ", ".join(f"{literal(name)} = {literal(value)}" for name, value in pairs)
    return escape(f"\nTBLPROPERTIES ({given})") if given else ""


def _input(
    layout: Reading, columns: Sequence[Column], found: Found, name: str, work: Work
) -> Around:
    """The table of an input: where it lies; single files are copied into a folder for it first."""
    rows = f"${{{name}}}_rows"
    dropped = (f"DROP VIEW IF EXISTS ${{{name}}}", f"DROP TABLE IF EXISTS {rows}")
    own, kind = work.of(found), found.thing.kind
    seen = view(name, rows, columns, layout)
    end = properties(layout.properties)
    each = work.reads.each(found, places=True) if work.reads and work.several(found) else None
    if not is_folder(own.resolved(kind.place)):
        near = f"hdfs:///tmp/${{run}}_{name}"
        empty = f"hadoop fs -rm -r -f -skipTrash {near}", f"hadoop fs -mkdir -p {near}"
        bring = _bring(each, near, own) if each else f"{_copy(kind.place, own)} {near}/"
        made = table(rows, layout.columns, layout.stored)
        made += f"\nLOCATION 'hdfs:///tmp/${{{name}}}/'{end}"
        clean = (f"hadoop fs -rm -r -skipTrash {near}",)
        return Around((made, seen), (), dropped, (*empty, bring), clean)
    if each is None:
        made = (
            table(rows, layout.columns, layout.stored)
            + f"\nLOCATION {quoted(kind.place, own)}{end}"
        )
        return Around((made, seen), (), dropped)
    assert each.place is not None
    place = quoted(each.place, replace(own, moment=each.moment))
    partition = f"ALTER TABLE {rows} ADD PARTITION (pipec_instance='{_START}') LOCATION {place}"
    more = "\nPARTITIONED BY (`pipec_instance` string)"
    # Its own place holds nothing: all rows are in the partitions.
    made = table(rows, layout.columns, layout.stored, more=more)
    made += f"\nLOCATION 'hdfs:///tmp/${{{name}}}/'{end}"
    return Around((made, for_each(each, f"{partition};\n", ""), seen), (), dropped)


_START = "{{ start.strftime('%Y%m%d_%H%M%S') }}"


def _copy(place: Text, work: Work) -> str:
    return words(work, "hadoop", "fs", "-cp", place)


def _bring(each: Each, folder: str, work: Work) -> str:
    """The commands that copy the file of each instance into a folder, under a name of its own.

    It ends as before: by that Hadoop knows how a file is packed.
    """
    assert each.place is not None
    last = each.place.pieces[-1]
    ending = last.rpartition("/")[2] if isinstance(last, str) else ""
    copy = _copy(each.place, replace(work, moment=each.moment))
    line = f"{copy} {folder}/{_START}{escape(shlex.quote(ending)) if ending else ''}\n"
    return for_each(each, line, "").rstrip("\n")


def _output(
    kind: Any, given: Any, layout: Writing, found: Found, name: str, span: Span, work: Work
) -> Around:
    own = work.of(found)
    if not is_folder(own.resolved(kind.place)):
        work.report.add(OneFile(span, found.thing.name))
        return Around()
    place = f"\nLOCATION {quoted(kind.place, own)}"
    dropped: tuple[str, ...] = (f"DROP TABLE IF EXISTS ${{{name}}}",)
    end = properties(layout.properties)
    settings = {}
    if not layout.properties:
        codec = _CODECS.get(getattr(given, "compression", "none"), "")
        settings["hive.exec.compress.output"] = "true" if codec else "false"
        if codec:
            path = f"org.apache.hadoop.io.compress.{codec}"
            settings["mapreduce.output.fileoutputformat.compress.codec"] = path
    target = f"${{{name}}}"
    if not layout.line:
        made = table(target, layout.columns, layout.stored) + place + end
        return Around((made,), (), dropped, settings=settings)
    lines = f"{target}_lines"
    return Around(
        (table(target, layout.columns, layout.stored, external=False),),
        (
            table(lines, (("line", "string"),), "STORED AS TEXTFILE") + place,
            escape(f"INSERT OVERWRITE TABLE {lines} SELECT\n  {layout.line}\nFROM {target}"),
        ),
        (*dropped, f"DROP TABLE IF EXISTS {lines}"),
        settings=settings,
    )


_CODECS = {"gzip": "GzipCodec", "bzip2": "BZip2Codec"}


def quoted(text: Text, work: Work, literal: Callable[[str], str] = literal) -> str:
    """The template of a text between single quotes of Hive, or of Pig."""
    parts = []
    for piece in work.resolved(text).pieces:
        if isinstance(piece, Splice):
            parts.append(_spliced(piece.expr, work))
        else:
            parts.append(escape(literal(piece)[1:-1]))
    return f"'{''.join(parts)}'"


def _spliced(expr: Expr, work: Work) -> str:
    try:
        if not has_quotes(expr, work.moment):
            return f"{{{{ {jinja(expr, work.moment)} }}}}"
        code = f"({jinja(expr, work.moment)}) | string"
    except UnsaidError:
        return spliced(expr, work.moment)
    return f"""{{{{ {code} | replace("\\\\", "\\\\\\\\") | replace("'", "\\\\'") }}}}"""


@diagnostic
class NotATable(Diagnostic):
    """A script of Hive or Pig reads and writes files of S3 and of the cluster, and DynamoDB.

    Other data is brought there by a `copy` before, and taken away by one after. With
    `stage: false` the script makes its own tables.
    """

    code = "P433"
    title = "Not a table of the cluster"
    message = "`{name}` cannot be a table of this script: {why}"
    help = "copy it to a folder in S3 first, or from one; or say `stage: false`, and let the script do it"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily, runs_on: cluster}
        resources: {cluster: emr emr-7.1.0 with 4 x m5.xlarge}
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, columns: id bigint}
          totals: s3 s3://shop/totals/ as csv(orders bigint)
        activities:
          count:
            hive: INSERT OVERWRITE TABLE ${output1} SELECT count(*) FROM ${input1}
            flow: orders -> totals    # P433 orders
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily, runs_on: cluster}
        resources: {cluster: emr emr-7.1.0 with 4 x m5.xlarge}
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, columns: id bigint}
          copied: s3 s3://shop/orders/ as csv(id bigint)
          totals: s3 s3://shop/totals/ as csv(orders bigint)
        activities:
          bring: {copy: orders -> copied, runs_on: }
          count:
            hive: INSERT OVERWRITE TABLE ${output1} SELECT count(*) FROM ${input1}
            flow: copied -> totals
        """

    name: str
    why: str


@diagnostic
class OneFile(Diagnostic):
    """Hive and Pig write a folder: each of their tasks leaves a file in it."""

    code = "P434"
    title = "One file for many"
    message = "a cluster writes several files, and `{name}` is one"
    help = "let its place end with `/`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily, runs_on: cluster}
        resources: {cluster: emr emr-7.1.0 with 4 x m5.xlarge}
        datanodes:
          orders: s3 s3://shop/orders/ as csv(id bigint)
          totals: s3 s3://shop/totals.csv as csv(orders bigint)
        activities:
          count:
            hive: INSERT OVERWRITE TABLE ${output1} SELECT count(*) FROM ${input1}
            flow: orders -> totals    # P434 totals
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily, runs_on: cluster}
        resources: {cluster: emr emr-7.1.0 with 4 x m5.xlarge}
        datanodes:
          orders: s3 s3://shop/orders/ as csv(id bigint)
          totals: s3 s3://shop/totals/ as csv(orders bigint)
        activities:
          count:
            hive: INSERT OVERWRITE TABLE ${output1} SELECT count(*) FROM ${input1}
            flow: orders -> totals
        """

    name: str


@diagnostic
class PackedOtherwise(Diagnostic):
    """How files are packed is a setting of the whole script."""

    code = "P435"
    title = "Packed in two ways"
    message = "`{name}` writes files that are packed and files that are not, or in another way"
    help = "let all of its outputs have the same `compression`, or make two activities"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily, runs_on: cluster}
        resources: {cluster: emr emr-7.1.0 with 4 x m5.xlarge}
        datanodes:
          totals: s3 s3://shop/totals/ as csv(orders bigint)
          packed: {s3: s3://shop/packed/, format: csv(orders bigint), compression: gzip}
        activities:
          count:
            hive: INSERT OVERWRITE TABLE ${output1} SELECT 1
            flow: -> totals, packed    # P435 packed
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily, runs_on: cluster}
        resources: {cluster: emr emr-7.1.0 with 4 x m5.xlarge}
        datanodes:
          totals: s3 s3://shop/totals/ as csv(orders bigint)
          others: s3 s3://shop/others/ as csv(orders bigint)
        activities:
          count:
            hive: INSERT OVERWRITE TABLE ${output1} SELECT 1
            flow: -> totals, others
        """

    name: str
