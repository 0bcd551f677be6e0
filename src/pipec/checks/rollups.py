"""The rows of a rollup can be told apart by interval, and its results are those of all rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipec.aggregate import START, Stored
from pipec.checks.columns import assignable
from pipec.diagnostic import Diagnostic, Report, diagnostic, did_you_mean, listed
from pipec.dialect import ENGINES
from pipec.facets import Files, Table
from pipec.fields.columns import TYPES
from pipec.grid import OnDemand, Unaligned, relation
from pipec.ir import Activity, Pipeline
from pipec.links import Found, Links, mentions_interval
from pipec.lower.rollups import IntoItsSource
from pipec.values import Column


def check_rollup(
    rollup: Any, activity: Activity, pipeline: Pipeline, links: Links, report: Report
) -> None:
    """Report rows of which nobody knows the interval, and results that would be wrong."""
    source, target = (links.datanode(pipeline, ref) for ref in (rollup.rollup, rollup.into))
    if source is None or target is None:
        return  # That was reported.
    table, kind = target.thing.kind, source.thing.kind
    if not isinstance(table, Table) and not (isinstance(table, Files) and table.format):
        report.add(NotIntoATable(rollup.into.span, rollup.into.name))
        return
    if target.key == source.key or _same_table(source, target):
        report.add(IntoItsSource(rollup.into.span, rollup.into.name))
        return
    first = next(_makers(target, links))
    if first.thing is not activity:
        words = rollup.into.name, first.named_in(pipeline)
        report.add(MadeByAnother(rollup.into.span, *words))
        return
    if isinstance(table, Files):
        if not mentions_interval(target.thing):
            report.add(OneFolder(rollup.into.span, rollup.into.name))
    else:
        engine = pipeline.connections.get(table.connection.name)
        if engine is not None and engine.engine not in ENGINES:
            known = listed(ENGINES)
            report.add(NoRollupsThere(rollup.into.span, engine.name, engine.engine, known))
    if why := _not_told_apart(source):
        if not _left_unmade(source, links):
            report.add(NotToldApart(rollup.rollup.span, rollup.rollup.name, *why))
        return
    if isinstance(kind, Table) and isinstance(table, Table) and not _same_database(source, target):
        words = kind.connection.name, table.connection.name
        report.add(OtherDatabase(rollup.rollup.span, rollup.rollup.name, *words))
    own = links.schedule(Found("activity", activity, pipeline))
    made = links.schedule(source)
    if own is not None and made is not None and not (own.assumed or made.assumed):
        met = relation(own.grid, made.grid)
        if met == "coarser" or isinstance(own.grid, OnDemand):
            report.add(NotCoarser(rollup.rollup.span, rollup.rollup.name, made.name, own.name))
        elif isinstance(met, Unaligned):
            return  # That was reported.
    _check_columns(rollup, source, target, links, report)


def _not_told_apart(source: Found) -> tuple[str, str] | None:
    """Why the rows of an interval cannot be found, and what would help; None when they can."""
    kind, name = source.thing.kind, source.thing.name
    if isinstance(kind, Table):
        if not kind.at:
            return "nothing says to which interval a row of it belongs", (
                f"give `{name}` an `at`: the column with the time of a row"
            )
        if kind.select is not None:
            return "a query of its own reads it, which knows only one instance", (
                "name a table or a view, and leave `select` out"
            )
        return None
    if not isinstance(kind, Files) or kind.format is None or not kind.format.columns:
        return "nothing says which columns its rows have", (
            f"give `{name}` a format with columns, such as `csv(id bigint, name string)`"
        )
    if not mentions_interval(source.thing):
        return "all its instances are the same files", (
            "let its place depend on the interval, such as `${{ start:%Y/%m/%d }}`"
        )
    return None


def _left_unmade(source: Found, links: Links) -> bool:
    """Whether what makes the source, and says how its rows are told apart, may have been left out."""
    known = source.thing.schedule is not None or source.key in links.producers
    return source.pipeline.incomplete and not known


def _same_database(source: Found, target: Found) -> bool:
    one, other = source.thing.kind.connection.name, target.thing.kind.connection.name
    return bool(one == other)


def _makers(target: Found, links: Links) -> Iterator[Found]:
    """The rollups that write a table, whichever datanodes and files name it."""
    for pipeline in links.project.values():
        for activity in pipeline.activities.values():
            if hasattr(activity.kind, "stored"):
                into = links.datanode(pipeline, activity.kind.into)
                if into is not None and (into.key == target.key or _same_table(into, target)):
                    yield Found("activity", activity, pipeline)


def _same_table(one: Found, other: Found) -> bool:
    source = one.thing.kind
    table = other.thing.kind
    both = isinstance(source, Table) and isinstance(table, Table)
    return both and source.table == table.table and _same_database(one, other)


def _check_columns(rollup: Any, source: Found, target: Found, links: Links, report: Report) -> None:
    from pipec.activities.rollup import made_by

    given: tuple[Column, ...] = source.thing.kind.columns
    known = {one.name: one for one in given}
    made = {one.name: one for one in made_by(source, links)}
    for ref in rollup.by:
        if known and ref.name not in known:
            _no_column(ref, ref.name, source, known, report)
        elif ref.name in made:
            report.add(WrongAgain(ref.span, source.thing.name, ref.name, made[ref.name].function))
    before = report.errors
    # In SQL, `City` is `city`.
    seen = {(target.thing.kind.at or START).lower(): "the start of the interval"}
    for ref in rollup.by:
        if (name := ref.name.lower()) in seen:
            way = (
                "group by each column once, and by none that says the interval (`at` of the table)"
            )
            report.add(StoredTwice(ref.span, ref.name, seen[name], way))
        seen[name] = "a column of `by`"
    for one in rollup.stored:
        if (name := one.name.lower()) in seen:
            way = "write `as` and another name after it"
            report.add(StoredTwice(one.span, one.name, seen[name], way))
        seen[name] = "another measure"
        if made.get(one.name) != one:
            _check_measure(one, source, known, made, report)
    if report.errors == before:
        _check_table(rollup, target, known, report)


def _check_measure(
    one: Stored,
    source: Found,
    known: dict[str, Column],
    made: dict[str, Stored],
    report: Report,
) -> None:
    """Whether a measure may be taken of the rows of the source."""
    if made and not one.column:
        report.add(CountsGroups(one.span, source.thing.name, _counts(made)))
    elif made and one.column not in made and one.function in ("sum", "count"):
        report.add(WrongAgain(one.span, source.thing.name, one.column, "by"))
    elif one.column in made and one.function != made[one.column].again:
        report.add(WrongAgain(one.span, source.thing.name, one.column, made[one.column].function))
    elif one.column and known and one.column not in known:
        _no_column(one, one.column, source, known, report)
    elif (column := known.get(one.column)) is not None:
        family = TYPES[column.type]
        numbers = one.function == "sum" and family not in ("whole", "real")
        ordered = one.function in ("min", "max") and family in ("truth", "bytes")
        if numbers or ordered:
            report.add(NotMeasurable(one.span, one.function, str(column)))


def _counts(made: dict[str, Stored]) -> str:
    counts = [one.name for one in made.values() if one.function == "count" and not one.column]
    return (
        f"`sum({counts[0]})`"
        if counts
        else "`count()` in the rollup that makes it, then the sum of that"
    )


def _no_column(at: Any, name: str, source: Found, known: dict[str, Column], report: Report) -> None:
    near = did_you_mean(name, known, f"it has {listed(known)}")
    report.add(NoSuchMeasured(at.span, source.thing.name, name, near))


def _check_table(rollup: Any, target: Found, known: dict[str, Column], report: Report) -> None:
    """Whether the table has the columns, where it declares its own."""
    declared = {one.name: one for one in target.thing.kind.columns}
    if not declared:
        return
    wanted = [Column(target.thing.kind.at or START, "timestamp")]
    wanted += [known[ref.name] for ref in rollup.by if ref.name in known]
    wanted += [it for one in rollup.stored if (it := one.type(tuple(known.values())))]
    for one in wanted:
        own = declared.get(one.name)
        if own is None:
            report.add(TableLacks(rollup.into.span, target.thing.name, str(one)))
        elif not _holds(one, own):
            report.add(TableCannotHold(rollup.into.span, target.thing.name, str(own), str(one)))


def _holds(given: Column, wanted: Column) -> bool:
    """Whether the column of a table can hold what is computed; a day may be a date."""
    days = TYPES[given.type], TYPES[wanted.type]
    return assignable(given, wanted) or days == ("instant", "date")


_TOP = """
        pipeline: shop
        schedules:
          hourly: every 1 hour from 2026-01-05T00:00Z
          daily: every 1 day from 2026-01-05T00:00Z
          weekly: every 1 week from 2026-01-05T00:00Z
        connections: {{db: postgres, crm: postgres, old: oracle}}
        datanodes:
          orders: {{{orders}, schedule: hourly}}
          by_day: {by_day}
          by_week: sql db.orders_by_week
        rollups:
{rollups}
        """


def _example(
    rollups: str,
    orders: str = 'sql: db.orders, at: ordered_at, columns: "city string, price decimal(10,2), ordered_at timestamp"',
    by_day: str = "sql db.orders_by_day",
) -> str:
    lines = "\n".join(f"          {line}" for line in rollups.splitlines())
    return _TOP.format(orders=orders, by_day=by_day, rollups=lines)


_GOOD = "count_orders: orders every daily by city with sum(price) into by_day"


@diagnostic
class NotIntoATable(Diagnostic):
    """The results of a rollup are rows of a table, or files of an interval: what can be replaced.

    Files have a format, and a cluster makes them of other files.
    """

    code = "P334"
    title = "Rollup into something else"
    message = "the results of a rollup go into a table, or into files with a format"
    help = "name a datanode of the kind `sql`; or give `{name}` a `format`, and the rollup a cluster to run on"
    fails = _example(
        "count_orders: orders every daily with count() into by_day    # P334 by_day",
        by_day="s3 s3://shop/by_day/",
    )
    fixed = _example("count_orders: orders every daily with count() into by_day")

    name: str


@diagnostic
class OneFolder(Diagnostic):
    """A run replaces the files of its interval: each interval has a folder of its own."""

    code = "P289"
    title = "Rollup into one folder"
    message = "each run would replace all that is in `{name}`"
    help = "let its place depend on the interval, such as `${{{{ start:%Y-%m-%d }}}}/`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-05T00:00Z}
        resources: {cluster: emr emr-7.1.0 with 4 x m5.xlarge}
        datanodes:
          orders: {s3: "s3://shop/orders/${{ start:%Y-%m-%d }}/", format: csv(city string), schedule: daily}
          by_day: s3 s3://shop/by_day/ as csv
        rollups:
          count_orders: orders every daily by city with count() into by_day on cluster    # P289 by_day
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-05T00:00Z}
        resources: {cluster: emr emr-7.1.0 with 4 x m5.xlarge}
        datanodes:
          orders: {s3: "s3://shop/orders/${{ start:%Y-%m-%d }}/", format: csv(city string), schedule: daily}
          by_day: s3 s3://shop/by_day/${{ start:%Y-%m-%d }}/ as csv
        rollups:
          count_orders: orders every daily by city with count() into by_day on cluster
        """

    name: str


