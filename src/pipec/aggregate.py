"""What a rollup stores, level by level, and the SQL that computes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field

from pipec.fields.columns import TYPES
from pipec.frozen import frozen
from pipec.source import NOWHERE, Span
from pipec.values import Column, Measure

START = "interval_start"
"""The column that says to which interval a row belongs, where the table does not name another."""


@frozen
class Stored:
    """A column that a rollup computes: its name, and the function of which column."""

    name: str
    function: str
    column: str = ""
    """Empty for a count of rows."""
    span: Span = field(default=NOWHERE, compare=False)

    @property
    def again(self) -> str:
        """The function that makes it from its own values: counts are added up."""
        return "sum" if self.function == "count" else self.function

    def type(self, columns: Sequence[Column]) -> Column | None:
        """It as a column, given those that it is computed of; None when its type is not known."""
        if self.function == "count":
            return Column(self.name, "bigint")
        of = next((one for one in columns if one.name == self.column), None)
        if of is None:
            return None
        if self.function != "sum":
            return Column(self.name, of.type, of.sizes)
        if TYPES[of.type] == "whole":
            return Column(self.name, "bigint")
        if of.type in ("decimal", "numeric"):
            return Column(self.name, "decimal", (38, *of.sizes[1:]) if of.sizes else ())
        return Column(self.name, "double")


def stored(measures: Sequence[Measure]) -> tuple[Stored, ...]:
    """The columns that hold the measures, each once: an average is kept as a sum and a count."""
    found: list[Stored] = []
    for one in measures:
        match one.function:
            case "avg":
                base = one.alias or one.column
                found.append(Stored(f"sum_{base}", "sum", one.column, one.span))
                found.append(Stored(f"count_{base}", "count", one.column, one.span))
            case "sum":
                found.append(Stored(one.alias or one.column, "sum", one.column, one.span))
            case function:
                name = f"{function}_{one.column}" if one.column else function
                found.append(Stored(one.alias or name, function, one.column, one.span))
    return tuple(dict.fromkeys(found))


@frozen
class Rows:
    """Where the rows of an interval are: a table, and the condition that leaves others out."""

    table: str
    condition: str = ""


def statements(
    rows: Rows,
    into: str,
    at: str,
    interval: tuple[str, str],
    by: Sequence[str],
    computed: Sequence[tuple[str, str, str]],
    column: Callable[[str], str],
) -> tuple[str, str]:
    """The statement that empties an interval of a table, and the one that fills it again.

    `at` is the column of `into` that says when a row's interval starts, `interval` the literals of
    its ends, `computed` the name of each measure with its function and the column of that;
    `column` gives the name of a column as SQL takes it.
    """
    start, end = interval
    names = [column(name) for name in (at, *by, *(name for name, _, _ in computed))]
    groups = [column(name) for name in by]
    values = [f"{function}({column(of) if of else '*'})" for _, function, of in computed]
    lines = [
        f"INSERT INTO {into} ({', '.join(names)})",
        f"SELECT {start}, {', '.join([*groups, *values])}",
        f"FROM {rows.table}",
    ]
    if rows.condition:
        lines.append(f"WHERE {rows.condition}")
    # Without groups there would be a row of nothing for an interval in which there are none.
    lines.append(f"GROUP BY {', '.join(groups)}" if groups else "HAVING count(*) > 0")
    own = f"{names[0]} >= {start} AND {names[0]} < {end}"
    return f"DELETE FROM {into} WHERE {own}", "\n".join(lines)
