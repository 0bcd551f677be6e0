"""What Redshift does itself for the tasks of a Dag: it reads from S3 and DynamoDB, and writes to S3."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipec.dialect import type_name
from pipec.facets import Data, Files, Items
from pipec.fields.columns import TYPES
from pipec.fields.format import stored
from pipec.frozen import frozen
from pipec.links import Found
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.database import database_of, name_of, rows_written
from pipec.targets.airflow.rows import Rows
from pipec.targets.airflow.statements import in_queue, statements_of, text_literal
from pipec.targets.airflow.tables import query_of
from pipec.targets.airflow.template import escape
from pipec.targets.airflow.work import Work
from pipec.targets.lowering import Lowering
from pipec.targets.python.values import partial
from pipec.values import Text

if TYPE_CHECKING:
    from pipec.targets.python.values import Value


@frozen
class Wishes:
    """What the user says of a load or an unload, besides from where and to where."""

    mode: str = "append"
    role: Text | None = None
    queue: Text | None = None
    transform: Text | None = None
    options: Sequence[Text] = ()
    manifest: bool = False


def loaded(load: Rows, source: Found, target: Found, wishes: Wishes, work: Work) -> Rows:
    """The function that lets another fill a table of Redshift, in one transaction, and its arguments."""
    function, arguments = load
    there, kind = database_of(target, work), target.thing.kind
    given: dict[str, Value] = {
        "source": arguments,
        "conn_id": there.name,
        "table": name_of(target, work),
        "mode": wishes.mode,
    }
    merges = wishes.mode in ("keep_existing", "overwrite_existing")
    if merges and kind.keys:
        given["keys"] = [there.column(ref.name) for ref in kind.keys]
    if kind.columns and (merges or wishes.transform):
        given["columns"] = ", ".join(there.column(one.name) for one in kind.columns)
    if before := _before(wishes, work, target):
        given["before"] = before
    if kind.at and wishes.mode == "truncate":
        given["replace"] = rows_written(target, work)
    if wishes.transform is not None:
        given["transform"] = work.command(wishes.transform, ".sql").rstrip("; \n")
        if source.thing.kind.columns:
            given["staging"] = ", ".join(
                f"{there.column(one.name)} {type_name(one, there.dialect)}"
                for one in source.thing.kind.columns
            )
    return partial(work.helper("load_redshift"), function), given


def copied(source: Found, target: Found, wishes: Wishes, work: Work) -> Rows:
    """The function that fills a table with COPY, and its arguments."""
    kind = source.thing.kind
    said = loading(kind)
    assert isinstance(said, dict)  # Checked: it can be read so.
    derived = {**said, **_region(kind, said), **_manifest(wishes)}
    if isinstance(kind, Items):
        place = "dynamodb://" + work.of(source).template(kind.table)
        ratio = f"READRATIO {round(100 * (kind.read_share or 0.5))}"
        derived = {"READRATIO": ratio, **derived}
    else:
        place = work.places(source) if work.several(source) else work.place(source)
    given: dict[str, Value] = {"uri": place, "options": _options(derived, wishes, work)}
    if wishes.manifest:
        given["exact"] = False
    return work.helper("copy_into"), {**given, **_columns(source, target, wishes, work)}


def queried(source: Found, target: Found, wishes: Wishes, work: Work) -> Rows:
    """The function that fills a table with rows of the same database, and its arguments."""
    query = query_of(source, work)
    return work.helper("insert_query"), {"query": query, **_columns(source, target, wishes, work)}


def unloaded(source: Found, target: Found, wishes: Wishes, work: Work) -> Rows:
    """The function that lets Redshift write the files of a folder, and its arguments."""
    kind = target.thing.kind
    said = unloading(kind)
    assert isinstance(said, dict)  # Checked: it can be written so.
    # What an earlier attempt has left there, perhaps in more files, is not of this instance.
    derived = {**said, "CLEANPATH": "CLEANPATH", **_region(kind, said), **_manifest(wishes)}
    given: dict[str, Value] = {
        "conn_id": source.thing.kind.connection.name,
        "query": query_of(source, work),
        "uri": work.place(target),
        "options": _options(derived, wishes, work),
    }
    if before := _before(wishes, work):
        given["before"] = before
    return work.helper("unload"), given


def loading(kind: Data) -> dict[str, str] | str:
    """The options by which COPY reads a datanode; or why it does not, as what Redshift does."""
    if not isinstance(kind, Items):
        said = _said(kind, airflow.loads, "read")
        return {**said, **_packing(kind)} if isinstance(said, dict) else said
    strange = [
        it for it in kind.columns if it.type == "json" or TYPES[it.type] in ("truth", "bytes")
    ]
    if strange:
        return f"reads texts and numbers of DynamoDB, and `{strange[0].name}` is {strange[0].type}"
    return {}


def _packing(kind: Data) -> dict[str, str]:
    """How a file is packed that only its name says it of: COPY does not look into it."""
    last = kind.place.pieces[-1] if isinstance(kind, Files) and kind.place.pieces else ""
    ending = last.rpartition(".")[2] if isinstance(last, str) else ""
    word = {"gz": "GZIP", "bz2": "BZIP2", "lzo": "LZOP", "zst": "ZSTD"}.get(ending)
    return {word: word} if word and (kind.format is None or kind.format.packed) else {}


def unloading(kind: Data) -> dict[str, str] | str:
    """The options by which UNLOAD writes a datanode; or why it does not, as what Redshift does."""
    return _said(kind, airflow.unloads, "write")


def _said(kind: Data, table: Lowering, verb: str) -> dict[str, str] | str:
    format_ = stored(kind)
    if format_ is None:
        return {}
    if format_ not in table:
        name = type(format_).__module__.rpartition(".")[2]
        return f"does not {verb} `{name}`"
    found: dict[str, str] | str = table(format_)
    return found


def _columns(source: Found, target: Found, wishes: Wishes, work: Work) -> dict[str, Value]:
    """The columns that are filled, in the order in which they come, if somebody says it."""
    if wishes.transform is not None:
        return {}  # They come into a table that has just these.
    columns = source.thing.kind.columns or target.thing.kind.columns
    there = database_of(target, work)
    names = ", ".join(there.column(one.name) for one in columns)
    return {"columns": f" ({names})"} if columns else {}


def _before(wishes: Wishes, work: Work, target: Found | None = None) -> list[Value]:
    """The statements that come first."""
    found: list[Value] = [*in_queue(wishes.queue, work)]
    if target is not None and target.thing.kind.create is not None:
        there = database_of(target, work)
        found += statements_of(target.thing.kind.create, there, work.of(target))
    return found


def _region(kind: Data, said: dict[str, str]) -> dict[str, str]:
    """Redshift has to know what is in another region; files of Parquet can only be in its own."""
    columnar = "PARQUET" in said.get("FORMAT", "")
    return {"REGION": f"REGION AS '{kind.region}'"} if kind.region and not columnar else {}


def _manifest(wishes: Wishes) -> dict[str, str]:
    return {"MANIFEST": "MANIFEST"} if wishes.manifest else {}


def _options(derived: dict[str, str], wishes: Wishes, work: Work) -> str:
    """The options as SQL: what follows from the datanode, unless the user says it otherwise."""
    own = [work.template(one) for one in wishes.options]
    words = {word for one in wishes.options for word in option_words(one)}
    formats = {word for word in words if _SORT.get(word) == "FORMAT"}
    if formats and not formats & {*derived.get("FORMAT", "").upper().split()}:
        # Of another format than the datanode's, nothing of that is true.
        derived = {word: it for word, it in derived.items() if word in ("REGION", "MANIFEST")}
    said = {_SORT.get(word, word) for word in words}
    kept = [escape(it) for word, it in derived.items() if _SORT.get(word, word) not in said]
    role = "default"
    if wishes.role is not None:
        role = text_literal(wishes.role, work)
    return " ".join([f"IAM_ROLE {role}", *kept, *own])


def option_words(option: Text) -> set[str]:
    """The words of an option that do not stand between quotes, in capitals."""
    plain = "".join(one if isinstance(one, str) else "''" for one in option.pieces)
    return {*re.findall(r"\w+", re.sub(r"'(?:[^']|'')*'", " ", plain).upper())}


def names_format(options: Sequence[Text]) -> bool:
    """Whether options say how rows stand in a file."""
    words = {word for one in options for word in option_words(one)}
    return any(_SORT.get(word) == "FORMAT" for word in words) or "DELIMITER" in words


_SORT = {
    **dict.fromkeys(("CSV", "JSON", "PARQUET", "ORC", "AVRO", "FIXEDWIDTH", "SHAPEFILE"), "FORMAT"),
    **dict.fromkeys(("GZIP", "BZIP2", "LZOP", "ZSTD"), "COMPRESSION"),
    **dict.fromkeys(("CLEANPATH", "ALLOWOVERWRITE"), "CLEANPATH"),
}
"""What options are about that exclude each other."""
