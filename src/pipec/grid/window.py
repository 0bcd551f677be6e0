"""What may stand on an input: nothing, `[-1]`, `[-7..-1]`, or `over 7 days`."""

from __future__ import annotations

from typing import TypeAlias

from pipec.frozen import frozen
from pipec.grid.period import Period


@frozen
class Counted:
    """`x[FIRST..LAST]`: intervals of the coarser of the two schedules; 0 is the present one."""

    first: int = 0
    last: int = 0

    def on(self, name: str) -> str:
        """The input `name` with this window."""
        if self == PLAIN:
            return name
        if self.first == self.last:
            return f"{name}[{self.last}]"
        return f"{name}[{self.first}..{self.last}]"


@frozen
class Over:
    """`x over PERIOD`: all instances inside the period that ends when the consumer's does."""

    period: Period

    def on(self, name: str) -> str:
        """The input `name` with this window."""
        return f"{name} over {self.period}"


Window: TypeAlias = Counted | Over

PLAIN = Counted()
"""No window: the present interval. `x[0]` says the same."""
