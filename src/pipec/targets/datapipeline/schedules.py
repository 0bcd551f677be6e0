"""Schedules: ours say when instances are due, and theirs leave that to the objects on them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from pipec.definition.periods import period as _period
from pipec.grid import Every, Grid, Once, OnDemand
from pipec.targets.datapipeline.lengths import period_text, read_period
from pipec.targets.datapipeline.rows.plain import scalar
from pipec.targets.datapipeline.sides import Given, Reading

if TYPE_CHECKING:
    from pipec.syntax import Scalar

FIRST = "FIRST_ACTIVATION_DATE_TIME"
FIRST_RUN = "first_run"
"""The parameter that stands for the first activation, which only the service knows."""


def type_of(grid: Grid) -> str:
    """When an instance is due, in the word of the service."""
    match grid:
        case OnDemand():
            return "ondemand"
        case Once():
            return "cron"
        case _:
            return "cron" if grid.at == "start" else "timeseries"


def fields_of(grid: Every | Once) -> dict[str, Given]:
    """The fields of the schedule."""
    if isinstance(grid, Once):
        return {"period": "1 day", "startDateTime": _instant(grid.start), "occurrences": "1"}
    return {
        "period": period_text(grid.period),
        "startDateTime": _instant(grid.start),
        "endDateTime": _instant(grid.until) if grid.until is not None else None,
        "occurrences": str(grid.times) if grid.times is not None else None,
    }


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}"


def read_schedule(it: Reading, kind: str, *, once: bool) -> str:
    """The schedule of ours that objects of the type `kind` have; `once` if nothing uses its end.

    The start is that of the first activation, if it is no time: a parameter stands for it.
    """
    period, start = scalar(it, "period"), scalar(it, "startDateTime")
    at, end = scalar(it, "startAt"), scalar(it, "endDateTime")
    times = scalar(it, "occurrences")
    if at is not None and at.value.upper().startswith("ONDEMAND"):
        return "on demand"
    if period is not None and period.value.upper().startswith("ONDEMAND"):
        return "on demand"
    first = (
        f"${{{{ {it.moment('startDateTime') if start is None or at is not None else FIRST_RUN} }}}}"
    )
    if at is not None:
        it.account(
            "startAt", "approximated", f"the parameter `{FIRST_RUN}` says when the first run starts"
        )
    beginning = _read_instant(start, it) if start is not None and at is None else first
    count = it.text(times).strip() if times is not None else ""
    if once:
        return f"once from {beginning}"
    text = f"every {_read_length(period, it)} from {beginning}"
    if end is not None:
        text += f" until {_read_instant(end, it)}"
    elif count:
        text += f" {count} time{'' if count == '1' else 's'}"
    return text + (" at start" if kind == "cron" else "")


def _read_length(value: Scalar | None, it: Reading) -> str:
    if value is not None and ("#{" in value.value or _period(value.value)):
        return read_period(value, it)
    found = f"`{value.value}` is no period" if value is not None else "no period was said"
    it.account("period", "undecided", f"{found}: a day is assumed")
    it.remark_on_schedule(f"{found[0].upper()}{found[1:]}: a day is assumed.")
    return "1 day"


def _read_instant(value: Scalar, it: Reading) -> str:
    """`2013-05-20T00:00:00` as we write it; anything else as it is."""
    text = it.text(value).strip()
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(:\d\d)?(?:\.0+)?)?Z?", text)
    if found is None and "#{" not in value.value:
        for name in ("startDateTime", "endDateTime"):
            field = it.field(name)
            if field is not None and any(it is value for it in field.values):
                why = f"`{value.value}` is no time: the parameter `{it.moment(name)}` says it"
                it.account(name, "undecided", why)
                return f"${{{{ {it.moment(name)} }}}}"
    if found is None:
        return text
    seconds = found[3] if found[3] and found[3] != ":00" else ""
    return f"{found[1]}T{found[2] or '00:00'}{seconds}Z"
