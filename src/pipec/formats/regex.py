"""`regex`: lines that a regular expression takes apart."""

from __future__ import annotations

import re

from pipec.diagnostic import Diagnostic, Report, counted, diagnostic
from pipec.facets import Format, Places
from pipec.fields.columns import columns
from pipec.fields.format import PACKINGS, characters
from pipec.fields.key import key
from pipec.fields.scalars import scalar
from pipec.formats._patterns import compiled, only_java
from pipec.frozen import node
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.rows import Options, said
from pipec.targets.airflow.work import Work
from pipec.targets.datapipeline import rows as row
from pipec.targets.datapipeline.says import says
from pipec.targets.python.values import Value
from pipec.values import Column, Ref, Text

pattern_type = scalar("regular expression", lambda it, _: Text((it.value,), it.span))
output_type = scalar("text such as `%1$s %2$s`", lambda it, _: Text((it.value,), it.span))


@node
class Regex(Format):
    r"""Lines that a pattern takes apart: its groups are the columns.

    The pattern is that of a whole line; a line that does not match it fails. A group that is empty
    is NULL. `output` says how a row is written: `%1$s` is its first value, as Java has it. A row of
    which something else would be read again is not written, but fails.
    """

    pattern: Text = key(pattern_type, "The regular expression, with a group for each column.")
    columns: tuple[Column, ...] = key(
        columns, "The columns, in the order of the groups.", default=()
    )
    output: Text | None = key(output_type, "How a row is written.", default=None)
    record_separator: str = key(characters, "What ends a row.", default="\n")
    compression: str = key(PACKINGS, "How a file is packed.", default="none")

    main = "pattern"

    def check(self, at: Places, report: Report) -> None:
        """Report groups that are not the columns, and what `output` cannot say."""
        found = compiled(self.pattern.constant or "")
        if isinstance(found, str):
            groups = len(self.columns)  # How Java counts them, nobody knows here.
        else:
            groups = found.groups
            if not groups or len(self.columns) not in (0, groups):
                given = f" for {counted(len(self.columns), 'column')}" if self.columns else ""
                there = counted(groups, "group") if groups else "no group"
                report.add(GroupsAreNotColumns(self.pattern.span, there, given))
        for part in _parts(self.output):
            if part[0][0] == "%" and not part["group"] and part[0] != "%%":
                report.add(NotInOutput(at("output"), part[0], "the first value is `%1$s`"))
            elif part["group"] and groups and int(part["group"]) > groups:
                report.add(NotInOutput(at("output"), part[0], f"the last value is `%{groups}$s`"))

    def check_written(self, ref: Ref, given: tuple[Column, ...], report: Report) -> None:
        """Report that nothing says how a row is written."""
        if self.output is None:
            report.add(NoOutput(ref.span, ref.name))


def _parts(output: Text | None) -> list[re.Match[str]]:
    """The parts of `output`: texts, and places of values as Java's Formatter writes them."""
    return list(_PART.finditer(output.constant or "")) if output else []


_PART = re.compile(r"%(?P<group>[1-9]\d{0,3})\$s|%%|%[-#+ ,(.$<0-9]*[a-zA-Z]?|[^%]+")


says(
    Regex,
    "RegEx",
    row.pattern("inputRegEx", "pattern"),
    row.columns(),
    row.text("outputFormat", "output"),
)


@airflow.readers.of(Regex)
def read_in_airflow(format_: Regex, work: Work) -> Options:
    """The function that reads it; Python has to read the pattern as Java does."""
    return "read_regex", _options(format_, work)


@airflow.writers.of(Regex)
def write_in_airflow(format_: Regex, work: Work) -> Options:
    """The function that writes it, and reads each row again to be sure."""
    words = {"%%": "%"}
    written = "".join(
        f"{{{int(part['group']) - 1}}}"
        if part["group"]
        else words.get(part[0], part[0]).replace("{", "{{").replace("}", "}}")
        for part in _parts(format_.output)
    )
    return "write_regex", {
        **_options(format_, work),
        "output": work.template(Text((written,))),
    }


