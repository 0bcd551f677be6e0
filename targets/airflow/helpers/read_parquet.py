"""Rows from Parquet files."""

import os

from helpers.as_text import as_text
from helpers.local_files import local_files
from helpers.pyarrow_parquet import pyarrow_parquet
from helpers.value_parser import value_parser


def read_parquet(path, columns=None):
    """Yields the names of the columns, then the rows, a thousand at a time.

    `columns` are pairs of name and type: these are taken, else all. A value with parts
    becomes its JSON text; a time with a zone is that of UTC.
    """
    arrow, parquet = pyarrow_parquet()
    parsers = {name: value_parser(kind) for name, kind in columns or ()}
    names = list(parsers) or None
    broken = (ArithmeticError, LookupError, ValueError)
    if names:
        yield names

    def values(name, column):
        maps = {}
        if arrow.types.is_timestamp(column.type):
            zone = column.type.tz and "UTC"
            column = column.cast(arrow.timestamp("us", zone), safe=False)
        elif arrow.types.is_nested(column.type):
            maps = {"maps_as_pydicts": "strict"}
        parse = parsers.get(name, as_text if maps else None)
        found = column.to_pylist(**maps)
        return [None if v is None else parse(v) for v in found] if parse else found

    for file in local_files(path):
        try:
            options = {"buffer_size": 1 << 20, "coerce_int96_timestamp_unit": "us"}
            with parquet.ParquetFile(file, **options) as found:
                there = found.schema_arrow.names
                if names is None:
                    names = there
                    yield names
                if missing := [name for name in names if name not in there]:
                    raise ValueError(f"no column {missing[0]}: it has {there}")
                for batch in found.iter_batches(1000, columns=names):
                    yield from zip(*(values(one, batch.column(one)) for one in names))
        except broken as error:
            raise ValueError(f"{os.path.basename(file)}: {error}") from error
    if names is None:
        yield None
