"""Expressions, laid out in lines of 88 columns as `ruff format` leaves them."""

from __future__ import annotations

from collections.abc import Sequence

from pipec.targets.python.characters import WIDTH, width
from pipec.targets.python.expression import (
    Expression,
    Group,
    Part,
    Term,
    expression,
    is_fluent,
    joined,
    links,
    terms,
)
from pipec.targets.python.text import has_lines, literal, pieces, triple
from pipec.targets.python.values import Binary, Value

STEP = 4
NOQA = "  # noqa: E501"
"""Stands behind a script that holds too long a line: scripts are not broken."""
BREAK = "\0"
"""Stands for a line break inside a script until the layout is done; no printed text holds it."""


def show(value: Value, indent: int = 0, before: int = 0, after: int = 0) -> str:
    """`value` behind `indent` blanks and `before` other columns, with `after` columns behind it.

    The first line comes without indentation, the others with theirs.
    """
    item = expression(value)
    text, is_overlong = entry("", item, indent, before, after)
    # The line goes on behind it, so there is no place for a comment.
    return (wrapped(item, indent) if is_overlong else text).replace(BREAK, "\n")


def entry(
    prefix: str, item: Expression, indent: int, before: int, after: int, *, is_alone: bool = False
) -> tuple[str, bool]:
    """`item` behind `prefix` inside brackets, and whether it needs `NOQA` behind it.

    Operators and pieces of text get parentheses of their own unless the item is alone.
    """
    column = indent + before + width(prefix)
    if item.flat is not None and column + width(item.flat) + after <= WIDTH:
        return prefix + item.flat, False
    if isinstance(item.value, str) and has_lines(item.value):
        return script(prefix, item.value, indent + before, after)
    if isinstance(item.value, str | Binary) or is_fluent(item.value):
        return prefix + (own_lines(item, indent) if is_alone else wrapped(item, indent)), False
    if prefix and column + head(item.parts, after) > WIDTH and fits(text := wrapped(item, indent)):
        return prefix + text, False
    return prefix + run(item.parts, indent, column, after), False


def script(prefix: str, text: str, column: int, after: int) -> tuple[str, bool]:
    """`text` line by line behind `prefix`, and whether a line of it is too long."""
    first, *others, last = (prefix + triple(text)).split("\n")
    widths = [column + width(first), *map(width, others), width(last) + after]
    return BREAK.join([first, *others, last]), max(widths) > WIDTH


def wrapped(item: Expression, indent: int) -> str:
    """`item` in parentheses, on lines of its own."""
    inner = indent + STEP
    return f"(\n{' ' * inner}{own_lines(item, inner)}\n{' ' * indent})"


def own_lines(item: Expression, indent: int) -> str:
    """`item` with nothing else on its lines."""
    value = item.value
    text = literal(value) if isinstance(value, str) else item.flat
    if text is not None and indent + width(text) <= WIDTH:
        return text
    match value:
        case str():
            return _below(indent, pieces(value, WIDTH - indent))
        case Binary():
            return _split(terms(value), indent, indent)
    return _linked(item, indent, indent)


def run(parts: Sequence[Part], indent: int, column: int, after: int) -> str:
    """The parts in a row; a group opens up unless all up to the next place to break fits."""
    out = []
    for index, part in enumerate(parts):
        if isinstance(part, Group):
            text = part.flat
            rest = head(parts[index + 1 :], after)
            if text is None or column + width(text) + rest > WIDTH:
                out.append(_open(part, indent))
                column = indent + 1
                continue
        else:
            text = part
        out.append(text)
        column += width(text)
    return "".join(out)


def head(parts: Sequence[Part], after: int = 0) -> int:
    """The columns up to the first place where a line may break, or to the end and `after`."""
    columns = 0
    for part in parts:
        if isinstance(part, Group):
            return columns + 1
        columns += width(part)
    return columns + after


def fits(text: str) -> bool:
    """Whether the lines of `text` are short enough; of a script only the last one counts."""
    return all(width(line.rpartition(BREAK)[-1]) <= WIDTH for line in text.split("\n"))


def _open(group: Group, indent: int) -> str:
    """The items of the group on lines of their own."""
    if group.kind == "operand":
        return wrapped(group.items[0][1], indent)
    inner = indent + STEP
    margin = "\n" + " " * inner
    opening, closing = _BRACKETS[group.kind]
    closing = "\n" + " " * indent + closing
    is_call = group.kind == "call"
    if is_call and group.flat is not None and inner + width(group.flat) - 2 <= WIDTH:
        return opening + margin + group.flat[1:-1] + closing
    is_single = len(group.items) == 1
    comma = "" if is_single and group.kind != "tuple" else ","
    lines = [opening]
    for prefix, item in group.items:
        is_alone = is_call and is_single and not prefix
        text, is_overlong = entry(prefix, item, inner, 0, len(comma), is_alone=is_alone)
        lines.append(text + comma + (NOQA if is_overlong else ""))
    return margin.join(lines) + closing


_BRACKETS = {"call": ("(", ")"), "tuple": ("(", ")"), "list": ("[", "]"), "dict": ("{", "}")}


def _split(chain: Sequence[Term], indent: int, column: int) -> str:
    """The terms broken before the loosest operators, and further where that is not enough."""
    first, *others = chain
    if not others:
        if first.is_wrapped:
            return run(first.bare, indent, column, 0)
        return _linked(first.operand, indent, column)
    loosest = max(term.looseness for term in others)
    slices = [[first]]
    for term in others:
        if term.looseness == loosest:
            slices.append([term])
        else:
            slices[-1].append(term)
    lines: list[str] = []
    for piece in slices:
        operator = f"{piece[0].operator} " if lines else ""
        start = indent + len(operator) if lines else column
        text = joined([*piece[0].bare, *(part for term in piece[1:] for part in term.parts)])
        if text is None or start + width(text) > WIDTH:
            text = _split(piece, indent, start)
        lines.append(operator + text)
    return _below(indent, lines)


def _linked(item: Expression, indent: int, column: int) -> str:
    """`item` with a line for each call if it is a long chain of them."""
    if not is_fluent(item.value):
        return run(item.parts, indent, column, 0)
    first, *others = links(item.value)
    lines = [run(first, indent, column, 0), *(run(link, indent, indent, 0) for link in others)]
    return _below(indent, lines)


def _below(indent: int, lines: list[str]) -> str:
    return ("\n" + " " * indent).join(lines)