def _options(format_: Regex, work: Work) -> dict[str, Value]:
    pattern = format_.pattern.constant or ""
    found = compiled(pattern)
    if java := only_java(pattern):
        work.report.add(PatternOfJava(format_.pattern.span, f"it has no `{java[0]}`", java[1]))
    elif isinstance(found, str):
        near = r"a pattern such as `(\S+) (\S+)` works"
        work.report.add(PatternOfJava(format_.pattern.span, found, near))
    return {
        "pattern": work.template(format_.pattern),
        **said(format_, work, record_separator="\n"),
    }


@diagnostic
class GroupsAreNotColumns(Diagnostic):
    """Each group of the pattern is a column, and each column a group."""

    code = "P461"
    title = "Groups that are not the columns"
    message = "the pattern has {groups}{columns}"
    help = "put each column in `( )`; what is in `(?: )` is no group"
    fails = r"""
        pipeline: shop
        datanodes:
          visits:
            s3: s3://shop/visits.log
            format:
              regex: (\S+) (?:-|\S+) (\S+)    # P461 (\S+) (?:-|\S+) (\S+)
              columns: ip string, user string, at string
        """
    fixed = r"""
        pipeline: shop
        datanodes:
          visits:
            s3: s3://shop/visits.log
            format:
              regex: (\S+) (-|\S+) (\S+)
              columns: ip string, user string, at string
        """

    groups: str
    columns: str


@diagnostic
class PatternOfJava(Diagnostic):
    r"""In Airflow, Python reads the pattern; most patterns mean the same in Java, for which it may be written.

    `\d`, `\s` and `\w` are those of ASCII, as in Java.
    """

    code = "P462"
    title = "Pattern that Airflow does not read"
    message = "in Airflow, Python reads this pattern: {why}"
    help = "{near}"
    fails = r"""
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes:
          visits:
            s3: s3://shop/visits.log
            format:
              regex: (\p{Alpha}+) (\S+)    # P462 (\p{Alpha}+) (\S+)
              columns: name string, at string
          table: sql db.visits
        activities:
          keep: {copy: visits -> table}
        """
    fixed = r"""
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes:
          visits:
            s3: s3://shop/visits.log
            format:
              regex: ([A-Za-z]+) (\S+)
              columns: name string, at string
          table: sql db.visits
        activities:
          keep: {copy: visits -> table}
        """

    why: str
    near: str


@diagnostic
class NoOutput(Diagnostic):
    """A pattern says how a line is read; how one is written, `output` says."""

    code = "P463"
    title = "Rows without an output"
    message = "nothing says how a row of `{name}` is written"
    help = "give its format an `output`, such as `%1$s %2$s`"
    fails = r"""
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes:
          visits: {s3: s3://shop/visits.log, format: {regex: (\S+) (\S+)}}
          table: sql db.visits
        activities:
          keep:
            copy: table -> visits    # P463 visits
        """
    fixed = r"""
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes:
          visits: {s3: s3://shop/visits.log, format: {regex: (\S+) (\S+), output: "%1$s %2$s"}}
          table: sql db.visits
        activities:
          keep:
            copy: table -> visits
        """

    name: str


@diagnostic
class NotInOutput(Diagnostic):
    """`output` holds text, and `%1$s`, `%2$s` ... for the values of a row; `%%` is a percent sign.

    Java's other conversions are for numbers and dates, and values are written as texts.
    """

    code = "P464"
    title = "Not in an output"
    message = "`{part}` does not say which value to write"
    help = "{near}; a percent sign is `%%`"
    fails = r"""
        pipeline: shop
        datanodes:
          visits:
            s3: s3://shop/visits.log
            format:
              regex: (\S+) (\S+)
              output: "%1$s %2$d"    # P464 "%1$s %2$d"
        """
    fixed = r"""
        pipeline: shop
        datanodes:
          visits:
            s3: s3://shop/visits.log
            format:
              regex: (\S+) (\S+)
              output: "%1$s %2$s"
        """

    part: str
    near: str