@diagnostic
class NoRollupsThere(Diagnostic):
    """A rollup runs as SQL in the database of its table, in words that this database knows."""

    code = "P335"
    title = "Database without rollups"
    message = "`{name}` is a database of the kind `{engine}`, whose SQL is not written here"
    help = "rollups run in {engines}; for others write a `sql` activity"
    fails = _example(
        "count_orders: orders every daily with count() into by_day    # P335 by_day",
        orders="s3: 's3://shop/${{ start:%H }}/', format: csv(city string)",
        by_day="sql old.by_day",
    )
    fixed = _example(
        "count_orders: orders every daily with count() into by_day",
        orders="s3: 's3://shop/${{ start:%H }}/', format: csv(city string)",
    )

    name: str
    engine: str
    engines: str


@diagnostic
class NotToldApart(Diagnostic):
    """A rollup takes the rows of one interval: those of the files of that interval, or those whose
    `at` lies in it.
    """

    code = "P336"
    title = "Rows of no interval"
    message = "`{name}` cannot be rolled up: {reason}"
    help = "{advice}"
    fails = _example(
        "count_orders: orders every daily with count() into by_day    # P336 orders",
        orders="sql: db.orders",
    )
    fixed = _example(
        "count_orders: orders every daily with count() into by_day",
        orders="sql: db.orders, at: ordered_at",
    )

    name: str
    reason: str
    advice: str


