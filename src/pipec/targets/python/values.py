"""What a Dag file is made of: names, calls, attributes, operators, and plain Python values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import UTC, datetime, timedelta
from keyword import iskeyword
from typing import Any, TypeAlias

from pipec.frozen import frozen


@frozen
class Name:
    """A name as it stands in the file, and the import that brings it there.

    `Name("wait")` is bound by the file itself. `Name("DAG", "airflow.sdk")` rests on
    `from airflow.sdk import DAG`, and `Name("TriggerRule.ALL_DONE", module)` on
    `from module import TriggerRule`. `Name("datetime", "pendulum", whole=True)` is written
    `pendulum.datetime` and rests on `import pendulum`.
    """

    path: str
    module: str = ""
    whole: bool = False

    def __post_init__(self) -> None:
        check_name(self.path)
        if self.module or self.whole:
            check_name(self.module)

    @property
    def text(self) -> str:
        """The name as the file spells it."""
        return f"{self.module}.{self.path}" if self.whole else self.path

    @property
    def imported(self) -> tuple[str, str] | None:
        """The module, and the name taken from it, empty for the module itself.

        None if the file itself binds the name.
        """
        if not self.module:
            return None
        return self.module, "" if self.whole else self.path.partition(".")[0]


@frozen
class Attribute:
    """An attribute of a value: `down.as_teardown`, `Launch(...).output`."""

    value: Name | Call | Attribute
    name: str

    def __post_init__(self) -> None:
        check_name(self.name)


@frozen
class Call:
    """A call, its arguments in the order in which they are written."""

    function: Name | Attribute
    args: tuple[Value, ...] = ()
    kwargs: Mapping[str, Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for key in self.kwargs:
            check_name(key)


def partial(function: Name | Call, *args: Value, **kwargs: Value) -> Call:
    """The function that is called with these arguments, and those that it is given then."""
    return Call(Name("partial", "functools"), (function, *args), kwargs)


@frozen
class Binary:
    """Two values and the operator between them: `first >> second`, `end - start`."""

    operator: str
    left: Value
    right: Value

    def __post_init__(self) -> None:
        if self.operator not in LOOSENESS:
            raise ValueError(f"`{self.operator}` is not an operator that can be printed")


Value: TypeAlias = (
    Name
    | Attribute
    | Call
    | Binary
    | str
    | int
    | float
    | datetime
    | timedelta
    | list[Any]
    | tuple[Any, ...]
    | Mapping[Any, Any]
    | None
)

COMPARISONS = 6
BOOLEAN = 7
LOOSENESS = {
    **dict.fromkeys(("*", "/", "//", "%", "@"), 0),
    **dict.fromkeys(("+", "-"), 1),
    **dict.fromkeys((">>", "<<"), 2),
    "&": 3,
    "^": 4,
    "|": 5,
    **dict.fromkeys(
        ("==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not"), COMPARISONS
    ),
    "and": BOOLEAN,
    "or": BOOLEAN + 1,
}
"""How loosely each operator binds: the larger, the later it is applied."""


def check_name(path: str) -> None:
    """Refuse what would not be read back as a name: text never becomes code."""
    if not all(part.isidentifier() and not iskeyword(part) for part in path.split(".")):
        raise ValueError(f"`{path}` is not a name in Python")


def as_call(moment: datetime | timedelta) -> Call:
    """The call that makes `moment`, in the largest units and down to the smallest one needed."""
    if isinstance(moment, timedelta):
        return Call(Name("timedelta", "datetime"), *_period(moment))
    if moment.tzinfo is None:
        raise TypeError(f"{moment!r} has no zone, and would mean another time on each machine")
    moment = moment.astimezone(UTC)
    parts = [moment.hour, moment.minute, moment.second, moment.microsecond]
    while parts and not parts[-1]:
        parts.pop()
    if len(parts) == 1:
        parts.append(0)  # The hour alone reads like a fourth part of the date.
    utc = Name("timezone.utc", "datetime")  # Airflow 2.11 runs on Python 3.9, which has no `UTC`.
    date = (moment.year, moment.month, moment.day)
    return Call(Name("datetime", "datetime"), (*date, *parts), {"tzinfo": utc})


def names(value: Value) -> Iterator[Name]:
    """Every name in `value`, from left to right."""
    match value:
        case Name():
            yield value
        case Attribute():
            yield from names(value.value)
        case Call():
            yield from names(value.function)
            for part in (*value.args, *value.kwargs.values()):
                yield from names(part)
        case Binary():
            yield from names(value.left)
            yield from names(value.right)
        case datetime() | timedelta():
            yield from names(as_call(value))
        case list() | tuple():
            for part in value:
                yield from names(part)
        case Mapping():
            for key, part in value.items():
                yield from names(key)
                yield from names(part)


def _period(period: timedelta) -> tuple[tuple[Value, ...], dict[str, Value]]:
    sign = -1 if period < timedelta(0) else 1
    rest = abs(period)
    units: dict[str, Value] = {}
    for unit in ("days", "hours", "minutes", "seconds", "microseconds"):
        count, rest = divmod(rest, timedelta(**{unit: 1}))
        if count:
            units[unit] = sign * count
    return ((), units) if units else ((0,), {})
