"""Rows of data: where it lies, in which format, in which table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pipec.fields.columns import TYPES
from pipec.targets.datapipeline.rows.plain import Row, scalar, scalars
from pipec.targets.datapipeline.sides import Reading
from pipec.values import Column

if TYPE_CHECKING:
    from pipec.targets.datapipeline.writing import Writing


def place(ours: str) -> Row:
    """A file in S3, or a folder: with us, a folder ends with `/`."""

    def write(out: Writing) -> None:
        written = out.text(out.value(ours))
        out.put("directoryPath" if written.endswith("/") else "filePath", written)

    def read(it: Reading) -> None:
        folder, file = scalar(it, "directoryPath"), scalar(it, "filePath")
        found = folder or file
        if found is None:
            manifest = scalar(it, "manifestFilePath")
            if manifest is not None:
                it.put(ours, it.text(manifest))
                it.account("manifestFilePath", "approximated", _MANIFEST)
            return
        if folder is not None and file is not None:
            it.account(
                "filePath", "undecided", "it is either a folder or a file, and the folder is taken"
            )
        if it.has("manifestFilePath"):
            it.account("manifestFilePath", "undecided", _MANIFEST_TOO)
        path = it.text(found)
        it.put(ours, path if file is found or path.endswith("/") else f"{path}/")

    return Row(("directoryPath", "filePath"), (ours,), write, read)


_MANIFEST = "it is the place itself here; `redshift_copy` reads it as one with `manifest: true`"


_MANIFEST_TOO = (
    "to load what a manifest names, write its path as the place, and `manifest: true` with"
    " `redshift_copy`"
)


def data_format() -> Row:
    """How rows stand in files."""

    def write(out: Writing) -> None:
        format_ = out.value("format")
        if format_ is None:
            return
        reference = out.format(format_)
        if reference is None:
            out.unsaid("format", "it knows csv, tsv, custom, regex and dynamodb_export")
        out.put("dataFormat", reference)

    def read(it: Reading) -> None:
        field = it.field("dataFormat")
        format_ = it.other(field.references[0]) if field is not None and field.references else None
        if format_ is not None and (made := it.format(format_)) is not None:
            it.put("format", made)
        elif field is None and it.needs_format:
            it.put("format", "csv")
            place = "directoryPath" if it.has("directoryPath") else "filePath"
            it.account(place, "approximated", "no format was said: its rows are csv")

    return Row(("dataFormat",), ("format",), write, read)


def items_format() -> Row:
    """The attributes of items that are taken; or that whole items are, as exports hold them."""

    def write(out: Writing) -> None:
        given = [column_text(one) for one in out.value("columns")]
        if given or out.by_hive:
            type_ = "DynamoDBExportDataFormat" if out.by_hive else "DynamoDBDataFormat"
            out.put("dataFormat", out.helper(type_, "format", {"column": given}))

    def read(it: Reading) -> None:
        field = it.field("dataFormat")
        format_ = it.other(field.references[0]) if field is not None and field.references else None
        if format_ is None:
            return
        if found := columns_of(format_):
            it.put("columns", ", ".join(found))
            if format_.type == "DynamoDBExportDataFormat":
                it.account(
                    "dataFormat", "approximated", "its columns are the attributes that are taken"
                )

    return Row(("dataFormat",), ("columns",), write, read)


def columns() -> Row:
    """The columns of a format: `name TYPE`."""

    def write(out: Writing) -> None:
        out.put("column", [column_text(one) for one in out.value("columns")])

    def read(it: Reading) -> None:
        if found := columns_of(it):
            it.put("columns", ", ".join(found))

    return Row(("column",), ("columns",), write, read)


def pattern(theirs: str, ours: str) -> Row:
    """A regular expression. Where each backslash is doubled, the service ate one of two."""

    def write(out: Writing) -> None:
        out.put(theirs, out.text(out.value(ours)))

    def read(it: Reading) -> None:
        found = scalar(it, theirs)
        if found is None:
            return
        text = found.value
        if r"\\" in text and not re.search(r"(?<!\\)\\(?:\\\\)*(?!\\)", text):
            text = text.replace(r"\\", "\\")
            it.account(theirs, "approximated", "of two backslashes, one is meant")
        it.put(ours, text)

    return Row((theirs,), (ours,), write, read)


def column_text(column: Column) -> str:
    """A column as the service has it."""
    sizes = f"({','.join(map(str, column.sizes))})" if column.sizes else ""
    return f"{column.name} {column.type.upper()}{sizes}"


def columns_of(it: Reading) -> list[str]:
    """The columns of a format as we write them; those whose type is not known are left out, and told."""
    made = []
    seen: set[str] = set()
    for one in scalars(it, "column"):
        for part in re.split(r",(?![^(]*\))", it.text(one)):
            name, _, type_ = part.strip().partition(" ")
            word, _, sizes = type_.strip().partition("(")
            meant = _TYPES.get(word.strip().lower(), word.strip().lower())
            if not type_:
                meant = "string"
                why = f"`{name}` has no type, and is taken for a string"
                it.account("column", "approximated", why)
            elif meant not in TYPES:
                meant, sizes = "string", ""
                why = f"there is no type `{type_.strip()}` here: `{name}` is taken for a string"
                it.account("column", "undecided", why)
            if name in seen:
                number = next(it for it in range(2, 1000) if f"{name}_{it}" not in seen)
                it.account(
                    "column",
                    "undecided",
                    f"`{name}` is there twice: the other is called `{name}_{number}`",
                )
                name = f"{name}_{number}"
            seen.add(name)
            plain = re.fullmatch(r"[A-Za-z_]\w*", name) is not None
            said = name if plain else f'"{name}"'
            made.append(f"{said} {meant}{'(' + sizes if sizes else ''}")
    return made


_TYPES = {"number": "decimal", "s": "string", "n": "decimal", "long": "bigint", "character": "char"}


def mark(theirs: str, ours: str, default: str | None = None) -> Row:
    """A character between values or rows, which may be written as an escape."""

    def write(out: Writing) -> None:
        value: str = out.value(ours)
        out.put(theirs, value if value != default else None)

    def read(it: Reading) -> None:
        found = scalar(it, theirs)
        if found is None:
            return
        text = _ESCAPES.get(found.value, found.value)
        if text != default:
            it.put(ours, text)

    return Row((theirs,), (ours,), write, read)


_ESCAPES = {r"\t": "\t", r"\n": "\n", r"\r": "\r", r"\r\n": "\r\n", r"\\": "\\"}


def table(ours: str, theirs: str) -> Row:
    """A table of a database, perhaps in a schema: `connection.schema.table`."""

    def write(out: Writing) -> None:
        kind: Any = out.kind
        out.put("database", out.named(kind.connection.name))
        name = _parts(kind.table)
        if len(name) > 2:
            out.unsaid(ours, "say the database in the connection")
            return
        *schema, table = (one.strip('"`[]') for one in name)
        out.put("schemaName", schema)
        out.put(theirs, table)

    def read(it: Reading) -> None:
        found = scalar(it, theirs)
        connection = it.connection()
        if it.type == "MySqlDataNode":
            it.account("type", "approximated", "it is a table of a database like any other")
        if found is None or connection is None:
            return
        schema = scalar(it, "schemaName")
        parts = [it.text(one).strip() for one in (schema, found) if one is not None]
        parts = [
            one.lower() if index == 0 and schema is not None else one
            for index, one in enumerate(parts)
        ]
        it.put(ours, ".".join([connection, *(_quoted(one) for one in parts)]))

    return Row((theirs, "schemaName", "database"), (ours,), write, read)


def _parts(name: str) -> list[str]:
    return re.findall(r'"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|[^.]+', name)


def _quoted(part: str) -> str:
    """A part of the name of a table that is no plain word stands in double quotes."""
    plain = re.sub(r"\$\{\{.*?\}\}", "x", part)
    if re.fullmatch(r"[A-Za-z_][\w$]*(\.[A-Za-z_][\w$]*)*|\"[^\"]+\"", plain):
        return part
    return f'"{part}"'


def connection(theirs: str, ours: str) -> Row:
    """The database in which statements run."""

    def write(out: Writing) -> None:
        if (name := out.database()) is not None:
            out.put(theirs, out.named(name))

    def read(it: Reading) -> None:
        field = it.field(theirs)
        name = it.name(field.references[0], "connections") if field and field.references else None
        if name is not None and name != it.database_of_flow():
            it.put(ours, name)

    return Row((theirs,), (ours,), write, read)