@diagnostic
class OtherDatabase(Diagnostic):
    """A rollup is one statement of SQL, so the table it reads is in the database that it writes to."""

    code = "P337"
    title = "Rollup across databases"
    message = "`{name}` is reached through `{own}`, and the results go through `{other}`"
    help = "copy its rows into a table of `{other}`, and roll that up"
    fails = _example(
        "count_orders: orders every daily with count() into by_day    # P337 orders",
        orders="sql: crm.orders, at: ordered_at",
    )
    fixed = _example(
        "count_orders: orders every daily with count() into by_day",
        orders="sql: db.orders, at: ordered_at",
    )

    name: str
    own: str
    other: str


@diagnostic
class NotCoarser(Diagnostic):
    """A rollup makes long intervals of short ones: the rows of a day are not those of one hour of it."""

    code = "P338"
    title = "Rollup to shorter intervals"
    message = "`{name}` comes on `{made}`, whose intervals are longer than those of `{own}`"
    help = "roll it up to `{made}`, or to a schedule with longer intervals"
    fails = """
        pipeline: shop
        schedules:
          hourly: every 1 hour from 2026-01-05T00:00Z
          daily: every 1 day from 2026-01-05T00:00Z
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, at: ordered_at}
          by_hour: sql db.by_hour
        activities:
          load: {sql: CALL load(), flow: -> orders, schedule: daily}
        rollups:
          count_orders: orders every hourly with count() into by_hour    # P338 orders # P311 orders
        """
    fixed = _example("count_orders: orders every hourly, daily with count() into by_day, by_week")

    name: str
    made: str
    own: str


