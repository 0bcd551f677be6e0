"""How a copy gets from one datanode to another: a way for each pair of kinds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from pipec.expression.tree import Format as Formatted
from pipec.expression.tree import Name as Word
from pipec.facets import Data, Files, Format, Items, Table
from pipec.fields.format import stored
from pipec.fields.place import is_folder
from pipec.frozen import frozen
from pipec.ir import Datanode
from pipec.links import Found
from pipec.source import NOWHERE
from pipec.syntax import Scalar
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.hive import copy_step, distcp_step
from pipec.targets.airflow.redshift import (
    Wishes,
    copied,
    loaded,
    loading,
    queried,
    unloaded,
    unloading,
)
from pipec.targets.airflow.rows import Rows
from pipec.targets.airflow.steps import steps_task
from pipec.targets.airflow.work import Work
from pipec.targets.python.values import Call, Value, partial
from pipec.values import Splice, Text

if TYPE_CHECKING:
    from pipec.values import Column

SIDES = {
    "s3": "s3", "disk": "file", "database": "sql", "redshift": "redshift", "items": "dynamodb",
    "hdfs": "hdfs",
}  # fmt: skip
"""What datanodes are to a copy, and the kind of each."""


@frozen
class Way:
    """How rows or files get from one side to another."""

    name: str
    how: str
    """What happens, in words."""
    write: Callable[[Found, Found, Wishes, Work], Rows] | None = None
    """The function that copies, and its arguments; None when a cluster does it."""
    passing: Literal["never", "may", "must"] = "never"
    """Whether it can go through a place in S3."""


def way(source: Data, target: Data) -> Way:
    """The way from one datanode to another."""
    found = WAYS[source.side][target.side]
    if found is INSIDE and source.connection.name != target.connection.name:  # type: ignore[attr-defined]
        return SELECT
    return found


def rows(source: Found, target: Found, wishes: Wishes, work: Work) -> Rows:
    """The function that copies one datanode to another, and its arguments."""
    found = way(source.thing.kind, target.thing.kind)
    if work.local and "redshift" in (source.thing.kind.side, target.thing.kind.side):
        return by_rows(source, target, wishes, work)  # A PostgreSQL stands in for it.
    assert found.write is not None
    return found.write(source, target, wishes, work)


def rows_through(through: Text, source: Found, target: Found, wishes: Wishes, work: Work) -> Rows:
    """The function that copies one datanode to another by way of S3, and its arguments."""
    between = passing(through, source, target, work)
    first, before = rows(source, between, replace(wishes, mode="append"), work)
    second, after = rows(between, target, wishes, work)
    both = partial(work.helper("copy_through"), first, second)
    return both, {"place": work.place(folder(between)), "before": before, "after": after}


def steps(through: Text | None, source: Found, target: Found, wishes: Wishes, work: Work) -> Call:
    """The task that copies one datanode to another on a cluster; one half of it, if by way of S3."""
    if through is None:
        if same_bytes(source.thing.kind, target.thing.kind) and not work.several(source):
            return steps_task(work, [distcp_step(work, source, target)])
        return steps_task(work, [copy_step(work)])
    between = passing(through, source, target, work)
    comes = target.thing.kind.side == "hdfs"
    step = distcp_step(work, between, target) if comes else distcp_step(work, source, between)
    halves = (source, between) if comes else (between, target)
    function, arguments = rows(*halves, replace(wishes, mode="append") if comes else wishes, work)
    return steps_task(
        work, [step], "ClusterCopy",
        place=work.place(folder(between)), function=function, arguments=arguments, before=comes,
    )  # fmt: skip


def passing(through: Text, source: Found, target: Found, work: Work) -> Found:
    """The files in S3 between two datanodes: below `through`, for this instance of the activity."""
    from pipec.datanodes.s3 import S3

    start = Splice(Formatted(Word(("start",)), "%Y-%m-%dT%H-%M-%S"), Scalar(NOWHERE, "start"), 0)
    end = "" if is_folder(through) else "/"
    pieces = (*through.pieces, f"{end}{work.pipeline.name}/{work.name}/", start, "/")
    one, other = source.thing.kind, target.thing.kind
    near = next((it for it in (one, other) if it.side == "hdfs"), None)
    if near is not None and not is_folder(near.place):
        pieces = (*pieces, "rows")
    kind = S3(s3=Text(pieces, through.span), format=between_format(one, other))
    made = Datanode(
        name=f"{work.name}.passing", kind=kind, schedule=work.thing.schedule, span=work.thing.span
    )
    return Found("datanode", made, work.pipeline)


def between_format(source: Data, target: Data) -> Format | None:
    """How rows stand in the files between: as in those of the cluster, else as Redshift reads them."""
    from pipec.formats.tsv import Tsv

    for one in (source, target):
        if one.side == "hdfs":
            return stored(one)  # type: ignore[no-any-return]
    if isinstance(source, Files) and isinstance(loading(source), dict) and source.columns:
        return stored(source)  # type: ignore[no-any-return]
    return Tsv(columns=columns_of(source, target), header=True)


def columns_of(source: Data, target: Data) -> tuple[Column, ...]:
    """The columns that are copied, if either side says it."""
    return source.columns or target.columns


def folder(between: Found) -> Found:
    """The folder that the files in between are in."""
    kind = between.thing.kind
    pieces = kind.place.pieces
    if pieces[-1] != "rows":
        return between
    there = replace(kind, s3=Text(pieces[:-1], kind.place.span))
    return replace(between, thing=replace(between.thing, kind=there))


def same_bytes(source: Data, target: Data) -> bool:
    """True when files need no reading: nothing is said of their formats, or the same."""
    if not (isinstance(source, Files) and isinstance(target, Files)):
        return False
    mine, theirs = stored(source), stored(target)
    if mine is None or theirs is None:
        return len({packing(source), packing(target)} - {None}) < 2
    return bool(mine == theirs)


def packing(kind: Data) -> str | None:
    """What the files of a datanode are packed with; None when only their format knows."""
    found = stored(kind)
    if found is None:
        return kind.compression
    return found.compression if found.packed else None


def whole_items(source: Data, target: Data) -> bool:
    """Whether items are copied as they are: nobody says which of their attributes are columns."""
    if source.columns or target.columns:
        return False
    return _of_items(source) in airflow.item_sources and _of_items(target) in airflow.item_targets


def _of_items(kind: Data) -> Data | Format | None:
    """What may hold whole items: a table of them, or the format of files."""
    return kind if isinstance(kind, Items) else stored(kind)


def by_files(source: Found, target: Found, wishes: Wishes, work: Work) -> Rows:
    """Files as they are, when their format stays the same; else row by row."""
    one, other = source.thing.kind, target.thing.kind
    if not same_bytes(one, other) or work.several(source):
        return by_rows(source, target, wishes, work)
    places: dict[str, Value] = {"source": work.place(source), "target": work.place(target)}
    return work.helper(f"copy_{one.store}_to_{other.store}"), places


def by_rows(source: Found, target: Found, wishes: Wishes, work: Work) -> Rows:
    """Rows are read and written as they come."""
    one, other = source.thing.kind, target.thing.kind
    mode = "replace" if wishes.mode == "truncate" else "append"
    read, source_arguments = airflow.sources(one, source, target, work)
    write, target_arguments = airflow.targets(other, target, mode, work)
    arguments: dict[str, Value] = {"source": source_arguments, "target": target_arguments}
    if other.format and other.columns:
        order = [column.name for column in other.columns]
        if (one.columns and order != [column.name for column in one.columns]) or (
            not one.columns and (isinstance(one, Table) or (one.format and one.format.tells_names))
        ):
            arguments["columns"] = [*order]
    return partial(work.helper("copy_rows"), read, write), arguments


def by_items(source: Found, target: Found, wishes: Wishes, work: Work) -> Rows:
    """Whole items, or rows if columns are declared."""
    one, other = source.thing.kind, target.thing.kind
    if not whole_items(one, other):
        return by_rows(source, target, wishes, work)
    read, arguments = airflow.item_sources(_of_items(one), source, work)
    write, others = airflow.item_targets(_of_items(other), target, work)
    both = partial(work.helper("copy_rows"), read, write)
    return both, {"source": arguments, "target": others}


def by_load(source: Found, target: Found, wishes: Wishes, work: Work) -> Rows:
    """COPY, when Redshift reads the format; else row by row."""
    if not isinstance(loading(source.thing.kind), dict):
        return by_rows(source, target, wishes, work)
    return loaded(copied(source, target, wishes, work), source, target, wishes, work)


def by_unload(source: Found, target: Found, wishes: Wishes, work: Work) -> Rows:
    """UNLOAD into a folder, when Redshift writes the format; else row by row."""
    kind = target.thing.kind
    if not (is_folder(kind.place) and isinstance(unloading(kind), dict)):
        return by_rows(source, target, wishes, work)
    return unloaded(source, target, wishes, work)


def by_query(source: Found, target: Found, wishes: Wishes, work: Work) -> Rows:
    """INSERT of a SELECT in the database itself."""
    return loaded(queried(source, target, wishes, work), source, target, wishes, work)


FILES = Way("files", "files as they are; row by row if their formats differ", by_files)
ROWS = Way("rows", "row by row", by_rows)
ITEMS = Way("items", "items as they are; row by row if columns are declared", by_items)
LOAD = Way("load", "`COPY` by Redshift; row by row if it does not read the format", by_load)
LOAD_ITEMS = Way(
    "scan",
    "`COPY` by Redshift from DynamoDB itself; row by row if there are others than texts and numbers",
    by_load,
)
UNLOAD = Way("unload", "`UNLOAD` by Redshift; row by row into one file, or if it does not write the format", by_unload)  # fmt: skip
INSERT = Way("insert", "row by row; with `through`, to S3 and from there by `COPY`", by_rows, "may")
SELECT = Way(
    "select", "row by row; with `through`, by `UNLOAD` to S3 and from there", by_rows, "may"
)
INSIDE = Way("inside", "`INSERT` of a `SELECT`; to another connection row by row, with `through` by `UNLOAD` and `COPY`", by_query)  # fmt: skip
STEPS = Way(
    "steps", "on the cluster: files as they are by s3-dist-cp; by Hive if their formats differ"
)
HIVE = Way("Hive", "on the cluster, by Hive")
PASSING = Way("passing", "only with `through`: to S3 and from there, of which one half is steps on the cluster", None, "must")  # fmt: skip

WAYS = {
    "s3": {
        "s3": FILES, "disk": FILES, "database": ROWS, "redshift": LOAD, "items": ITEMS, "hdfs": STEPS,
    },
    "disk": {
        "s3": FILES, "disk": FILES, "database": ROWS, "redshift": INSERT, "items": ITEMS, "hdfs": PASSING,
    },
    "database": {
        "s3": ROWS, "disk": ROWS, "database": ROWS, "redshift": INSERT, "items": ROWS, "hdfs": PASSING,
    },
    "redshift": {
        "s3": UNLOAD, "disk": SELECT, "database": SELECT, "redshift": INSIDE, "items": SELECT, "hdfs": PASSING,
    },
    "items": {
        "s3": ITEMS, "disk": ITEMS, "database": ROWS, "redshift": LOAD_ITEMS, "items": ITEMS, "hdfs": HIVE,
    },
    "hdfs": {
        "s3": STEPS, "disk": PASSING, "database": PASSING, "redshift": PASSING, "items": HIVE, "hdfs": STEPS,
    },
}  # fmt: skip
"""From what to what, and how."""
