"""Rows to a Parquet file."""

from itertools import islice

from helpers.new_file import new_file
from helpers.parquet_type import parquet_type
from helpers.pyarrow_parquet import pyarrow_parquet
from helpers.value_parser import value_parser


def write_parquet(rows, path, columns, compression="snappy"):
    """Writes `rows` (the names of their columns first) in groups of 10,000.

    `columns` are pairs of name and type, in the order of the values in a row. Times
    without a zone are those of UTC.
    """
    arrow, parquet = pyarrow_parquet()
    schema = arrow.schema([(name, parquet_type(arrow, kind)) for name, kind in columns])
    parsers = [value_parser(kind) for _, kind in columns]
    given = next(rows, None)
    if given and len(given) != len(columns):
        raise ValueError(f"{len(given)} values for {len(columns)} columns")

    def array(values, parse, field):
        try:
            return arrow.array(map(parse, values), field.type, size=len(values))
        except (ArithmeticError, LookupError, ValueError) as error:
            text = f"not all of {field.name} are {field.type}: {error}"
            raise ValueError(text) from error

    with new_file(path, ".parquet") as draft:
        with parquet.ParquetWriter(draft, schema, compression=compression) as file:
            while some := list(islice(rows, 10_000)):
                arrays = map(array, zip(*some), parsers, schema)
                file.write_table(arrow.table(list(arrays), schema=schema))
