"""How Redshift itself reads the formats, with COPY, and writes them, with UNLOAD."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from pipec.facets import Format
from pipec.formats.csv import Csv
from pipec.formats.custom import Custom
from pipec.formats.json import Json
from pipec.formats.parquet import Parquet
from pipec.formats.tsv import Tsv
from pipec.targets.airflow.lowering import loads, unloads

Said = dict[str, str] | str
"""The options by their first words, or why there are none."""

_AUTO = {"DATEFORMAT": "DATEFORMAT AS 'auto'", "TIMEFORMAT": "TIMEFORMAT AS 'auto'"}
"""Dates and times as ISO 8601 and others write them."""


@loads.of(Csv)
def load_csv(format_: Csv) -> Said:
    """COPY takes quotes as they are meant, but an empty field for an empty text."""
    if format_.escape:
        return _load_escaped(format_)
    if why := _strange(format_):
        return why
    return {
        "FORMAT": "FORMAT AS CSV", **_separator(format_, ","), "EMPTYASNULL": "EMPTYASNULL",
        **_header(format_, "IGNOREHEADER AS 1"), **_packing(format_, "GZIP", "BZIP2"), **_AUTO,
    }  # fmt: skip


@unloads.of(Csv)
def unload_csv(format_: Csv) -> Said:
    """NULL is an empty field, as everywhere."""
    if format_.escape:
        return _unload_escaped(format_)
    return _strange(format_) or {
        "FORMAT": "FORMAT AS CSV", **_separator(format_, ","), **_header(format_, "HEADER"),
        **_packing(format_, "GZIP", "BZIP2"),
    }  # fmt: skip


def _load_escaped(format_: Csv | Tsv | Custom) -> Said:
    if why := _strange(format_) or _other_escape(format_):
        return why
    return {
        **_separator(format_), **({"ESCAPE": "ESCAPE"} if format_.escape else {}),
        **_header(format_, "IGNOREHEADER AS 1"), **_packing(format_, "GZIP", "BZIP2"), **_AUTO,
    }  # fmt: skip


def _unload_escaped(format_: Csv | Tsv | Custom) -> Said:
    if why := _strange(format_) or _other_escape(format_):
        return why
    return {
        **_separator(format_), **({"ESCAPE": "ESCAPE"} if format_.escape else {}),
        # In a literal of Redshift, a backslash is written twice.
        "NULL": r"NULL AS '\\N'",
        **_header(format_, "HEADER"), **_packing(format_, "GZIP", "BZIP2"),
    }  # fmt: skip


for _kind in (Tsv, Custom):
    loads.of(_kind)(_load_escaped)
    unloads.of(_kind)(_unload_escaped)


@loads.of(Json)
def load_json(format_: Json) -> Said:
    """Names with capitals are those of columns, which have none in Redshift."""
    if why := _strange_packing(format_):
        return why
    packing = _packing(format_, "GZIP", "BZIP2")
    return {"FORMAT": "FORMAT AS JSON 'auto ignorecase'", **packing, **_AUTO}


@unloads.of(Json)
def unload_json(format_: Json) -> Said:
    """One object a line."""
    return _strange_packing(format_) or {
        "FORMAT": "FORMAT AS JSON",
        **_packing(format_, "GZIP", "BZIP2"),
    }


@loads.of(Parquet)
def load_parquet(format_: Parquet) -> Said:
    """All that COPY has to know stands in the files."""
    return {"FORMAT": "FORMAT AS PARQUET"}


@unloads.of(Parquet)
def unload_parquet(format_: Parquet) -> Said:
    """UNLOAD packs the columns with Snappy."""
    if format_.compression != "snappy":
        return f"packs the columns of Parquet with Snappy, not with {format_.compression}"
    return {"FORMAT": "FORMAT AS PARQUET"}


def _strange(format_: Csv | Tsv | Custom) -> str:
    if len(format_.separator) != 1 or not format_.separator.isascii() or format_.separator == "\\":
        return f"takes one character of ASCII as a separator, not `{format_.separator}`"
    if format_.record_separator != "\n":
        return "ends a row with a line break"
    return _strange_packing(format_)


def _strange_packing(format_: Csv | Tsv | Custom | Json) -> str:
    return "does not know `xz`" if format_.compression == "xz" else ""


def _other_escape(format_: Csv | Tsv | Custom) -> str:
    return "" if format_.escape in ("", "\\") else "knows no other `escape` than a backslash"


def _separator(format_: Csv | Tsv | Custom, usual: str = "") -> dict[str, str]:
    mark = format_.separator
    if mark == usual:
        return {}
    spelt = mark if mark.isprintable() else "\\t" if mark == "\t" else f"\\{ord(mark):03o}"
    return {"DELIMITER": "DELIMITER AS '{}'".format(spelt.replace("'", "''"))}


def _header(format_: Csv | Tsv | Custom, option: str) -> dict[str, str]:
    return {option.split()[0]: option} if format_.header else {}


def _packing(format_: Csv | Tsv | Custom | Json, *known: str) -> dict[str, str]:
    word = format_.compression.upper()
    return {word: word} if word in known else {}


def format_said(options: str) -> Format | None:
    """The format that options of COPY describe; None if they describe none of those with marks between values."""
    words = [it for it in re.findall(r"'(?:[^']|'')*'|\w+", options) if it.upper() != "AS"]
    said = {one.upper(): after for one, after in pairwise([*words, ""]) if one[0] != "'"}
    packings = [it for it in ("GZIP", "BZIP2") if it in said]
    header = said.get("IGNOREHEADER", "0")
    if said.keys() & _OTHERS or len(packings) > 1 or header not in ("0", "1"):
        return None
    given: dict[str, Any] = {"header": header == "1"}
    if packings:
        given["compression"] = packings[0].lower()
    if mark := said.get("DELIMITER", "")[1:-1]:
        given["separator"] = "\t" if mark == r"\t" else mark.replace("''", "'")
    if "CSV" in said:
        return Csv(**given) if "ESCAPE" not in said else None
    return Tsv(**given, escape="\\" if "ESCAPE" in said else "") if mark else None


_OTHERS = {
    *("JSON", "PARQUET", "ORC", "AVRO", "FIXEDWIDTH", "SHAPEFILE", "LZOP", "ZSTD", "QUOTE"),
    *("REMOVEQUOTES", "ENCODING"),
}
"""What no `csv` or `tsv` of ours says."""
