"""`parquet`: columns with types, packed in groups of rows."""

from __future__ import annotations

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.facets import Format
from pipec.fields.columns import columns
from pipec.fields.key import key
from pipec.fields.scalars import one_of
from pipec.frozen import node
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.rows import Options, typed_columns
from pipec.targets.airflow.work import Work
from pipec.values import Column, Ref


@node
class Parquet(Format):
    """Columns with names and types of their own, in groups of rows that are read one by one.

    Where tasks run, it needs `pyarrow`. Nested values become JSON texts.
    """

    columns: tuple[Column, ...] = key(
        columns, "The columns that are taken, in their order; else all that a file has.", default=()
    )
    compression: str = key(
        one_of("snappy", "none", "gzip", "zstd"), "How its columns are packed.", default="snappy"
    )

    packed = False
    tells_names = True

    def check_written(self, ref: Ref, given: tuple[Column, ...], report: Report) -> None:
        """Report columns whose types nobody knows, or that a Parquet file does not have."""
        if not self.columns and not given:
            report.add(NoTypes(ref.span, ref.name))
        for one in self.columns or given:
            digits, scale = (*one.sizes, 0)[:2] if one.sizes else (38, 18)
            if one.type in ("decimal", "numeric") and not max(scale, 1) <= digits <= 38:
                report.add(TooManyDigits(one.span, str(one), ref.name))


@airflow.readers.of(Parquet)
def read_in_airflow(format_: Parquet, work: Work) -> Options:
    """The function that reads it, some rows at a time."""
    return "read_parquet", {}


@airflow.writers.of(Parquet)
def write_in_airflow(format_: Parquet, work: Work) -> Options:
    """The function that writes it, some rows at a time."""
    return "write_parquet", {"columns": typed_columns(format_, work)}


@diagnostic
class NoTypes(Diagnostic):
    """A Parquet file holds the types of its columns, so somebody has to say them."""

    code = "P465"
    title = "Columns without types"
    message = "nothing says which columns `{name}` has, and of which types"
    help = "name them in its format, or where the rows come from: `parquet(id bigint, name string)`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes: {table: sql db.orders, orders: s3 s3://shop/orders.parquet as parquet}
        activities:
          keep:
            copy: table -> orders    # P465 orders
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes:
          table: sql db.orders
          orders: s3 s3://shop/orders.parquet as parquet(id bigint, name string)
        activities:
          keep:
            copy: table -> orders
        """

    name: str


@diagnostic
class TooManyDigits(Diagnostic):
    """A decimal number of Parquet has 1 to 38 digits, and no more after the point than in all."""

    code = "P466"
    title = "Number that Parquet does not hold"
    message = "`{column}` does not fit into `{name}`: numbers of Parquet have 1 to 38 digits"
    help = "in `decimal(38,2)` there are 38 digits, of which 2 stand after the point"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes:
          table: {sql: db.orders, columns: "id bigint, price decimal(40,2)"}    # P466 price
          orders: s3 s3://shop/orders.parquet as parquet
        activities:
          keep: {copy: table -> orders}
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {db: postgres}
        datanodes:
          table: {sql: db.orders, columns: "id bigint, price decimal(38,2)"}
          orders: s3 s3://shop/orders.parquet as parquet
        activities:
          keep: {copy: table -> orders}
        """

    column: str
    name: str
