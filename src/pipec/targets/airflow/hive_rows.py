r"""How Hive reads and writes the rows of files in each format.

Hive's text formats know texts best. So files are read as texts, and a view makes values of them:
NULL is what it is wherever pipec reads files, but for texts of csv that are empty. What Hive has
no format for is written as lines that a query puts together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipec.fields.columns import TYPES
from pipec.frozen import frozen
from pipec.targets.airflow.task import keyword
from pipec.values import Column


@frozen
class Reading:
    """A table of files, and the query that makes values of its rows."""

    columns: tuple[tuple[str, str], ...]
    """The names and types of its columns."""
    stored: str
    """What stands between its columns and its place."""
    values: tuple[str, ...]
    """The expression of each column that was declared."""
    beside: str = ""
    """What takes a row apart, after the name of the table."""
    properties: tuple[tuple[str, str], ...] = ()


@frozen
class Writing:
    """The table that a script fills."""

    columns: tuple[tuple[str, str], ...]
    stored: str
    line: str = ""
    """The expression of the line that a row becomes; empty if the table itself is the files."""
    properties: tuple[tuple[str, str], ...] = ()


def reading(format_: Any, columns: Sequence[Column]) -> Reading | str:
    """How Hive reads files in a format; or why it cannot, in words."""
    given = options_of(format_)
    if (reason := _not_lines(given, columns, reads=True)) is not None:
        return reason
    texts = tuple((one.name, "string") for one in columns)
    header = (("skip.header.line.count", "1"),) if given["header"] else ()
    named = [identifier(one.name) for one in columns]
    match given["name"]:
        case "csv" if not given["escape"]:
            # Nothing takes the meaning from a quote but another one.
            serde = _serde(_CSV, separatorChar=given["separator"], escapeChar="\x01")
            return Reading(texts, serde, _from_texts(columns, named), properties=header)
        case "csv" | "tsv" | "custom":
            values = _from_texts(columns, named, empty=True)  # To Hive too, `\N` is NULL.
            return Reading(texts, _delimited(given), values, properties=header)
        case "json":
            found = ", ".join(f"c{number}" for number in range(len(columns)))
            keys = ", ".join(literal(one.name) for one in columns)
            beside = f"LATERAL VIEW json_tuple(line, {keys}) found AS {found}"
            parts = [f"c{number}" for number in range(len(columns))]
            return Reading(_LINE, _LINES, _from_texts(columns, parts, empty=True), beside)
        case "dynamodb_export":
            values = tuple(_of_item(one) for one in columns)
            return Reading(_LINE, _LINES, values)
        case "regex":
            serde = _serde(_REGEX, **{"input.regex": format_.pattern.constant or ""})
            return Reading(texts, serde, _from_texts(columns, named, empty=True))
        case "parquet":
            typed = tuple((one.name, hive_type(one)) for one in columns)
            return Reading(typed, "STORED AS PARQUET", tuple(named))
    return f"Hive does not read `{given['name']}`"


def writing(format_: Any, columns: Sequence[Column]) -> Writing | str:
    """How Hive writes files in a format; or why it cannot, in words."""
    given = options_of(format_)
    if given["name"] == "dynamodb_export" and not columns:
        # The older layout: names and values with control characters in between.
        return Writing(_ITEM, _delimited({"separator": "\t", "escape": ""}))
    if (reason := _not_lines(given, columns, reads=False)) is not None:
        return reason
    texts = tuple((one.name, "string") for one in columns)
    typed = tuple((one.name, hive_type(one)) for one in columns)
    match given["name"]:
        case "csv" if not given["escape"]:
            return Writing(texts, _serde(_CSV, separatorChar=given["separator"]))
        case "csv" | "tsv" | "custom":
            return Writing(typed, _delimited(given))
        case "json":
            return Writing(typed, "STORED AS ORC", _json(columns))
        case "dynamodb_export":
            return Writing(typed, "STORED AS ORC", _item(columns))
        case "regex":
            return "Hive takes lines apart by a pattern, and does not write them"
        case "parquet":
            properties = (("parquet.compression", _PARQUET[given["compression"]]),)
            return Writing(typed, "STORED AS PARQUET", properties=properties)
    return f"Hive does not write `{given['name']}`"


def item(columns: Sequence[Column]) -> Reading:
    """A table over DynamoDB, which knows texts, numbers, truth values and bytes; or whole items."""
    if not columns:
        return Reading(_ITEM, "", ())
    kinds = {"whole": "bigint", "real": "double", "truth": "boolean", "bytes": "binary"}
    typed = tuple((one.name, kinds.get(TYPES[one.type], "string")) for one in columns)
    values = tuple(
        identifier(one.name) if kind == hive_type(one) else _value(one, identifier(one.name))
        for one, (_, kind) in zip(columns, typed, strict=True)
    )
    return Reading(typed, "", values)


_ITEM = (("item", "map<string,string>"),)


def hive_type(column: Column) -> str:
    """The type of a column in Hive."""
    sized = f"({','.join(map(str, column.sizes))})" if column.sizes else ""
    match column.type:
        case "varchar" | "char" if sized:
            return column.type + sized
        case "decimal" | "numeric":
            return f"decimal{sized or '(38,9)'}"
        case "bigint" | "int" | "smallint" | "tinyint" | "date":
            return column.type
        case "integer":
            return "int"
        case "float" | "real" | "double":
            return "double"
    return {"truth": "boolean", "instant": "timestamp", "bytes": "binary"}.get(
        TYPES[column.type], "string"
    )


def literal(text: str) -> str:
    r"""A text as Hive's scripts hold it; `;` would end a statement, and `${` begin a variable."""
    inside = "".join(
        _MARKS.get(one) or (f"\\u{ord(one):04x}" if one in ";$" or ord(one) < 32 else one)
        for one in text
    )
    return f"'{inside}'"


