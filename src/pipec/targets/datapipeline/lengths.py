"""Lengths of time, as both sides write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipec.grid.period import Period

if TYPE_CHECKING:
    from pipec.syntax import Scalar
    from pipec.targets.datapipeline.sides import Reading


def period_text(period: Period) -> str:
    """`15 minutes`: the service knows minutes, hours, days, weeks, months and years."""
    if period.unit == "second" and period.count % 60 == 0:
        period = Period(period.count // 60, "minute")
    return str(period)


def read_period(value: Scalar, it: Reading, unit: str = "") -> str:
    """What `1 Day` says, in our words; a bare number counts in `unit`."""
    text = it.text(value).strip()
    found = re.fullmatch(r"(\d+)\s*([A-Za-z]*)", text)
    if found is None:
        return text
    count, given = int(found[1]), found[2].lower().removesuffix("s") or unit
    return f"{count} {given}{'' if count == 1 else 's'}" if given else text
