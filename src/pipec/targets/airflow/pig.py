"""A script of Pig on a cluster, and the relations that stand for what it reads and writes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pipec.fields.columns import TYPES
from pipec.fields.place import is_folder
from pipec.links import Found
from pipec.source import Span
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.hive import (
    Around,
    OneFile,
    assembled,
    quoted,
    report_no_table,
    sides,
)
from pipec.targets.airflow.hive_rows import options_of
from pipec.targets.airflow.steps import BEGINNING, Step, words
from pipec.targets.airflow.template import escape, for_each
from pipec.targets.airflow.work import Work
from pipec.values import Column, Script, Text


def pig_step(
    work: Work,
    script: Text | Script,
    *,
    stage: bool = True,
    variables: Mapping[str, Text] | None = None,
    queue: Text | None = None,
) -> Step:
    """The step that runs a script, with relations for what the activity reads and writes."""
    named = sides(work) if stage else []
    every = [_relation(work, found, name, span) for name, found, span in named]
    options: list[str | Text] = []
    if queue is not None:
        for setting in ("mapreduce.job.queuename", "tez.queue.name"):
            options.append(Text((f"-D{setting}=", *queue.pieces)))
    for name, value in (variables or {}).items():
        options += ["-p", Text((f"{name}=", *_parameter(work.resolved(value)).pieces))]
    for name, _, _ in named:
        options += ["-p", f"{name}={name}"]
    before = [*dict.fromkeys(it for one in every for it in one.before)]
    after = [*dict.fromkeys(it for one in every for it in one.after)]
    return "\n".join(
        [
            BEGINNING,
            *dict.fromkeys(it for one in every for it in one.first),
            assembled(work, "script.pig", before, script, after),
            words(work, "pig", *options, "-f", "script.pig"),
        ]
    )


def _parameter(value: Text) -> Text:
    """A value as Pig takes it from its command line: in quotes, unless it is one plain word."""
    if (constant := value.constant) is not None and _PLAIN.fullmatch(constant):
        return value
    marked = (
        re.sub(r"""[\\"$]""", r"\\\g<0>", it) if isinstance(it, str) else it for it in value.pieces
    )
    return Text(('"', *marked, '"'), value.span)


_PLAIN = re.compile(r"[A-Za-z0-9][\w.:/-]*", re.ASCII)


def _relation(work: Work, found: Found, name: str, span: Span) -> Around:
    kind = found.thing.kind
    if kind not in airflow.relations:
        report_no_table(work, found, span, "Pig has no way to it")
        return Around()
    around: Around = airflow.relations(kind, found, name, span, work)
    return around


def files_relation(kind: Any, found: Found, name: str, span: Span, work: Work) -> Around:
    """The relation of files: an input is loaded before the script, an output stored after it."""
    columns: tuple[Column, ...] = kind.columns
    given = options_of(kind.format)
    reads = name.startswith("input")
    way = _way(kind.format, given, columns, reads=reads)
    if not way.startswith("USING") or not columns:
        report_no_table(work, found, span, way or "no columns")
        return Around()
    own = work.of(found)
    register = (f"REGISTER {_PIGGYBANK}",) if "piggybank" in way else ()
    place = quoted(kind.place, own, pig_literal)
    if not reads:
        if not is_folder(own.resolved(kind.place)):
            work.report.add(OneFile(span, found.thing.name))
            return Around()
        # Pig writes no folder that is there; its own `rmf` takes quotes for a part of the name.
        bare = words(own, "hadoop", "fs", "-rm", "-r", "-f", "-skipTrash", kind.place)
        store = f"STORE {name} INTO {place} {escape(way)}"
        return Around((*_packed(kind, given), *register), (store,), first=(bare,))
    first: tuple[str, ...] = ()
    if work.several(found):
        assert work.reads is not None
        each = work.reads.each(found, places=True)
        assert each.place is not None
        inside = quoted(each.place, replace(own, moment=each.moment), pig_literal)[1:-1]
        place = f"'{for_each(each, inside, _BETWEEN, otherwise=_NOTHING)}'"
        first = (f"hadoop fs -mkdir -p {_NOTHING}",)
    types = ", ".join(f"{one.name}:{pig_type(one)}" for one in columns)
    if given["name"] != "regex":
        return Around(
            (*register, f"{name} = LOAD {place} {escape(f'{way} AS ({types})')}"), first=first
        )
    pattern = pig_literal(kind.format.pattern.constant or "")
    taken = f"FLATTEN(REGEX_EXTRACT_ALL(line, {pattern})) AS ({types})"
    return Around(
        (
            f"{name}_lines = LOAD {place} USING TextLoader() AS (line:chararray)",
            escape(f"{name} = FOREACH {name}_lines GENERATE {taken}"),
        ),
        first=first,
    )


