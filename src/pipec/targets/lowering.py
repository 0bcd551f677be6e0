"""A table from kinds to how a target writes them, open at both ends.

The cell of a kind and a target stands with whichever of the two is younger. A missing cell is a
diagnostic at the object that needs it, never a crash.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


class Lowering:
    """How one target writes each kind of one section."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.cells: dict[type, Callable[..., Any]] = {}

    def of(self, kind: type) -> Callable[[F], F]:
        """Register the decorated function as the way to write `kind`."""

        def register(function: F) -> F:
            self.cells[kind] = function
            return function

        return register

    def __contains__(self, kind: object) -> bool:
        return type(kind) in self.cells

    def __call__(self, kind: Any, *args: Any) -> Any:
        """What the target writes for `kind`; the caller has made sure that there is a cell."""
        return self.cells[type(kind)](kind, *args)