@diagnostic
class WrongAgain(Diagnostic):
    """A table that a rollup made has a row for each group, no longer one for each thing.

    Sums and counts may be added up, the smallest of the smallest is the smallest: nothing else that
    is computed from such a column says anything of the rows that it was made of.
    """

    code = "P339"
    title = "Rolled up wrongly"
    message = "`{column}` of `{name}` is {made} for each group of rows: this would not be what it is of all rows"
    help = "{advice}"
    fails = _example(
        f"{_GOOD}\naverages: by_day every weekly with avg(price) into by_week    # P339 avg(price)"
    )
    fixed = _example(
        "count_orders: orders every daily, weekly by city with avg(price) into by_day, by_week"
    )

    name: str
    column: str
    function: str

    def text(self) -> str:
        """The message, with what the column is in words."""
        made = {
            "sum": "a sum", "count": "a count", "min": "the smallest value",
            "max": "the largest value", "by": "a value that rows were grouped by, once",
        }[self.function]  # fmt: skip
        return self.message.format(**{**vars(self), "made": made})

    def hint(self) -> str:
        """What may be computed of it, and where to ask for something else."""
        again = {"count": "sum", "by": ""}.get(self.function, self.function)
        may = f"`{again}({self.column})` holds; for " if again else "for "
        return (
            f"{may}anything else give the rollup that makes `{self.name}` another measure or level"
        )