_BETWEEN = "{{ ',' if not loop.last }}"
_NOTHING = "hdfs:///tmp/nothing/"
"""What is read where there is no instance at all."""
_PIGGYBANK = "/usr/lib/pig/piggybank.jar"
"""Where EMR has it, as all that Apache Bigtop packs."""


def pig_type(column: Column) -> str:
    """The type of a column in Pig."""
    if column.type in ("decimal", "numeric"):
        return "bigdecimal"
    if column.type == "bigint":
        return "long"
    return {
        "whole": "int", "real": "double", "truth": "boolean", "date": "datetime",
        "instant": "datetime", "bytes": "bytearray",
    }.get(TYPES[column.type], "chararray")  # fmt: skip


def pig_literal(text: str) -> str:
    """A text as Pig's scripts hold it: between quotes, a `$` would begin a parameter."""
    return f"'{re.sub(_SPECIAL, lambda found: _MARKS.get(found[0]) or _numbered(found[0]), text)}'"


def _numbered(letter: str) -> str:
    return f"\\u{ord(letter):04x}"


_MARKS = {"'": "\\'", "\\": "\\\\", "$": "\\$", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_SPECIAL = r"['\\$\x00-\x1f]"


def _way(format_: Any, given: Mapping[str, Any], columns: Sequence[Column], *, reads: bool) -> str:
    """The function that loads or stores files in a format; or why there is none."""
    separator = given["separator"]
    if given["record_separator"] not in ("\n", "\r\n"):
        return "for Pig, a row ends with a line break"
    match given["name"]:
        case "csv" if not given["escape"] and len(separator) == 1:
            header = _HEADERS[reads, given["header"]]
            arguments = f"{pig_literal(separator)}, 'NO_MULTILINE', 'UNIX', '{header}'"
            return f"USING org.apache.pig.piggybank.storage.CSVExcelStorage({arguments})"
        case "csv" | "tsv" | "custom" if len(separator) == 1 and not given["header"]:
            return f"USING PigStorage({pig_literal(separator)})"
        case "csv" | "tsv" | "custom" if given["header"]:
            return "Pig knows headers in `csv` alone"
        case "csv" | "tsv" | "custom":
            return "for Pig, one character stands between two values"
        case "json" if not reads:
            return "USING JsonStorage()"
        case "regex" if reads:
            return "USING TextLoader()"
    return f"Pig does not {'read' if reads else 'write'} `{given['name']}` by itself"


_HEADERS = {
    (True, True): "SKIP_INPUT_HEADER",
    (True, False): "READ_INPUT_HEADER",
    (False, True): "WRITE_OUTPUT_HEADER",
    (False, False): "SKIP_OUTPUT_HEADER",
}
"""What becomes of the first line, by whether a file is read, and whether it has the names."""


def _packed(kind: Any, given: Mapping[str, Any]) -> tuple[str, ...]:
    packing = kind.compression if kind.compression != "none" else given["compression"]
    codec = {"gzip": "GzipCodec", "bzip2": "BZip2Codec"}.get(packing)
    if codec is None:
        return ()
    path = f"org.apache.hadoop.io.compress.{codec}"
    return ("SET output.compression.enabled true", f"SET output.compression.codec {path}")
