"""The section `rollups:` as what it stands for: an activity of the kind `rollup` for each level."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Values

from lark import Token
from lark import Tree as Form

from pipec.diagnostic import Diagnostic, counted, diagnostic, did_you_mean, listed
from pipec.fields.forms import read_form
from pipec.fields.key import keys
from pipec.fields.measures import closing
from pipec.fields.read import MissingField, UnknownKey
from pipec.fields.reader import Reader
from pipec.fields.references import reference, references
from pipec.fields.scalars import WrongType, what
from pipec.grid import Unaligned, relation
from pipec.ir import Activity, Schedule
from pipec.lower.objects import cut
from pipec.source import Span
from pipec.syntax import Mapping, Scalar, Tree
from pipec.values import Ref

OWN = ("from", "every", "by", "with", "into")
REQUIRED = {
    "from": "name of a datanode",
    "every": "names of schedules",
    "with": "measures, such as `sum(price), count()`",
    "into": "names of datanodes",
}

Level = tuple[Scalar, Mapping]
"""The name of an activity, and the mapping that describes it."""


def levels(
    name: Scalar, tree: Tree, schedules: Values[str, Schedule], reader: Reader
) -> list[Level] | None:
    """The activities of a rollup, one for each schedule it names; None when reported.

    `NAME.SCHEDULE` reads the coarsest level before it that tiles its own intervals, else what the
    rollup is made from: a month is made of days, not of weeks.
    """
    long = _long_form(name, tree, reader)
    if long is None or not _well_formed(name, long, reader):
        return None
    every = references("schedule").read(_given(long, "every"), reader)
    into = references("datanode").read(_given(long, "into"), reader)
    if every is None or into is None:
        return None
    if len(every) != len(into):
        words = counted(len(every), "schedule"), counted(len(into), "table")
        reader.report.add(LevelsAndTables(_given(long, "into").span, *words))
        return None
    if twice := _twice(every, into):
        reader.report.add(NamedTwice(*twice))
        return None
    source = reference("datanode").read(_given(long, "from"), reader.quietly())
    if source in into:
        own = into[into.index(source)]
        reader.report.add(IntoItsSource(own.span, own.name))
        return None
    rest = tuple((key, value) for key, value in long if key.value not in ("from", "every", "into"))
    found: list[Level] = []
    for number, (level, target) in enumerate(zip(every, into, strict=True)):
        below = _below(every[:number], level, schedules)
        source = _given(long, "from") if below is None else _named(into[below])
        entries = (
            (_key("rollup", name), source),
            (_key("schedule", name), _named(level)),
            (_key("into", name), _named(target)),
            *rest,
        )
        key = Scalar(name.span, f"{name.value}.{level.name}", name.quoted)
        found.append((key, Mapping(long.span, entries)))
    return found


def _twice(every: tuple[Ref, ...], into: tuple[Ref, ...]) -> tuple[Span, str, str] | None:
    """What is named a second time, where, and why that makes no sense; None if all is named once."""
    for refs, why in (
        (every, "a rollup makes each level once"),
        (into, "each level has a table of its own"),
    ):
        for number, ref in enumerate(refs):
            if ref in refs[:number]:
                return ref.span, ref.name, why
    return None


def _below(before: tuple[Ref, ...], level: Ref, schedules: Values[str, Schedule]) -> int | None:
    """The number of the coarsest level that tiles `level`; None when none does."""
    own = schedules.get(level.name)
    best: int | None = None
    for number, one in enumerate(before):
        other = schedules.get(one.name)
        if own is None or other is None or relation(own.grid, other.grid) != "finer":
            continue
        met = relation(other.grid, schedules[before[best].name].grid) if best is not None else ""
        if best is None or (met == "finer" and not isinstance(met, Unaligned)):
            best = number
    return best


def _well_formed(name: Scalar, tree: Mapping, reader: Reader) -> bool:
    """Whether all that is needed is there, and nothing that a rollup does not take."""
    takes = [*OWN, *(one for one in keys(Activity) if one not in ("flow", "schedule")), "extends"]
    before = reader.report.errors
    owner = f"the rollup `{name.value}`"
    for key, _ in tree:
        if key.value not in takes:
            otherwise = did_you_mean(key.value, takes, f"it takes {listed(takes, 40)}")
            near = _INSTEAD.get(key.value, otherwise)
            reader.report.add(UnknownKey(key.span, key.value, owner, near))
    for field, type_ in REQUIRED.items():
        if tree.get(field) is None:
            reader.report.add(MissingField(name.span, owner, field, type_))
    return reader.report.errors == before


_INSTEAD = {
    "flow": "it reads what stands at `from`, and writes what stands at `into`",
    "schedule": "its schedules stand at `every`",
}
"""How a rollup says what other activities have a field for."""


def _long_form(name: Scalar, tree: Tree, reader: Reader) -> Mapping | None:
    """The mapping that `FROM every LEVELS by COLUMNS with MEASURES into TABLES on RESOURCE` stands for."""
    if isinstance(tree, Mapping):
        return tree
    if not isinstance(tree, Scalar) or tree.is_null or not tree.value.strip():
        span = name.span if not tree.span.text else tree.span
        reader.report.add(WrongType(span, "a rollup", what(tree)))
        return None
    plain = reader.plain(tree)
    form = read_form("rollup", plain, reader) if plain else None
    if form is None or plain is None:
        return None
    fields = ("from", "every", "by", "with", "into", "runs_on")
    entries = tuple(
        (_key(field, name), cut(plain, *_reach(part, plain.value)))
        for field, part in zip(fields, form.children, strict=True)
        if part is not None
    )
    return Mapping(tree.span, entries)


def _reach(part: Token | Form[Token], text: str) -> tuple[int, int]:
    """From where to where a part of the short form stands."""
    tokens = [part] if isinstance(part, Token) else list(_tokens(part))
    end = max(token.end_pos or 0 for token in tokens)
    last = part.children[-1] if isinstance(part, Form) and part.data == "measures" else None
    if isinstance(last, Form) and last.children[-1] is None:
        end = closing(text, last)
    return min(token.start_pos or 0 for token in tokens), end


def _tokens(form: Form[Token]) -> Iterator[Token]:
    return form.scan_values(lambda it: isinstance(it, Token))


def _given(tree: Mapping, field: str) -> Tree:
    found = tree.get(field)
    assert found is not None  # It is well formed.
    return found


def _named(ref: Ref) -> Scalar:
    return Scalar(ref.span, ref.name)


def _key(name: str, of: Scalar) -> Scalar:
    return Scalar(of.span, name)


@diagnostic
class LevelsAndTables(Diagnostic):
    """A rollup has a table for each of its levels, in the same order."""

    code = "P333"
    title = "Levels and tables"
    message = "`every` names {levels}, and `into` names {tables}"
    help = "name one table for each schedule, in the same order"
    fails = """
        pipeline: shop
        schedules:
          daily: every 1 day from 2026-01-05T00:00Z
          weekly: every 1 week from 2026-01-05T00:00Z
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, at: ordered_at, schedule: daily}
          by_day: sql db.orders_by_day
        rollups:
          count_orders: orders every daily, weekly with count() into by_day    # P333 by_day
        """
    fixed = """
        pipeline: shop
        schedules:
          daily: every 1 day from 2026-01-05T00:00Z
          weekly: every 1 week from 2026-01-05T00:00Z
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, at: ordered_at, schedule: daily}
          by_day: sql db.orders_by_day
          by_week: sql db.orders_by_week
        rollups:
          count_orders: orders every daily, weekly with count() into by_day, by_week
        """

    levels: str
    tables: str


@diagnostic
class NamedTwice(Diagnostic):
    """A rollup has one level for each of its schedules, and each level a table of its own.

    It replaces the rows of its own intervals: in one table, levels would remove those of each other.
    """

    code = "P347"
    title = "Named twice in a rollup"
    message = "`{name}` is named twice: {why}"
    help = "name another one, or leave it out"
    fails = """
        pipeline: shop
        schedules:
          daily: every 1 day from 2026-01-05T00:00Z
          weekly: every 1 week from 2026-01-05T00:00Z
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, at: ordered_at, schedule: daily}
          by_day: sql db.orders_by_day
          by_week: sql db.orders_by_week
        rollups:
          count_orders: orders every daily, daily with count() into by_day, by_week    # P347 daily
        """
    fixed = """
        pipeline: shop
        schedules:
          daily: every 1 day from 2026-01-05T00:00Z
          weekly: every 1 week from 2026-01-05T00:00Z
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, at: ordered_at, schedule: daily}
          by_day: sql db.orders_by_day
          by_week: sql db.orders_by_week
        rollups:
          count_orders: orders every daily, weekly with count() into by_day, by_week
        """

    name: str
    why: str


@diagnostic
class IntoItsSource(Diagnostic):
    """The results of a rollup go into another table than the rows that they are made of.

    A run replaces the rows of its interval: here these would be the very rows that it sums up.
    """

    code = "P348"
    title = "Rollup into its own source"
    message = "the rows of `{name}` are those that the rollup sums up: a run would replace them"
    help = "write the results into another table"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-05T00:00Z}
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, at: ordered_at, schedule: daily}
        rollups:
          count_orders: orders every daily with count() into orders    # P348 orders
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-05T00:00Z}
        connections: {db: postgres}
        datanodes:
          orders: {sql: db.orders, at: ordered_at, schedule: daily}
          by_day: sql db.orders_by_day
        rollups:
          count_orders: orders every daily with count() into by_day
        """

    name: str
