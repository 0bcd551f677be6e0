"""Lengths of time as the service writes them: `15 minutes`, `1 Day`."""

from __future__ import annotations

import re
from typing import NamedTuple

_MINUTES = {"minute": 1, "hour": 60, "day": 1440, "week": 10080}
_MONTHS = {"month": 1, "year": 12}
_LONGEST_MONTH = 31 * 1440


class Period(NamedTuple):
    """So many minutes, or so many months: a month has no fixed length."""

    number: int
    months: bool

    @property
    def minutes(self) -> int:
        """How long it is at most."""
        return self.number * _LONGEST_MONTH if self.months else self.number

    def fits(self, inner: Period) -> int:
        """How many of `inner` lie in this one, at most."""
        if self.months == inner.months:
            return self.number // inner.number
        return self.minutes // inner.minutes


def period(text: str) -> Period | None:
    """The length that `text` names; None if it names none."""
    found = re.fullmatch(r"\s*([0-9]+)\s*([a-z]+?)s?\s*", text, re.IGNORECASE)
    unit = found[2].lower() if found else ""
    if found is None or int(found[1]) == 0 or unit not in _MINUTES | _MONTHS:
        return None
    return Period(int(found[1]) * (_MINUTES | _MONTHS)[unit], unit in _MONTHS)
