"""`rollup`: the rows of a datanode, summed up for each interval of a schedule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pipec.aggregate import START, Rows, Stored, statements, stored
from pipec.diagnostic import Report
from pipec.dialect import type_name
from pipec.facets import Doing, Files, Table
from pipec.fields.columns import TYPES
from pipec.fields.key import key
from pipec.fields.measures import column_names, measures
from pipec.fields.references import reference
from pipec.frozen import node
from pipec.ir import Activity, Datanode, Pipeline
from pipec.links import Found, Links
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.database import database_of, interval_literals, name_of, rows_read
from pipec.targets.airflow.hive import hive_step
from pipec.targets.airflow.hive_rows import hive_type, identifier
from pipec.targets.airflow.rows import read_file
from pipec.targets.airflow.statements import statements_of, statements_task
from pipec.targets.airflow.steps import Step, steps_task
from pipec.targets.airflow.template import escape
from pipec.targets.airflow.timetable import in_zone, interval_of_run
from pipec.targets.airflow.work import STANDARD, Work
from pipec.targets.python.values import Call, Value, partial
from pipec.values import Column, Flow, Input, Measure, Ref


@node
class Rollup(Doing):
    """Group the rows of an interval, and write one row for each group into a table.

    The interval is the activity's own; the rows are those of all instances that lie in it. The
    table says to which interval a row belongs in its column `interval_start`, or the one that its
    `at` names. A run replaces the rows of its own interval in one transaction, so a rerun changes
    nothing. Files are first loaded into a table that only the run sees. A table that another rollup
    made is rolled up again: counts are added up, so the result is that of all rows.

    From files to files it runs as Hive, on the cluster that `runs_on` names: a run replaces the
    files of its own interval.
    """

    rollup: Ref = key(reference("datanode"), "The datanode whose rows are summed up.")
    by: tuple[Ref, ...] = key(
        column_names, "The columns that rows are grouped by.", default=(), merges=False
    )
    measures: tuple[Measure, ...] = key(
        measures, "What is computed of each group.", name="with", merges=False
    )
    into: Ref = key(
        reference("datanode"), "The table, or the folder, of the results.", merges=False
    )

    windows = False
    """The rows are those of its own interval: there is no place for a window."""

    def can_run_on(self, read: Sequence[Any], written: Sequence[Any]) -> tuple[str, ...]:
        """A cluster, when the results are files: a table is in a database that does the work."""
        return ("cluster",) if any(isinstance(it, Files) for it in written) else ()

    def must_run_on(self, read: Sequence[Any], written: Sequence[Any]) -> tuple[str, ...]:
        """The same: nothing but a cluster rolls up files to files."""
        known = all(it.format is not None for it in written if isinstance(it, Files))
        return self.can_run_on(read, written) if known else ()

    @property
    def own_flow(self) -> Flow:
        """What it reads and writes; its own source, which is reported, it does not write."""
        read = Input(self.rollup, span=self.rollup.span)
        written = () if self.into == self.rollup else (self.into,)
        return Flow((read,), written, self.rollup.span)

    @property
    def stored(self) -> tuple[Stored, ...]:
        """The columns that it computes."""
        return stored(self.measures)

    def makes(self, datanodes: Mapping[str, Datanode]) -> dict[str, Datanode]:
        """Its table, knowing what follows from the rollup: the columns, and which says the interval."""
        source, target = datanodes.get(self.rollup.name), datanodes.get(self.into.name)
        if target is None or target is source or not isinstance(target.kind, Table | Files):
            return {}
        at = target.kind.at or START
        given = source.kind.columns if source else ()
        columns = target.kind.columns or self._columns(at, given)
        told: Any = target.kind
        kind = told
        if not isinstance(target.kind, Files):
            kind = replace(told, at=at, columns=columns)
        elif told.format is not None:
            kind = replace(told, format=replace(told.format, columns=columns))
        return {target.name: replace(target, kind=kind)} if kind != target.kind else {}

    def check(self, activity: Activity, pipeline: Pipeline, links: Links, report: Report) -> None:
        """Report rows that cannot be told apart by interval, and results that would be wrong."""
        from pipec.checks.rollups import check_rollup

        check_rollup(self, activity, pipeline, links, report)

    def _columns(self, at: str, given: tuple[Column, ...]) -> tuple[Column, ...]:
        """The columns of its table; none when the type of one is not known."""
        by_name = {one.name: one for one in given}
        found: list[Column | None] = [Column(at, "timestamp")]
        found += [by_name.get(ref.name) for ref in self.by]
        for one in self.stored:
            same = by_name.get(one.name)  # Of a table that was rolled up already.
            found.append(one.type(given) or (same and Column(same.name, same.type, same.sizes)))
        return tuple(one for one in found if one) if None not in found else ()


@airflow.activities.of(Rollup)
def to_airflow(rollup: Rollup, work: Work) -> Call:
    """A SQLExecuteQueryOperator; files are loaded and summed up by a PythonOperator, or by Hive."""
    (source,), (target,) = work.inputs, work.outputs
    into = target.thing.kind
    if isinstance(into, Files):
        return steps_task(work, [_on_a_cluster(rollup, source, target, work)])
    there = database_of(target, work)
    interval = interval_literals(target, work)
    declared = (*source.thing.kind.columns, *into.columns)
    written = {one.name: there.column(one.name) for one in declared}

    def column(name: str) -> str:
        """The name of a column in SQL, in the quotes that it is declared in."""
        return written.get(name) or there.column(name)

    by = [ref.name for ref in rollup.by]
    made = made_by(source, work.links)
    computed = [
        (it.name, *((it.again, it.name) if it in made else (it.function, it.column)))
        for it in rollup.stored
    ]

    def sql(rows: Rows) -> tuple[str, str]:
        into_table = name_of(target, work)
        return statements(rows, into_table, into.at, interval, by, computed, column)

    create = statements_of(into.create, there, work.of(target), ".sql") if into.create else []
    if isinstance(source.thing.kind, Table):
        texts = [*create, *sql(Rows(name_of(source, work), rows_read(source, work)))]
        if there.engine == "postgres":
            texts = [";\n".join(text.rstrip("; \n") for text in texts) + ";\n"]
        return statements_task(work, there, texts, there.in_utc)
    used = [*by, *(column for _, _, column in computed if column)]
    columns = [one for one in source.thing.kind.columns if one.name in used]
    read, arguments = read_file(source.thing.kind.format, source, target, work)
    staging = f"rollup_{{{{ {work.moment.start}.strftime('%Y%m%dT%H%M%S') }}}}"
    types = ", ".join(f"{column(one.name)} {type_name(one, there.dialect)}" for one in columns)
    given: dict[str, Value] = {
        "source": arguments,
        "conn_id": there.name,
        "staging": staging,
        "columns": [one.name for one in columns],
        "before": [*create, f"CREATE TEMPORARY TABLE {staging} ({types})"],
        "after": list(sql(Rows(staging))),
    }
    load = work.helper(f"insert_{there.family}")
    return work.task(
        f"{STANDARD}.operators.python.PythonOperator",
        python_callable=partial(work.helper("roll_up_files"), load, read),
        op_kwargs=given,
    )


def _on_a_cluster(rollup: Rollup, source: Found, target: Found, work: Work) -> Step:
    """The step of Hive that replaces the files of an interval."""
    made = made_by(source, work.links)
    by = [identifier(ref.name) for ref in rollup.by]
    values = {ref.name: identifier(ref.name) for ref in rollup.by}
    start, _ = interval_of_run(work.grid)
    columns: tuple[Column, ...] = target.thing.kind.columns
    types = {one.name: one for one in columns}
    at = types.get(START, Column(START, "timestamp"))
    day = TYPES[at.type] == "date"
    zone = in_zone(work.grid) if day else ""
    values[START] = (
        f"CAST('{{{{ {start}{zone}.strftime('%Y-%m-%d{'' if day else ' %H:%M:%S'}') }}}}'"
        f" AS {hive_type(at)})"
    )
    for it in rollup.stored:
        function, column = (it.again, it.name) if it in made else (it.function, it.column)
        values[it.name] = f"{function}({identifier(column) if column else '*'})"
    lines = [
        f"  {value if name == START else escape(value)} AS {escape(identifier(name))}"
        for name, value in ((it.name, values.get(it.name, "NULL")) for it in columns)
    ]
    # Without groups there would be a row of nothing for an interval in which there are none.
    grouped = [f"GROUP BY {escape(', '.join(by))}"] if by else []
    query = ["SELECT", ",\n".join(lines), "FROM ${input1}", *grouped]
    if not by:
        query = [
            *query[:-1],
            "FROM (SELECT *, 1 AS `pipec_one` FROM ${input1}) found",
            "GROUP BY `pipec_one`",
        ]
    return hive_step(work, "\n".join(["INSERT OVERWRITE TABLE ${output1}", *query]))


def made_by(source: Found, links: Links) -> tuple[Stored, ...]:
    """The columns of a datanode that another rollup computes."""
    found: list[Stored] = []
    for producer in links.producers.get(source.key, ()):
        if isinstance(producer.thing.kind, Rollup):
            found += producer.thing.kind.stored
    return tuple(found)
