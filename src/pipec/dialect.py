"""How the databases that rollups run in spell names and types."""

from __future__ import annotations

import re

from pipec.values import Column

ENGINES = ("postgres", "redshift", "mysql", "mariadb")
"""The engines of connections whose SQL we write."""

RESERVED = frozenset(
    [
        "all",
        "analyse",
        "analyze",
        "and",
        "any",
        "array",
        "as",
        "asc",
        "between",
        "both",
        "by",
        "case",
        "cast",
        "check",
        "collate",
        "column",
        "condition",
        "constraint",
        "create",
        "cross",
        "current_date",
        "current_time",
        "current_timestamp",
        "database",
        "default",
        "desc",
        "distinct",
        "div",
        "drop",
        "else",
        "end",
        "except",
        "exists",
        "false",
        "fetch",
        "for",
        "foreign",
        "from",
        "full",
        "function",
        "grant",
        "group",
        "groups",
        "having",
        "if",
        "in",
        "index",
        "inner",
        "insert",
        "intersect",
        "interval",
        "into",
        "is",
        "join",
        "key",
        "keys",
        "kill",
        "lag",
        "lead",
        "leading",
        "left",
        "like",
        "limit",
        "lock",
        "match",
        "mod",
        "natural",
        "not",
        "null",
        "of",
        "offset",
        "on",
        "or",
        "order",
        "outer",
        "over",
        "partition",
        "primary",
        "range",
        "rank",
        "read",
        "references",
        "right",
        "row",
        "rows",
        "select",
        "session_user",
        "set",
        "table",
        "tablesample",
        "then",
        "to",
        "trailing",
        "true",
        "union",
        "unique",
        "update",
        "usage",
        "use",
        "user",
        "using",
        "values",
        "when",
        "where",
        "window",
        "with",
        "write",
    ]
)
"""Words that one of the databases does not take as a name without quotes."""


def quoted(name: str, engine: str) -> str:
    """A column's name, in quotes if it needs them."""
    if re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII) and name.lower() not in RESERVED:
        return name
    mark = "`" if engine in ("mysql", "mariadb") else '"'
    return f"{mark}{name.replace(mark, mark * 2)}{mark}"


def type_name(column: Column, engine: str) -> str:
    """The type of a column, as `CREATE TABLE` takes it."""
    family = "mysql" if engine in ("mysql", "mariadb") else engine
    sized = f"({','.join(map(str, column.sizes))})" if column.sizes else ""
    if column.type in ("varchar", "char") and sized:
        return column.type + sized
    if column.type in ("decimal", "numeric"):
        return f"decimal{sized or '(38,9)'}" if family != "postgres" else f"numeric{sized}"
    return _TYPES[family].get(column.type, column.type)


_TEXTS = ("string", "text", "varchar", "char", "json")
_TYPES: dict[str, dict[str, str]] = {
    "postgres": {
        **dict.fromkeys(_TEXTS, "text"), "tinyint": "smallint", "int": "integer",
        "float": "double precision", "double": "double precision", "bool": "boolean",
        "datetime": "timestamp", "binary": "bytea", "bytes": "bytea",
    },
    "redshift": {
        **dict.fromkeys(_TEXTS, "varchar(65535)"), "tinyint": "smallint", "int": "integer",
        "float": "double precision", "double": "double precision", "bool": "boolean",
        "datetime": "timestamp", "binary": "varbyte", "bytes": "varbyte", "uuid": "char(36)",
    },
    "mysql": {
        **dict.fromkeys(_TEXTS, "longtext"), "int": "integer", "float": "double", "real": "double",
        "timestamp": "datetime(6)", "timestamptz": "datetime(6)", "datetime": "datetime(6)",
        "binary": "longblob", "bytes": "longblob", "uuid": "char(36)",
    },
}  # fmt: skip