_MARKS = {"'": "\\'", "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}


def identifier(name: str) -> str:
    """A name between back quotes."""
    return f"`{name.replace('`', '``')}`"


_CSV = "org.apache.hadoop.hive.serde2.OpenCSVSerde"
_REGEX = "org.apache.hadoop.hive.serde2.RegexSerDe"
_LINE = (("line", "string"),)
_LINES = "STORED AS TEXTFILE"
_PARQUET = {"none": "UNCOMPRESSED", "snappy": "SNAPPY", "gzip": "GZIP", "zstd": "ZSTD"}


def options_of(format_: Any) -> dict[str, Any]:
    """What a format says, with what is usual where it says nothing."""
    name = getattr(format_, "name", "") or keyword(format_)
    usual = {"csv": (",", ""), "tsv": ("\t", "\\"), "custom": ("\x01", "")}
    separator, escape = usual.get(name, ("", ""))
    packed = "snappy" if name == "parquet" and keyword(format_) == "parquet" else "none"
    return {
        "name": name,
        "separator": getattr(format_, "separator", "") or separator,
        "escape": getattr(format_, "escape", "") or escape,
        "record_separator": getattr(format_, "record_separator", "\n"),
        "header": getattr(format_, "header", False),
        "compression": getattr(format_, "compression", packed),
    }


def _not_lines(given: dict[str, Any], columns: Sequence[Column], *, reads: bool) -> str | None:
    """Why Hive cannot tell rows or values apart; None when it can."""
    if not columns:
        return "nothing says which columns it has"
    if given["compression"] == "xz":
        return "Hadoop does not know files that are packed with `xz`"
    separator, lines = given["separator"], ("\n", "\r\n", "\r") if reads else ("\n",)
    if given["record_separator"] not in lines:
        return "for Hive, a row ends with a line break"
    if given["header"] and not reads:
        return "Hive writes no header"
    if len(separator) > 1 or not separator.isascii():
        return "for Hive, one character of ASCII stands between two values"
    if not given["escape"].isascii():
        return "for Hive, `escape` is a character of ASCII"
    return None


def _serde(path: str, **properties: str) -> str:
    given = ", ".join(f"{literal(name)} = {literal(it)}" for name, it in properties.items())
    return f"ROW FORMAT SERDE {literal(path)} WITH SERDEPROPERTIES ({given})"


def _delimited(given: dict[str, Any]) -> str:
    escape = f" ESCAPED BY {literal(given['escape'])}" if given["escape"] else ""
    return f"ROW FORMAT DELIMITED FIELDS TERMINATED BY {literal(given['separator'])}{escape}"


def _from_texts(
    columns: Sequence[Column], parts: Sequence[str], *, empty: bool = False
) -> tuple[str, ...]:
    """The value of each column, made of texts; `empty` ones are texts as well, or else NULL."""
    return tuple(
        _value(one, part if empty or TYPES[one.type] not in ("text", "bytes") else f"nullif({part}, '')")
        for one, part in zip(columns, parts, strict=True)
    )  # fmt: skip


def _value(column: Column, part: str) -> str:
    match TYPES[column.type]:
        case "truth":
            return (
                f"CASE WHEN lower({part}) IN ('true', 't', '1') THEN true "
                f"WHEN lower({part}) IN ('false', 'f', '0') THEN false END"
            )
        case "instant":
            plain = f"regexp_replace(regexp_replace({part}, '(Z|[+]00(:?00)?)$', ''), 'T', ' ')"
            return f"CAST({plain} AS timestamp)"
        case "bytes":
            return part
    found = hive_type(column)
    return part if found == "string" else f"CAST({part} AS {found})"


def _of_item(column: Column) -> str:
    """The value of an attribute of an item, in either of the layouts of exports."""
    key = literal(column.name)
    path = literal(f"$.{column.name}")
    old = f"str_to_map(line, {literal(chr(2))}, {literal(chr(3))})[{key}]"
    found = f"if(line LIKE '{{%', get_json_object(line, {path}), {old})"
    kinds = {
        "text": ("s", "S", "n", "N"),
        "truth": ("bOOL", "BOOL", "bool", "n"),
        "bytes": ("b", "B", "s"),
    }
    asked = kinds.get(TYPES[column.type], ("n", "N", "s", "S"))
    values = ", ".join(f"get_json_object({found}, '$.{one}')" for one in asked)
    return _value(column, f"coalesce({values})")


def _json(columns: Sequence[Column]) -> str:
    """The expression of a row as a JSON object."""
    parts = []
    for number, one in enumerate(columns):
        key = literal(f"{',' if number else '{'}{_quoted_key(one.name)}:")
        parts += [key, f"coalesce({_in_json(one)}, 'null')"]
    return f"concat({', '.join([*parts, literal('}')])})"


def _in_json(column: Column) -> str:
    name = identifier(column.name)
    if TYPES[column.type] == "truth":
        return _truth(name)
    if TYPES[column.type] == "whole" or hive_type(column) == "double":
        return f"CAST({name} AS string)"
    return f"""concat('"', {_in_quotes(column)}, '"')"""


def _item(columns: Sequence[Column]) -> str:
    """The expression of a row as an item of DynamoDB: what is NULL is left out."""
    parts = []
    for one in columns:
        start = f"{_quoted_key(one.name)}:{{"
        if TYPES[one.type] == "truth":
            parts.append(f"concat({literal(start + _BOOL)}, {_truth(identifier(one.name))}, '}}')")
            continue
        kind = {"whole": "n", "real": "n", "bytes": "b"}.get(TYPES[one.type], "s")
        opening = literal(f'{start}"{kind}":"')
        parts.append(f"""concat({opening}, {_in_quotes(one)}, '"}}')""")
    return f"concat('{{', concat_ws(',', {', '.join(parts)}), '}}')"


_BOOL = '"bOOL":'


def _truth(name: str) -> str:
    return f"lower(CAST({name} AS string))"  # Hive says TRUE.


def _in_quotes(column: Column) -> str:
    """The text of a value as it stands between the quotes of JSON."""
    name = identifier(column.name)
    family = TYPES[column.type]
    if family == "bytes":
        return f"base64({name})"
    if family != "text":
        return f"CAST({name} AS string)"
    marks = r"""'(["\\\\])', '\\\\$1'"""
    found = f"regexp_replace({name}, {marks})"
    for one in "nrt":
        found = f"regexp_replace({found}, '\\{one}', '\\\\\\\\{one}')"
    return found


def _quoted_key(name: str) -> str:
    import json

    return json.dumps(name, ensure_ascii=False)
