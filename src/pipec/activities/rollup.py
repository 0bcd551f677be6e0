"""`rollup`: the rows of a datanode, summed up for each interval of a schedule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pipec.aggregate import START, Rows, Stored, statements, stored
from pipec.diagnostic import Report
from pipec.dialect import quoted, type_name
from pipec.facets import Doing, Table
from pipec.fields.key import key
from pipec.fields.measures import column_names, measures
from pipec.fields.references import reference
from pipec.frozen import node
from pipec.ir import Activity, Datanode, Pipeline
from pipec.links import Found, Links
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.rows import interval_texts, read_file, rows_read
from pipec.targets.airflow.statements import statements_task
from pipec.targets.airflow.template import escape
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
    """

    rollup: Ref = key(reference("datanode"), "The datanode whose rows are summed up.")
    by: tuple[Ref, ...] = key(
        column_names, "The columns that rows are grouped by.", default=(), merges=False
    )
    measures: tuple[Measure, ...] = key(
        measures, "What is computed of each group.", name="with", merges=False
    )
    into: Ref = key(
        reference("datanode"), "The table that the results are written to.", merges=False
    )

    windows = False
    """The rows are those of its own interval: there is no place for a window."""

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
        if target is None or target is source or not isinstance(target.kind, Table):
            return {}
        at = target.kind.at or START
        given = source.kind.columns if source else ()
        columns = target.kind.columns or self._columns(at, given)
        told: Any = target.kind
        kind = replace(told, at=at, columns=columns)
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
    """A SQLExecuteQueryOperator; files are loaded and summed up by a PythonOperator."""
    (source,), (target,) = work.inputs, work.outputs
    into = target.thing.kind
    engine = work.pipeline.connections[into.connection.name].engine
    interval = interval_texts(target, work)
    by = [ref.name for ref in rollup.by]
    made = made_by(source, work.links)
    computed = [
        (it.name, *((it.again, it.name) if it in made else (it.function, it.column)))
        for it in rollup.stored
    ]

    def sql(rows: Rows) -> tuple[str, str]:
        return statements(
            rows, escape(into.table), escape(into.at), interval,
            [*map(escape, by)], [(escape(a), b, escape(c)) for a, b, c in computed], engine,
        )  # fmt: skip

    create = [work.of(target).command(into.create, ".sql").rstrip("; \n")] if into.create else []
    if isinstance(source.thing.kind, Table):
        rows = Rows(escape(source.thing.kind.table), rows_read(source, work))
        texts = ";\n".join([*create, *sql(rows)]) + ";\n"
        return statements_task(work, into.connection.name, engine, texts)
    used = [*by, *(column for _, _, column in computed if column)]
    columns = [one for one in source.thing.kind.columns if one.name in used]
    read, arguments = read_file(source.thing.kind.format, source, target, work)
    staging = f"rollup_{{{{ {work.moment.start}.strftime('%Y%m%dT%H%M%S') }}}}"
    types = ", ".join(
        f"{escape(quoted(one.name, engine))} {type_name(one, engine)}" for one in columns
    )
    given: dict[str, Value] = {
        "source": arguments,
        "conn_id": into.connection.name,
        "staging": staging,
        "columns": [one.name for one in columns],
        "before": [*create, f"CREATE TEMPORARY TABLE {staging} ({types})"],
        "after": list(sql(Rows(staging))),
    }
    return work.task(
        f"{STANDARD}.operators.python.PythonOperator",
        python_callable=partial(work.helper("roll_up_files"), read),
        op_kwargs=given,
    )


def made_by(source: Found, links: Links) -> tuple[Stored, ...]:
    """The columns of a datanode that another rollup computes."""
    found: list[Stored] = []
    for producer in links.producers.get(source.key, ()):
        if isinstance(producer.thing.kind, Rollup):
            found += producer.thing.kind.stored
    return tuple(found)
