"""How the rows of files are read and written by the functions in a Dag file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipec.links import Found
from pipec.targets.airflow import lowering as airflow
from pipec.targets.python.values import Call, Name, Value, partial
from pipec.values import Text

if TYPE_CHECKING:
    from pipec.facets import Format
    from pipec.targets.airflow.work import Work

Rows = tuple[Name | Call, dict[str, Value]]
"""A function that reads or writes rows, and its arguments."""


Options = tuple[str, dict[str, Value]]
"""The name of a function that reads or writes rows, and what it has to know of their format."""


def read_file(format_: Format | None, found: Found, target: Found, work: Work) -> Rows:
    """The function that reads the rows of a file or folder, and its arguments.

    A file that does not name its columns has those of the datanode it is copied to.
    """
    assert format_ is not None  # Checked: rows are only read from what has a format.
    name, options = airflow.readers(format_, work)
    columns = format_.columns or target.thing.kind.columns
    read: Name | Call = work.helper(name)
    arguments: dict[str, Value]
    if work.several(found):
        read = partial(work.helper("read_each"), read)
        arguments = {"paths": work.places(found)}
    else:
        arguments = {"path": work.place(found)}
    if columns:
        arguments["columns"] = [[one.name, one.type] for one in columns]
    return read, {**arguments, **options}


def write_file(format_: Format | None, found: Found, work: Work) -> Rows:
    """The function that writes rows to a file or folder, and its arguments."""
    assert format_ is not None
    name, options = airflow.writers(format_, work)
    return work.helper(name), {
        "path": work.place(found),
        **options,
        **said(format_, work, compression="none" if format_.packed else "snappy"),
    }


def said(format_: Format, work: Work, **usual: Value) -> dict[str, Value]:
    """The fields of a format that are not as usual, as arguments of a function."""
    given = {name: getattr(format_, name) for name in usual}
    return {
        name: work.template(Text((value,))) if isinstance(value, str) else value
        for name, value in given.items()
        if value != usual[name]
    }


def typed_columns(format_: Format, work: Work) -> list[Value]:
    """The columns that are written, each with its type: those of the format, else of what is read."""
    columns = format_.columns or work.inputs[0].thing.kind.columns
    return [[one.name, str(one).removeprefix(f"{one.name} ")] for one in columns]
