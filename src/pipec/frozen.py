"""Values that never change: `frozen` makes a class one, `node` one that is built by keyword.

Both are dataclasses to those who use them (`replace`, `fields`, `match` and type checkers work).
Their methods are shared instead of being generated for each class: generating takes a third of
a millisecond, and every `pipec check` imports a hundred of these classes anew.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Make `cls` a value: a frozen dataclass."""
    made: type[T] = _made(dataclass(init=False, repr=False, eq=False)(cls))
    return made


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def node(cls: type[T]) -> type[T]:
    """Make `cls` a node: a frozen dataclass that is built by keyword."""
    made: type[T] = _made(dataclass(init=False, repr=False, eq=False, kw_only=True)(cls))
    return made


def _made(made: Any) -> Any:
    declared = made.__dataclass_fields__.values()
    made._factories = {
        f.name: f.default_factory for f in declared if f.default_factory is not MISSING
    }
    made._defaults = {f.name: f.default for f in declared if f.default is not MISSING}
    made._checks = hasattr(made, "__post_init__")
    made._compared = tuple(f.name for f in declared if f.compare)
    for name, method in _METHODS.items():
        setattr(made, name, method)
    return made


def _init(self: Any, *values: Any, **named: Any) -> None:
    given = self.__dict__
    given.update(zip(self.__match_args__, values))  # noqa: B905
    given.update(named)
    fields = self.__dataclass_fields__
    if len(given) < len(fields):
        for name, value in self._defaults.items():
            given.setdefault(name, value)
        for name, make in self._factories.items():
            if name not in given:
                given[name] = make()
    if given.keys() != fields.keys() or len(values) > len(self.__match_args__):
        wrong = sorted(given.keys() ^ fields.keys())
        raise TypeError(f"{type(self).__name__}: missing, unknown or too many: {wrong}")
    if self._checks:
        self.__post_init__()


def _set(self: Any, name: str, value: Any) -> None:
    raise AttributeError(f"a {type(self).__name__} does not change: {name}")


def _identity(self: Any) -> tuple[Any, ...]:
    return tuple(self.__dict__[name] for name in self._compared)


def _equal(self: Any, other: object) -> bool:
    return type(self) is type(other) and _identity(self) == _identity(other)


def _hash(self: Any) -> int:
    return hash((type(self), _identity(self)))


def _show(self: Any) -> str:
    declared = self.__dataclass_fields__.values()
    shown = ", ".join(f"{f.name}={self.__dict__[f.name]!r}" for f in declared if f.repr)
    return f"{type(self).__name__}({shown})"


_METHODS = {
    "__init__": _init, "__setattr__": _set, "__eq__": _equal, "__hash__": _hash, "__repr__": _show,
}  # fmt: skip