@diagnostic
class CountsGroups(Diagnostic):
    """A table that a rollup made has a row for each group: its rows say nothing of how many there were."""

    code = "P340"
    title = "Counts groups"
    message = "this counts the groups of `{name}`, not the rows that they were made of"
    help = "take {counts}"
    fails = _example(
        "days: orders every daily by city with count() as orders_count into by_day\n"
        "weeks: by_day every weekly with count() into by_week    # P340 count()"
    )
    fixed = _example(
        "days: orders every daily by city with count() as orders_count into by_day\n"
        "weeks: by_day every weekly with sum(orders_count) into by_week"
    )

    name: str
    counts: str


@diagnostic
class NotMeasurable(Diagnostic):
    """Numbers can be added up, and of most values there is a smallest and a largest one."""

    code = "P341"
    title = "Measure of another type"
    message = "`{function}` cannot be taken of `{column}`"
    help = "`sum` and `avg` take numbers, `min` and `max` what has an order, `count` anything"
    fails = _example(
        "count_orders: orders every daily with sum(city) into by_day    # P341 sum(city)"
    )
    fixed = _example("count_orders: orders every daily with max(city) into by_day")

    function: str
    column: str


@diagnostic
class NoSuchMeasured(Diagnostic):
    """A rollup groups and measures the columns that its datanode has."""

    code = "P342"
    title = "Unknown column to roll up"
    message = "`{name}` has no column `{column}`"
    help = "{near}"
    fails = _example(
        "count_orders: orders every daily by town with sum(prise) into by_day    # P342 town # P342 sum(prise)"
    )
    fixed = _example(_GOOD)

    name: str
    column: str
    near: str


@diagnostic
class StoredTwice(Diagnostic):
    """Each group and each measure has a column of its own in the table: `as` gives a measure another name.

    Without `as`, `sum(price)` is called `price`, `min(price)` is `min_price`, and `avg(price)` is kept
    as `sum_price` and `count_price`.
    """

    code = "P343"
    title = "Two columns of one name"
    message = "`{name}` is also the name of {other}"
    help = "{way}"
    fails = _example(
        "count_orders: orders every daily by city with sum(price), count() as price into by_day    # P343 count() as price"
    )
    fixed = _example(
        "count_orders: orders every daily by city with sum(price), count() into by_day"
    )

    name: str
    other: str
    way: str


@diagnostic
class TableLacks(Diagnostic):
    """The table of a rollup has a column for the start of the interval, for each group and each measure.

    A table that declares no columns is taken to have just these.
    """

    code = "P344"
    title = "Table lacks a column"
    message = "`{name}` declares no column for `{column}`"
    help = "add it to its `columns`, or declare none"
    fails = _example(
        f"{_GOOD}    # P344 by_day",
        by_day='{sql: db.by_day, columns: "interval_start timestamp, city string"}',
    )
    fixed = _example(
        _GOOD,
        by_day='{sql: db.by_day, columns: "interval_start timestamp, city string, price decimal(38,2)"}',
    )

    name: str
    column: str


@diagnostic
class TableCannotHold(Diagnostic):
    """A column of the table holds what is computed for it."""

    code = "P345"
    title = "Table cannot hold a measure"
    message = "`{own}` of `{name}` cannot hold `{column}`"
    help = "change its type in `columns`, and in the database"
    fails = _example(
        f"{_GOOD}    # P345 by_day",
        by_day='{sql: db.by_day, columns: "interval_start timestamp, city string, price int"}',
    )
    fixed = _example(
        _GOOD,
        by_day='{sql: db.by_day, columns: "interval_start timestamp, city string, price decimal(38,2)"}',
    )

    name: str
    own: str
    column: str


@diagnostic
class MadeByAnother(Diagnostic):
    """A rollup replaces the rows of an interval, also those that another one has put there.

    One table is what has one name behind connections of one name, in all files that are read
    together.
    """

    code = "P346"
    title = "Two rollups into one table"
    message = "the table of `{name}` is made by `{other}` already, and each would remove the rows of the other"
    help = "give each rollup a table of its own"
    fails = _example(
        "count_orders: orders every daily with count() into by_day\n"
        "sum_orders: orders every daily with sum(price) into by_day    # P346 by_day"
    )
    fixed = _example("count_orders: orders every daily with count(), sum(price) into by_day")

    name: str
    other: str
