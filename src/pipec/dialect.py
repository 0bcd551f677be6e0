"""What the databases of connections speak: their names, literals and types in SQL."""

from __future__ import annotations

import re

from pipec.fields.table import PART
from pipec.ir import Connection
from pipec.reserved import reserved
from pipec.values import Column, Exact

ENGINES = ("postgres", "redshift", "mysql", "mariadb")
"""The engines of connections that rollups run in."""


def dialect_of(connection: Connection) -> str:
    """The SQL of a connection: what its kind speaks, or its JDBC URL; else `standard`."""
    if connection.engine != "jdbc":
        return "mysql" if connection.engine == "mariadb" else connection.engine
    url = connection.given.get("url")
    words = "".join(it for it in url.pieces if isinstance(it, str)) if url else ""
    found = re.match(r"jdbc:(?:jtds:)?(\w+):", words)
    return _URLS.get(found[1], "standard") if found else "standard"


_URLS = {
    "derby": "derby", "mariadb": "mysql", "mysql": "mysql", "oracle": "oracle",
    "postgresql": "postgres", "redshift": "redshift", "sqlserver": "sqlserver",
}  # fmt: skip


def quoted(name: str, dialect: str) -> str:
    """The name of a column: in quotes if it was written in them, or would not be taken without.

    In quotes it stands as the database understands it without.
    """
    if not isinstance(name, Exact) and re.fullmatch(r"[A-Za-z_][\w$]*", name, re.ASCII):
        if not reserved(name, dialect):
            return name
        name = _FOLDED.get(dialect, str)(name)
    mark = "`" if dialect == "mysql" else '"'
    return f"{mark}{name.replace(mark, mark * 2)}{mark}"


def table_name(written: str, dialect: str) -> str:
    """The name of a table, whose parts dots divide, each like that of a column."""
    parts = re.findall(PART, written)
    return ".".join(
        quoted(part if part[0] not in '"`[' else Exact(part[1:-1]), dialect) for part in parts
    )


_FOLDED = {
    **dict.fromkeys(("postgres", "redshift"), str.lower),
    **dict.fromkeys(("oracle", "derby", "standard"), str.upper),
}
"""What a name without quotes means, where capitals make a difference."""


def folded(part: str, dialect: str) -> str:
    """What a part of the name of a table means there: without its quotes, if it has any."""
    return part[1:-1] if part[0] in '"`[' else _FOLDED.get(dialect, str)(part)


def first_row(rows: str, dialect: str) -> str:
    """The query that gives a row if there is one; `rows` follows `FROM`."""
    if dialect in ("postgres", "redshift", "mysql"):
        return f"SELECT 1 FROM {rows} LIMIT 1"
    if dialect == "sqlserver":
        return f"SELECT TOP 1 1 FROM {rows}"
    return f"SELECT 1 FROM {rows} FETCH FIRST 1 ROWS ONLY"


def literal(type_: str, dialect: str) -> tuple[str, str]:
    """How a moment is compared with a column: its text in strftime's letters, and what is around it.

    The text is empty where a database reads ISO 8601 with its zone, and ignores that if it has to.
    """
    if type_ == "date":
        return "%Y-%m-%d", _DATES.get(dialect, "'{}'")
    zoned = type_ == "timestamptz"
    match dialect:
        case "postgres" | "redshift":
            return "", "'{}'"
        case "mysql":
            return "%Y-%m-%d %H:%M:%S", "'{}'"
        case "sqlserver":  # With a blank instead, some logins would read months as days.
            return "%Y-%m-%dT%H:%M:%S", "'{}'"
        case "oracle" if not zoned:  # Compared with a TIMESTAMP, a DATE would lose its index.
            return "%Y-%m-%d %H:%M:%S", "TO_DATE('{}', 'YYYY-MM-DD HH24:MI:SS')"
        case "derby":
            return "%Y-%m-%d %H:%M:%S", "TIMESTAMP('{}')"
    return "%Y-%m-%d %H:%M:%S", "TIMESTAMP '{} +00:00'" if zoned else "TIMESTAMP '{}'"


_DATES = {"oracle": "DATE '{}'", "standard": "DATE '{}'", "derby": "DATE('{}')"}


def type_name(column: Column, dialect: str) -> str:
    """The type of a column, as `CREATE TABLE` takes it."""
    sized = f"({','.join(map(str, column.sizes))})" if column.sizes else ""
    if column.type in ("varchar", "char") and sized:
        return column.type + sized
    if column.type in ("decimal", "numeric"):
        return f"decimal{sized or '(38,9)'}" if dialect != "postgres" else f"numeric{sized}"
    return _TYPES[dialect].get(column.type, column.type)


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
