"""How the rows of files are read and written by the functions in a Dag file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipec.diagnostic import Diagnostic, diagnostic
from pipec.dialect import quoted
from pipec.links import Found
from pipec.targets.airflow.template import escape
from pipec.targets.airflow.timetable import in_zone, interval_of_run
from pipec.targets.python.values import Call, Name, Value, partial

if TYPE_CHECKING:
    from pipec.fields.columns import Format
    from pipec.targets.airflow.work import Work

Rows = tuple[Name | Call, dict[str, Value]]
"""A function that reads or writes rows, and its arguments."""


def read_file(format_: Format | None, found: Found, target: Found, work: Work) -> Rows:
    """The function that reads the rows of a file or folder, and its arguments.

    A file that does not name its columns has those of the datanode it is copied to.
    """
    assert format_ is not None  # Checked: rows are only read from what has a format.
    _check(format_, work)
    columns = format_.columns or target.thing.kind.columns
    read: Name | Call = work.helper(f"read_{_function(format_)}")
    arguments: dict[str, Value]
    if work.several(found):
        read = partial(work.helper("read_each"), read)
        arguments = {"paths": work.places(found)}
    else:
        arguments = {"path": work.place(found)}
    if columns:
        arguments["columns"] = [[one.name, one.type] for one in columns]
    if format_.header:
        arguments["header"] = True
    separator = {"csv": ",", "tsv": "\t"}.get(format_.name, "\x01")
    if format_.separator not in ("", separator):
        arguments["separator"] = format_.separator
    return read, arguments


def write_file(format_: Format | None, compression: str, found: Found, work: Work) -> Rows:
    """The function that writes rows to a file or folder, and its arguments."""
    assert format_ is not None
    _check(format_, work)
    arguments: dict[str, Value] = {"path": work.place(found)}
    if format_.header:
        arguments["header"] = True
    separator = {"csv": ",", "tsv": "\t"}.get(format_.name, "\x01")
    if format_.separator not in ("", separator):
        arguments["separator"] = format_.separator
    if "gzip" in (compression, format_.compression):
        arguments["compress"] = True
    return work.helper(f"write_{_function(format_)}"), arguments


def _check(format_: Format, work: Work) -> None:
    """Report what the functions in a Dag file cannot read or write."""
    own = "" if format_.name == "csv" else "\\"
    if format_.escape not in ("", own):
        work.report.add(OtherFormat(format_.span, f"`escape: {format_.escape}`"))
    if format_.record_separator not in ("", "\n"):
        work.report.add(
            OtherFormat(format_.span, f"`record_separator: {format_.record_separator!r}`")
        )


def _function(format_: Format) -> str:
    return {"csv": "csv", "json": "json"}.get(format_.name, "tsv")


def rows_read(found: Found, work: Work) -> str:
    """The condition in SQL of the rows of a table that belong to the instances that are read."""
    span = work.reads.span(found) if work.reads is not None else None
    start, end = interval_texts(found, work, span)
    table = found.thing.kind
    engine = found.pipeline.connections[table.connection.name].engine
    at = escape(quoted(table.at, engine))
    return f"{at} >= '{start}' AND {at} < '{end}'"


def interval_texts(
    found: Found, work: Work, span: tuple[str, str] | None = None
) -> tuple[str, str]:
    """Templates of the ends of an interval, the run's if no other is given, as a table writes times.

    Dates are those of the schedule's zone, in which its days begin; times are in UTC. PostgreSQL
    reads the zone where a column has one and ignores it elsewhere; other databases would refuse it.
    """
    table = found.thing.kind
    start, end = span or interval_of_run(work.grid)
    if {one.name: one.type for one in table.columns}.get(table.at) == "date":
        schedule = work.links.schedule(found)
        how = in_zone(schedule.grid if schedule else work.grid) + ".strftime('%Y-%m-%d')"
    elif found.pipeline.connections[table.connection.name].engine in ("postgres", "redshift"):
        how = " | ts"
    else:
        how = ".strftime('%Y-%m-%d %H:%M:%S')"
    return f"{{{{ {start}{how} }}}}", f"{{{{ {end}{how} }}}}"


@diagnostic
class OtherFormat(Diagnostic):
    """In Airflow, the rows of files are read and written by functions in the Dag file.

    A row ends with a line break. In `csv`, quotes take the meaning from a separator; in `tsv` and
    `custom`, a backslash does.
    """

    code = "P406"
    title = "Format that Airflow does not read"
    message = "in Airflow, rows are not read or written with {option}"
    help = "leave it out, or let a `shell` activity read the file"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes:
          orders:
            s3: s3://shop/orders.txt
            format: {csv: , escape: "^"}    # P406 {csv: , escape: "^"}
          table: sql db.orders
        activities:
          keep: {copy: orders -> table}
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes:
          orders: s3 s3://shop/orders.txt as csv
          table: sql db.orders
        activities:
          keep: {copy: orders -> table}
        """

    option: str
