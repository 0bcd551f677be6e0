"""Random pipelines on schedules that mostly meet, as text and as the schedules behind it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from tests.plan.definition import Schedule, Step, Window

STEPS = tuple(
    Step(number, unit)
    for number, unit in (
        (15, "minutes"), (30, "minutes"), (1, "hours"), (3, "hours"), (6, "hours"), (1, "days"),
        (2, "days"), (1, "weeks"), (4, "weeks"), (1, "months"), (3, "months"), (1, "years"),
    )
)  # fmt: skip

CLOCKS = (
    {
        "*/15 * * * *": 1, "0 * * * *": 1, "0 */6 * * *": 1, "0 0 * * *": 1, "0 0 * * 1,4": 4,
        "0 0 * * 1": 7, "0 0 1 * *": 31, "0 0 1 1,4,7,10 *": 92,
    },
    {
        "*/30 * * * *": 1, "30 * * * *": 1, "30 2,14 * * *": 1, "30 2 * * *": 1, "30 2 * * 0": 7,
        "30 2 29 * *": 31, "30 2 31 * *": 62,
    },
)  # fmt: skip
"""Expressions, and how long their longest intervals are, in days, or a little longer."""

ZONES = (
    "Europe/Zurich",
    "America/New_York",
    "Australia/Sydney",
    "America/St_Johns",
    "Asia/Kolkata",
)

NEAR = 4
"""Among how many neighbours, from fine to coarse, the schedules of one pipeline are."""

DAYS = (
    "2023-12-31", "2024-01-29", "2024-02-29", "2024-03-30", "2025-01-30", "2025-03-29", "2025-10-25",
    "2025-12-31", "2026-01-01", "2026-01-31", "2026-02-28", "2026-03-07", "2026-10-31", "2028-02-29",
)  # fmt: skip
"""Ends of months, leap days, and days before a clock is set."""


@dataclass(frozen=True)
class Read:
    """That an activity reads the datanode of that number, or comes after its activity."""

    number: int
    window: Window = (0, 0)
    after: bool = False

    @property
    def name(self) -> str:
        return f"{'a' if self.after else 'd'}{self.number}"

    def __str__(self) -> str:
        name = self.name
        if isinstance(self.window, Step):
            return f"{name} over {self.window}"
        first, last = self.window
        if first == last:
            return f"{name}[{first}]" if first else name
        return f"{name}[{first}..{last}]"


@dataclass(frozen=True)
class Object:
    """Number n is the datanode `dn`, made by the activity `an` unless it is given."""

    schedule: str
    reads: tuple[Read, ...] = ()
    given: bool = False
    checked: bool = False
    """Whether the datanode has a precondition."""


@dataclass(frozen=True)
class Random:
    """A pipeline, from when to when to look at it, and about how long its longest interval is."""

    schedules: dict[str, Schedule]
    objects: tuple[Object, ...]
    begin: datetime
    end: datetime
    longest: timedelta

    def schedule(self, number: int) -> Schedule:
        return self.schedules[self.objects[number].schedule]

    @property
    def text(self) -> str:
        lines = ["pipeline: shop", "schedules:"]
        lines += [f"  {name}: {one}" for name, one in self.schedules.items()]
        lines += ["connections: {db: postgres}", "datanodes:"]
        for number, one in enumerate(self.objects):
            lines += [f"  d{number}:", f"    sql: db.public.d{number}"]
            lines += ["    when: not_empty"] * one.checked
            lines += [f"    schedule: {one.schedule}"] * one.given
        lines.append("activities:")
        for number, one in enumerate(self.objects):
            if not one.given:
                inputs = ", ".join(str(it) for it in one.reads if not it.after)
                after = ", ".join(str(it) for it in one.reads if it.after)
                lines += [f"  a{number}:", "    sql: SELECT 1", f"    schedule: {one.schedule}"]
                lines += [f"    flow: {inputs} -> d{number}"]
                lines += [f"    after: {after}"] * bool(after)
        return "\n".join(lines) + "\n"

    def __repr__(self) -> str:
        return f"from {self.begin} to {self.end}\n{self.text}"


starts = st.builds(
    lambda day, seconds: (
        datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(seconds=seconds)
    ),
    st.sampled_from(DAYS),
    st.sampled_from([0, 0, 0, 6 * 3_600, 20 * 3_600 + 47]),
)


@st.composite
def pipelines(draw: st.DrawFn) -> Random:
    """A pipeline whose data flows from objects to later ones, or to later instances of its own."""
    start = draw(starts)
    lines, longest = draw(_schedules(start))
    schedules = {f"s{number}": one for number, one in enumerate(lines)}
    periods = [it for it in STEPS if longest / 100 < it.longest <= 2 * longest]
    objects: list[Object] = []
    for _ in range(draw(st.integers(2, 5))):
        schedule = draw(st.sampled_from(list(schedules)))
        if draw(st.integers(0, 4)) == 0:
            objects.append(Object(schedule, given=True, checked=draw(st.booleans())))
            continue
        itself = not schedules[schedule].is_once
        some = draw(st.lists(_reads(objects, periods, itself), min_size=1, max_size=3))
        reads = {it.number: it for it in some if it is not None}
        objects.append(Object(schedule, tuple(reads.values()), checked=draw(st.booleans())))
    begin = start + draw(st.integers(-1, 2)) * longest
    end = begin + draw(st.integers(1, 2)) * longest
    return Random(schedules, tuple(objects), begin, end, longest)


@st.composite
def _schedules(draw: st.DrawFn, start: datetime) -> tuple[list[Schedule], timedelta]:
    """Some schedules, and how long the longest interval is, about."""
    lengths = (
        {step: step.longest for step in STEPS}
        if draw(st.booleans())
        else {cron: timedelta(days=days) for cron, days in draw(st.sampled_from(CLOCKS)).items()}
    )
    low = draw(st.integers(0, len(lengths) - NEAR))
    some = st.sampled_from(list(lengths)[low : low + NEAR])
    chosen = draw(st.lists(some, min_size=2, max_size=4, unique_by=str))
    zone = draw(st.sampled_from(ZONES))
    found = []
    for it in chosen:
        later = draw(st.sampled_from([0, 0, 0, 1, 2]))
        end = draw(st.sampled_from([0, 0, 0, 0, 12, 35]))
        at = draw(st.sampled_from(["end", "end", "start"]))
        if isinstance(it, Step):
            begin = it.after(start, later)
            times = draw(st.sampled_from([0, 0, 0, 1, 4])) * (not end)
            one = Schedule(begin, every=it, times=times, at=at)
        else:
            own = "UTC" if " * * * *" in it and draw(st.booleans()) else zone
            one = Schedule(start + timedelta(hours=later), cron=it, zone=own, at=at)
        until = one.start + lengths[it] * end / 5 if end else None
        found.append(replace(one, until=until))
    once = [Schedule(start)] * (draw(st.integers(0, 9)) == 0)
    return found + once, max(lengths[it] for it in chosen)


@st.composite
def _reads(
    draw: st.DrawFn, earlier: list[Object], periods: list[Step], itself: bool
) -> Read | None:
    other = draw(st.integers(0, len(earlier)))
    if other == len(earlier):  # Its own output: only what was made before.
        return Read(other, draw(st.sampled_from([(-1, -1), (-3, -1)]))) if itself else None
    if not earlier[other].given and draw(st.integers(0, 5)) == 0:
        return Read(other, after=True)
    counted = st.sampled_from([(0, 0), (0, 0), (0, 0), (-1, -1), (-3, -1), (-2, 0), (1, 1)])
    return Read(other, draw(counted | st.sampled_from(periods)))
